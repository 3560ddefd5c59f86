-- leaks.lua -- looks for what was removed in what is given away.
--
-- No eight consecutive tokens of a removed body may stand in a comment, a text or a
-- table of the student's tree, but for idioms: what three functions of ref/ have in
-- common, such as the head of a loop, tells nothing of a solution.  Code is another
-- matter: the book says the same things in the same words everywhere, and eight tokens
-- are hardly a call with its arguments.  There, the whole body is looked for.

local bodies = require "kit.bodies"
local files = require "files"
local lexer = require "kit.lexer"
local sources = require "sources"

local leaks = {}

local IN_TEXT, IN_CODE = 8, math.huge

-- All runs of so many tokens, as strings; the whole where there are fewer.
local function runs(text, length)
    local tokens, list = lexer.tokens(text, true), {}
    length = math.min(length, #tokens)
    for i = 1, #tokens - length + 1 do
        list[i] = table.concat(tokens, " ", i, i + length - 1)
    end
    return list
end

-- In how many functions of ref/ each run stands.
local function counts(length)
    local count, texts = {}, {}
    for _, body in pairs(bodies.find(sources.ref())) do
        texts[body.path] = texts[body.path] or files.read(body.path)
        local seen = {}
        for _, run in ipairs(runs(bodies.text(texts[body.path], body), length)) do
            if not seen[run] then count[run] = (count[run] or 0) + 1 end
            seen[run] = true
        end
    end
    return count
end

-- By run, the exercise whose body it is of; idioms are left out.
local function secrets(removed, length)
    local secret, count = {}, counts(length)
    for id, text in pairs(removed) do
        for _, run in ipairs(runs(text, length)) do
            if (count[run] or 0) < 3 then secret[run] = id end
        end
    end
    return secret
end

local function comments(text)
    local list = {}
    for comment in text:gmatch("/%*(.-)%*/") do table.insert(list, comment) end
    for comment in text:gmatch("//([^\n]*)") do table.insert(list, comment) end
    return table.concat(list, "\n")
end

-- C, and what is written like it.
local function is_code(path)
    return path:match("%.[ch]$") or path:match("%.c?js$")
end

-- The first place of each exercise whose body can be read in the tree: "path: tokens"
-- by exercise.  removed: the bodies, by exercise.
function leaks.search(tree, removed)
    local in_text, in_code = secrets(removed, IN_TEXT), secrets(removed, IN_CODE)
    local found = {}
    local function look(path, text, length, secret)
        for _, run in ipairs(runs(text, length)) do
            local id = secret[run]
            if id and not found[id] then found[id] = path .. ": " .. run end
        end
    end
    local list = files.output("cd %s && find . -type f -size -1000k | sort", tree)
    for _, path in ipairs(files.lines(list)) do
        local text = files.read(tree .. "/" .. path)
        if is_code(path) then
            look(path, text, IN_CODE, in_code)
            text = comments(text)
        end
        look(path, text, IN_TEXT, in_text)
    end
    return found
end

return leaks
