-- bodies.lua -- the bodies of functions: where they are, and how one is emptied.

local files = require "files"
local json = require "dkjson"

local bodies = {}

-- The functions that are defined in the files, by "path:name": {path, name, line, last}.
function bodies.find(paths)
    local found = {}
    local tags = files.output("ctags --options=tools/book.ctags --kinds-C=f -f - %s", paths)
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

-- The first and the last character of a function's body, its braces included.
function bodies.range(text, body)
    local name = text:find(body.name .. "%s*%(", offset_of(text, body.line))
    local arguments = text:match("()%b()", name)
    local first = text:find("{", arguments + #text:match("%b()", arguments), true)
    return first, first + #text:match("^%b{}", first) - 1
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
    return ('{\n    require_failed(__func__, "exercise %s is not solved yet");\n}'):format(id)
end

-- The tokens of C in a text, without comments, for the search for leaks.
function bodies.tokens(text)
    local tokens = {}
    text = text:gsub("/%*.-%*/", " "):gsub("//[^\n]*", " ")
    local at = 1
    while true do
        local first, last = text:find("^[%w_]+", at)
        if not first then first, last = text:find("^[^%s]", at) end
        if first then table.insert(tokens, text:sub(first, last)) end
        at = (last or at) + 1
        if at > #text then return tokens end
    end
end

return bodies
