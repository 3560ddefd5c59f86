-- taking.lua -- what is taken of a submission for each exercise: the tokens that are
-- going to be compiled, under which seed and key they are judged, and what they are like.

local bodies = require "kit.bodies"
local files = require "files"
local gate = require "kit.gate"
local lexer = require "kit.lexer"
local predict = require "kit.predict"
local store = require "kit.store"
local submissions = require "kit.submissions"
local transplant = require "kit.transplant"

local taking = {}

-- The text of a file of a submission and the functions in it, or {problem}.
local function given(submission, path)
    local text, problem = submissions.text(submission, path)
    if not text then return {problem = problem} end
    local copy = files.temporary()
    files.write(copy, text)
    local found = bodies.find(copy)
    os.remove(copy)
    return {text = text, found = found}
end

-- All that was taken as one text, helpers first.
local function joined(taken)
    local parts = {}
    for i, helper in ipairs(taken.helpers) do parts[i] = helper.text end
    table.insert(parts, taken.body)
    return table.concat(parts, "\n")
end

-- The text without what its author chose freely: each name is a number, that of its first
-- place, and nothing tells of layout.  Bodies that have this in common are the same up
-- to names.
local function anonymous(text)
    local numbers, count, words = {}, 0, {}
    for token in lexer.each(text) do
        if token:find("^[%a_]") then
            if not numbers[token] then count = count + 1 end
            numbers[token] = numbers[token] or "n" .. count
        end
        table.insert(words, numbers[token] or token)
    end
    return table.concat(words, " ")
end

-- The seed belongs to the text, so that the same text is judged in the same way, whoever
-- hands it in, and a changed one by numbers that nobody has seen.
local function seed_of(salt, exercise, text)
    return tonumber(store.key(salt, exercise.id, text):sub(1, 12), 16)
end

-- All of an exercise on which it depends what is taken and how it is judged.
function taking.question(exercise)
    return table.concat({exercise.id, exercise.file, exercise.name,
                         table.concat(exercise.graded_by, " ")}, " ")
end

-- What of the tokens is kept: {text = as it was written, tokens = {body, helpers}, lines,
-- seed, key, alike}.
local function kept(run, exercise, taken, written)
    local text = joined(written)
    local seed = seed_of(run.salt, exercise, text)
    return {id = exercise.id, text = joined(taken), tokens = written,
            lines = transplant.lines(written), seed = seed, alike = store.key(anonymous(text)),
            key = store.key(run.book, taking.question(exercise), tostring(seed), text)}
end

local function take(run, exercise, file)
    if file.problem then return nil, file.problem end
    local taken, problem = transplant.take(exercise, file.text, file.found, run.known)
    if not taken then return nil, problem end
    if taken.body == bodies.stub(exercise.id) then return nil, "not begun" end
    local written, fault = gate.tokens_of(taken, run.guarded[exercise.id])
    if not written then return {id = exercise.id, text = joined(taken)}, fault end
    return kept(run, exercise, taken, written)
end

-- What is wrong with what was taken, by the lines in which its author wrote it.
function taking.told(problem, taken)
    return transplant.told(problem, taken.lines)
end

-- {exercises = of each what was taken, or {id, problem}; answers = by exercise}.
-- run: see run.lua.
function taking.all(run, exercises, submission)
    local list, by_path = {}, {}
    for i, exercise in ipairs(exercises) do
        local path = exercise.file
        by_path[path] = by_path[path] or given(submission, path)
        local taken, problem = take(run, exercise, by_path[path])
        list[i] = taken or {id = exercise.id}
        list[i].problem = problem
    end
    return {exercises = list, answers = predict.answers(submission)}
end

return taking
