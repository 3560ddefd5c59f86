-- source.lua -- finds a definition by its name and shows it with its comment.
--
-- Universal Ctags says where a definition begins and ends, so the code carries no
-- markers and no line number can drift.  A definition is a table {path, name, kind,
-- first, last}: the lines first..last of the file, its comment among them.

local files = require "book.files"
local json = require "dkjson"
local sources = require "sources"

local source = {}
local definitions = {} -- in the order of the files, each once
local by_name = {}     -- path#name -> definition; a definition may have several names

-- What the book must show, once, of a file of ref/.
local to_be_shown = {
    ["function"] = true, struct = true, union = true, enum = true, typedef = true,
    macro = true, variable = true,
}

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

local function give_name(definition, name)
    local key = definition.path .. "#" .. name
    local known = by_name[key]
    if not known or known.kind == "prototype" then
        by_name[key] = definition
    end
end

local function add_definition(tag, unnamed)
    local lines = files.lines(tag.path)
    local definition = {
        path = tag.path, kind = tag.kind,
        first = first_line(lines, tag),
        last = tag["end"] or last_line(lines, tag.line),
    }
    table.insert(definitions, definition)
    if tag.name:match("^__anon") then
        unnamed[tag.name] = definition
    else
        definition.name = tag.name
        give_name(definition, tag.name)
    end
end

-- What stands inside of a function or a struct is part of it, and no definition.
local function add_tag(tag, unnamed)
    local owner = unnamed_owner(tag, unnamed)
    if owner then
        owner.name = owner.name or tag.name
        owner.last = math.max(owner.last, tag["end"] or tag.line)
        give_name(owner, tag.name)
    elseif not tag.scope and not is_guard(tag) then
        add_definition(tag, unnamed)
    end
end

-- Reads what Ctags wrote: a JSON object in each line, in the order of the files.
function source.load(path)
    local unnamed = {}
    for _, line in ipairs(files.lines(path)) do
        add_tag(json.decode(line), unnamed)
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
    return by_name[path .. "#" .. name], path .. " defines no " .. name
end

-- The first definition of that name in any file: of a function, a struct, a claim.
function source.anywhere(name)
    for _, definition in ipairs(definitions) do
        if definition.name == name and definition.kind ~= "prototype" then
            return definition
        end
    end
    return nil
end

-- The check of a claim of a chapter, which is one file or a folder of them, and whether
-- it is a long one.
function source.check(claim, chapter)
    local check
    for _, definition in ipairs(definitions) do
        if definition.name == claim and definition.path:match("^proofs_numeric/")
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
    if definition.kind ~= "file" then
        return {definition}
    end
    local held = {}
    for _, other in ipairs(definitions) do
        if other.path == definition.path then
            table.insert(held, other)
        end
    end
    return held
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
