-- definitions.lua -- writes where the definitions of the code stand, for the book.
--
--   lua5.4 tools/definitions.lua FILE...
--
-- A line for each: its file, its kind, its first and last line, and its names, with tabs
-- between them.  So the code is read once, and not for each page that shows some of it.

dofile(arg[0]:match("^(.-)[^/]*$") .. "path.lua")
local files = require "files"
local tags = require "book.tags"

local found = files.output("ctags --options=tools/book.ctags -f - %s",
                           table.concat(arg, " "))
for _, definition in ipairs(tags.definitions(found)) do
    print(table.concat({definition.path, definition.kind, definition.first,
                        definition.last, table.concat(definition.names, " ")}, "\t"))
end
