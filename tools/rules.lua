-- rules.lua -- the rules of the house that a program can keep, one test of TAP each.
--
--   lua5.4 tools/rules.lua [--all] [STEM]
--
-- A rule is a function that gives its faults, lines "FILE:LINE: what is wrong".  One
-- that is not `kept` yet is told of and fails nothing; --all fails by every rule.  With
-- a stem, only faults of that chapter's files count.
--
-- A room is what carries the stem of a chapter, on any floor; the ground is what lies
-- in a folder ground/.  Rooms have their prefixes from a table of book.md.

dofile(arg[0]:match("^(.-)[^/]*$") .. "path.lua")
local files = require "files"
local json = require "dkjson"
local sources = require "sources"
local spine = require "spine"
local tap = require "tap"

local MOST = {claim = 40, ["function"] = 40, title = 80, ref = 500,
              proofs_numeric = 800}

-- ---- What there is ------------------------------------------------------------------

local place, prefixes = {}, spine.prefixes() -- place: of a stem in the book
for number, stem in ipairs(spine.stems()) do place[stem] = number end

local paths = {}
for _, floor in ipairs({"ref", "proofs_numeric", "tests", "tools", "live"}) do
    for _, path in ipairs(sources.below(floor, "[ch]")) do table.insert(paths, path) end
end

local text_of, by_base = {}, {}
for _, path in ipairs(paths) do
    text_of[path] = files.read(path)
    by_base[path:match("[^/]+$")] = path
end

-- The definitions and prototypes of functions, in the order of the files.
local function read_tags()
    local list = {}
    local tags = files.output("ctags --options=tools/book.ctags --kinds-C=fp " ..
                              "--fields=+f -f - %s", table.concat(paths, " "))
    for line in tags:gmatch("[^\n]+") do table.insert(list, (json.decode(line))) end
    return list
end
local tags = #paths > 0 and read_tags() or {}

-- The claims: {path, line, name, title, last}.
local claims = {}
local HEAD = "()%f[%w_]L?O?N?G?_?CLAIM%(%s*([%w_]+),%s*%u+,%s*(.-)%)\n{"
for _, path in ipairs(sources.proofs()) do
    local text, ends = text_of[path], {}
    for _, tag in ipairs(tags) do
        if tag.path == path then ends[tag.name] = tag["end"] end
    end
    for at, name, strings in ("\n" .. text):gmatch("\n" .. HEAD) do
        local title = {}
        for literal in strings:gmatch('"(.-)"%f[%s\0]') do
            table.insert(title, literal)
        end
        table.insert(claims, {path = path, name = name, title = table.concat(title),
                              line = 1 + select(2, text:sub(1, at - 2):gsub("\n", "")),
                              last = ends[name]})
    end
end

-- The stem of the room that a file stands in; nil for what is in none.
local function room(path)
    local stem = sources.stem(path:gsub("/test_", "/"))
    return place[stem] and not path:match("^tools/") and stem or nil
end

local function is_ground(path) return path:match("^[%w_]+/ground/") ~= nil end

-- ---- Rules --------------------------------------------------------------------------

local faults -- of the rule that is being looked at

local function fault(path, line, ...)
    table.insert(faults, ("%s:%d: "):format(path, line) .. string.format(...))
end

-- Calls look(path, line, included path) for each line #include "...".
local function each_include(look)
    for _, path in ipairs(paths) do
        local number = 0
        for line in text_of[path]:gmatch("([^\n]*)\n") do
            number = number + 1
            local name = line:match('^#include "([^"]+)"')
            local included = name and by_base[name:match("[^/]+$")]
            if included then look(path, number, included) end
        end
    end
end

local rules = {}

local function rule(what, is_kept, look)
    table.insert(rules, {what = what, is_kept = is_kept, look = look})
end

rule("the ground includes no room", true, function()
    each_include(function(path, line, included)
        if is_ground(path) and room(included) then
            fault(path, line, "the ground includes a room, %s", included)
        end
    end)
end)

-- What an optimizer does to a network is measured on one, whose chapter comes later.
rule("a room includes earlier rooms alone; a claim may look ahead", true, function()
    each_include(function(path, line, included)
        local here, there = room(path), room(included)
        local ahead = here and there and place[there] > place[here]
        if ahead and not path:match("^proofs_numeric/") then
            fault(path, line, "%s is of a later room", included)
        end
    end)
end)

rule("the functions of a room carry its prefix", true, function()
    for _, tag in ipairs(tags) do
        local prefix = prefixes[room(tag.path) or ""]
        local is_public = tag.kind == "function" and not tag.file
        if prefix and is_public and tag.path:match("^ref/")
            and tag.name:sub(1, #prefix + 1) ~= prefix .. "_" then
            fault(tag.path, tag.line, "%s has not the prefix %s_", tag.name, prefix)
        end
    end
end)

rule("the claims of a room carry its prefix", true, function()
    for _, claim in ipairs(claims) do
        local prefix = prefixes[room(claim.path) or ""]
        if prefix and claim.name:sub(1, #prefix + 1) ~= prefix .. "_" then
            fault(claim.path, claim.line, "%s has not the prefix %s_", claim.name,
                  prefix)
        end
    end
end)

-- Parameters as they are compared: without blanks that say nothing.
local function plain(signature)
    return (signature:gsub("%s+", " "):gsub(" ?([%(%)%*,%[%]]) ?", "%1"))
end

rule("headers and definitions agree, to the names of parameters", true, function()
    -- The claims of each chapter are a program of their own.
    local function key(tag)
        return (tag.path:match("^proofs_numeric/([%w_]+)/") or "") .. " " .. tag.name
    end
    local defined = {}
    for _, tag in ipairs(tags) do
        if tag.kind == "function" and not tag.file then
            defined[key(tag)] = defined[key(tag)] or tag
        end
    end
    for _, tag in ipairs(tags) do
        local definition = defined[key(tag)]
        if tag.kind == "prototype" and tag.path:match("%.h$") and definition
            and plain(tag.signature) ~= plain(definition.signature) then
            fault(tag.path, tag.line, "%s%s, but %s:%d has %s", tag.name, tag.signature,
                  definition.path, definition.line, definition.signature)
        end
    end
end)

rule(("no claim has more than %d lines"):format(MOST.claim), true, function()
    for _, claim in ipairs(claims) do
        local count = claim.last - claim.line + 1
        if count > MOST.claim then
            fault(claim.path, claim.line, "%s has %d lines", claim.name, count)
        end
    end
end)

local is_claim = {}
for _, claim in ipairs(claims) do is_claim[claim.path .. claim.name] = true end

local function no_long_function(one, other)
    return function()
        for _, tag in ipairs(tags) do
            local floor, count = tag.path:match("^[%w_]+"), tag["end"] and
                                 tag["end"] - tag.line + 1 or 0
            if tag.kind == "function" and count > MOST["function"]
                and (floor == one or floor == other)
                and not is_claim[tag.path .. tag.name] then
                fault(tag.path, tag.line, "%s has %d lines", tag.name, count)
            end
        end
    end
end

-- What tests list, cases or tests, may be longer.
rule(("no function of ref/ or tools/ has more than %d lines"):format(MOST["function"]),
     true, no_long_function("ref", "tools"))
rule(("no function of live/ has more than %d lines"):format(MOST["function"]), true,
     no_long_function("live"))
rule(("no other function of proofs_numeric/ has more than %d lines"):format(
     MOST["function"]), true, no_long_function("proofs_numeric"))

local function no_long_file(floor)
    return function()
        for _, path in ipairs(sources.below(floor, "c")) do
            local count = select(2, text_of[path]:gsub("\n", ""))
            if count > MOST[floor] then fault(path, 1, "%d lines", count) end
        end
    end
end

rule(("no file of ref/ has more than %d lines"):format(MOST.ref), true,
     no_long_file("ref"))
rule(("no file of proofs_numeric/ has more than %d lines"):format(MOST.proofs_numeric),
     true, no_long_file("proofs_numeric"))

-- The sentence is the div's; what the code has is its title.
rule(("no claim's title has more than %d letters"):format(MOST.title), true, function()
    for _, claim in ipairs(claims) do
        local length = utf8.len(claim.title) or #claim.title
        if length > MOST.title then
            fault(claim.path, claim.line, "the title of %s has %d letters", claim.name,
                  length)
        end
    end
end)

-- ---- All of them --------------------------------------------------------------------

-- The faults of a rule, or of those only the ones in files of the stem.
local function faults_of(one, stem)
    local list = {}
    faults = {}
    one.look()
    for _, line in ipairs(faults) do
        if not stem or room(line:match("^[^:]+")) == stem then
            table.insert(list, line)
        end
    end
    return list
end

local is_strict, stem = false, nil
for _, word in ipairs(arg) do
    if word == "--all" then is_strict = true else stem = word end
end
if stem and not place[stem] then files.fail("no chapter %s in book.md", stem) end
for _, one in ipairs(rules) do
    local list = faults_of(one, stem)
    if one.is_kept or is_strict then
        tap.faultless(one.what, list)
    else
        print(("# not kept yet, %d faults: %s"):format(#list, one.what))
    end
end
tap.finish()
