-- backmatter.lua -- the pages that are made from all chapters together.
--
-- Each function returns the blocks of a page and its title.

local boxes = require "book.boxes"
local errata = require "book.errata"
local formula = require "book.formula"
local graph = require "book.graph"
local index = require "book.index"
local label = require "book.label"
local ledger = require "book.ledger"
local links = require "book.links"
local markup = require "book.markup"
local margins = require "book.margins"
local notation = require "book.notation"
local precision = require "book.precision"
local search = require "book.search"
local source = require "book.source"
local speed = require "book.speed"
local terms = require "book.terms"

local backmatter = {}

local function heading(chapter)
    local title = {pandoc.Str(chapter.number .. " · " .. chapter.title)}
    return pandoc.Header(2, title, pandoc.Attr(chapter.stem, {"unnumbered", "unlisted"}))
end

local function paragraph(words)
    return pandoc.Para({pandoc.Str(words)})
end

backmatter.errata = errata.page
backmatter.margins = margins.page
backmatter.precision = precision.page
backmatter.speed = speed.page
backmatter.subjects = terms.page

backmatter.notation = notation.page
backmatter.search = search.page

-- A section of book.md that is a page of its own.
function backmatter.prefixes()
    return index.section("prefixes")
end

-- The list of an index: its entries, each a list of blocks.
local function list_of(entries)
    return markup.div("index", {pandoc.BulletList(entries)})
end

-- ---- Claims -----------------------------------------------------------------------

-- The entry of a claim in the index: its name, its verdict, its sentence.
local function claim_entry(book, div)
    local id = div.identifier
    local name = markup.name(id, (links.to_name(book, id)))
    local inlines = pandoc.List({name, pandoc.Space(), ledger.verdict_mark(id)})
    if ledger.claim(id) then
        inlines:insert(pandoc.Str(", " .. ledger.claim(id).grade))
    end
    local sentence = div:walk({Math = formula.bare}).content
    return pandoc.List({pandoc.Plain(inlines)}) .. sentence
end

local about_claims = "What rests on what, chapter by chapter and claim by claim. An "
    .. "arrow leads from a claim to one that uses it. The shape tells the grade: a box "
    .. "is an identity, a hexagon a bound, an ellipse a rate, a diamond a statistic, a "
    .. "double box is proved, an octagon a phenomenon. The claims of other chapters are "
    .. "dashed."

function backmatter.claims(book)
    local blocks = pandoc.List({paragraph(about_claims), graph.style(book),
                                graph.chapters(book)})
    for _, chapter in ipairs(book.chapters) do
        if #chapter.claims > 0 then
            local entries = boxes.of(chapter.stem, "claim"):map(function(div)
                return claim_entry(book, div)
            end)
            blocks:insert(heading(chapter))
            blocks:insert(graph.claims(book, chapter))
            blocks:extend(markup.folded("The sentences", {list_of(entries)}))
        end
    end
    return blocks, "Claims"
end

-- ---- Functions --------------------------------------------------------------------

-- The order of an index: by the alphabet, whatever the case.
local function by_name(a, b)
    return a.name:lower() .. " " .. a.path < b.name:lower() .. " " .. b.path
end

local function definition_entry(book, definition)
    local address = links.to_definition(book, definition)
    return {pandoc.Plain({markup.name(definition.name, address), pandoc.Space(),
                          source.link(definition)}),
            pandoc.Para(label.inlines(source.gloss(definition)))}
end

function backmatter.names(book)
    local definitions = source.required()
    table.sort(definitions, by_name)
    local entries = {}
    for _, definition in ipairs(definitions) do
        table.insert(entries, definition_entry(book, definition))
    end
    return {list_of(entries)}, "Functions and types"
end

-- ---- Sources ----------------------------------------------------------------------

-- The bibliography is filled in by citeproc, which is asked for all entries.
function backmatter.bibliography(_, doc)
    local all = pandoc.Citation("*", "NormalCitation")
    doc.meta.nocite = pandoc.MetaInlines({pandoc.Cite({pandoc.Str("@*")}, {all})})
    return {pandoc.Div({}, pandoc.Attr("refs"))}, "Bibliography"
end

return backmatter
