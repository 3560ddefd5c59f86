-- grade.lua -- grades what students handed in: for `make grade`.
--
--   lua5.4 tools/kit/grade.lua all MANIFEST BUILD OUT SUBMISSIONS [SHEET]
--   lua5.4 tools/kit/grade.lua take "" BUILD OUT INDEX
--   lua5.4 tools/kit/grade.lua judge "" BUILD OUT INDEX.EXERCISE
--
-- `all` writes a result of zero for everybody, has `take` read each submission and
-- `judge` judge each body that was not judged before, as many at a time as there are
-- cores, and then gathers the results.  What was taken and judged is kept in OUT by what
-- it depends on: a run that was stopped goes on, and the next one does what has changed.
-- In the environment, with what grading.lua asks for: SALT, from which seeds are made.

dofile(arg[0]:match("^(.-)[^/]*$") .. "../path.lua")
local files = require "files"
local gradebook = require "kit.gradebook"
local grading = require "kit.grading"
local hand = require "kit.hand"
local json = require "dkjson"
local judges = require "kit.judges"
local late = require "kit.late"
local parallel = require "kit.parallel"
local predict = require "kit.predict"
local reports = require "kit.reports"
local results = require "kit.results"
local roster = require "kit.roster"
local run = require "kit.run"
local sheet = require "kit.sheet"
local store = require "kit.store"
local submissions = require "kit.submissions"
local taking = require "kit.taking"

local COMMAND, MANIFEST, BUILD, OUT, WHICH, SHEET = table.unpack(arg)
local TAKEN, JUDGED = OUT .. "/taken", OUT .. "/judged"

-- How long a submission may take to be read, and a body to be judged, on the clock.
local TO_READ, TO_JUDGE = 60, 1200

-- ---- One submission, one exercise ---------------------------------------------------

local function list_of_run()
    return json.decode(files.read(OUT .. "/list.json"))
end

local function coded_of_run()
    return json.decode(files.read(OUT .. "/asked.json"))
end

local function take_one()
    local submission = list_of_run()[tonumber(WHICH)]
    local taken = taking.all(run.read(OUT), coded_of_run(), submission)
    store.put(TAKEN, submission.key, taken)
end

local function judge_one()
    local exercises = coded_of_run()
    local index, number = WHICH:match("^(%d+)%.(%d+)$")
    number = tonumber(number)
    local key = list_of_run()[tonumber(index)].key
    local taken, facts = store.get(TAKEN, key).exercises[number], run.read(OUT)
    local one = grading.begin(BUILD, taken.seed, facts.known, facts.offered)
    local judged = results.zero(exercises, {}).exercises[number]
    grading.judge(one, exercises[number], judged, taken.tokens)
    grading.finish(one)
    store.put(JUDGED, taken.key, {id = judged.id, problem = judged.problem,
                                  graders = judged.graders, seed = taken.seed})
end

-- ---- A run --------------------------------------------------------------------------

-- A folder for what is soon removed; what a run that was killed left goes first.
local function begin()
    local kept = OUT .. "/scratch"
    local old = files.exists(kept) and files.read(kept):match("^/tmp/grade%.%w+$")
    if old then files.run("rm -rf %s", old) end
    files.run("mkdir -p %s %s", TAKEN, JUDGED)
    local new = files.output("mktemp -d /tmp/grade.XXXXXX"):gsub("\n", "")
    files.run("chmod 711 %s", new)
    files.write(kept, new)
    files.scratch = new
end

local function finish()
    files.run("rm -rf %s %s/scratch", files.scratch, OUT)
end

-- What stands until there is something better: zero for everybody.
local function write_zeros(what, list)
    files.run("cd %s && rm -rf results reports texts && mkdir -p results reports texts",
              OUT)
    local zeros = {}
    for i, submission in ipairs(list) do
        zeros[i] = results.zero(what.exercises, submission)
        results.write(("%s/results/%s.json"):format(OUT, submission.id), zeros[i])
    end
    gradebook.nbgrader(OUT .. "/grades.csv", zeros, what.sheet)
end

local function each_by(command)
    return ("lua5.4 %s %s \"\" %s %s"):format(arg[0], command, BUILD, OUT)
end

local function taken_of(submission)
    return submission.taken and submission.taken.exercises or {}
end

-- Has every submission read that was not read before.
local function take_all(facts, exercises, list)
    local missing, of = {}, {}
    for i, exercise in ipairs(exercises) do of[i] = taking.question(exercise) end
    of = table.concat(of, "\n")
    for i, submission in ipairs(list) do
        submission.key = store.key(facts.book, facts.salt, of,
                                   submissions.fingerprint(submission))
        if not store.has(TAKEN, submission.key) then
            table.insert(missing, tostring(i))
        end
    end
    files.write(OUT .. "/list.json", json.encode(list))
    files.write(OUT .. "/asked.json", json.encode(exercises))
    parallel.run("reading", missing, each_by("take"), TO_READ)
    for _, submission in ipairs(list) do
        submission.taken = store.get(TAKEN, submission.key)
    end
end

-- Has every body judged that was not judged before, each once.
local function judge_all(list)
    local missing, seen = {}, {}
    for i, submission in ipairs(list) do
        for number, taken in ipairs(taken_of(submission)) do
            local key = not taken.problem and taken.key
            if key and not seen[key] and not store.has(JUDGED, key) then
                table.insert(missing, i .. "." .. number)
            end
            if key then seen[key] = true end
        end
    end
    parallel.run("judging", missing, each_by("judge"), TO_JUDGE)
end

-- ---- Results ------------------------------------------------------------------------

-- What came of a function that was taken.
local function judged_of(taken)
    local judged = taken.key and not taken.problem and store.get(JUDGED, taken.key)
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

-- numbers: of the exercises that ask for one; given: what people gave this student.
local function measured_of(what, submission, numbers, given)
    local measured = {student = submission.student, state = "graded", exercises = {}}
    local taken = {}
    for _, one in ipairs(submission.taken.exercises) do taken[one.id] = one end
    for i, exercise in ipairs(what.exercises) do
        local id = exercise.id
        local one
        if taken[id] then
            one = judged_of(taken[id])
        elseif numbers[id] then
            one = {id = id, graders = {predict.judge(exercise, numbers[id],
                                                     submission.taken.answers[id])}}
        else
            one = by_hand(exercise, given)
        end
        measured.exercises[i] = one
    end
    return measured
end

-- The text that was judged, beside its grade.
local function write_texts(submission)
    local folder = OUT .. "/texts/" .. submission.id
    files.run("mkdir -p %s", files.quote(folder))
    for _, taken in ipairs(taken_of(submission)) do
        if taken.text then
            files.write(("%s/%s.c"):format(folder, taken.id), taken.text .. "\n")
        end
    end
end

-- The numbers that the book measures, where an exercise asks for them.
local function numbers_of(what)
    local numbers, all = {}, judges.all()
    for _, exercise in ipairs(what.exercises) do
        if predict.is_asked(exercise) then
            numbers[exercise.id] = predict.number(BUILD, exercise, all)
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

local function gather(what, list)
    local all, numbers = {}, numbers_of(what)
    for i, submission in ipairs(list) do
        local given = what.given[submission.student]
        local measured = submission.taken and measured_of(what, submission, numbers, given)
        local result = results.reconcile(results.zero(what.exercises, submission), measured)
        charge(what, result, submission, given)
        result.person = submission.person
        results.write(("%s/results/%s.json"):format(OUT, submission.id), result)
        write_texts(submission)
        all[i] = result
    end
    return all
end

-- The rows of the class: one for each who handed in, the latest of each, and zero for who
-- did not; those who are in no roster are told of.
local function class_of(what, all, list)
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

local function write_tables(what, all, list)
    local class = class_of(what, all, list)
    gradebook.nbgrader(OUT .. "/grades.csv", class, what.sheet)
    if what.sheet then
        gradebook.canvas(OUT .. "/canvas.csv", class, what.sheet)
        gradebook.moodle(OUT .. "/moodle.csv", class, what.sheet)
        gradebook.by_exercise(OUT .. "/exercises.csv", class)
    end
end

local function write_reports(what, all, list)
    local lectures = reports.lectures()
    write_tables(what, all, list)
    reports.write_junit(OUT .. "/junit.xml", all)
    for i, result in ipairs(all) do
        files.write(("%s/reports/%s.md"):format(OUT, list[i].id),
                    reports.text(result, lectures))
        print(reports.line(result))
    end
    print(("%d submissions: %s/grades.csv, junit.xml, reports/ and texts/"):format(
        #list, OUT))
end

-- ---- What is asked ------------------------------------------------------------------

local function needs_hands(what)
    for _, exercise in ipairs(what.exercises) do
        if hand.is_asked(exercise) then return true end
    end
    return false
end

-- What people gave: from the table that the sheet names, or an empty one to be filled.
local function points_given(what, list)
    local path = what.sheet and what.sheet.points
    if path and files.exists(path) then return hand.read(path, what.exercises, list) end
    if what.sheet and needs_hands(what) then
        hand.write(OUT .. "/points.csv", what.exercises, list)
        print(("points for exercises on paper: fill in %s/points.csv%s"):format(OUT, path and
              ", and save it as " .. path or "; points=\"points.csv\" in the sheet's title"))
    end
    return {}
end

-- {sheet, exercises, coded}: of a sheet, that of the tree or another, all its exercises;
-- without one those that a machine judges.
local function what_is_asked()
    if SHEET and SHEET ~= "" then
        local one = sheet.read(SHEET)
        return {sheet = one, exercises = one.exercises, coded = results.coded(one)}
    end
    if not files.exists(MANIFEST) then
        files.fail("there is no %s: make exercises makes one", MANIFEST)
    end
    local manifest = json.decode(files.read(MANIFEST))
    local coded = results.coded(manifest)
    return {sheet = manifest.sheet, coded = coded,
            exercises = manifest.sheet and manifest.exercises or coded}
end

local function grade_all()
    if (WHICH or "") == "" then
        files.fail("say where they are: make grade SUBMISSIONS=folder")
    end
    if not files.exists(WHICH) then files.fail("there is no folder %s", WHICH) end
    local what, list = what_is_asked(), submissions.list(WHICH)
    begin()
    local facts = run.prepare(BUILD, OUT, what.coded)
    what.given = points_given(what, list)
    write_zeros(what, list)
    take_all(facts, what.coded, list)
    judge_all(list)
    write_reports(what, gather(what, list), list)
    finish()
end

local COMMANDS = {all = grade_all, take = take_one, judge = judge_one}
if COMMAND ~= "all" then files.scratch = files.read(OUT .. "/scratch") end
COMMANDS[COMMAND]()
