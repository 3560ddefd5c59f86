-- concordance.lua -- the assertions of the lectures, and what answers them.
--
-- chapters/concordance.tsv has a row for each assertion, in the order of the lectures.
-- Its column `answered_by` names claims, definitions of ref/ and figures; or it says
-- `open`, or `-` where there is nothing to check.

local divs = require "divs"
local files = require "files"

local concordance = {path = "chapters/concordance.tsv"}

local function fields(line)
    local found = {}
    for field in (line .. "\t"):gmatch("([^\t]*)\t") do table.insert(found, field) end
    return found
end

-- The rows, each with its fields by name and its line; none if there is no such file.
-- A row with more fields than the head, or fewer, ends the program.
-- The mark ~ of a slide tells that its number is counted and not printed.
function concordance.rows()
    if not files.exists(concordance.path) then return {} end
    local rows, lines = {}, files.lines(files.read(concordance.path))
    local names = fields(lines[1])
    for number = 2, #lines do
        local row, found = {line = number}, fields(lines[number])
        if #found ~= #names then
            files.fail("%s:%d: has %d fields, the head has %d", concordance.path, number,
                       #found, #names)
        end
        for i, field in ipairs(found) do row[names[i]] = field end
        row.slide = (row.slide or ""):gsub("~", "")
        table.insert(rows, row)
    end
    return rows
end

-- The names in a row that answer its assertion; none if it is open or an aside.
function concordance.answers(row)
    local names = {}
    for _, name in ipairs(divs.words(row.answered_by)) do
        if name ~= "open" and name ~= "-" then table.insert(names, name) end
    end
    return names
end

-- Where an assertion stands: "answered", "open", "aside" where nothing is to check, or
-- nil if the row does not say.
function concordance.state(row)
    if #concordance.answers(row) > 0 then return "answered" end
    return ({["-"] = "aside", open = "open"})[row.answered_by]
end

return concordance
