-- check_kit.lua -- proves that the exercises are sound: for `make check-exercises`.
--
--   lua5.4 tools/kit/check_kit.lua all MANIFEST BUILD
--   lua5.4 tools/kit/check_kit.lua one MANIFEST BUILD INDEX
--
-- For every exercise: its solution alone earns its points, all of them, under three
-- seeds, and no others; what is handed out compiles without a warning and earns none,
-- nor does a body that does nothing; no solution can be read in what is handed out; the
-- submissions of tests/kit/hostile.sh achieve nothing; and what tests/kit/ asks of the
-- student's and the instructor's commands holds.

dofile(arg[0]:match("^(.-)[^/]*$") .. "../path.lua")
local bodies = require "kit.bodies"
local files = require "files"
local grading = require "kit.grading"
local idle = require "kit.idle"
local json = require "dkjson"
local leaks = require "kit.leaks"
local lexer = require "kit.lexer"
local results = require "kit.results"
local sources = require "sources"
local transplant = require "kit.transplant"

local COMMAND, MANIFEST, BUILD, INDEX = table.unpack(arg)
local STUDENT, OUT = BUILD .. "/exercises/student", BUILD .. "/exercises/check"

-- A line of TAP, which tells whether something holds.
local function tap(holds, what, ...)
    return (holds and "ok - " or "not ok - ") .. what:format(...)
end

-- Prints what does not hold of a group, and how many of it do; returns the two numbers.
local function report(what, lines)
    local passed, failed = 0, 0
    for _, line in ipairs(lines) do
        local holds = line:match("^ok")
        passed, failed = passed + (holds and 1 or 0), failed + (holds and 0 or 1)
        if not holds then print("  " .. line) end
    end
    local sign = failed == 0 and passed > 0 and "✓" or "✗"
    print(("%s %-64s %3d of %3d"):format(sign, what, passed, #lines))
    return passed, failed + (#lines == 0 and 1 or 0)
end

-- The lines of TAP that a command prints.
local function lines_of(command, ...)
    local pipe, lines = io.popen(command:format(...)), {}
    for line in pipe:lines() do
        if line:match("^ok") or line:match("^not ok") then
            table.insert(lines, line)
        elseif #lines > 0 then -- what there is to say of the last one
            lines[#lines] = lines[#lines] .. "\n    " .. line
        end
    end
    if not pipe:close() and not table.concat(lines, "\n"):find("not ok", 1, true) then
        table.insert(lines, "not ok - " .. command:format(...))
    end
    return lines
end

local function key_of(exercise)
    return exercise.file .. ":" .. exercise.name
end

-- ---- Bodies that earn nothing -------------------------------------------------------

local function check_one(exercise)
    local number = tonumber(INDEX)
    local one = grading.begin(BUILD, number)
    for _, body in ipairs(idle.bodies(one, exercise)) do
        local names, problem = idle.satisfied(one, exercise, body[2])
        print(tap(#names == 0 and not problem, "%s: %s earns %s", exercise.id, body[1],
                  problem or table.concat(names, ", ")))
    end
    grading.finish(one)
end

-- ---- Solutions ----------------------------------------------------------------------

-- A submission for each exercise, in which that one is solved and no other.
local function write_submissions(exercises, known)
    for _, exercise in ipairs(exercises) do
        local folder = ("%s/submissions/%s"):format(OUT, exercise.id)
        files.run("mkdir -p %s && cp -R %s/ref %s", folder, STUDENT, folder)
        local path = folder .. "/" .. exercise.file
        local text, found = files.read(path), bodies.find(path)
        local solution = bodies.text(files.read(exercise.file), known[key_of(exercise)])
        files.write(path, bodies.replaced(text, found[path .. ":" .. exercise.name],
                                          solution))
    end
end

-- Has them graded as any others are.
local function grade_submissions()
    files.run("SEEDS=3 lua5.4 tools/kit/grade.lua all %s %s %s %s/submissions",
              MANIFEST, BUILD, OUT .. "/grades", OUT)
end

-- The exercises that gave points, those that gave not all of them, and why not.
local function earned(result)
    local gave, short, why = {}, {}, {}
    for _, exercise in ipairs(result.exercises) do
        if exercise.points > 0 then table.insert(gave, exercise.id) end
        local is_short = exercise.points > 0 and exercise.points < exercise.possible
        if is_short or exercise.id == result.student then
            table.insert(why, exercise.problem)
            for _, grader in ipairs(exercise.graders) do
                if not grader.holds then
                    table.insert(why, grader.name .. ": " .. tostring(grader.message))
                    table.insert(short, exercise.id)
                end
            end
        end
    end
    return table.concat(gave, " "), #short == 0, table.concat(why, "; ")
end

local function check_solutions(exercises, known)
    local lines = {}
    write_submissions(exercises, known)
    grade_submissions()
    for _, exercise in ipairs(exercises) do
        local result = json.decode(files.read(("%s/grades/results/%s.json"):format(
            OUT, exercise.id)))
        local gave, is_full, why = earned(result)
        table.insert(lines, tap(gave == exercise.id and is_full,
                                "%s: its solution earned points of \"%s\"; %s",
                                exercise.id, gave, why))
    end
    return lines
end

-- ---- What is handed out -------------------------------------------------------------

-- Compiles what was emptied as the student's own Makefile does; under WERROR=1 a warning
-- is an error.
local function check_compiles(exercises)
    local lines, seen = {}, {}
    for _, exercise in ipairs(exercises) do
        local object = "build/" .. exercise.file:gsub("%.c$", ".o")
        if not seen[object] then
            local well = os.execute(("make -s -C %s %s >>%s/make.log 2>&1"):format(
                STUDENT, object, OUT))
            table.insert(lines, tap(well, "%s: see %s/make.log", object, OUT))
        end
        seen[object] = true
    end
    return lines
end

local function solutions(exercises, known)
    local texts = {}
    for _, exercise in ipairs(exercises) do
        texts[exercise.id] = bodies.text(files.read(exercise.file),
                                         known[key_of(exercise)])
    end
    return texts
end

-- No solution can be read in what is handed out.
local function check_leaks(exercises, known)
    local lines, found = {}, leaks.search(STUDENT, solutions(exercises, known))
    for _, exercise in ipairs(exercises) do
        local where = found[exercise.id]
        table.insert(lines, tap(not where, "%s: in %s", exercise.id, where))
    end
    return lines
end

-- It would be seen if it could be: each solution, in a file by itself.
local function check_planted(exercises, known)
    local lines, tree, texts = {}, OUT .. "/leak", solutions(exercises, known)
    files.run("mkdir -p %s", tree)
    for id, text in pairs(texts) do
        files.write(("%s/%s.md"):format(tree, id),
                    table.concat(lexer.tokens(text, true), " "))
    end
    local found = leaks.search(tree, texts)
    for _, exercise in ipairs(exercises) do
        table.insert(lines, tap(found[exercise.id], "%s: a leak that is not found",
                                exercise.id))
    end
    return lines
end

-- ---- The fence -----------------------------------------------------------------------

-- None of the book's exercises has a type that the fence does not understand.
local function check_fences(exercises, known)
    local lines = {}
    for _, exercise in ipairs(exercises) do
        local fence, type = transplant.fence(exercise, files.read(exercise.file), known)
        table.insert(lines, tap(fence, "%s has no fence, for %s", exercise.id, type))
    end
    return lines
end

-- ---- All of it ----------------------------------------------------------------------

local function check_all(exercises)
    local known, passed, failed = bodies.find(sources.ref()), 0, 0
    local function add(what, lines)
        local well, wrong = report(what, lines)
        passed, failed = passed + well, failed + wrong
    end
    files.run("rm -rf %s && mkdir -p %s", OUT, OUT)
    add("solutions cannot be read in what is handed out", check_leaks(exercises, known))
    add("a solution that can be read is found", check_planted(exercises, known))
    add("files that were emptied compile", check_compiles(exercises))
    add("functions have a fence", check_fences(exercises, known))
    add("solutions earn their points and no others, under 3 seeds",
        check_solutions(exercises, known))
    add("bodies that do nothing earn nothing",
        lines_of("seq %d | xargs -P \"$(nproc)\" -I @ lua5.4 %s one %s %s @",
                 #exercises, arg[0], MANIFEST, BUILD))
    -- Side by side; each tells all that it has to say at once.
    add("the commands of students and instructors",
        lines_of("ls tests/kit/test_*.sh | xargs -P \"$(nproc)\" -I @ " ..
                 "sh -c 'said=$(sh @) || said=\"$said\nnot ok - @\"; echo \"$said\"'"))
    add("hostile submissions", lines_of("sh tests/kit/hostile.sh %s", BUILD))
    print(("%d passed, %d failed"):format(passed, failed))
    os.exit(failed == 0)
end

local exercises = results.coded(json.decode(files.read(MANIFEST)))
if COMMAND == "all" then
    check_all(exercises)
else
    check_one(exercises[tonumber(INDEX)])
end
