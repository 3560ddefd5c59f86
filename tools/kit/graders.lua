-- graders.lua -- which claims stand behind a function: those whose argument, or a
-- function that it calls, comes to it.

local bodies = require "bodies"
local files = require "files"

local graders = {}

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

-- Everything that can be reached from a function: first in its own file, or else in any
-- file of ref/ where the name is not the file's own.
local function reached(key, found, sets, by_name, seen)
    if seen[key] then return seen end
    seen[key] = true
    for word in pairs(sets[key]) do
        local here = found[key].path .. ":" .. word
        for _, there in ipairs(found[here] and {here} or by_name[word] or {}) do
            reached(there, found, sets, by_name, seen)
        end
    end
    return seen
end

-- The claims of a chapter's proofs that come to the function "path:name", in order.
function graders.of(target, stems)
    local found = bodies.find("ref/*.c proofs_numeric/*.c")
    local sets, by_name = mentions(found), {}
    for key, body in pairs(found) do
        if body.path:match("^ref/") then
            by_name[body.name] = by_name[body.name] or {}
            table.insert(by_name[body.name], key)
        end
    end
    local names = {}
    for _, stem in ipairs(stems) do
        local path = "proofs_numeric/" .. stem .. ".c"
        local text = files.exists(path) and files.read(path) or ""
        for name in text:gmatch("\n%u*_?CLAIM%(%s*([%w_]+)") do
            local key = path .. ":" .. name
            if found[key] and reached(key, found, sets, by_name, {})[target] then
                table.insert(names, name)
            end
        end
    end
    return names
end

return graders
