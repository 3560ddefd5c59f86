-- grading.lua -- builds a function that was handed in into the book, and has the book's
-- claims judge it.
--
-- In the environment: COMPILE, OBJECTS and LIBS, by which the Makefile compiles and
-- links, and SEEDS, the number of seeds under which a claim has to hold.

local bodies = require "kit.bodies"
local files = require "files"
local gate = require "kit.gate"
local judges = require "kit.judges"
local results = require "kit.results"
local sources = require "sources"
local submissions = require "kit.submissions"
local transplant = require "kit.transplant"

local grading = {}

local COMPILE, OBJECTS = os.getenv("COMPILE"), os.getenv("OBJECTS")
local LIBS = os.getenv("LIBS")
local SEEDS = tonumber(files.number("SEEDS", "1"))

-- Of the processor's time, for each claim and for a compiler: the slowest takes two, and
-- what has not ended after ten never will.
local FIRST_UID, SECONDS = 50000, 10

-- What grading goes by: the book's own functions and texts, what an exercise may call,
-- and a folder and a user of its own.  number: not that of anything that is graded
-- beside it, and better not that of the last run, whose users may have left something.
function grading.begin(build, work, number, seed)
    local sound = {}
    for _, path in ipairs(sources.ref()) do sound[path] = files.read(path) end
    return {build = build, work = work, seed = seed, uid = FIRST_UID + number % 10000,
            here = files.quote((files.output("pwd"):gsub("\n", ""))),
            scratch = files.output("mktemp -d /tmp/grade.XXXXXX"):gsub("\n", ""),
            known = bodies.find(sources.ref()), sound = sound,
            offered = gate.offered(OBJECTS), judges = judges.all(), given = {}}
end

function grading.finish(one)
    files.run("rm -rf %s %s", one.scratch, one.work)
end

-- Runs a command in the sandbox, with its output in a file; was it well?
local function in_sandbox(uid, output, command, tap)
    return os.execute(("TAP=%s bash tools/kit/sandbox.sh %s %d %s %s"):format(
        tap or "", uid, SECONDS, output, command)) == true
end

-- ---- Building -----------------------------------------------------------------------

-- Compiles or links, here and with the limits of the sandbox.
local function build(one, log, command, ...)
    local line = ("cd %s && "):format(one.here) .. command:format(...)
    return in_sandbox("-", log, "sh -c " .. files.quote(line))
end

-- The first line in which the compiler names an error.
local function first_error(log)
    return files.plain(log:match("[^\n]*error: [^\n]*") or log:match("[^\n]+") or
                       "no message")
end

-- Compiles a text in place of a file of ref/; the object, or nil and what is wrong.
local function compile(one, path, text)
    local source, log = one.work .. "/" .. path:match("[^/]+$"), one.work .. "/cc.log"
    local object = one.work .. "/given.o"
    files.write(source, text)
    if build(one, log, "%s -c %s -o %s", COMPILE, source, object) then return object end
    return nil, "it does not compile: " .. first_error(files.read(log))
end

local function sound_object(one, exercise)
    return one.build .. "/" .. exercise.file:gsub("%.c$", ".o")
end

-- The objects of a program itself: a test with what tests share, or the claims of a
-- chapter.
local function own_objects(one, judge)
    local paths = sources.proofs_of(judge.stem)
    if judge.is_test then
        paths = sources.test_units()
        table.insert(paths, 1, judge.path)
    end
    local objects = {}
    for i, path in ipairs(paths) do
        objects[i] = one.build .. "/" .. path:gsub("%.c$", ".o")
    end
    return objects
end

-- Links a program of claims or of tests with that object in place of the book's own.
-- No memory is to be written and run: what makes that necessary does not run.  The user
-- of the sandbox may run it, whatever the umask here.
local function link(one, judge, exercise, object, program)
    local others = own_objects(one, judge)
    for other in OBJECTS:gmatch("%S+") do
        table.insert(others, other == sound_object(one, exercise) and object or other)
    end
    return build(one, one.work .. "/ld.log",
                 "%s -z noexecstack %s %s -o %s && chmod 711 %s", COMPILE,
                 table.concat(others, " "), LIBS, program, program)
end

-- ---- Judging ------------------------------------------------------------------------

-- Runs the claims of one program, and reads their records.
local function run_claims(one, program, stem, names, seed)
    in_sandbox(one.uid, one.work .. "/run.log", ("%s %s %s %s"):format(
        program, one.scratch .. "/run", seed, table.concat(names, " ")))
    local records, said = ("%s/run/records/%s"):format(one.scratch, stem), {}
    for _, name in ipairs(names) do
        said[name] = results.read_record(files.regular(records, name .. ".tsv"), name)
        said[name].seed = seed
    end
    return said
end

local function run_tests(one, program, names)
    in_sandbox(one.uid, one.work .. "/run.log", program, one.scratch .. "/run/tap")
    local tap, said = files.regular(one.scratch .. "/run", "tap"), {}
    for _, name in ipairs(names) do
        local holds, message = judges.read_test(tap, name)
        said[name] = {holds = holds, findings = {}, message = files.plain(message)}
    end
    return said
end

local function run(one, group, program, seed)
    if group.judge.is_test then return run_tests(one, program, group.names) end
    return run_claims(one, program, group.judge.stem, group.names, seed)
end

-- A fresh folder in which the user of the sandbox may write, and nobody else read.
local function fresh_run(one)
    files.run("rm -rf %s/run && mkdir -m 700 %s/run && chmod 711 %s", one.scratch,
              one.scratch, one.scratch)
    if files.is_root() then files.run("chown %d %s/run", one.uid, one.scratch) end
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

-- Has all graders of an exercise judge an object.  A program that cannot be linked, or
-- does not start, leaves no record.
local function judge(one, exercise, graders, object)
    for _, grader in ipairs(graders) do grader.holds = nil end
    for _, group in ipairs(by_program(graders, one.judges)) do
        local program = one.scratch .. "/" .. group.judge.stem
        link(one, group.judge, exercise, object, program)
        for s = 0, group.judge.is_test and 0 or SEEDS - 1 do
            fresh_run(one)
            results.note(graders, run(one, group, program, one.seed + s))
        end
    end
end

-- ---- Exercises ----------------------------------------------------------------------

-- The text of a file of a submission, and the functions in it; nil and what is wrong.
local function given(one, submission, path)
    if not one.given[path] then
        local text, problem = submissions.text(submission, path)
        local copy = one.work .. "/given.c"
        if text then files.write(copy, text) end
        one.given[path] = {text = text, problem = problem,
                           found = text and bodies.find(copy)}
    end
    return one.given[path]
end

-- What was taken, as tokens; nil and what is wrong with its text, if something is.
local function tokens_of(one, exercise, taken)
    if taken.body == bodies.stub(exercise.id) then return nil, "not begun" end
    local solution = bodies.text(one.sound[exercise.file],
                                 one.known[exercise.file .. ":" .. exercise.name])
    local guarded = gate.guarded(sound_object(one, exercise), one.offered, solution)
    local body, problem = gate.tokens(taken.body, guarded, taken.line)
    local written = {body = body, line = taken.line, helpers = {}}
    for i, helper in ipairs(taken.helpers) do
        local text, fault = gate.tokens(helper.text, guarded, helper.line)
        written.helpers[i] = {text = text, line = helper.line}
        problem = problem or fault
    end
    return not problem and written or nil, problem
end

-- Grades what was taken of a submission; the result's exercise gets what comes of it.
function grading.judge(one, exercise, result, taken)
    local text = transplant.put(taken, exercise, one.sound[exercise.file], one.known)
    local object, problem = compile(one, exercise.file, text)
    problem = problem or
              gate.of_object(object, sound_object(one, exercise), one.offered)
    if problem then
        result.problem = problem
    else
        judge(one, exercise, result.graders, object)
    end
end

-- Grades one exercise of a submission.
function grading.exercise(one, exercise, result, submission)
    files.run("mkdir -p %s", one.work)
    local file = given(one, submission, exercise.file)
    local taken, problem = nil, file.problem
    if file.text then
        taken, problem = transplant.take(exercise, file.text, file.found, one.known)
    end
    if taken then taken, problem = tokens_of(one, exercise, taken) end
    result.problem = problem
    if taken then grading.judge(one, exercise, result, taken) end
end

return grading
