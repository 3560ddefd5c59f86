-- transplant.lua -- takes a student's function out of what was handed in, and puts it
-- into the file of the book.
--
-- Only what the exercise asks for is taken: the body of its function, and the static
-- functions of the student's own that it calls.  So nothing else of the file has any
-- effect, nor has a Makefile or a test that comes with it, and a mistake in one
-- exercise does not cost points in another.

local bodies = require "kit.bodies"
local fences = require "kit.fences"
local lexer = require "kit.lexer"

local transplant = {}

-- Where the head of a function begins: behind the last statement, body or preprocessor
-- line that ends before its own.
local function head_of(text, body)
    local opening = bodies.range(text, body)
    local head = 1
    for token, first, last in lexer.each(text) do
        if first >= opening then return head end
        if token == ";" or token == "}" then head = last + 1 end
        if token == "#" then head = math.max(head, text:find("[^\\]\n", first) + 2) end
    end
    return head
end

-- A function that was added must be static, so that it stands in for no other one.
local function is_static(text)
    local first
    for token in lexer.each(text) do
        first = first or token
        if token == ";" or token == "=" then return false end
        if token == "{" then return first == "static" end
    end
end

local function line_of(text, at)
    return 1 + select(2, text:sub(1, at - 1):gsub("\n", ""))
end

-- A function that the student added: {text, line, at}, or nil and what is wrong.
local function helper_of(text, body)
    local _, last = bodies.range(text, body)
    if not last then return nil, body.name .. " has no end" end
    local head = head_of(text, body)
    local source = text:sub(head, last)
    if not is_static(source) then
        return nil, body.name .. " is not static; a function of your own must be"
    end
    return {text = source, line = line_of(text, head), at = head}
end

local function add_tokens(set, text)
    for token in lexer.each(text) do set[token] = true end
end

-- The functions of the student's own that a body comes to, one calling another.
-- own: by name.  Nil and what is wrong with one, if something is.
local function helpers_of(text, body, own)
    local mentioned, list, taken = {}, {}, {}
    add_tokens(mentioned, body)
    repeat
        local more = false
        for name, place in pairs(own) do
            if mentioned[name] and not taken[name] then
                local helper, problem = helper_of(text, place)
                if not helper then return nil, problem end
                add_tokens(mentioned, helper.text)
                table.insert(list, helper)
                taken[name], more = true, true
            end
        end
    until not more
    table.sort(list, function(a, b) return a.at < b.at end)
    return list
end

-- What was handed in for an exercise: {body, line, helpers}, or nil and what is wrong.
-- found: the functions in the text; known: those of the book's own files.
function transplant.take(exercise, text, found, known)
    local target, own = nil, {}
    for _, body in pairs(found) do
        if body.name == exercise.name then
            target = body
        elseif not known[exercise.file .. ":" .. body.name] then
            own[body.name] = body
        end
    end
    local first, last
    if target then first, last = bodies.range(text, target) end
    if not last then return nil, "there is no function " .. exercise.name end
    local body = text:sub(first, last)
    local helpers, problem = helpers_of(text, body, own)
    return helpers and {body = body, line = line_of(text, first), helpers = helpers},
           problem
end

-- What declares a helper, so that one may call another that stands below it.
local function prototype(helper)
    return helper.text:match("^%s*([^{]-)%s*{"):gsub("%s+", " ") .. ";\n"
end

-- The fence of an exercise, nil and a type that is not understood if it has none.
function transplant.fence(exercise, text, known)
    local target = known[exercise.file .. ":" .. exercise.name]
    local first, last = bodies.range(text, target)
    return fences.of(exercise, text:sub(head_of(text, target), first - 1),
                     text:sub(first, last))
end

-- The book's file with what was taken in its place.  The compiler is told of each part
-- by its number, as if it were a file "gradient_descent.c@2": so the same parts are the
-- same text wherever they stood.  With a fence, the body is that of a function which the
-- exercise's own calls: see fences.lua.
function transplant.put(taken, exercise, text, known, fenced)
    local target = known[exercise.file .. ":" .. exercise.name]
    local first, last = bodies.range(text, target)
    local head = head_of(text, target)
    local heading = text:sub(head, first - 1)
    local fence = fenced and transplant.fence(exercise, text, known)
    local parts, count = {text:sub(1, head - 1), "\n", fence and fence.before or ""}, 0
    for _, helper in ipairs(taken.helpers) do table.insert(parts, prototype(helper)) end
    local own = fence and fences.helpers(exercise, taken.helpers)
    table.insert(parts, own and own.define or "")
    local function insert(source)
        count = count + 1
        table.insert(parts, ('#line 1 "%s@%d"\n%s\n'):format(exercise.file, count, source))
    end
    for i, helper in ipairs(taken.helpers) do insert(own and own.texts[i] or helper.text) end
    table.insert(parts, fence and fence.given or heading .. "\n")
    insert(taken.body)
    table.insert(parts, fence and own.undefine .. fence.after or "")
    table.insert(parts, text:sub(last + 1))
    return table.concat(parts), fence and true or false
end

-- The line of the student's file in which each part begins: helpers, then the body.
function transplant.lines(taken)
    local lines = {}
    for i, helper in ipairs(taken.helpers) do lines[i] = helper.line end
    table.insert(lines, taken.line)
    return lines
end

-- What the compiler says, with the lines of the student's file.
function transplant.told(message, lines)
    return (message:gsub("@(%d+):(%d+)", function(part, line)
        local first = lines[tonumber(part)]
        return first and ":" .. math.tointeger(first + line - 1)
    end))
end

return transplant
