-- spine.lua -- the chapters and the lectures, in the order of book.md or of a course.

local files = require "files"

local spine = {path = "book.md"}

-- The words of the field `lectures` at the head of the spine; without it, all there are.
function spine.lectures()
    local head = files.read(spine.path):match("^%-%-%-\n(.-\n)%-%-%-\n") or ""
    local names = {}
    for name in (("\n" .. head):match("\nlectures: *(.-)\n") or "*"):gmatch("%S+") do
        table.insert(names, name)
    end
    return names
end

-- The stems of the chapters, appendices among them.
function spine.stems()
    local stems = {}
    for stem in files.read(spine.path):gmatch("%([./]*chapters/([%w_]+)%.md%)") do
        table.insert(stems, stem)
    end
    return stems
end

-- The prefix that the names of a room carry, by stem: from the table of book.md whose
-- columns are `stem` and `prefix`.  A stem that is not in it has none to carry.
function spine.prefixes()
    local prefixes, is_inside = {}, false
    for _, line in ipairs(files.lines(files.read("book.md"))) do
        local stem, prefix = line:match("^|%s*`?([%w_]+)`?%s*|%s*`?([%w_]+)`?%s*|%s*$")
        if stem == "stem" and prefix == "prefix" then
            is_inside = true
        elseif not line:match("^|") then
            is_inside = false
        elseif is_inside and stem then
            prefixes[stem] = prefix:gsub("_$", "")
        end
    end
    return prefixes
end

return spine
