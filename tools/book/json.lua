-- json.lua -- JSON as the book writes and reads it: names in order, so that what is equal
-- makes equal files, and read by means of LPeg, which Pandoc has, in half the time.

local dkjson = require("dkjson").use_lpeg()
local files = require "book.files"

local json = {}

local encode

local function list(values)
    local parts = {}
    for i, value in ipairs(values) do
        parts[i] = encode(value)
    end
    return "[" .. table.concat(parts, ",") .. "]"
end

local function object(fields)
    local parts = {}
    for name, value in pairs(fields) do
        table.insert(parts, dkjson.quotestring(name) .. ":" .. encode(value))
    end
    table.sort(parts)
    return "{" .. table.concat(parts, ",") .. "}"
end

-- A value as text.  A table without anything in it is a list.
function encode(value)
    if type(value) == "string" then
        return dkjson.quotestring(value)
    elseif type(value) ~= "table" then
        return tostring(value)
    end
    return (#value > 0 or not next(value)) and list(value) or object(value)
end

json.encode = encode

-- What a text holds; or nil, a place, and what is wrong.
function json.decode(text)
    return dkjson.decode(text)
end

function json.load(path)
    return json.decode(files.text(path))
end

return json
