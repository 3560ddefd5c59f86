-- hand.lua -- points that people give, for exercises on paper: a table that the instructor
-- fills, with a row for each submission and a column for each such exercise.  A column
-- late_days says of somebody what the files' dates do not.

local csv = require "kit.csv"
local files = require "files"
local predict = require "kit.predict"

local hand = {}

-- Is this for people to judge?
function hand.is_asked(exercise)
    return not exercise.file and not predict.is_asked(exercise)
end

local function columns(exercises)
    local names = {"student"}
    for _, exercise in ipairs(exercises) do
        if hand.is_asked(exercise) then table.insert(names, exercise.id) end
    end
    return names
end

-- The empty table, to be filled.
function hand.write(path, exercises, list)
    local names = columns(exercises)
    table.insert(names, "late_days")
    local lines = {csv.line(names)}
    for _, submission in ipairs(list) do
        local row = {submission.student}
        for i = 2, #names do row[i] = "" end
        table.insert(lines, csv.line(row))
    end
    files.write(path, table.concat(lines, "\n") .. "\n")
end

local function points_in(path, row, exercise)
    local text = row[exercise.id]
    if text == "" then return nil end
    local points = tonumber(text)
    if points and points >= 0 and points <= exercise.points then return points end
    files.fail("%s: %s gets \"%s\" of %g points for %s", path, row.student, text,
               exercise.points, exercise.id)
end

-- By student what was given: {points by exercise, late_days}.  Whoever no row tells of has
-- nothing yet.
function hand.read(path, exercises, list)
    local rows, given, known = csv.read(path, columns(exercises)), {}, {}
    for _, submission in ipairs(list) do known[csv.unformula(submission.student)] = true end
    for _, row in ipairs(rows) do
        local student = csv.unformula(row.student)
        if not known[student] then
            files.fail("%s: nobody handed in as \"%s\"", path, student)
        end
        local one = {points = {}, late_days = tonumber(row.late_days or "")}
        for _, exercise in ipairs(exercises) do
            if hand.is_asked(exercise) then
                one.points[exercise.id] = points_in(path, row, exercise)
            end
        end
        given[student] = one
    end
    return given
end

return hand
