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
local asked = require "kit.asked"
local canonical = require "kit.canonical"
local files = require "files"
local gather = require "kit.gather"
local gradebook = require "kit.gradebook"
local grading = require "kit.grading"
local json = require "dkjson"
local parallel = require "kit.parallel"
local reporting = require "kit.reporting"
local results = require "kit.results"
local run = require "kit.run"
local store = require "kit.store"
local submissions = require "kit.submissions"
local taking = require "kit.taking"

local COMMAND, MANIFEST, BUILD, OUT, WHICH, SHEET = table.unpack(arg)
local TAKEN, JUDGED = OUT .. "/taken", OUT .. "/judged"

-- How long a submission may take to be read, and a body to be judged, on the clock.
local TO_READ, TO_JUDGE = 300, 3600

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
    files.write(OUT .. "/list.json", canonical.encode(list))
    files.write(OUT .. "/asked.json", canonical.encode(exercises))
    parallel.run("reading", missing, each_by("take"), TO_READ)
    for _, submission in ipairs(list) do
        submission.taken = store.get(TAKEN, submission.key)
    end
end

-- Has every body judged that was not judged before, each once.
local function judge_all(list)
    local missing, seen = {}, {}
    for i, submission in ipairs(list) do
        for number, taken in ipairs(gather.taken_of(submission)) do
            local key = not taken.problem and taken.key
            if key and not seen[key] and not store.has(JUDGED, key) then
                table.insert(missing, i .. "." .. number)
            end
            if key then seen[key] = true end
        end
    end
    parallel.run("judging", missing, each_by("judge"), TO_JUDGE)
end

-- ---- All of it ----------------------------------------------------------------------

local function grade_all()
    if (WHICH or "") == "" then
        files.fail("say where they are: make grade SUBMISSIONS=folder")
    end
    if not files.exists(WHICH) then files.fail("there is no folder %s", WHICH) end
    local what, list = asked.read(MANIFEST, SHEET), submissions.list(WHICH)
    begin()
    local facts = run.prepare(BUILD, OUT, what.coded)
    what.given = asked.points(what, list, OUT)
    what.numbers = gather.numbers(BUILD, what)
    write_zeros(what, list)
    take_all(facts, what.coded, list)
    judge_all(list)
    reporting.write(OUT, what, gather.all(OUT, what, list), list)
    finish()
end

local COMMANDS = {all = grade_all, take = take_one, judge = judge_one}
if COMMAND ~= "all" then files.scratch = files.read(OUT .. "/scratch") end
COMMANDS[COMMAND]()
