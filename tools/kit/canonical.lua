-- canonical.lua -- JSON whose keys are in an order that does not change from run to run, as
-- Lua's own does: so the same result is the same bytes.

local json = require "dkjson"

local canonical = {}

local function add_keys(set, value)
    if type(value) ~= "table" then return end
    for key, inner in pairs(value) do
        if type(key) == "string" then set[key] = true end
        add_keys(set, inner)
    end
end

-- first: the keys that come before the others; indented, if they are for people.
function canonical.encode(value, first)
    local set, rest = {}, {}
    add_keys(set, value)
    for _, key in ipairs(first or {}) do set[key] = nil end
    for key in pairs(set) do table.insert(rest, key) end
    table.sort(rest)
    local order = table.move(rest, 1, #rest, #(first or {}) + 1,
                             table.move(first or {}, 1, #(first or {}), 1, {}))
    return json.encode(value, {indent = first ~= nil, keyorder = order}) .. "\n"
end

return canonical
