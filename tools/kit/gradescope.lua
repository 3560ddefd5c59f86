-- gradescope.lua -- results as Gradescope wants them: for `make gradescope`, and for
-- the run_autograder that it packs.
--
--   gradescope.lua student METADATA        the name under which to grade a submission
--   gradescope.lua zero MANIFEST OUT       a result of zero, until there is another
--   gradescope.lua result RESULT OUT       what a result of grade.lua is to Gradescope
--   gradescope.lua check RESULTS POINTS    is it valid, and of so many points?
--
-- The format: https://gradescope-autograders.readthedocs.io/en/latest/specs/

dofile(arg[0]:match("^(.-)[^/]*$") .. "../path.lua")
local files = require "files"
local json = require "dkjson"
local reports = require "kit.reports"
local results = require "kit.results"

-- The text of a file as JSON; where it is none, nil, or the end with `must`.
local function decode(path, must)
    local value = files.exists(path) and json.decode(files.read(path))
    if must and not value then files.fail("%s is not JSON", path) end
    return value
end

-- ---- Writing ------------------------------------------------------------------------

local function test_of(exercise, grader, lectures)
    local lines = reports.violations(exercise, grader, lectures)
    return {name = exercise.id .. ": " .. grader.name,
            number = exercise.number ~= "-" and exercise.number or nil,
            score = grader.points, max_score = grader.possible,
            status = grader.holds and "passed" or "failed", visibility = "visible",
            output = grader.holds and "It holds." or table.concat(lines, "\n")}
end

local ORDER = {"score", "output", "visibility", "stdout_visibility", "extra_data",
               "tests", "name", "number", "max_score", "status"}

local function write(path, result, lectures)
    local tests = {}
    results.add_up(result)
    for _, exercise in ipairs(result.exercises) do
        for _, grader in ipairs(exercise.graders) do
            table.insert(tests, test_of(exercise, grader, lectures))
        end
    end
    local output = result.state == "graded" and "Graded." or "Grading did not come to its end: " .. result.state .. "."
    local graded = {score = result.points, output = output, visibility = "visible",
                    stdout_visibility = "hidden", tests = tests,
                    extra_data = {state = result.state}}
    files.write(path, json.encode(graded, {indent = true, keyorder = ORDER}) .. "\n")
end

-- ---- Checking -----------------------------------------------------------------------

local function one_of(...)
    local allowed = {}
    for _, word in ipairs({...}) do allowed[word] = true end
    return function(value) return allowed[value] end
end

local function is(kind)
    return function(value) return type(value) == kind end
end

local function is_score(value)
    return type(value) == "number" and value >= 0 and value < math.huge
end

local function is_list_of(check)
    return function(value)
        if type(value) ~= "table" then return false end
        local count = 0
        for _ in pairs(value) do count = count + 1 end
        for _, item in ipairs(value) do
            if not check(item) then return false end
        end
        return count == #value
    end
end

local VISIBILITY = one_of("hidden", "after_due_date", "after_published", "visible")
local FORMAT = one_of("text", "html", "simple_format", "md", "ansi")

local TEST = {score = is_score, max_score = is_score,
              status = one_of("passed", "failed"), name = is "string",
              name_format = FORMAT, number = is "string",
              output = is "string", output_format = FORMAT, visibility = VISIBILITY,
              tags = is_list_of(is "string"), extra_data = is "table"}
local TOP = {score = is_score, execution_time = is_score, output = is "string",
             output_format = FORMAT, test_output_format = FORMAT,
             test_name_format = FORMAT, visibility = VISIBILITY,
             stdout_visibility = VISIBILITY, extra_data = is "table",
             tests = is_list_of(is "table"), leaderboard = is_list_of(is "table")}

-- What is wrong with a table that the specification describes; nil if nothing is.
local function fault_in(value, fields, where)
    for key, field in pairs(value) do
        if not fields[key] then return where .. " has no field " .. tostring(key) end
        if not fields[key](field) then return where .. "." .. key .. " is not valid" end
    end
end

local function fault_of(graded)
    if type(graded) ~= "table" then return "the whole is no object" end
    local fault = fault_in(graded, TOP, "the result")
    if fault then return fault end
    local sum = 0
    for i, test in ipairs(graded.tests or {}) do
        local where = "test " .. i
        fault = fault_in(test, TEST, where)
        if fault then return fault end
        if not (test.score or graded.score) then return where .. " has no score" end
        if (test.score or 0) > (test.max_score or math.huge) then
            return where .. " scores more than its maximum"
        end
        sum = sum + (test.score or 0)
    end
    if not (graded.score or graded.tests) then return "neither a score nor tests" end
    if graded.score and graded.tests and math.abs(graded.score - sum) > 1e-9 then
        return ("the score is %g, the tests have %g"):format(graded.score, sum)
    end
end

local function check(path, points)
    local graded = decode(path, true)
    local fault = fault_of(graded)
    if fault then files.fail("%s: %s", path, fault) end
    if points and math.abs(graded.score - tonumber(points)) > 1e-9 then
        files.fail("%s: %g points instead of %s", path, graded.score, points)
    end
end

-- ---- Commands -----------------------------------------------------------------------

local COMMANDS = {}

-- The seed is made of the name too, so that it must not be of the student's choice.
function COMMANDS.student(path)
    local metadata = decode(path) or {}
    local user = type(metadata.users) == "table" and metadata.users[1] or {}
    local name = tostring(user.email or user.id or "student"):gsub("[^%w@._-]", "_")
    print((name:gsub("^[.@-]", "_")))
end

function COMMANDS.zero(path, out)
    local exercises = results.coded(decode(path, true))
    write(out, results.zero(exercises, {student = "", timestamp = ""}), {})
end

function COMMANDS.result(path, out)
    write(out, decode(path, true), reports.lectures())
end

COMMANDS.check = check

COMMANDS[arg[1]](arg[2], arg[3])
