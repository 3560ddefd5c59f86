-- backmatter.lua -- the pages that are made from all chapters together.
--
-- Each function returns the blocks of a page and its title.

local card = require "book.card"
local figure = require "book.figure"
local files = require "book.files"
local ledger = require "book.ledger"
local links = require "book.links"
local markup = require "book.markup"
local source = require "book.source"
local survey = require "book.survey"

local backmatter = {}

local function heading(chapter)
    return pandoc.Header(2, {pandoc.Str(chapter.number .. " · " .. chapter.title)})
end

local function paragraph(words)
    return pandoc.Para({pandoc.Str(words)})
end

-- The list of an index: its entries, each a list of blocks.
local function index(entries)
    return markup.div("index", {pandoc.BulletList(entries)})
end

-- The divs of a class in a chapter, in their order.
local function divs_of(chapter, class)
    local found = pandoc.List()
    local doc = pandoc.read(files.text(chapter.path), survey.format)
    doc:walk({Div = function(div)
        if div.classes:includes(class) then
            found:insert(div)
        end
    end})
    return found
end

-- ---- Errata -----------------------------------------------------------------------

-- What was measured for the claims that verify an erratum.
local function measured(div)
    local blocks = pandoc.List()
    for _, id in ipairs(survey.words(div.attributes.claim)) do
        blocks:insert(pandoc.Plain({markup.name(id, "#" .. id)}))
        blocks:insert(ledger.evidence(ledger.claim(id) or {}))
    end
    return blocks
end

-- An erratum, with the chapter where it stands and the numbers that show what is true.
local function erratum(div, chapter)
    local box = card.erratum(div)
    local title = chapter.number .. " · " .. chapter.title
    local place = markup.link(title, chapter.stem .. ".html")
    box.content:insert(markup.sentence("See", {place}))
    box.content:extend(markup.folded("What was measured", measured(div)))
    return box
end

-- The errata to a lecture in the order of its slides; where two speak of one slide, in
-- that of the book.  Each is known by the first slide that it names.
local function errata_of(book, lecture)
    local found = {}
    for _, chapter in ipairs(book.chapters) do
        for _, div in ipairs(divs_of(chapter, "erratum")) do
            local of, slide = div.attributes.slide:match("^(.-)/(%d+)")
            if of == lecture then
                table.insert(found, {div = div, chapter = chapter, place = #found,
                                     slide = tonumber(slide)})
            end
        end
    end
    table.sort(found, function(a, b)
        return a.slide < b.slide or a.slide == b.slide and a.place < b.place
    end)
    return found
end

local about_errata = "What is amiss on the slides, lecture by lecture and slide by "
    .. "slide, what is true instead, and what was measured. There are three kinds. "
    .. "Wrong: what is printed is false. Condition missing: it is true under a "
    .. "hypothesis that the slide does not print. Misprint: a slip of typing."

function backmatter.errata(book)
    local blocks = pandoc.List({paragraph(about_errata)})
    for _, lecture in ipairs(book.lectures) do
        local found = errata_of(book, lecture)
        if #found > 0 then
            blocks:insert(pandoc.Header(2, {pandoc.Str(lecture)}, pandoc.Attr(lecture)))
        end
        for _, entry in ipairs(found) do
            blocks:insert(erratum(entry.div, entry.chapter))
        end
    end
    return blocks, "Errata of the lectures"
end

-- ---- Claims -----------------------------------------------------------------------

-- The grade of a claim is the shape of its node.
local shapes = {
    identity = "box", bound = "hexagon", rate = "ellipse", statistic = "diamond",
    proved = "box, peripheries=2", phenomenon = "octagon",
}

local function node(book, id, stem)
    local claim = ledger.claim(id)
    local elsewhere = book.claims[id].stem ~= stem
    return string.format('    %s [URL="%s", class="%s", shape=%s%s];', id,
                         links.to_name(book, id), ledger.verdict(id),
                         claim and shapes[claim.grade] or "box",
                         elsewhere and ", style=dashed" or "")
end

-- What rests on what, among the claims of a chapter and those that they use.
local function graph(book, chapter)
    local lines = {"digraph claims {", "    rankdir=LR;", "    node [fontsize=11];"}
    local drawn = {}
    local function draw(id)
        if not drawn[id] then
            drawn[id] = true
            table.insert(lines, node(book, id, chapter.stem))
        end
    end
    for _, id in ipairs(chapter.claims) do
        draw(id)
        for _, used in ipairs(book.claims[id].uses) do
            draw(used)
            table.insert(lines, string.format("    %s -> %s;", used, id))
        end
    end
    table.insert(lines, "}")
    return table.concat(lines, "\n")
end

-- The entry of a claim in the index: its name, its verdict, its sentence.
local function claim_entry(book, div)
    local id = div.identifier
    local name = markup.name(id, (links.to_name(book, id)))
    local inlines = pandoc.List({name, pandoc.Space(), ledger.verdict_mark(id)})
    if ledger.claim(id) then
        inlines:insert(pandoc.Str(", " .. ledger.claim(id).grade))
    end
    return pandoc.List({pandoc.Plain(inlines)}) .. div.content
end

local about_claims = "What rests on what. An arrow leads from a claim to one that uses "
    .. "it. The shape tells the grade: a box is an identity, a hexagon a bound, an "
    .. "ellipse a rate, a diamond a statistic, a double box is proved, an octagon a "
    .. "phenomenon. The claims of other chapters are dashed."

function backmatter.claims(book)
    local blocks = pandoc.List({paragraph(about_claims)})
    for _, chapter in ipairs(book.chapters) do
        if #chapter.claims > 0 then
            local entries = divs_of(chapter, "claim"):map(function(div)
                return claim_entry(book, div)
            end)
            blocks:insert(heading(chapter))
            blocks:insert(figure.graph(graph(book, chapter), "claims-" .. chapter.stem))
            blocks:insert(index(entries))
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
            paragraph(source.gloss(definition))}
end

function backmatter.names(book)
    local definitions = source.required()
    table.sort(definitions, by_name)
    local entries = {}
    for _, definition in ipairs(definitions) do
        table.insert(entries, definition_entry(book, definition))
    end
    return {index(entries)}, "Functions and types"
end

-- ---- Sources ----------------------------------------------------------------------

-- The bibliography is filled in by citeproc, which is asked for all entries.
function backmatter.bibliography(_, doc)
    local all = pandoc.Citation("*", "NormalCitation")
    doc.meta.nocite = pandoc.MetaInlines({pandoc.Cite({pandoc.Str("@*")}, {all})})
    return {pandoc.Div({}, pandoc.Attr("refs"))}, "Bibliography"
end

return backmatter
