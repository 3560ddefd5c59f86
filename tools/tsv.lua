-- tsv.lua -- tables whose first line names the columns, fields between tabs.
--
-- Lines before it that begin with # say something of the whole table: `# number: 1`.

local files = require "files"

local tsv = {}

local function fields(line)
    local found = {}
    for field in (line .. "\t"):gmatch("([^\t]*)\t") do table.insert(found, field) end
    return found
end

-- What the lines before the columns say, by their keys, and the number of the next line.
local function read_about(lines)
    local about, number = {}, 1
    while lines[number] and lines[number]:match("^#") do
        local key, value = lines[number]:match("^#%s*(%w+):%s*(.-)%s*$")
        if key then about[key] = value end
        number = number + 1
    end
    return about, number
end

-- The rows, each with its fields by name and its line, and what is said of them all; none
-- if there is no such file.  A row with more fields than the head, or fewer, ends the
-- program.
function tsv.rows(path)
    if not files.exists(path) then return {}, {} end
    local rows, lines = {}, files.lines(files.read(path))
    local about, head = read_about(lines)
    local names = fields(lines[head] or "")
    for number = head + 1, #lines do
        local row, found = {line = number}, fields(lines[number])
        if #found ~= #names then
            files.fail("%s:%d: has %d fields, the head has %d", path, number, #found,
                       #names)
        end
        for i, field in ipairs(found) do row[names[i]] = field end
        table.insert(rows, row)
    end
    return rows, about
end

return tsv
