-- tags.lua -- finds where the definitions of the code begin and end.
--
-- Universal Ctags says it of the code itself, which so carries no markers, and no line
-- number can drift.  A definition is a table {path, kind, first, last, names}: the lines
-- first..last of the file, its comment among them.

local files = require "book.files"
local json = require "dkjson"

local tags = {}

local function starts_comment(line)
    return line:match("^%s*/%*")
end

-- The first line of the comment whose last line is `last`, or nil if none ends there.
local function comment_above(lines, last)
    local line = lines[last]
    if not line or not line:match("%*/%s*$") then
        return nil
    end
    local first = last
    while first > 1 and not lines[first]:find("/*", 1, true) do
        first = first - 1
    end
    return starts_comment(lines[first]) and first or nil
end

-- Whether a line ends what stands before it, so that a definition may begin after it.
local function is_boundary(line)
    return line == nil or line:match("^%s*$") or line:match("^%s*#")
        or line:match("[;}{]%s*$") or line:match("%*/%s*$")
end

-- Ctags gives the line of the name.  The definition begins above it where the type, or
-- the sentence of a CLAIM, takes lines of its own, and its comment above that.
local function first_line(lines, tag)
    local line = tag.line
    while tag.kind ~= "macro" and not is_boundary(lines[line - 1]) do
        line = line - 1
    end
    return comment_above(lines, line - 1) or line
end

-- Ctags gives no end for what has no body: that ends at its semicolon.
local function last_line(lines, line)
    while lines[line + 1] and not lines[line]:find(";", 1, true) do
        line = line + 1
    end
    return line
end

local function is_guard(tag)
    return tag.kind == "macro" and not tag.signature and tag.name:match("_H$")
end

-- An unnamed struct or enum is known by its typedef, or by any of its enumerators.
local function unnamed_owner(tag, unnamed)
    local type = tag.typeref and tag.typeref:match(":(__anon%w+)$")
    return unnamed[tag.kind == "enumerator" and tag.scope or type or ""]
end

local function add_definition(definitions, tag, unnamed)
    local lines = files.lines(tag.path)
    local definition = {
        path = tag.path, kind = tag.kind, names = {},
        first = first_line(lines, tag),
        last = tag["end"] or last_line(lines, tag.line),
    }
    table.insert(definitions, definition)
    if tag.name:match("^__anon") then
        unnamed[tag.name] = definition
    else
        table.insert(definition.names, tag.name)
    end
end

-- What stands inside of a function or a struct is part of it, and no definition.
local function add_tag(definitions, tag, unnamed)
    local owner = unnamed_owner(tag, unnamed)
    if owner then
        owner.last = math.max(owner.last, tag["end"] or tag.line)
        table.insert(owner.names, tag.name)
    elseif not tag.scope and not is_guard(tag) then
        add_definition(definitions, tag, unnamed)
    end
end

-- The definitions in what Ctags wrote: a JSON object in each line, in the order of the
-- files.
function tags.definitions(text)
    local definitions, unnamed = {}, {}
    for line in text:gmatch("[^\n]+") do
        add_tag(definitions, json.decode(line), unnamed)
    end
    return definitions
end

return tags
