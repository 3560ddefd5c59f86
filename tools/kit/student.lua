-- student.lua -- what a student does with the exercises: for the targets of kit.mk.
--
--   lua5.4 tools/kit/student.lua COMMAND BUILD [EX]
--
-- exercises.json says what there is to do.  What has been done stands in
-- .kit/progress.json: by exercise, the points earned, how many hints were seen, and
-- which other exercise it waits for.  .kit/given/ and .kit/calls.json are what a grader
-- goes by: the files as they were handed out, and the names that a body may ask for.

dofile(arg[0]:match("^(.-)[^/]*$") .. "../path.lua")
local json = require "dkjson"
local bodies = require "kit.bodies"
local files = require "files"
local gate = require "kit.gate"
local judges = require "kit.judges"
local nearest = require "nearest"
local transplant = require "kit.transplant"

local COMMAND, BUILD, EX = arg[1], arg[2], arg[3] or ""
local KIT, PROGRESS = ".kit", ".kit/progress.json"

local function load()
    local manifest = json.decode(files.read("exercises.json"))
    local progress = files.exists(PROGRESS) and json.decode(files.read(PROGRESS)) or {}
    for _, exercise in ipairs(manifest.exercises) do
        progress[exercise.id] = progress[exercise.id] or {points = 0, hints = 0}
    end
    return manifest.exercises, progress
end

local function save(progress)
    files.run("mkdir -p %s", KIT)
    files.write(PROGRESS, json.encode(progress, {indent = true}) .. "\n")
end

-- The exercise that EX names; only those with a function to write, if `coded` is set.
local function wanted(exercises, coded)
    local names = {}
    for _, exercise in ipairs(exercises) do
        if exercise.id == EX and (exercise.file or not coded) then return exercise end
        if exercise.id == EX then
            files.fail("%s is on paper: there is no %s for it", EX, COMMAND)
        end
        if exercise.file or not coded then table.insert(names, exercise.id) end
    end
    if not EX:match("^[%w_]*$") then
        files.fail("EX takes a name of letters, digits and _, got \"%s\"", EX)
    end
    if EX == "" then
        files.fail("say which: make %s EX=%s", COMMAND, names[1] or "…")
    end
    files.fail("no exercise %s; the nearest: %s", EX, nearest(EX, names) or "none")
end

-- Whether the student has written anything in the place of the stub.
local function is_begun(exercise)
    return not files.read(exercise.file):find(
        'exercise ' .. exercise.id .. ' is not solved yet', 1, true)
end

local function state(exercise, progress)
    local points = progress[exercise.id].points
    if not exercise.file then return "on paper" end
    if points == exercise.points then return "done" end
    if points > 0 then return ("%g of %g"):format(points, exercise.points) end
    return is_begun(exercise) and "begun" or "open"
end

-- ---- Looking around -----------------------------------------------------------------

local function total(exercises, progress)
    local earned, possible = 0, 0
    for _, exercise in ipairs(exercises) do
        if exercise.file then
            earned = earned + progress[exercise.id].points
            possible = possible + exercise.points
        end
    end
    return earned, possible
end

-- Where an exercise stands: in a chapter, or in the sheet alone.
local function text_of(exercise)
    local chapter = ("chapters/%s.md"):format(exercise.chapter)
    return files.exists(chapter) and chapter or "sheet.md"
end

local function list(exercises, progress)
    local chapter
    for _, exercise in ipairs(exercises) do
        if exercise.chapter ~= chapter then
            chapter = exercise.chapter
            print((_ > 1 and "\n" or "") .. text_of(exercise))
        end
        print(("  %-5s %-28s %-10s %2g points  %s"):format(
            exercise.number, exercise.id, exercise.kind, exercise.points,
            state(exercise, progress)))
    end
    print(("\n%g of %g points that a machine can give"):format(
        total(exercises, progress)))
end

-- The line of a function's name.
local function place(exercise)
    local body = bodies.find(exercise.file)[exercise.file .. ":" .. exercise.name]
    return exercise.file .. (body and ":" .. body.line or "")
end

local function tell(exercise)
    print(("%s, %g points (%s)"):format(exercise.id, exercise.points,
                                        text_of(exercise)))
    print("\n" .. exercise.text .. "\n")
    print(("Write %s, in %s; then: make check EX=%s"):format(
        exercise.name, place(exercise), exercise.id))
end

-- The first that has points to give; one that waits for another comes after that one.
local function next_one(exercises, progress)
    local function is_open(exercise)
        return exercise.file and progress[exercise.id].points < exercise.points
    end
    local waiting
    for _, exercise in ipairs(exercises) do
        local first = progress[progress[exercise.id].waits_for or ""]
        if is_open(exercise) and not (first and first.points == 0) then
            return tell(exercise)
        end
        waiting = waiting or is_open(exercise) and exercise
    end
    if waiting then return tell(waiting) end
    print("Everything that a machine can check is done.")
end

local function hint(exercises, progress)
    local exercise = wanted(exercises)
    local seen = progress[exercise.id]
    if #exercise.hints == 0 then
        print(exercise.id .. " has no hints.")
        return
    end
    seen.hints = math.min(seen.hints + 1, #exercise.hints)
    for i = 1, seen.hints do
        print(("Hint %d of %d: %s"):format(i, #exercise.hints, exercise.hints[i]))
    end
    save(progress)
end

local function show_progress(exercises, progress)
    local earned, possible, order = {}, {}, {}
    for _, exercise in ipairs(exercises) do
        local stem = exercise.chapter
        if exercise.file then
            if not possible[stem] then table.insert(order, stem) end
            earned[stem] = (earned[stem] or 0) + progress[exercise.id].points
            possible[stem] = (possible[stem] or 0) + exercise.points
        end
    end
    for _, stem in ipairs(order) do
        local full = math.floor(20 * earned[stem] / possible[stem])
        print(("%-22s %s%s %5g of %g"):format(stem, ("#"):rep(full),
                                             ("."):rep(20 - full), earned[stem],
                                             possible[stem]))
    end
    print(("%g of %g points"):format(total(exercises, progress)))
end

-- ---- Checking -----------------------------------------------------------------------

-- Runs a claim: does it hold, and what was measured.
local function run_claim(name)
    local pipe, lines = io.popen(("%s/check %s --seed %s --claim %s 2>&1"):format(
        BUILD, BUILD, files.number("SEED", "1"), name)), {}
    for line in pipe:lines() do
        if line:match("^  ") or line:match("^%s+%S+ +control") then
            table.insert(lines, line)
        end
    end
    return pipe:close() or false, table.concat(lines, "\n")
end

-- Runs the file of tests that a test is in: does it pass, and what it says.
local function run_test(name, judge)
    local tap = os.tmpname()
    os.execute(("CK_TAP_LOG_FILE_NAME=%s %s/%s >/dev/null 2>&1"):format(tap, BUILD,
                                                                       judge.program))
    local passed, said = judges.read_test(files.read(tap), name)
    os.remove(tap)
    return passed, ("  %s %-40s %s"):format(passed and "✓" or "✗", name, said)
end

-- Whether a grader holds; tells what it says, or, where it came to another exercise
-- that is still to be solved, which one, and returns that too.
local function holds(exercise, name, judge)
    local well, said
    if judge.is_test then
        well, said = run_test(name, judge)
    else
        well, said = run_claim(name)
    end
    local other = said:match("exercise ([%w_]+) is not solved yet")
    if other == exercise.id then other = nil end
    print(other and ("  … %-20s waits for %s"):format(name, other) or said)
    return well, other
end

local function check(exercises, progress)
    local exercise = wanted(exercises, true)
    if not is_begun(exercise) then
        print(("%s: still to be written, in %s"):format(exercise.id, place(exercise)))
        os.exit(1)
    end
    local held, all, waits_for = 0, judges.all(), nil
    for _, name in ipairs(exercise.graded_by) do
        local well, other = holds(exercise, name, all[name])
        held, waits_for = held + (well and 1 or 0), waits_for or other
    end
    local points = exercise.points * held / #exercise.graded_by
    progress[exercise.id].points, progress[exercise.id].waits_for = points, waits_for
    save(progress)
    print(("\n%s: %d of %d hold, %.3g of %g points"):format(
        exercise.id, held, #exercise.graded_by, points, exercise.points))
    os.exit(held == #exercise.graded_by)
end

-- The programs that the graders of an exercise need, for make; none where there is
-- nothing to check.
local function programs(exercises)
    local exercise = wanted(exercises, true)
    if not is_begun(exercise) then return end
    local needed, all = {[BUILD .. "/check"] = true}, judges.all()
    for _, grader in ipairs(exercise.graded_by) do
        needed[BUILD .. "/" .. all[grader].program] = true
    end
    for program in pairs(needed) do print(program) end
end

-- ---- Working ------------------------------------------------------------------------

-- Waits until the file changes.
local function wait_for_change(path)
    local stamp = files.output("stat -c %%Y.%%s %s", path)
    if os.execute("command -v inotifywait >/dev/null 2>&1") then
        os.execute("inotifywait -qq -e close_write,move_self,delete_self " .. path)
    else
        while files.output("stat -c %%Y.%%s %s", path) == stamp do
            if not os.execute("sleep 1") then os.exit(0) end
        end
    end
end

local function watch(exercises)
    local exercise = wanted(exercises, true)
    if not os.execute("command -v inotifywait >/dev/null 2>&1") then
        print("no inotifywait here: looking once a second")
    end
    print(("watching %s; end with Ctrl-C"):format(exercise.file))
    while true do
        wait_for_change(exercise.file)
        print("\n---- " .. os.date("%H:%M:%S"))
        os.execute("env -u MAKEFLAGS -u MAKELEVEL make -s check EX=" .. exercise.id)
    end
end

-- A name under .kit/backup/ that is not taken.
local function backup_name(path)
    local number = 1
    local name = KIT .. "/backup/" .. path:gsub("/", "_") .. "."
    while files.exists(name .. number) do number = number + 1 end
    return name .. number
end

local function reset(exercises, progress)
    local exercise = wanted(exercises, true)
    local body = bodies.find(exercise.file)[exercise.file .. ":" .. exercise.name]
    if not body then
        files.fail("%s has no function %s any more", exercise.file, exercise.name)
    end
    local text, backup = files.read(exercise.file), backup_name(exercise.file)
    files.run("mkdir -p %s/backup", KIT)
    files.write(backup, text)
    files.write(exercise.file, bodies.replaced(text, body, bodies.stub(exercise.id)))
    progress[exercise.id].points = 0
    save(progress)
    print(("%s is as it was given; yours is kept in %s"):format(exercise.id, backup))
end

-- What a grader takes of a file, in the file as it was given out, and where its parts
-- stood; nil and what is wrong.
local function as_graded(exercise, calls)
    local given, known = KIT .. "/given/" .. exercise.file, {}
    for _, body in pairs(bodies.find(given)) do
        known[exercise.file .. ":" .. body.name] = body
    end
    local taken, problem = transplant.take(exercise, files.read(exercise.file),
                                           bodies.find(exercise.file), known)
    if taken then taken, problem = gate.tokens_of(taken, calls.guarded[exercise.id] or {}) end
    if not taken then return nil, problem end
    return transplant.put(taken, exercise, files.read(given), known),
           transplant.lines(taken)
end

-- What a grader is going to refuse; nil if nothing is.
local function refusal(exercise, calls)
    local text, lines = as_graded(exercise, calls)
    if not text then return lines end
    local source, object, log = KIT .. "/taken.c", KIT .. "/taken.o", KIT .. "/taken.log"
    files.write(source, text)
    local well = os.execute(("%s %s -c %s -o %s >%s 2>&1"):format(
        os.getenv("COMPILE") or "cc -std=c17 -Iref", gate.AS_GIVEN, source, object, log))
    if not well then return transplant.told(gate.why_not(files.read(log)), lines) end
    local asked = calls.asked[exercise.id] -- of a function that the book has
    return asked and gate.of_names(object, asked, calls.offered)
end

-- Tells it before it is handed in.
local function warn_of_refusals(exercises)
    local warned, calls = false, json.decode(files.read(KIT .. "/calls.json"))
    for _, exercise in ipairs(exercises) do
        local problem = exercise.file and is_begun(exercise) and refusal(exercise, calls)
        if problem then
            print(("%s will earn nothing: %s"):format(exercise.id, problem))
        end
        warned = warned or problem
    end
    if warned then
        print("(Graders take a function's body and the static functions that it calls, " ..
              "and nothing else of a file.)")
    end
end

-- One archive of the files that exercises touch, and who sent it.
local function submit(exercises)
    local student = os.getenv("STUDENT") or os.getenv("USER") or "unknown"
    local list, seen, ids = {}, {}, {}
    for _, exercise in ipairs(exercises) do
        if exercise.file and not seen[exercise.file] then
            seen[exercise.file] = true
            table.insert(list, exercise.file)
        end
        if exercise.file then table.insert(ids, exercise.id) end
    end
    local folder = KIT .. "/submission"
    files.run("rm -rf %s && mkdir -p %s/ref/ground", folder, folder)
    if files.exists("answers.txt") then
        files.write(folder .. "/answers.txt", files.read("answers.txt"))
    end
    for _, path in ipairs(list) do
        files.run("mkdir -p %s/%s", folder, path:match("^(.*)/"))
        files.write(folder .. "/" .. path, files.read(path))
    end
    files.write(folder .. "/submission.json",
                json.encode({student = student, exercises = ids}) .. "\n")
    files.run("tar -czf submission.tar.gz.new -C %s submission && " ..
              "mv submission.tar.gz.new submission.tar.gz", KIT)
    warn_of_refusals(exercises)
    print(("submission.tar.gz: %d files, as %s (another name: STUDENT=…)"):format(
        #list, student))
end

local COMMANDS = {list = list, next = next_one, hint = hint, check = check,
                  progress = show_progress, watch = watch, reset = reset,
                  submit = submit, programs = programs}

COMMANDS[COMMAND](load())
