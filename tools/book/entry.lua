-- entry.lua -- the filter that comes after citeproc: an entry of the bibliography loses
-- the class by which Pandoc gives it a role, `doc-biblioentry`, that has been withdrawn
-- from the standard of roles.

return {{Div = function(div)
    if div.classes:includes("csl-entry") then
        div.classes = {"source"}
        return div
    end
end}}
