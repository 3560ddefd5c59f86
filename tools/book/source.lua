-- source.lua -- finds a definition by its name and shows it with its comment.
--
-- Where the definitions stand is in the table that tools/definitions.lua writes.  One is a
-- table {path, name, kind, first, last}: the lines first..last of the file, its comment
-- among them.

local files = require "book.files"
local sources = require "sources"

local source = {}
local definitions = {} -- in the order of the files, each once
local by_place = {}    -- path#name -> definition; a definition may have several names
local by_name = {}     -- name -> the definitions of that name, prototypes left out
local by_path = {}     -- path -> the definitions in that file

-- What the book must show, once, of a file of ref/.
local to_be_shown = {
    ["function"] = true, struct = true, union = true, enum = true, typedef = true,
    macro = true, variable = true,
}

-- Enters a value into the list that a table has at a key.
local function add(lists, key, value)
    lists[key] = lists[key] or {}
    table.insert(lists[key], value)
end

local function give_name(definition, name)
    local key = definition.path .. "#" .. name
    local known = by_place[key]
    if not known or known.kind == "prototype" then
        by_place[key] = definition
    end
end

local function add_definition(definition, names)
    table.insert(definitions, definition)
    add(by_path, definition.path, definition)
    for name in names:gmatch("[^ ]+") do
        definition.name = definition.name or name
        give_name(definition, name)
    end
    if definition.name and definition.kind ~= "prototype" then
        add(by_name, definition.name, definition)
    end
end

-- Reads the table of definitions.
function source.load(path)
    for line in files.text(path):gmatch("[^\n]+") do
        local file, kind, first, last, names = line:match(
            "^(.-)\t(.-)\t(%d+)\t(%d+)\t(.*)$")
        add_definition({path = file, kind = kind, first = tonumber(first),
                        last = tonumber(last)}, names)
    end
end

-- The path and the name that a link of a file in `folder` gives, or nil if the link
-- leads elsewhere than to source code.
function source.parse(folder, target)
    local place = files.resolve(folder, target)
    local path, name = place:match("^([%w_]+/[%w_./]+)#?([%w_]*)$")
    if path and path:match("^%a+") ~= "chapters" then
        return path, name
    end
    return nil
end

-- The comment that opens a file; the file, if it opens with none.
local function opening(path)
    local lines = files.lines(path)
    local last = 1
    while lines[last] and not lines[last]:find("*/", 1, true) do
        last = last + 1
    end
    return {path = path, name = "top", kind = "comment", first = 1,
            last = math.min(last, #lines)}
end

-- The definition `name` of a file; two names mean the file itself: `top` its opening
-- comment, `all` the whole.  Or nil and what is wrong.
function source.find(path, name)
    local lines = files.lines(path)
    if not lines then
        return nil, "there is no file " .. path
    elseif name == "top" then
        return opening(path)
    elseif name == "all" then
        return {path = path, name = "all", kind = "file", first = 1, last = #lines}
    end
    return by_place[path .. "#" .. name], path .. " defines no " .. name
end

-- The first definition of that name in any file: of a function, a struct, a claim.
function source.anywhere(name)
    return (by_name[name] or {})[1]
end

-- The check of a claim of a chapter, which is one file or a folder of them, and whether
-- it is a long one.
function source.check(claim, chapter)
    local check
    for _, definition in ipairs(by_name[claim] or {}) do
        if definition.path:match("^proofs_numeric/")
            and sources.stem(definition.path) == chapter then
            check = definition
        end
    end
    if not check then
        return nil
    end
    for number = check.first, check.last do
        if files.lines(check.path)[number]:match("^LONG_CLAIM%(" .. claim .. ",") then
            return check, true
        end
    end
    return check, false
end

-- How the book refers to a definition: unique among all files.
function source.key(definition)
    return definition.path .. "#" .. definition.name
end

-- The definitions that a link shows: of a whole file all that it holds.
function source.shown_by(definition)
    if definition.kind == "file" then
        return by_path[definition.path] or {}
    end
    return {definition}
end

-- All that the book must show, once.
function source.required()
    local required = {}
    for _, definition in ipairs(definitions) do
        if to_be_shown[definition.kind] and definition.path:match("^ref/") then
            table.insert(required, definition)
        end
    end
    return required
end

-- The first sentence of the comment of a definition, for an index.
function source.gloss(definition)
    local text = table.concat(files.lines(definition.path), " ", definition.first,
                              definition.last)
    local comment = text:match("^/%*%s*(.-)%s*%*/") or ""
    comment = comment:gsub("%s+%*%s+", " ")
    return comment:match("^(.-%.)%s") or comment
end

-- The page of a file in the book, at a line of it if one is given.
function source.page(path, line)
    return "source/" .. path .. ".html" .. (line and "#L-" .. line or "")
end

-- The anchor of a definition on the page of the chapter that shows it.
function source.anchor(definition)
    return definition.path:match("[^/]+$") .. "-" .. definition.name
end

-- The anchor of its first line, where the chapter shows the whole file.
function source.line_anchor(definition)
    return definition.path:match("[^/]+$") .. "-" .. definition.first
end

local languages = {c = "c", h = "c", lua = "lua", sh = "bash", mk = "makefile"}

-- Lines of a file as a block of code that keeps their numbers.
function source.code(path, first, last, id)
    local text = table.concat(files.lines(path), "\n", first, last)
    local language = languages[path:match("%.(%w+)$")] or "default"
    return pandoc.CodeBlock(text, pandoc.Attr(id or "", {language, "numberLines"},
                                              {{"startFrom", tostring(first)}}))
end

-- The link to a definition in its file, "ref/ground/dense.c:34–38".
function source.link(definition)
    local lines = tostring(definition.first)
    if definition.last > definition.first then
        lines = lines .. "–" .. definition.last
    end
    return pandoc.Link({pandoc.Str(definition.path .. ":" .. lines)},
                       source.page(definition.path, definition.first))
end

-- A definition as the book shows it: where it stands, and its lines, which can be linked
-- to by their numbers in a whole file.
function source.listing(definition)
    local header = pandoc.Div({pandoc.Plain({source.link(definition)})},
                              pandoc.Attr("", {"where"}))
    local id = definition.kind == "file" and definition.path:match("[^/]+$")
    local code = source.code(definition.path, definition.first, definition.last, id)
    return pandoc.Div({header, code},
                      pandoc.Attr(source.anchor(definition), {"listing"}))
end

return source
