-- readers.lua -- hands texts that nobody would write to the readers that are in Lua: of
-- divs, of the concordance and of book.md.
--
--   lua5.4 fuzz/readers.lua SECONDS
--
-- A text is one of the book's own with some pieces cut out, doubled, exchanged with
-- pieces of another, or replaced by bytes.  A reader may say what is wrong, in one line,
-- as files.fail does; an error of Lua is a crash, and what it promises must be so.

dofile("tools/path.lua")
local concordance = require "concordance"
local divs = require "divs"
local files = require "files"
local sources = require "sources"
local spine = require "spine"

local TELLS = {} -- what files.fail raises here
function files.fail() error(TELLS, 0) end

-- ---- What each reader promises ------------------------------------------------------

-- Divs lie in order, each within the one around it.
local function check_divs(list, first, last)
    for _, div in ipairs(list) do
        assert(first < div.first, "a div begins before its place")
        assert(div.last == nil or (div.first < div.last and div.last <= last),
               "a div ends before it begins, or beyond what is around it")
        check_divs(div.inner, div.first, div.last or last)
        first = div.last or last
    end
end

local readers = {}

function readers.divs(text)
    local list = divs.read(text)
    check_divs(list, 0, #files.lines(text))
    for _, div in ipairs(divs.of_class(list, "claim")) do
        divs.words(div.attributes.uses)
        divs.joined(div.text)
    end
    divs.without(text, "solution")
end

function readers.concordance()
    for _, row in ipairs(concordance.read("CSC2541-1")) do
        local state, names = concordance.state(row), concordance.answers(row)
        assert(#names == 0 or state == "answered", "names that answer nothing")
        assert(not row.slide:find("~"), "a slide with its mark")
    end
end

function readers.spine()
    for _, name in ipairs(spine.lectures()) do assert(name ~= "", "no lecture") end
    for _, stem in ipairs(spine.stems()) do assert(stem:find("^[%w_]+$"), "no stem") end
    for stem, prefix in pairs(spine.prefixes()) do
        assert(stem:find("^[%w_]+$") and prefix:find("^[%w_]*$"), "no prefix")
    end
end

-- ---- Texts that nobody would write --------------------------------------------------

local WORDS = {":::", "::::", "```", "|", "\t", "\n", "\r", "\0", "{.claim #", "{", "}",
               '"', "=", "~", "\255", "open", "-", "(chapters/", ".md)", "| stem | prefix |"}

local function piece_of(text)
    local from = math.random(#text + 1)
    return from, from + math.random(0, math.min(400, #text + 1 - from)) - 1
end

local function broken(text, other)
    for _ = 1, math.random(8) do
        local from, to = piece_of(text)
        local cut = text:sub(from, to)
        local with = ({"", cut .. cut, other:sub(piece_of(other)),
                       WORDS[math.random(#WORDS)]})[math.random(4)]
        text = text:sub(1, from - 1) .. with .. text:sub(to + 1)
    end
    return text
end

-- ---- Running ------------------------------------------------------------------------

local function texts_for(reader)
    local paths = {divs = sources.below("chapters", "md"), spine = {"book.md"},
                   concordance = {concordance.path("CSC2541-1")}}
    local texts = {}
    for _, path in ipairs(paths[reader]) do table.insert(texts, files.read(path)) end
    return texts
end

local function try(reader, text)
    files.read = function() return text end
    local ended_well, problem = pcall(readers[reader], text)
    if ended_well or problem == TELLS then return end
    local path = os.tmpname()
    local file = assert(io.open(path, "wb"))
    assert(file:write(text) and file:close())
    io.stderr:write(("readers: %s: %s; the text is in %s\n"):format(reader, problem, path))
    os.exit(1)
end

local names, texts, runs = {"divs", "concordance", "spine"}, {}, 0
for _, name in ipairs(names) do texts[name] = texts_for(name) end
local until_then = os.clock() + tonumber(arg[1])
math.randomseed(tonumber(arg[2] or os.time()))
while os.clock() < until_then do
    for _, name in ipairs(names) do
        local some = texts[name]
        try(name, broken(some[math.random(#some)], some[math.random(#some)]))
        runs = runs + 1
    end
end
print(("readers: %d runs, no crash"):format(runs))
