-- claims.lua -- what the chapters say of their claims: a line for each, with tabs
-- between
--
--     claim  chapter  lectures  uses  statement
--
-- for the runner.  The statement is the sentence of the div, in one line.  There are no
-- numbers of lines in it, so that it changes only when a claim does.

dofile(arg[0]:match("^(.-)[^/]*$") .. "path.lua")
local divs = require "divs"
local sources = require "sources"

for _, path in ipairs(sources.below("chapters", "md")) do
    local stem = sources.stem(path)
    for _, div in ipairs(divs.of_chapter(stem, "claim")) do
        local given, statement = div.attributes, divs.joined(div.text)
        print(table.concat({div.id or "", stem, given.lecture or "", given.uses or "",
                            (statement:gsub("%s+", " "))}, "\t"))
    end
end
