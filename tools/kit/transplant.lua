-- transplant.lua -- takes a student's function out of what was handed in, and puts it
-- into the file of the book.
--
-- Only what the exercise asks for is taken: the body of its function, and the static
-- functions that the student added to help it.  So nothing else of the file, of the
-- submission's Makefile or of its tests has any effect, and a mistake in one exercise
-- does not cost points in another.

local bodies = require "bodies"
local lexer = require "lexer"

local transplant = {}

-- Where the head of a function begins: behind what stands before its return type.
local function head_of(text, body)
    local first = bodies.range(text, body)
    local before = text:sub(1, first - 1)
    local head = 1
    for line, next_line in before:gmatch("([^\n]*)\n()") do
        local is_end = line:match("^%s*$") or line:match("^[}#]") or
                       line:match("%*/%s*$") or line:match(";%s*$")
        if is_end then head = next_line end
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

-- What was handed in for an exercise: {body, line, helpers}, or nil and what is wrong.
-- path: of the submission's file; known: the functions that the book's own file has.
function transplant.take(exercise, text, path, known)
    local found = bodies.find(path)
    local target = found[path .. ":" .. exercise.name]
    local first, last
    if target then first, last = bodies.range(text, target) end
    if not last then return nil, "there is no function " .. exercise.name end
    local taken = {body = text:sub(first, last), line = line_of(text, first), helpers = {}}
    for _, helper in pairs(found) do
        if not known[exercise.file .. ":" .. helper.name] then
            local _, helper_last = bodies.range(text, helper)
            if not helper_last then return nil, helper.name .. " has no end" end
            local head = head_of(text, helper)
            local source = text:sub(head, helper_last)
            if not is_static(source) then
                return nil, ("%s is not static; a function of your own must be"):format(
                    helper.name)
            end
            table.insert(taken.helpers, {text = source, line = line_of(text, head)})
        end
    end
    table.sort(taken.helpers, function(a, b) return a.line < b.line end)
    return taken
end

-- The book's file with what was taken in its place.  The compiler is told the lines of
-- the student's file, since it is the student who reads its messages.
function transplant.put(taken, exercise, text, known)
    local target = known[exercise.file .. ":" .. exercise.name]
    local first, last = bodies.range(text, target)
    local head = head_of(text, target)
    local parts = {text:sub(1, head - 1)}
    local function insert(line, source)
        table.insert(parts, ('#line %d "%s"\n%s\n'):format(line, exercise.file, source))
    end
    for _, helper in ipairs(taken.helpers) do insert(helper.line, helper.text) end
    table.insert(parts, text:sub(head, first - 1) .. "\n")
    insert(taken.line, taken.body)
    table.insert(parts, text:sub(last + 1))
    return table.concat(parts)
end

return transplant
