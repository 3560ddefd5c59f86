-- idle.lua -- bodies that do nothing.  A claim that one of them satisfies tells nothing
-- of the function, and is no grader of it.

local bodies = require "kit.bodies"
local files = require "files"
local grading = require "kit.grading"
local results = require "kit.results"

local idle = {}

-- The type that a function returns, as it stands before its name.
local function type_of(text, body)
    local first = bodies.range(text, body)
    local words = {}
    for token in text:sub(1, first - 1):match("([^;{}/#]*)$"):gmatch("[%w_*]+") do
        if token == body.name then break end
        local is_other = token == "static" or token == "inline" or token:match("^%u")
        if not is_other then table.insert(words, token) end
    end
    return table.concat(words, " ")
end

-- Bodies that do nothing, each with what it is called.
function idle.bodies(one, exercise)
    local type = type_of(one.sound[exercise.file],
                         one.known[exercise.file .. ":" .. exercise.name])
    local list = {{"what is handed out", bodies.stub(exercise.id)}, {"{}", "{\n}"}}
    if type ~= "void" then
        table.insert(list, {"return 0", ("{\n    return (%s){0};\n}"):format(type)})
    end
    return list
end

-- The graders that such a body satisfies, and why it was refused if it was.
function idle.satisfied(one, exercise, body)
    local result = results.zero({exercise}, {}).exercises[1]
    grading.judge(one, exercise, result, {body = body, line = 1, helpers = {}})
    local names = {}
    for _, grader in ipairs(result.graders) do
        if grader.holds then table.insert(names, grader.name) end
    end
    return names, result.problem
end

-- The graders of an exercise that no such body satisfies; for that, all must be built.
function idle.telling(build, exercise)
    files.run("env -u MAKEFLAGS -u MAKELEVEL make -s grader >&2")
    local one = grading.begin(build, os.time())
    local useless, names = {}, {}
    for _, body in ipairs(idle.bodies(one, exercise)) do
        for _, name in ipairs((idle.satisfied(one, exercise, body[2]))) do
            useless[name] = true
        end
    end
    grading.finish(one)
    for _, name in ipairs(exercise.graded_by) do
        if not useless[name] then table.insert(names, name) end
    end
    return names
end

return idle
