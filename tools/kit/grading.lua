-- grading.lua -- builds what was taken of a submission into the book, and has the book's
-- claims judge it.
--
-- In the environment: COMPILE, OBJECTS and LIBS, by which the Makefile compiles and
-- links, FENCE, FENCED and SECTIONS, by which a submission gets a fence (see fence.h;
-- the first is empty where that cannot be), and SEEDS, the number of seeds under which a
-- claim has to hold.

local bodies = require "kit.bodies"
local fences = require "kit.fences"
local files = require "files"
local gate = require "kit.gate"
local judges = require "kit.judges"
local results = require "kit.results"
local sandbox = require "kit.sandbox"
local sources = require "sources"
local transplant = require "kit.transplant"

local grading = {}

local COMPILE, OBJECTS = os.getenv("COMPILE"), os.getenv("OBJECTS")
local LIBS = os.getenv("LIBS")
local FENCE, FENCED = os.getenv("FENCE") or "", os.getenv("FENCED") or ""
local SECTIONS = os.getenv("SECTIONS")
local SEEDS = tonumber(files.number("SEEDS", "1"))

local FIRST_USER = 50000

-- What grading goes by: the book's own functions and texts, what an exercise may call
-- (which takes long to find out, if nobody says it), and a folder and a user of its own,
-- which nothing has that is graded beside it.
function grading.begin(build, seed, known, offered)
    local sound = {}
    for _, path in ipairs(sources.ref()) do sound[path] = files.read(path) end
    local scratch = files.output("mktemp -d %s/grade.XXXXXX", files.scratch):gsub("\n", "")
    local one = {build = build, seed = seed, user = FIRST_USER + files.process() % 10000,
                 scratch = scratch, work = scratch .. "/work",
                 known = known or bodies.find(sources.ref()), sound = sound,
                 offered = offered or gate.offered(OBJECTS, fences.names(build)),
                 judges = judges.all(), recorded = {}}
    sandbox.must_hold(build, one.user)
    files.run("chmod 711 %s && mkdir -m 700 %s && mkdir -m 755 %s/headers", scratch,
              one.work, scratch)
    files.run("{ find ref -name '*.h'; echo tools/kit/fence.h; } | tar -c -T - | " ..
              "tar -x -C %s/headers && " ..
              "chmod -R a+rX %s/headers", scratch, scratch)
    return one
end

function grading.finish(one)
    files.run("rm -rf %s", one.scratch)
end

-- A fresh folder in which the user of the sandbox may write, and nobody else read.
local function fresh(one, name)
    local folder = one.scratch .. "/" .. name
    files.run("rm -rf %s && mkdir -m 700 %s", folder, folder)
    if files.is_root() then files.run("chown %d %s", one.user, folder) end
    return folder
end

-- ---- Building -----------------------------------------------------------------------

-- Compiles a text in place of a file of ref/, where there are the headers and nothing
-- else to read; the object, or nil and what is wrong.
local function compile(one, path, text, fenced)
    local how = ("%s %s %s"):format(COMPILE, fenced and FENCE or "", gate.AS_GIVEN)
    local folder, log = fresh(one, "cc"), one.work .. "/cc.log"
    local source, object = folder .. "/" .. path:match("[^/]+$"), one.work .. "/given.o"
    local headers = one.scratch .. "/headers"
    files.write(source, text)
    files.run("chmod 644 %s && rm -f %s", source, object)
    local well = sandbox.run(one.build, {user = one.user, output = log, write = {folder},
        read = {headers}, environment = {"TMPDIR=" .. folder}},
        "/bin/sh -c " .. files.quote(("cd %s && exec %s -c %s -o %s/given.o"):format(
            headers, how, source, folder)))
    if well then -- a copy that the sandbox's user cannot change any more
        files.run("find %s -name given.o -type f -exec cp {} %s \\;", folder, object)
    end
    if files.exists(object) then return object end
    return nil, gate.why_not(files.read(log))
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

-- What a submission's object is linked with so that it has a fence.  It calls the copies
-- of the book's functions, and they it, by their own names; the claims by those of the book.
local function fence_in(one, exercise, object)
    local parts = {}
    for other in FENCED:gmatch("%S+") do
        local copy = one.build .. "/kit/" .. exercise.file:gsub("%.c$", ".o")
        if other ~= copy then table.insert(parts, other) end
    end
    for name in gate.defined(object) do
        table.insert(parts, ("-Wl,--defsym,%s=fence_%s"):format(name, name))
    end
    files.run("objcopy %s --redefine-syms=%s/kit/names %s", SECTIONS, one.build, object)
    return table.concat(parts, " ")
end

-- Links a program of claims or of tests with that object in place of the book's own.
-- No memory is to be written and run: what makes that necessary does not run.  The user
-- of the sandbox may run it, whatever the umask here.
local function link(one, judge, exercise, object, around, program)
    local others = own_objects(one, judge)
    for other in OBJECTS:gmatch("%S+") do
        table.insert(others, other == sound_object(one, exercise) and object or other)
    end
    table.insert(others, one.build .. "/tools/kit/lock.o -Wl,--wrap=fork")
    table.insert(others, around)
    -- Tests ask of an arena how much is used, so that they have no zones.
    local zones = judge.is_test and "pieces" or "redzone"
    table.insert(others, ("%s/tools/kit/%s.o"):format(one.build, zones))
    for _, name in ipairs(judge.is_test and {"bytes", "take", "room", "ints"} or
                          {"make", "bytes", "take", "room", "ints", "free"}) do
        table.insert(others, "-Wl,--wrap=arena_" .. name)
    end
    os.execute(("timeout -k 1 600 %s -z noexecstack %s %s -o %s >%s/ld.log 2>&1 && " ..
                "chmod 711 %s"):format(COMPILE, table.concat(others, " "), LIBS, program,
                                       one.work, program))
end

-- ---- Judging ------------------------------------------------------------------------

-- Runs a program that was linked; it can read itself and the data, and writes a folder.
local function run_program(one, program, folder, arguments, environment)
    local data = os.getenv("FASHION_MNIST")
    table.insert(environment, "TEMP=" .. folder)
    if data then table.insert(environment, "FASHION_MNIST=" .. data) end
    sandbox.run(one.build, {user = one.user, output = one.work .. "/run.log",
                            run = {program}, write = {folder}, read = {data},
                            environment = environment}, program .. " " .. arguments)
end

local function read_records(folder, stem, names)
    local said = {}
    for _, name in ipairs(names) do
        local record = files.regular(("%s/records/%s"):format(folder, stem),
                                     name .. ".tsv")
        said[name] = results.read_record(record, name)
    end
    return said
end

-- What the same claims record of the book's own function under that seed.
local function sound_claims(one, stem, names, seed)
    local key = ("%s %s %s"):format(stem, seed, table.concat(names, " "))
    if not one.recorded[key] then
        local folder = fresh(one, "sound")
        os.execute(("TEMP=%s OPENBLAS_NUM_THREADS=1 CK_DEFAULT_TIMEOUT=600 " ..
                    "%s/claims/%s %s %s %s >%s/sound.log 2>&1"):format(folder,
                    one.build, stem, folder, seed, table.concat(names, " "), one.work))
        one.recorded[key] = read_records(folder, stem, names)
    end
    return one.recorded[key]
end

-- Runs the claims of one program, and reads their records.
local function run_claims(one, program, stem, names, seed)
    local folder, sound = fresh(one, "run"), sound_claims(one, stem, names, seed)
    run_program(one, program, folder,
                ("%s %s %s"):format(folder, seed, table.concat(names, " ")), {})
    local said = read_records(folder, stem, names)
    for _, name in ipairs(names) do
        if not sound[name].holds then -- no measure for anybody else
            files.fail("the book's own function does not satisfy %s under seed %s", name,
                       seed)
        end
        results.hold_against(said[name], sound[name])
        said[name].seed = seed
    end
    return said
end

local function run_tests(one, program, names)
    local folder, said = fresh(one, "run"), {}
    run_program(one, program, folder, "", {"LOCK_MAY_FORK=1",
                                           "CK_TAP_LOG_FILE_NAME=" .. folder .. "/tap"})
    local tap = files.regular(folder, "tap")
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
local function judge(one, exercise, graders, object, around)
    for _, grader in ipairs(graders) do grader.holds = nil end
    for _, group in ipairs(by_program(graders, one.judges)) do
        local program = one.scratch .. "/" .. group.judge.stem
        link(one, group.judge, exercise, object, around, program)
        for s = 0, group.judge.is_test and 0 or SEEDS - 1 do
            results.note(graders, run(one, group, program, one.seed + s))
        end
    end
end

-- ---- Exercises ----------------------------------------------------------------------

-- Grades what was taken of a submission; the result's exercise gets what comes of it.
function grading.judge(one, exercise, result, taken)
    local text, fenced = transplant.put(taken, exercise, one.sound[exercise.file], one.known,
                                        FENCE ~= "")
    local object, problem = compile(one, exercise.file, text, fenced)
    problem = problem or
              gate.of_object(object, sound_object(one, exercise), one.offered)
    if problem then
        result.problem = problem
        return
    end
    judge(one, exercise, result.graders, object,
          fenced and fence_in(one, exercise, object) or "")
end

return grading
