-- lexer.lua -- the tokens of C, with their places.

local lexer = {}

-- The last character of a string or a character constant that begins there; nil where
-- it has no end.
local function literal_end(text, at)
    local quote, last = text:sub(at, at), at + 1
    while true do
        local sign = text:sub(last, last)
        if sign == quote then return last end
        if sign == "" or sign == "\n" then return nil end
        last = last + (sign == "\\" and 2 or 1)
    end
end

-- The last character of a comment that begins there, if one does.
local function comment_end(text, at)
    if text:find("^/%*", at) then
        return select(2, text:find("*/", at + 2, true)) or #text
    elseif text:find("^//", at) then
        local last = text:find("\n", at, true) or #text + 1
        while text:sub(last - 1, last - 1) == "\\" do
            last = text:find("\n", last + 1, true) or #text + 1
        end
        return last - 1
    end
end

local SIGNS = {"^%.%.%.", "^[<>][<>]=", "^%->", "^%+%+", "^%-%-", "^[<>=!+%-*/%%&|^]=",
               "^<<", "^>>", "^&&", "^||", "^%%:", "^<[%%:]", "^[%%:]>", "^%S"}

local function sign_end(text, at)
    for _, pattern in ipairs(SIGNS) do
        local last = select(2, text:find(pattern, at))
        if last then return last end
    end
end

local function token_end(text, at, in_prose)
    if text:find("^[\"']", at) and not in_prose then return literal_end(text, at) end
    return select(2, text:find("^%.?%d[%w_.]*", at)) or
           select(2, text:find("^[%a_][%w_]*", at)) or sign_end(text, at)
end

-- The tokens from a place on, one by one: what it is, its first and its last character.
-- Where a literal has no end, there are no more.  In prose an apostrophe begins none.
function lexer.each(text, from, in_prose)
    local at = from or 1
    return function()
        at = text:find("%S", at)
        while at and comment_end(text, at) do
            at = text:find("%S", comment_end(text, at) + 1)
        end
        if not at then return nil end
        local first, last = at, token_end(text, at, in_prose)
        if not last then return nil end
        at = last + 1
        return text:sub(first, last), first, last
    end
end

-- All of them, as strings.
function lexer.tokens(text, in_prose)
    local list = {}
    for token in lexer.each(text, 1, in_prose) do table.insert(list, token) end
    return list
end

-- The brace that closes the one that stands there.
function lexer.closing_brace(text, opening)
    local depth = 0
    for token, _, last in lexer.each(text, opening) do
        depth = depth + (token == "{" and 1 or token == "}" and -1 or 0)
        if depth == 0 then return last end
    end
end

return lexer
