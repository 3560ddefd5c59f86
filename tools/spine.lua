-- spine.lua -- the chapters, in the order of book.md.

local files = require "files"

local spine = {}

-- The stems of the chapters, appendices among them.
function spine.stems()
    local stems = {}
    for stem in files.read("book.md"):gmatch("%(chapters/([%w_]+)%.md%)") do
        table.insert(stems, stem)
    end
    return stems
end

return spine
