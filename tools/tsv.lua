-- tsv.lua -- tables whose first line names the columns, fields between tabs.

local files = require "files"

local tsv = {}

local function fields(line)
    local found = {}
    for field in (line .. "\t"):gmatch("([^\t]*)\t") do table.insert(found, field) end
    return found
end

-- The rows, each with its fields by name and its line; none if there is no such file.
-- A row with more fields than the head, or fewer, ends the program.
function tsv.rows(path)
    if not files.exists(path) then return {} end
    local rows, lines = {}, files.lines(files.read(path))
    local names = fields(lines[1])
    for number = 2, #lines do
        local row, found = {line = number}, fields(lines[number])
        if #found ~= #names then
            files.fail("%s:%d: has %d fields, the head has %d", path, number, #found,
                       #names)
        end
        for i, field in ipairs(found) do row[names[i]] = field end
        table.insert(rows, row)
    end
    return rows
end

return tsv
