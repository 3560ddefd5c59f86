-- gradebook.lua -- the points of a class, as the systems take them that keep grades:
-- nbgrader, Canvas, Moodle, and a table with a column for each exercise.

local csv = require "kit.csv"
local files = require "files"

local gradebook = {}

local PLAIN = {id = "measured-descent", title = "Measured Descent"} -- where no sheet is

-- The columns of nbgrader's own export (nbgrader/plugins/export.py).
local NBGRADER = {"assignment", "duedate", "timestamp", "student_id", "last_name",
                  "first_name", "email", "raw_score", "late_submission_penalty", "score",
                  "max_score"}

local function write(path, rows)
    local lines = {}
    for i, row in ipairs(rows) do lines[i] = csv.line(row) end
    files.write(path, table.concat(lines, "\n") .. "\n")
end

local function penalty(result)
    return result.penalty or 0
end

local function score(result)
    return csv.number(result.points - penalty(result))
end

-- Who somebody is, as far as the roster tells.
local function person_of(result)
    local person = result.person or {}
    return {id = person.id or result.student, first = person.first_name or "",
            last = person.last_name or "", email = person.email or "",
            number = person.number or "", login = person.login or "",
            section = person.section or ""}
end

function gradebook.nbgrader(path, all, sheet)
    sheet = sheet or PLAIN
    local rows = {NBGRADER}
    for _, result in ipairs(all) do
        local who = person_of(result)
        table.insert(rows, {sheet.id, sheet.deadline or "", result.timestamp or "", who.id,
                            who.last, who.first, who.email, csv.number(result.points),
                            csv.number(penalty(result)), score(result),
                            csv.number(result.possible)})
    end
    write(path, rows)
end

-- Canvas's gradebook: who it is by any one of three columns, a section, and the points
-- that are possible in a second line of their own.
function gradebook.canvas(path, all, sheet)
    local rows = {{"Student", "ID", "SIS User ID", "SIS Login ID", "Section", sheet.title},
                  {"    Points Possible", "", "", "", "",
                   csv.number(all[1] and all[1].possible or 0)}}
    for _, result in ipairs(all) do
        local who = person_of(result)
        local name = who.last ~= "" and who.last .. ", " .. who.first or result.student
        table.insert(rows, {name, who.number, who.id, who.login, who.section, score(result)})
    end
    write(path, rows)
end

-- Moodle's import maps columns; these have the names of its own export.
function gradebook.moodle(path, all, sheet)
    local rows = {{"First name", "Last name", "ID number", "Email address", sheet.title}}
    for _, result in ipairs(all) do
        local who = person_of(result)
        table.insert(rows, {who.first, who.last, who.id, who.email, score(result)})
    end
    write(path, rows)
end

-- Every exercise by itself; empty what nobody has judged yet.
function gradebook.by_exercise(path, all)
    local head = {"student"}
    for _, exercise in ipairs(all[1] and all[1].exercises or {}) do
        table.insert(head, exercise.id)
    end
    for _, name in ipairs({"raw", "days_late", "penalty", "score", "possible"}) do
        table.insert(head, name)
    end
    local rows = {head}
    for _, result in ipairs(all) do
        local row = {person_of(result).id}
        for _, exercise in ipairs(result.exercises) do
            table.insert(row, exercise.open and "" or csv.number(exercise.points))
        end
        for _, value in ipairs({csv.number(result.points), tostring(result.days_late or 0),
                                csv.number(penalty(result)), score(result),
                                csv.number(result.possible)}) do
            table.insert(row, value)
        end
        table.insert(rows, row)
    end
    write(path, rows)
end

return gradebook
