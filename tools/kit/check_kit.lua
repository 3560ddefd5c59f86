-- check_kit.lua -- proves that the exercises are sound: for `make check-exercises`.
--
--   lua5.4 tools/kit/check_kit.lua all MANIFEST BUILD
--   lua5.4 tools/kit/check_kit.lua one MANIFEST BUILD INDEX
--
-- For every exercise of the book: its solution alone earns its points, all of them,
-- under three seeds, and no others; what is handed out compiles without a warning and
-- earns none, nor does a body that does nothing; and no solution can be read in what is
-- handed out.  The lines are those of TAP.

package.path = arg[0]:match("^(.-)[^/]*$") .. "?.lua;" ..
               arg[0]:match("^(.-)[^/]*$") .. "../?.lua;" .. package.path
local bodies = require "bodies"
local files = require "files"
local grading = require "grading"
local json = require "dkjson"
local leaks = require "leaks"
local lexer = require "lexer"
local results = require "results"

local COMMAND, MANIFEST, BUILD, INDEX = table.unpack(arg)
local STUDENT, OUT = BUILD .. "/exercises/student", BUILD .. "/exercises/check"

local function say(holds, what, ...)
    print((holds and "ok - " or "not ok - ") .. what:format(...))
end

local function key_of(exercise)
    return exercise.file .. ":" .. exercise.name
end

-- ---- Bodies that earn nothing -------------------------------------------------------

-- The type that a function returns, as it stands before its name.
local function type_of(text, body)
    local first = bodies.range(text, body)
    local words = {}
    for token in text:sub(1, first - 1):match("([^;{}/#]*)$"):gmatch("[%w_*]+") do
        if token == body.name then break end
        local is_type = token ~= "static" and token ~= "inline" and not token:match("^%u")
        if is_type then table.insert(words, token) end
    end
    return table.concat(words, " ")
end

-- Bodies that do nothing, by what they are called.
local function idle_bodies(exercise, type)
    local list = {{"what is handed out", bodies.stub(exercise.id)}, {"{}", "{\n}"}}
    if type ~= "void" then
        table.insert(list, {"return 0", ("{\n    return (%s){0};\n}"):format(type)})
    end
    return list
end

-- The graders that such a body satisfies, and why it was refused if it was.
local function satisfied(one, exercise, body)
    local result = results.zero({exercise}, {}).exercises[1]
    grading.judge(one, exercise, result, {body = body, line = 1, helpers = {}})
    local names = {}
    for _, grader in ipairs(result.graders) do
        if grader.holds then table.insert(names, grader.name) end
    end
    return table.concat(names, ", "), result.problem
end

local function check_one(exercise)
    local one = grading.begin(BUILD, OUT .. "/work/" .. exercise.id, tonumber(INDEX),
                              tonumber(INDEX))
    files.run("mkdir -p %s", one.work)
    local type = type_of(one.sound[exercise.file], one.known[key_of(exercise)])
    for _, idle in ipairs(idle_bodies(exercise, type)) do
        local names, problem = satisfied(one, exercise, idle[2])
        say(names == "" and not problem, "%s: %s earns nothing%s", exercise.id, idle[1],
            problem and ": " .. problem or names ~= "" and ", but " .. names or "")
    end
    grading.finish(one)
end

-- ---- Solutions ----------------------------------------------------------------------

-- A submission for each exercise, in which that one is solved and no other.
local function write_submissions(exercises, known)
    for _, exercise in ipairs(exercises) do
        local folder = ("%s/submissions/%s"):format(OUT, exercise.id)
        files.run("mkdir -p %s/ref && cp %s/ref/*.c %s/ref", folder, STUDENT, folder)
        local path = folder .. "/" .. exercise.file
        local text, found = files.read(path), bodies.find(path)
        local solution = bodies.text(files.read(exercise.file), known[key_of(exercise)])
        files.write(path, bodies.replaced(text, found[path .. ":" .. exercise.name],
                                          solution))
    end
end

-- Has them graded as any others are.
local function grade_submissions()
    files.run("SALT=%d SEEDS=3 lua5.4 tools/kit/grade.lua all %s %s %s %s/submissions",
              os.time(), MANIFEST, BUILD, OUT .. "/grades", OUT)
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
    write_submissions(exercises, known)
    grade_submissions()
    for _, exercise in ipairs(exercises) do
        local result = json.decode(files.read(("%s/grades/results/%s.json"):format(
            OUT, exercise.id)))
        local gave, is_full, why = earned(result)
        say(gave == exercise.id and is_full, "%s: its solution earns its points and no " ..
            "others%s", exercise.id, why ~= "" and ": " .. why or gave ~= exercise.id and
            ": " .. gave or "")
    end
end

-- ---- What is handed out -------------------------------------------------------------

-- Compiles what was emptied as the student's own Makefile does, where a warning is an
-- error.
local function check_compiles(exercises)
    local objects, seen = {}, {}
    for _, exercise in ipairs(exercises) do
        local object = "build/" .. exercise.file:gsub("%.c$", ".o")
        if not seen[object] then table.insert(objects, object) end
        seen[object] = true
    end
    local compiles = os.execute(("make -s -k -C %s %s >%s/make.log 2>&1"):format(
        STUDENT, table.concat(objects, " "), OUT))
    say(compiles, "what is handed out compiles without a warning%s",
        compiles and "" or ": " .. OUT .. "/make.log")
end

-- Nothing leaks; and eight tokens of each solution would be seen if they did.
local function check_leaks(exercises, known)
    local removed = {}
    for _, exercise in ipairs(exercises) do
        removed[exercise.id] = bodies.text(files.read(exercise.file),
                                           known[key_of(exercise)])
    end
    local tree = OUT .. "/leak"
    local found = leaks.search(STUDENT, removed)
    say(next(found) == nil, "no solution can be read in what is handed out %s",
        table.concat({next(found)}, " "))
    for _, exercise in ipairs(exercises) do
        local tokens = lexer.tokens(removed[exercise.id], true)
        files.run("rm -rf %s && mkdir -p %s", tree, tree)
        files.write(tree .. "/notes.md", table.concat(tokens, " "))
        found = leaks.search(tree, {[exercise.id] = removed[exercise.id]})
        say(found[exercise.id], "%s: its solution would be seen", exercise.id)
    end
end

local function check_all(exercises)
    local known = bodies.find("ref/*.c")
    files.run("rm -rf %s && mkdir -p %s", OUT, OUT)
    check_leaks(exercises, known)
    check_compiles(exercises)
    check_solutions(exercises, known)
    io.stdout:flush()
    os.execute(("seq %d | xargs -P \"$(nproc)\" -I @ lua5.4 %s one %s %s @"):format(
        #exercises, arg[0], MANIFEST, BUILD))
end

local exercises = results.coded(json.decode(files.read(MANIFEST)))
if COMMAND == "all" then
    check_all(exercises)
else
    check_one(exercises[tonumber(INDEX)])
end
