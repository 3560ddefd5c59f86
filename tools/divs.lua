-- divs.lua -- the fenced divs of a chapter, as Markdown has them:
--
--     ::: {.claim #gd_rate lecture="CSC2541-1/33" uses="gd_fixed_point"}
--     Along each eigenvector, ...
--     :::
--
-- This is the one reader of them but for Pandoc, which makes the pages.  Fences nest;
-- within a block of code they are code.  A div is a table
--
--     {class, id, attributes, first, last, text, inner}
--
-- with the numbers of its first and its last line, the lines of its own text, and the
-- divs that stand in it.  One that is never closed has no last line.

local files = require "files"

local divs = {}

-- What the line of a fence says: "" where it closes, nil where it is none.
local function fence(line)
    return line:match("^%s*:::+%s*(.-)%s*:*$")
end

-- hint, or {.exercise #id kind="implement" points=4}.
local function opened(header, number)
    local div = {class = header:match("%.([%w_-]+)") or header:match("^[%w_-]+"),
                 id = header:match("#([%w_]+)"), attributes = {}, first = number,
                 text = {}, inner = {}}
    for key, value in header:gmatch("([%w-]+)=([^%s\"}]+)") do
        div.attributes[key] = value
    end
    for key, value in header:gmatch('([%w-]+)="([^"]*)"') do
        div.attributes[key] = value
    end
    return div
end

-- The divs that stand in a text, each with those inside of it.
function divs.read(text)
    local outermost = {inner = {}, text = {}}
    local open, is_code = {outermost}, false
    for number, line in ipairs(files.lines(text)) do
        local header, top = not is_code and fence(line), open[#open]
        if line:match("^%s*```") then is_code = not is_code end
        if not header then
            table.insert(top.text, line)
        elseif header ~= "" then
            table.insert(open, opened(header, number))
            table.insert(top.inner, open[#open])
        elseif #open > 1 then
            top.last = number
            table.remove(open)
        end
    end
    return outermost.inner
end

-- The divs of a class, wherever they stand.
function divs.of_class(list, class, found)
    found = found or {}
    for _, div in ipairs(list) do
        if div.class == class then table.insert(found, div) end
        divs.of_class(div.inner, class, found)
    end
    return found
end

function divs.of_chapter(stem, class)
    local text = files.read("chapters/" .. stem .. ".md")
    return divs.of_class(divs.read(text), class)
end

-- The words of an attribute such as uses="gd_rate gd_step".
function divs.words(attribute)
    local words = {}
    for word in (attribute or ""):gmatch("[^%s,]+") do table.insert(words, word) end
    return words
end

-- Lines as one text, without blank lines around it.
function divs.joined(lines)
    return (table.concat(lines, "\n"):gsub("^%s+", ""):gsub("%s+$", ""))
end

-- A text without what stands in its divs of a class.
function divs.without(text, class)
    local lines = files.lines(text)
    for _, div in ipairs(divs.of_class(divs.read(text), class)) do
        for number = div.first, div.last or #lines do lines[number] = false end
    end
    local kept = {}
    for _, line in ipairs(lines) do
        if line then table.insert(kept, line) end
    end
    return table.concat(kept, "\n") .. "\n"
end

-- The hints and the solution that stand in the div of an exercise.
function divs.help(div)
    local hints, solution = {}, nil
    for i, hint in ipairs(divs.of_class(div.inner, "hint")) do
        hints[i] = divs.joined(hint.text)
    end
    for _, found in ipairs(divs.of_class(div.inner, "solution")) do
        solution = divs.joined(found.text)
    end
    return hints, solution
end

return divs
