-- highlight.lua -- C as HTML, with numbered lines, as Pandoc writes it.
--
-- The book sets keywords apart and keeps them out of comments and strings, and does no
-- more with a program.  Pandoc reads it by a grammar, ten times as long as it takes to
-- write a page of it, and there are three million characters.

local highlight = {}

local keywords = [[
    break case continue default do else enum extern for goto if inline return sizeof
    static_assert struct switch typedef union while _Alignas _Noreturn _Static_assert]]

local entities = {["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;",
                  ["'"] = "&#39;"}

local bold = {} -- keyword -> what is written of it
for word in keywords:gmatch("%S+") do
    bold[word] = '<span class="kw">' .. word .. "</span>"
end

local function escaped(text)
    return (text:gsub("[&<>\"']", entities))
end

-- Code without comments and strings; what follows # is no keyword.
local function code(text)
    return (escaped(text):gsub("#?[%a_][%w_]*", bold))
end

-- A comment, whose span ends with each of its lines and begins again.
local function comment(text)
    local lines = escaped(text):gsub("\n", '</span>\n<span class="co">')
    return '<span class="co">' .. lines .. "</span>"
end

-- Where the string or the character ends that begins at a place.
local function string_end(text, at)
    local quote, last = text:sub(at, at), at
    repeat
        last = text:find('[\\' .. quote .. "\n]", last + 1) or #text
        local is_escape = text:sub(last, last) == "\\"
        if is_escape then last = last + 1 end
    until not is_escape
    return last
end

-- The end of what begins at a place and is no code, and how it is written; nil for a
-- sign of division.
local function no_code(text, at)
    local opening = text:sub(at, at + 1)
    if opening == "/*" then
        return select(2, text:find("*/", at + 2, true)) or #text, comment
    elseif opening == "//" then
        return (text:find("\n", at, true) or #text + 1) - 1, comment
    elseif opening:sub(1, 1) ~= "/" then
        return string_end(text, at), escaped
    end
end

-- A text as HTML, in which no element goes over the end of a line.
local function marked(text)
    local parts, done, at = {}, 0, text:find("[\"'/]")
    while at do
        local last, write = no_code(text, at)
        if last then
            table.insert(parts, code(text:sub(done + 1, at - 1)))
            table.insert(parts, write(text:sub(at, last)))
            done = last
        end
        at = text:find("[\"'/]", (last or at) + 1)
    end
    table.insert(parts, code(text:sub(done + 1)))
    return table.concat(parts)
end

local whole = '<div class="sourceCode" id="%s" data-startFrom="%d"><pre\n'
    .. 'class="sourceCode numberSource c numberLines"><code class="sourceCode c"'
    .. ' style="counter-reset: source-line %d;">%s</code></pre></div>'
local line = '<span id="%s"><a href="#%s" aria-hidden="true" tabindex="-1"></a>%s</span>'

-- Lines of C under a name; `first` is the number of the first.
function highlight.html(text, id, first)
    local lines = {}
    for content in (marked(text) .. "\n"):gmatch("(.-)\n") do
        local place = id .. "-" .. first + #lines
        table.insert(lines, line:format(place, place, content))
    end
    return whole:format(id, first, first - 1, table.concat(lines, "\n"))
end

return highlight
