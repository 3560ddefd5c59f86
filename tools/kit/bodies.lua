-- bodies.lua -- the bodies of functions: where they are, and how one is emptied.

local files = require "files"
local json = require "dkjson"
local lexer = require "kit.lexer"

local bodies = {}

-- The functions that are defined in a file, or in lists of files, by "path:name":
-- {path, name, line, last}.
function bodies.find(...)
    local found, paths = {}, {}
    for _, list in ipairs({...}) do
        for _, path in ipairs(type(list) == "table" and list or {list}) do
            table.insert(paths, path)
        end
    end
    if #paths == 0 then return found end
    local tags = files.output("ctags --options=tools/book.ctags --kinds-C=f -f - %s",
                              table.concat(paths, " "))
    for _, line in ipairs(files.lines(tags)) do
        local tag = json.decode(line)
        if tag and tag["end"] then
            found[tag.path .. ":" .. tag.name] = {path = tag.path, name = tag.name,
                                                  line = tag.line, last = tag["end"]}
        end
    end
    return found
end

local function offset_of(text, line)
    local at = 1
    for _ = 2, line do at = text:find("\n", at, true) + 1 end
    return at
end

-- Where the list of arguments ends, of the function that is defined in a line: its name
-- may stand there before, and again in its own body.
local function arguments_end(text, name, head)
    local line_end = text:find("\n", head, true) or #text
    local at, last = head, nil
    repeat
        local _, open = text:find("%f[%w_]" .. name .. "%s*%(", at)
        if not open or open > line_end then return last end
        last = select(2, text:find("^%b()", open))
        at = open + 1
    until last and lexer.each(text, last + 1)() == "{"
    return last
end

-- The first and the last character of a function's body, its braces included.  Ctags
-- gives the line of the name, or, of a claim, a line of its head.
function bodies.range(text, body)
    local head = offset_of(text, body.line)
    local first = arguments_end(text, body.name, head) or text:find("\n{", head - 1, true)
    first = first and text:find("{", first, true)
    return first, first and lexer.closing_brace(text, first)
end

function bodies.text(text, body)
    return text:sub(bodies.range(text, body))
end

-- The text with that body replaced.
function bodies.replaced(text, body, by)
    local first, last = bodies.range(text, body)
    return text:sub(1, first - 1) .. by .. text:sub(last + 1)
end

-- What stands where a student has to write: it says which exercise this is, and stops.
function bodies.stub(id)
    return ('{\n    require_failed(__func__, "exercise %s is not solved yet");\n}')
        :format(id)
end

return bodies
