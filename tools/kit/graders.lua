-- graders.lua -- which claims and tests stand behind a function: those whose argument,
-- or a function that it calls, comes to it.

local bodies = require "kit.bodies"
local files = require "files"
local sources = require "sources"

local graders = {}

local MOST = 10

-- The names that each function mentions: by "path:name", sets.
local function mentions(found)
    local texts, sets = {}, {}
    for key, body in pairs(found) do
        texts[body.path] = texts[body.path] or files.read(body.path)
        local set = {}
        for word in bodies.text(texts[body.path], body):gmatch("[%a_][%w_]*") do
            set[word] = true
        end
        sets[key] = set
    end
    return sets
end

-- By how many calls a function comes to the target, if it does: a name is first looked
-- for in the function's own file, or else in all of ref/.
local function distance(from, target, found, sets, by_name)
    local seen, reached, steps = {[from] = true}, {from}, 0
    while #reached > 0 do
        local further = {}
        for _, key in ipairs(reached) do
            if key == target then return steps end
            for word in pairs(sets[key]) do
                local here = found[key].path .. ":" .. word
                for _, there in ipairs(found[here] and {here} or by_name[word] or {}) do
                    if not seen[there] then table.insert(further, there) end
                    seen[there] = true
                end
            end
        end
        reached, steps = further, steps + 1
    end
end

local function by_names(found)
    local by_name = {}
    for key, body in pairs(found) do
        if body.path:match("^ref/") then
            by_name[body.name] = by_name[body.name] or {}
            table.insert(by_name[body.name], key)
        end
    end
    return by_name
end

-- The claims and tests that come to the function "path:name", those by the shortest way
-- first, and ten at most.  Long claims take longer than grading waits.
function graders.of(target, stems)
    local found = bodies.find(sources.ref(), sources.proofs(), sources.tests())
    local sets, by_name, list = mentions(found), by_names(found), {}
    local function add(path, pattern)
        for name in files.read(path):gmatch(pattern) do
            local key = path .. ":" .. name
            local steps = found[key] and distance(key, target, found, sets, by_name)
            if steps then
                table.insert(list, {name = name, steps = steps, place = #list})
            end
        end
    end
    local own = "/test_" .. target:match("([%w_]+)%.c:") .. ".c"
    for _, path in ipairs(sources.tests()) do
        if path:sub(-#own) == own then add(path, "\nSTART_TEST%(([%w_]+)%)") end
    end
    for _, stem in ipairs(stems) do
        for _, path in ipairs(sources.proofs_of(stem)) do
            add(path, "\nCLAIM%(%s*([%w_]+)")
        end
    end
    table.sort(list, function(a, b)
        return a.steps < b.steps or a.steps == b.steps and a.place < b.place
    end)
    local names = {}
    for i = 1, math.min(#list, MOST) do names[i] = list[i].name end
    return names
end

return graders
