-- exercises.lua -- makes exercises of the book: for `make exercises`.
--
--   [PICK="ex_gd_step double_descent"] [SHEET=sheet.md] lua5.4 tools/exercises.lua BUILD
--
-- PICK takes exercises, whole chapters, and functions of ref/ that claims stand behind;
-- SHEET takes those of a sheet, see sheet.lua; without either, all exercises of the book
-- are taken.  BUILD/exercises/student is the tree
-- with the chosen bodies emptied and without solutions, BUILD/exercises/instructor the
-- whole one; in each, exercises.json says what was chosen.

dofile(arg[0]:match("^(.-)[^/]*$") .. "path.lua")
local json = require "dkjson"
local bodies = require "kit.bodies"
local chapters = require "kit.chapters"
local divs = require "divs"
local files = require "files"
local graders = require "kit.graders"
local idle = require "kit.idle"
local leaks = require "kit.leaks"
local manual = require "kit.manual"
local nearest = require "nearest"
local overlay = require "kit.overlay"
local predict = require "kit.predict"
local run = require "kit.run"
local sheet = require "kit.sheet"
local sources = require "sources"
local spine = require "spine"

local BUILD = arg[1]
local OUT = BUILD .. "/exercises"

-- What a student does not get: what makes and grades exercises, how CI runs, and the same
-- work as others do it.
local NOT_FOR_STUDENTS = {"tools/exercises.lua", "tools/kit/chapters.lua",
    "tools/kit/gra*", "tools/kit/idle.lua", "tools/kit/leaks.lua", ".ci", ".github",
    "tools/kit/reports.lua", "tools/kit/results.lua", "tools/kit/sandbox.lua",
    "tools/kit/submissions.lua", "tools/kit/taking.lua", "tools/kit/store.lua",
    "tools/kit/parallel.lua", "tools/kit/run.lua", "tools/kit/asked.lua",
    "tools/kit/canonical.lua", "tools/kit/class.lua", "tools/kit/html.lua", "tools/kit/pages.lua",
    "tools/kit/csv.lua", "tools/kit/gather.lua", "tools/kit/hand.lua",
    "tools/kit/late.lua", "tools/kit/overlay.lua", "tools/kit/predict.lua",
    "tools/kit/reporting.lua", "tools/kit/roster.lua", "tools/kit/sheet.lua",
    "rubric.html", "bench/peers",
    "tools/kit/instructor.mk", "tools/kit/check_kit.lua",
    "tools/kit/confine.c", "tools/kit/lock.c", "tools/kit/filter.h",
    "tools/kit/fence.*", "tools/kit/fence_calls.c", "tools/kit/pieces.c",
    "tools/kit/manual*", "solutions.html", "grading_key.tsv", "tests/kit"}

-- ---- Choosing -----------------------------------------------------------------------

-- An exercise that no chapter tells: any function with claims behind it.  Only claims
-- that notice whether it does anything count, which make's own call of this finds out.
local function untold(body, stems)
    local exercise = {id = "ex_fn_" .. body.name, kind = "implement", number = "-",
                      chapter = sources.stem(body.path), file = body.path,
                      name = body.name, hints = {}, solution = "",
                      text = ("Write `%s`, as its comment in `%s` says."):format(
                          body.name, body.path)}
    local names = graders.of(body.path .. ":" .. body.name, stems)
    if #names == 0 then files.fail("no claim stands behind %s", body.name) end
    exercise.graded_by, exercise.points = names, #names
    if os.getenv("COMPILE") then exercise.graded_by = idle.telling(BUILD, exercise) end
    exercise.points = #exercise.graded_by
    if exercise.points == 0 then
        files.fail("no claim notices whether %s does anything", body.name)
    end
    return exercise
end

-- What one word of PICK means: a list of exercises.
local function meant(word, all, by_id, functions, stems)
    local list = {by_id[word]}
    for _, exercise in ipairs(all) do
        if exercise.chapter == word or exercise.name == word then
            table.insert(list, exercise)
        end
    end
    if #list == 0 then
        for _, body in pairs(functions) do
            if body.name == word then table.insert(list, untold(body, stems)) end
        end
    end
    if #list == 0 then
        local names = {}
        for id in pairs(by_id) do table.insert(names, id) end
        for _, stem in ipairs(stems) do table.insert(names, stem) end
        for _, body in pairs(functions) do table.insert(names, body.name) end
        files.fail("no exercise, chapter or function %s; the nearest: %s", word,
                   nearest(word, names))
    end
    return list
end

-- The chosen exercises, each once, in the order in which they were asked for.
local function choose(functions)
    local all, by_id = chapters.exercises()
    local stems, chosen, seen = spine.stems(), {}, {}
    for word in (os.getenv("PICK") or ""):gmatch("%S+") do
        if not word:match("^[%w_]+$") then
            files.fail("PICK takes names of letters, digits and _, got \"%s\"", word)
        end
        for _, exercise in ipairs(meant(word, all, by_id, functions, stems)) do
            if not seen[exercise.id] then table.insert(chosen, exercise) end
            seen[exercise.id] = true
        end
    end
    return #chosen > 0 and chosen or all
end

-- ---- Writing ------------------------------------------------------------------------

-- A copy of the tree, without what git ignores.
local function copy_tree(to, without)
    local excluded = {}
    for _, pattern in ipairs(without) do
        table.insert(excluded, files.quote("--exclude=./" .. pattern))
    end
    files.run("mkdir -p %s && tar -c --exclude=./build --exclude=./.git %s . | " ..
              "tar -x -C %s", to, table.concat(excluded, " "), to)
end

-- Empties the bodies that are asked for in the tree; returns their texts by exercise.
-- From the end of a file on, so that what is found stays where it was.
local function empty_bodies(tree, chosen, functions)
    local removed, by_file = {}, {}
    for _, exercise in ipairs(chosen) do
        if exercise.file then
            local body = functions[exercise.file .. ":" .. exercise.name]
            if not body then
                files.fail("%s asks for %s, which %s does not have", exercise.id,
                           exercise.name, exercise.file)
            end
            by_file[exercise.file] = by_file[exercise.file] or {}
            table.insert(by_file[exercise.file], {exercise = exercise, body = body})
        end
    end
    for path, places in pairs(by_file) do
        table.sort(places, function(a, b) return a.body.line > b.body.line end)
        local text = files.read(path)
        for _, place in ipairs(places) do
            removed[place.exercise.id] = bodies.text(text, place.body)
            text = bodies.replaced(text, place.body, bodies.stub(place.exercise.id))
        end
        files.write(tree .. "/" .. path, text)
        local given = tree .. "/.kit/given/" .. path
        files.run("mkdir -p %s", given:match("^(.*)/"))
        files.write(given, text) -- what a submission is held beside
    end
    return removed
end

-- What a student is told of a sheet; an instructor's tree also has where its tables are.
local function told_of(asked, with_solutions)
    if not asked then return nil end
    local told = {id = asked.id, title = asked.title, deadline = asked.deadline,
                  late_days = asked.late_days, late_free = asked.late_free,
                  late_penalty = asked.late_penalty}
    if with_solutions then
        told.roster, told.points = overlay.absolute(asked.roster),
                                   overlay.absolute(asked.points)
    end
    return told
end

-- exercises.json: what the commands of either tree go by.
local function manifest(chosen, asked, with_solutions)
    local list = {}
    for i, exercise in ipairs(chosen) do
        local entry = {}
        for key, value in pairs(exercise) do entry[key] = value end
        entry.solution = with_solutions and exercise.solution or nil
        entry.rubric = with_solutions and exercise.rubric or nil
        entry.answer = with_solutions and exercise.answer or nil
        list[i] = entry
    end
    local order = {"schema", "sheet", "exercises", "id", "chapter", "number", "kind", "points",
                   "file", "name", "graded_by", "text", "hints", "solution"}
    return json.encode({schema = 1, sheet = told_of(asked, with_solutions),
                        exercises = list},
                       {indent = true, keyorder = order}) .. "\n"
end

local function write_student(chosen, asked, functions)
    local tree = OUT .. "/student"
    local without = overlay.secrets(asked)
    table.move(NOT_FOR_STUDENTS, 1, #NOT_FOR_STUDENTS, #without + 1, without)
    copy_tree(tree, without)
    local removed = empty_bodies(tree, chosen, functions)
    for _, stem in ipairs(spine.stems()) do
        local path = "chapters/" .. stem .. ".md"
        files.write(tree .. "/" .. path, divs.without(files.read(path), "solution"))
    end
    files.write(tree .. "/exercises.json", manifest(chosen, asked, false))
    files.write(tree .. "/.kit/calls.json", json.encode(run.gate(BUILD, chosen)) .. "\n")
    local form = predict.form(chosen)
    if form then files.write(tree .. "/" .. predict.FILE, form) end
    if asked then overlay.hand_out(tree, asked) end
    files.run("mv %s/tools/kit/student.mk %s/kit.mk", tree, tree)
    files.run("mv %s/tools/kit/README.student.md %s/README.md", tree, tree)
    for id, where in pairs(leaks.search(tree, removed)) do
        files.fail("the body of %s can be read in %s", id, where)
    end
end

local function write_instructor(chosen, asked)
    local tree = OUT .. "/instructor"
    copy_tree(tree, {})
    files.write(tree .. "/exercises.json", manifest(chosen, asked, true))
    manual.solutions(chosen, tree .. "/solutions.html")
    manual.rubric(chosen, tree .. "/rubric.html")
    manual.key(chosen, tree .. "/grading_key.tsv")
    files.run("cp %s/tools/kit/instructor.mk %s/kit.mk", tree, tree)
    files.run("chmod 700 %s", tree) -- what is graded must not read the solutions
end

local function main()
    local path = os.getenv("SHEET") or ""
    if path ~= "" and overlay.lay(path, BUILD, copy_tree) then return end
    local asked = path ~= "" and sheet.read(path) or nil
    local functions = bodies.find(sources.ref())
    local chosen = asked and asked.exercises or choose(functions)
    files.run("rm -rf %s.new %s", OUT, OUT)
    write_student(chosen, asked, functions)
    write_instructor(chosen, asked)
    for _, tree in ipairs({"student", "instructor"}) do
        files.run("tar -czf %s/%s.tar.gz -C %s %s", OUT, tree, OUT, tree)
    end
    local points = 0
    for _, exercise in ipairs(chosen) do points = points + exercise.points end
    print(("%d exercises, %d points: %s/student and %s/instructor"):format(
        #chosen, points, OUT, OUT))
end

main()
