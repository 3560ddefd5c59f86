-- grade.lua -- grades what students handed in: for `make grade`.
--
--   lua5.4 tools/kit/grade.lua all MANIFEST BUILD SUBMISSIONS
--   lua5.4 tools/kit/grade.lua one MANIFEST BUILD SUBMISSIONS INDEX
--
-- `all` writes a result of zero for everybody, has `one` grade each submission, as many
-- at a time as there are cores, and then gathers the results.  In the environment:
-- COMPILE, OBJECTS and LIBS, by which the Makefile compiles and links, and SALT, from
-- which each student's seed is derived.

package.path = arg[0]:match("^(.-)[^/]*$") .. "?.lua;" ..
               arg[0]:match("^(.-)[^/]*$") .. "../?.lua;" .. package.path
local bodies = require "bodies"
local files = require "files"
local gate = require "gate"
local json = require "dkjson"
local judges = require "judges"
local reports = require "reports"
local results = require "results"
local submissions = require "submissions"
local transplant = require "transplant"

local COMMAND, MANIFEST, BUILD, FOLDER, INDEX = table.unpack(arg)
local OUT = BUILD .. "/grades"
local COMPILE, OBJECTS, LIBS = os.getenv("COMPILE"), os.getenv("OBJECTS"), os.getenv("LIBS")
local HERE = files.quote((files.output("pwd"):gsub("\n", "")))
local FIRST_UID, SECONDS = 50000, 60

-- Runs a command in the sandbox, with its output in a file; was it well?
local function in_sandbox(uid, output, command, tap)
    return os.execute(("TAP=%s bash tools/kit/sandbox.sh %s %d %s %s"):format(
        tap or "", uid, SECONDS, output, command)) == true
end

-- ---- Building -----------------------------------------------------------------------

-- The first line in which the compiler names an error.
local function first_error(log)
    return log:match("[^\n]*error: [^\n]*") or log:match("[^\n]+") or "no message"
end

-- Compiles a text in place of a file of ref/; the object, or nil and what is wrong.
local function compile(work, path, text)
    local source, object = work .. "/" .. path:match("[^/]+$"), work .. "/given.o"
    files.write(source, text)
    local command = ("cd %s && %s -c %s -o %s"):format(HERE, COMPILE, source, object)
    if in_sandbox("-", work .. "/cc.log", "sh -c " .. files.quote(command)) then
        return object
    end
    return nil, "it does not compile: " .. first_error(files.read(work .. "/cc.log"))
end

-- Links a program of claims or of tests with that object in place of the book's own.
local function link(judge, object, sound_object, program)
    local own = judge.is_test
        and ("%s/tests/%s.o %s/tests/unit.o"):format(BUILD, judge.stem, BUILD)
        or ("%s/proofs_numeric/%s.o"):format(BUILD, judge.stem)
    local objects = (" " .. OBJECTS .. " "):gsub(" " .. sound_object:gsub("%p", "%%%0") ..
                                                 " ", " " .. object .. " ")
    files.run("%s -z noexecstack %s %s %s -o %s 2>&1", COMPILE, own, objects, LIBS, program)
end

-- ---- Judging ------------------------------------------------------------------------

-- Runs the claims of one program, and reads their records.
local function run_claims(one, program, stem, names)
    in_sandbox(one.uid, one.work .. "/run.log", ("%s %s %s %s"):format(
        program, one.scratch .. "/run", one.seed, table.concat(names, " ")))
    local records = ("%s/run/records/%s"):format(one.scratch, stem)
    local said = {}
    for _, name in ipairs(names) do
        said[name] = results.read_record(files.regular(records, name .. ".tsv"), name)
    end
    return said
end

local function run_tests(one, program, names)
    in_sandbox(one.uid, one.work .. "/run.log", program, one.scratch .. "/run/tap")
    local tap, said = files.regular(one.scratch .. "/run", "tap"), {}
    for _, name in ipairs(names) do
        local holds, message = judges.read_test(tap, name)
        said[name] = {holds = holds, message = holds and "" or message, findings = {}}
    end
    return said
end

-- The names of graders, by the program that they are in.
local function by_program(graders, all)
    local groups, order = {}, {}
    for _, grader in ipairs(graders) do
        local judge = all[grader.name] or
                      files.fail("there is no claim or test %s", grader.name)
        if not groups[judge.program] then
            groups[judge.program] = {judge = judge, names = {}}
            table.insert(order, groups[judge.program])
        end
        table.insert(groups[judge.program].names, grader.name)
    end
    return order
end

local function judge(one, result, object, sound_object)
    for _, group in ipairs(by_program(result.graders, one.judges)) do
        local program = one.scratch .. "/" .. group.judge.stem
        link(group.judge, object, sound_object, program)
        local said = group.judge.is_test and run_tests(one, program, group.names)
            or run_claims(one, program, group.judge.stem, group.names)
        for _, grader in ipairs(result.graders) do
            for key, value in pairs(said[grader.name] or {}) do grader[key] = value end
        end
    end
end

-- ---- One submission -----------------------------------------------------------------

-- An exercise of a submission, up to its object; nil and what is wrong.
local function build(one, exercise)
    local sound, sound_object = one.sound[exercise.file],
                                BUILD .. "/" .. exercise.file:gsub("%.c$", ".o")
    local text, problem = submissions.text(one.submission, exercise.file)
    if not text then return nil, problem end
    local given = one.work .. "/given.c"
    files.write(given, text)
    local taken
    taken, problem = transplant.take(exercise, text, given, one.known)
    if not taken then return nil, problem end
    if taken.body == bodies.stub(exercise.id) then return nil, "not begun" end
    local solution = bodies.text(sound, one.known[exercise.file .. ":" .. exercise.name])
    local guarded = gate.guarded(sound_object, one.offered, solution)
    for _, piece in ipairs({taken.body, table.unpack(taken.helpers)}) do
        problem = gate.of_text(piece.text or piece, guarded)
        if problem then return nil, problem end
    end
    local object
    object, problem = compile(one.work, exercise.file,
                              transplant.put(taken, exercise, sound, one.known))
    problem = problem or gate.of_object(object, sound_object, one.offered)
    if problem then return nil, problem end
    return object, sound_object
end

-- A fresh folder in which the user of the sandbox may write.
local function fresh_run(one)
    files.run("rm -rf %s && mkdir -p %s/run && chmod 711 %s && chmod 700 %s/run",
              one.scratch, one.scratch, one.scratch, one.scratch)
    if files.is_root() then files.run("chown %d %s/run", one.uid, one.scratch) end
end

local function grade_exercise(one, exercise, result)
    files.run("rm -rf %s && mkdir -p %s", one.work, one.work)
    fresh_run(one)
    local object, sound_object = build(one, exercise)
    if object then
        judge(one, result, object, sound_object)
    else
        result.problem = sound_object
    end
end

-- A seed that belongs to the student: 48 bits of a hash of the salt and the name.
local function seed_of(student)
    local hash = files.output("printf %%s %s | sha256sum",
                              files.quote(os.getenv("SALT") .. " " .. student))
    return tonumber(hash:sub(1, 12), 16)
end

local function sound_texts(exercises)
    local texts = {}
    for _, exercise in ipairs(exercises) do
        texts[exercise.file] = files.read(exercise.file)
    end
    return texts
end

local function grade_one(exercises, list)
    local submission = list[tonumber(INDEX)]
    local here = ("%s/work/%s"):format(OUT, submission.student)
    local one = {submission = submission, uid = FIRST_UID + tonumber(INDEX) % 10000,
                 seed = seed_of(submission.student), work = here,
                 scratch = files.output("mktemp -d /tmp/grade.XXXXXX"):gsub("\n", ""),
                 known = bodies.find("ref/*.c"), sound = sound_texts(exercises),
                 offered = gate.offered(OBJECTS), judges = judges.all()}
    local result = results.zero(exercises, submission)
    for i, exercise in ipairs(exercises) do
        grade_exercise(one, exercise, result.exercises[i])
    end
    files.run("rm -rf %s %s", one.scratch, one.work)
    result.state, result.seed = "graded", one.seed
    results.write(("%s/results/%s.json"):format(OUT, submission.student), result)
end

-- ---- All of them --------------------------------------------------------------------

-- Has every submission graded in a process of its own.
local function run_all(count)
    os.execute(("seq %d | xargs -P \"$(nproc)\" -I @ lua5.4 %s one %s %s %s @"):format(
        count, arg[0], MANIFEST, BUILD, files.quote(FOLDER)))
end

local function gather(exercises, list)
    local gathered = {}
    for i, submission in ipairs(list) do
        local path = ("%s/results/%s.json"):format(OUT, submission.student)
        local zero = results.zero(exercises, submission)
        gathered[i] = results.reconcile(zero, json.decode(files.read(path)))
        results.write(path, gathered[i])
    end
    return gathered
end

local function grade_all(exercises, list)
    files.run("rm -rf %s && mkdir -p %s/results %s/reports", OUT, OUT, OUT)
    local zeros = {}
    for i, submission in ipairs(list) do
        zeros[i] = results.zero(exercises, submission)
        results.write(("%s/results/%s.json"):format(OUT, submission.student), zeros[i])
    end
    reports.write_csv(OUT .. "/grades.csv", zeros)
    run_all(#list)
    local gathered = gather(exercises, list)
    reports.write_csv(OUT .. "/grades.csv", gathered)
    reports.write_junit(OUT .. "/junit.xml", gathered)
    local lectures = reports.lectures()
    for _, result in ipairs(gathered) do
        files.write(("%s/reports/%s.md"):format(OUT, result.student),
                    reports.text(result, lectures))
        print(reports.line(result))
    end
    print(("%d submissions: %s/grades.csv, junit.xml and reports/"):format(#list, OUT))
end

if not FOLDER or FOLDER == "" then
    files.fail("say where they are: make grade SUBMISSIONS=folder")
end
if not files.exists(MANIFEST) then
    files.fail("there is no %s: make exercises makes one", MANIFEST)
end
local exercises = results.coded(json.decode(files.read(MANIFEST)))
local list = submissions.list(FOLDER)
if COMMAND == "all" then grade_all(exercises, list) else grade_one(exercises, list) end
