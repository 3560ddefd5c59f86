-- page_links.lua -- what dead_links.lua goes by of a page: where the links on it lead, and
-- the places on it.
--
--   lua5.4 tools/page_links.lua PAGE NOTE
--
-- The note has a line for each, `link TARGET` or `place NAME`; it is replaced only if it
-- changed, so that for a word in a paragraph nobody looks at all links again.

dofile(arg[0]:match("^(.-)[^/]*$") .. "path.lua")
local files = require "files"
files.program = "page_links"

local page, note = arg[1], arg[2]

-- Links as they stand on a page, and as search has them.
local link = note:match("%.js$") and '\n%["%l+",".-","([^"]+)",' or 'href="([^"]+)"'
local patterns = {[link] = "link ", ['%sid="([^"]+)"'] = "place "}

local function lines_of(text)
    local lines, seen = {}, {}
    for pattern, kind in pairs(patterns) do
        for name in text:gmatch(pattern) do
            if not seen[kind .. name] then
                seen[kind .. name] = true
                table.insert(lines, kind .. name)
            end
        end
    end
    table.sort(lines)
    return table.concat(lines, "\n") .. "\n"
end

local lines = lines_of(files.read(page))
if not files.exists(note) or files.read(note) ~= lines then files.write(note, lines) end
