-- gather.lua -- puts together what came of each submission: what was judged, the numbers
-- that were asked for, what people gave, and what being late costs.

local files = require "files"
local judges = require "kit.judges"
local late = require "kit.late"
local predict = require "kit.predict"
local results = require "kit.results"
local roster = require "kit.roster"
local store = require "kit.store"
local taking = require "kit.taking"

local gather = {}

-- What was taken of a submission, by exercise; nothing, if it could not be read.
function gather.taken_of(submission)
    return submission.taken and submission.taken.exercises or {}
end

-- What came of a function that was taken.
local function judged_of(taken, judged_folder)
    local judged = taken.key and not taken.problem and store.get(judged_folder, taken.key)
    if not judged then
        return {id = taken.id, graders = {}, problem = taken.problem or
                "it could not be judged; ask for another run"}
    end
    if judged.problem then judged.problem = taking.told(judged.problem, taken) end
    return judged
end

-- What came of an exercise on paper; open, where nobody has judged it yet.
local function by_hand(exercise, given)
    local points = given and given.points[exercise.id]
    return {id = exercise.id, graders = {}, by_hand = points, open = not points or nil}
end

-- given: what people gave this student.
local function measured_of(what, submission, given)
    local measured = {student = submission.student, state = "graded", exercises = {}}
    local taken = {}
    for _, one in ipairs(submission.taken.exercises) do taken[one.id] = one end
    for i, exercise in ipairs(what.exercises) do
        local id = exercise.id
        local one
        if taken[id] then
            one = judged_of(taken[id], what.judged)
        elseif what.numbers[id] then
            one = {id = id, graders = {predict.judge(exercise, what.numbers[id],
                                                     submission.taken.answers[id])}}
        else
            one = by_hand(exercise, given)
        end
        measured.exercises[i] = one
    end
    return measured
end

-- The text that was judged, beside its grade.
local function write_texts(out, submission)
    local folder = out .. "/texts/" .. submission.id
    files.run("mkdir -p %s", files.quote(folder))
    for _, taken in ipairs(gather.taken_of(submission)) do
        if taken.text then
            files.write(("%s/%s.c"):format(folder, taken.id), taken.text .. "\n")
        end
    end
end

-- The numbers that the book measures, where an exercise asks for them.
function gather.numbers(build, what)
    local numbers, all = {}, judges.all()
    for _, exercise in ipairs(what.exercises) do
        if predict.is_asked(exercise) then
            numbers[exercise.id] = predict.number(build, exercise, all)
        end
    end
    return numbers
end

-- What being late costs.
local function charge(what, result, submission, given)
    if not what.sheet then return end
    result.days_late = given and given.late_days or
                       late.days(what.sheet, submission.timestamp)
    result.penalty = late.penalty(what.sheet, result.days_late, result.points)
end

-- The results of all submissions, each written as it is.
function gather.all(out, what, list)
    local all = {}
    what.judged = out .. "/judged"
    for i, submission in ipairs(list) do
        local given = what.given[submission.student]
        local measured = submission.taken and measured_of(what, submission, given)
        local result = results.reconcile(results.zero(what.exercises, submission), measured)
        charge(what, result, submission, given)
        result.person = submission.person
        results.write(("%s/results/%s.json"):format(out, submission.id), result)
        write_texts(out, submission)
        all[i] = result
    end
    return all
end

-- The rows of the class: one for each who handed in, the latest of each, and zero for who
-- did not; those who are in no roster are told of.
function gather.class(what, all, list)
    if not what.sheet or not what.sheet.roster then return all end
    local rest, strangers = roster.join(what.sheet.roster, list)
    local rows = {}
    for i, submission in ipairs(list) do
        all[i].person = submission.person
        if not submission.superseded then table.insert(rows, all[i]) end
    end
    for _, person in ipairs(rest) do
        local zero = results.add_up(results.zero(what.exercises, {student = person.id}))
        zero.person, zero.state = person, "nothing was handed in"
        table.insert(rows, zero)
    end
    for _, stranger in ipairs(strangers) do print(stranger .. " is not in the roster") end
    return rows
end

return gather
