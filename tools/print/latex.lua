-- latex.lua -- the sections of the book as LaTeX, for tools/print/book.tex.
--
-- What the site knows by its class, print knows by its environment or its command, which
-- has the same name.

local figure = require "book.figure"
local files = require "book.files"
local ledger = require "book.ledger"
local names = require "print.names"
local outline = require "book.outline"
local tables = require "print.tables"

local latex = {}

local function raw(text)
    return pandoc.RawInline("latex", text)
end

local function raw_block(text)
    return pandoc.RawBlock("latex", text)
end

-- \command{inlines}.
local function command(name, inlines)
    return pandoc.List({raw("\\" .. name .. "{")}) .. inlines .. {raw("}")}
end

-- \begin{name}{argument} blocks \end{name}.
local function environment(name, argument, blocks)
    local around = pandoc.List({raw_block("\\begin{" .. name .. "}" .. argument)})
    return around .. blocks .. {raw_block("\\end{" .. name .. "}")}
end

local function place(id)
    return id == "" and "" or "\\place{" .. id .. "}"
end

-- The first of an element's classes and the last: what it is, and how it turned out.
local function classes_of(element)
    local all = table.concat(element.classes, " ")
    return all:match("^%S+"), all:match("%S+$")
end

-- ---- Figures ----------------------------------------------------------------------

-- A picture lies in figures/ beside the document, and is empty where its data are still
-- to be measured.
local function picture(script)
    local name = figure.name(script)
    local size = script:match("%.dot$") and "scale=0.62" or "scale=1"
    if files.text(latex.folder .. "/figures/" .. name .. ".pdf") == "" then
        return raw_block("\\waiting")
    end
    return raw_block("\\drawing{" .. size .. "}{figures/" .. name .. ".pdf}")
end

-- The figures of a chapter become references to their pictures, before it is a page.
function latex.prepare(book, stem, doc)
    return doc:walk({Para = function(paragraph)
        local image, script = outline.figure(paragraph)
        if not image then return nil end
        local name = figure.name(script)
        local below = figure.caption(image, script, stem, book.figures[name].number)
        below = below:walk({Link = function(link)
            return link.target:find(script, 1, true) and pandoc.Code(script) or nil
        end})
        return pandoc.Div({picture(script), below}, pandoc.Attr(name, {"figure"}))
    end})
end

-- ---- Text -------------------------------------------------------------------------

local escapes = {
    ["\\"] = "\\textbackslash{}", ["~"] = "\\textasciitilde{}",
    ["^"] = "\\textasciicircum{}",
}
for sign in ("#$%&_{}"):gmatch(".") do escapes[sign] = "\\" .. sign end

local function escaped(text)
    return (text:gsub("[\\~^#$%%&_{}]", escapes))
end

-- Code may be broken behind what joins the parts of a name or of a path.
local function code(element)
    local text = escaped(element.text):gsub("\\_", "\\_\\allowbreak{}")
    return raw("\\code{" .. text:gsub("([/.:])", "%1\\allowbreak{}") .. "}")
end

local function span(element)
    local class, outcome = classes_of(element)
    if element.identifier ~= "" then
        return pandoc.List({raw(place(element.identifier))}) .. element.content
    elseif class == "verdict" then
        return command("verdict{" .. outcome .. "}", element.content)
    elseif class == "label" or class == "origins" then
        return command("book" .. class, element.content)
    end
    return nil
end

-- On paper a name says on which page it stands, where there is room for that: in the
-- margin, and with the title of an exercise at its solution.
local function with_page(element)
    local is_place = element.target:match("^#.*:") and #element.content == 1
    if is_place and (element.content[1].t == "Code" or element.content[1].t == "Span") then
        return {element, raw("\\onpage{" .. element.target:sub(2) .. "}")}
    end
    return nil
end

local function with_pages(div)
    local is_narrow = div.classes:includes("margin") or div.classes:includes("answered")
    return is_narrow and div:walk({Link = with_page}) or nil
end

local function link(element)
    local label = element.target:match("^#(.*)$")
    if not label then return nil end
    return pandoc.List({raw("\\hyperref[" .. label .. "]{")}) .. element.content
        .. {raw("}")}
end

-- ---- Boxes ------------------------------------------------------------------------

-- Of the blocks of a line, the inlines, with line breaks between paragraphs.
local function inlines_of(blocks)
    return pandoc.utils.blocks_to_inlines(blocks, {pandoc.LineBreak()})
end

local boxes = {erratum = true, exercise = true, said = true}

local by_class = {}

function by_class.caption(div)
    return {pandoc.Plain(command("figurecaption", inlines_of(div.content)))}
end

-- The blocks of a class become the argument of the command that is called so.
for _, class in ipairs({"answered", "slides", "where"}) do
    by_class[class] = function(div)
        return {pandoc.Para(command(class, inlines_of(div.content)))}
    end
end

function by_class.hint(div)
    local first = div.content[1]
    if first.t ~= "Para" then
        first = pandoc.Para({})
        div.content:insert(1, first)
    end
    first.content:insert(1, raw("\\hintlabel{}"))
    div.content[1] = first
    return environment("hint", "", div.content)
end

function by_class.message(div)
    return {pandoc.Para(command("verdict{failed}", inlines_of(div.content)))}
end

function by_class.figure(div)
    return environment("figure", "[htbp]" .. place(div.identifier), div.content)
end

function by_class.listing(div)
    return environment("listing", place(div.identifier), div.content)
end

function by_class.claim(div)
    local _, outcome = classes_of(div)
    return environment("claim", "{" .. outcome .. "}" .. place(div.identifier), div.content)
end

local function box(div)
    local class = classes_of(div)
    if by_class[class] then
        return by_class[class](div)
    elseif boxes[class] then
        return environment(class, place(div.identifier), div.content)
    end
    return nil
end

-- A margin note is set beside the first line of what follows it.
local function set_margins(blocks)
    local set, note = pandoc.List(), nil
    for _, block in ipairs(blocks) do
        if block.t == "Div" and block.classes:includes("margin") then
            note = command("aside", inlines_of(block.content))
        elseif note and (block.t == "Para" or block.t == "Plain") then
            block.content = note .. block.content
            set:insert(block)
            note = nil
        else
            if note then set:insert(pandoc.Plain(note)) end
            set:insert(block)
            note = nil
        end
    end
    if note then set:insert(pandoc.Plain(note)) end
    return set
end

-- ---- The document -----------------------------------------------------------------

local function heading(section)
    if section.kind == "part" then
        return {raw_block("\\bookpart{" .. section.id .. "}{"
            .. escaped(pandoc.utils.stringify(section.title)) .. "}")}
    end
    return {pandoc.Header(1, section.title, pandoc.Attr(section.id))}
end

-- What is said before the first section of a kind.  The contents come after the preface,
-- so that no page has another number for their length.
local matter = {front = "\\frontmatter", part = "\\tableofcontents\\mainmatter",
                appendix = "\\appendix", back = "\\backmatter"}

local function blocks_of(sections)
    local blocks, before = pandoc.List(), {}
    for _, section in ipairs(sections) do
        local command_for = matter[section.kind]
        if command_for and not before[section.kind] then
            blocks:insert(raw_block(command_for))
            before[section.kind] = true
        end
        blocks:extend(heading(section))
        blocks:extend(section.blocks)
    end
    return blocks
end

function latex.write(sections, meta)
    meta.date = ledger.run.date
    local doc = names.settle(pandoc.Pandoc(blocks_of(sections), meta))
    doc = doc:walk({Div = with_pages})
    doc = doc:walk({Code = code, Span = span, Link = link})
    doc = doc:walk({Table = tables.tabular, Div = box})
    return doc:walk({Blocks = set_margins})
end

return latex
