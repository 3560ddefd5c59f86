-- results.lua -- what a submission earned: by exercise and by grader, as the manifest
-- lists them.
--
-- A result is {student, state, exercises = {{id, points, possible, seed, problem,
-- graders = {{name, holds, points, possible, message, sentence, findings}}}}}.  It is
-- made from the manifest alone, all zero; what was measured is put in by name.  So what
-- is missing is a zero, and what nobody asked for has no place.

local canonical = require "kit.canonical"
local files = require "files"

local results = {}

local FACTOR = 2 -- between two limits that are as good as the same

-- The exercises that a machine grades.
function results.coded(manifest)
    local list = {}
    for _, exercise in ipairs(manifest.exercises) do
        if exercise.file then table.insert(list, exercise) end
    end
    return list
end

-- Who gives points for an exercise: claims and tests, the claim whose number was asked for,
-- or, on paper, none.
local function graders_of(exercise)
    local names, list = exercise.graded_by, {}
    if not exercise.file then names = exercise.answer and {"your number"} or {} end
    for i, name in ipairs(names) do
        list[i] = {name = name, holds = false, points = 0,
                   possible = exercise.points / #names}
    end
    return list
end

-- The result that stands until there is another one.
function results.zero(exercises, submission)
    local list = {}
    for i, exercise in ipairs(exercises) do
        list[i] = {id = exercise.id, number = exercise.number, file = exercise.file,
                   name = exercise.name, kind = exercise.kind, points = 0,
                   possible = exercise.points,
                   graders = graders_of(exercise)}
    end
    return {schema = 1, student = submission.student, timestamp = submission.timestamp,
            state = "not graded", exercises = list}
end

-- Adds up, from what holds and what people gave, and from nothing else.
function results.add_up(result)
    result.points, result.possible = 0, 0
    for _, exercise in ipairs(result.exercises) do
        exercise.points = exercise.by_hand or 0
        for _, grader in ipairs(exercise.graders) do
            grader.points = grader.holds and grader.possible or 0
            exercise.points = exercise.points + grader.points
        end
        result.points = result.points + exercise.points
        result.possible = result.possible + exercise.possible
    end
    return result
end

-- Puts into the graders what was said of them under a seed, where it was not worse
-- under another one.  Graders begin with holds = nil.
function results.note(graders, said)
    for _, grader in ipairs(graders) do
        if said[grader.name] and grader.holds ~= false then
            for key, value in pairs(said[grader.name]) do grader[key] = value end
        end
    end
end

-- ---- Files --------------------------------------------------------------------------

local ORDER = {"schema", "student", "timestamp", "seed", "state", "points", "possible",
               "exercises", "id", "number", "file", "name", "problem", "graders",
               "holds", "message", "sentence", "findings"}

function results.write(path, result)
    files.write(path, canonical.encode(results.add_up(result), ORDER))
end

-- What was measured, put into a zero result: every exercise and grader of the manifest
-- exactly once.
function results.reconcile(zero, measured)
    if type(measured) ~= "table" or measured.state ~= "graded" or
       measured.student ~= zero.student or #measured.exercises ~= #zero.exercises then
        zero.state = "no result"
        return results.add_up(zero)
    end
    for i, exercise in ipairs(zero.exercises) do
        local found = measured.exercises[i]
        if found.id == exercise.id then
            exercise.problem, exercise.seed = found.problem, found.seed
            exercise.by_hand, exercise.open = found.by_hand, found.open
        end
        if found.id == exercise.id and #found.graders == #exercise.graders then
            for g, grader in ipairs(exercise.graders) do
                local judged = found.graders[g]
                if judged.name == grader.name then
                    grader.holds = judged.holds == true
                    grader.message, grader.sentence = judged.message, judged.sentence
                    grader.findings = judged.findings
                end
            end
        end
    end
    zero.state = "graded"
    return results.add_up(zero)
end

-- ---- Records of claims --------------------------------------------------------------

local function fields(line)
    local list = {}
    for field in (line .. "\t"):gmatch("([^\t]*)\t") do
        table.insert(list, files.plain(field))
    end
    return list
end

-- What a claim's record says: {holds, message, sentence, findings}.  It holds if it was
-- told to be verified, came to its end once, and put forward evidence and a control
-- that all went as they should.
function results.read_record(record, name)
    local said, count, finished, verdict = {findings = {}}, {}, 0, nil
    for _, line in ipairs(files.lines(record)) do
        local f = fields(line)
        if f[1] == "claim" and f[2] == name then said.sentence = f[5]
        elseif f[1] == "evidence" or f[1] == "control" then
            local holds = f[6] == "1"
            table.insert(said.findings, {role = f[1], what = f[2], measured = f[3],
                                         relation = f[4], limit = f[5], holds = holds})
            count[f[1]] = (count[f[1]] or 0) + 1
            count.wrong = (count.wrong or 0) + (holds and 0 or 1)
        elseif f[1] == "finished" then finished = finished + 1
        elseif f[1] == "verdict" then verdict, said.message = f[2], f[3]
        end
    end
    said.holds = verdict == "verified" and finished == 1 and said.sentence ~= nil and
                 count.evidence ~= nil and count.control ~= nil and count.wrong == 0
    if not said.message then said.message = "it did not run to its end" end
    return said
end

-- What of a finding does not depend on what the function does: a width that a relation
-- tells may.
local function outline(finding)
    return finding.role .. " " .. finding.what .. " " ..
           finding.relation:gsub("[%d.]+[e%d+-]*", "#")
end

-- Are two limits as good as the same?  A claim may compute what it takes for a limit, by
-- the function too; sums in another order gave a limit 0.84 times as large, once.
local function same_limit(a, b)
    a, b = tonumber(a), tonumber(b)
    if not (a and b) then return false end
    return a == b or a ~= a and b ~= b or a * b > 0 and a / b < FACTOR and b / a < FACTOR
end

-- A record counts only beside that of the book's own function under the same seed: what
-- was put forward has to be the same, in the same order, and to have the same limits.
function results.hold_against(said, sound)
    local well = #said.findings == #sound.findings
    for i, finding in ipairs(sound.findings) do
        local found = said.findings[i]
        well = well and outline(found) == outline(finding) and
               same_limit(found.limit, finding.limit)
    end
    if said.holds and not well then
        said.holds, said.message = false, "what was recorded is not what this claim records"
    end
    return said
end

return results
