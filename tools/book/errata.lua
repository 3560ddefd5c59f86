-- errata.lua -- what is amiss on the slides, in the order of the lectures.

local boxes = require "book.boxes"
local card = require "book.card"
local concordance = require "concordance"
local evidence = require "book.evidence"
local lectures = require "book.lectures"
local ledger = require "book.ledger"
local markup = require "book.markup"
local survey = require "book.survey"

local errata = {}

-- ---- What the slide says, and what is true ------------------------------------------

local blank = {Space = true, SoftBreak = true}

-- How many of the inlines at the beginning are words of the slide, in their quotes.
local function length_of_quotation(inlines)
    local length = 0
    for place, inline in ipairs(inlines) do
        if inline.t == "Quoted" then
            length = place
        elseif not blank[inline.t] then
            return length
        end
    end
    return length
end

-- The words of the slide with which an erratum begins, or nil.
function errata.quotation(div)
    local first = div.content[1].content
    local length = length_of_quotation(first)
    return length > 0 and pandoc.Span({table.unpack(first, 1, length)}) or nil
end

-- A sentence that has lost its beginning begins anew.
local function begun(inlines)
    while inlines[1] and (blank[inlines[1].t] or inlines[1].text
                          and inlines[1].text:match("^[:,.;]$")) do
        inlines:remove(1)
    end
    if inlines[1] and inlines[1].t == "Str" then
        inlines[1] = pandoc.Str((inlines[1].text:gsub("^%l", string.upper)))
    end
    return inlines
end

-- The blocks of an erratum: the slide's words at one side, what is true at the other.
local function side_by_side(div)
    local quote = errata.quotation(div)
    if not quote then
        return nil
    end
    local first = pandoc.List(div.content[1].content)
    local rest = begun(pandoc.List({table.unpack(first, #quote.content + 1)}))
    local correction = pandoc.List({pandoc.Para(rest)})
    correction:extend({table.unpack(div.content, 2)})
    return {markup.div("beside", {markup.div("said", {pandoc.Para({quote})}),
                                  markup.div("true", correction)})}
end

-- ---- The page -----------------------------------------------------------------------

-- What was measured for the claims that verify an erratum.
local function measured(div)
    local blocks = pandoc.List()
    for _, id in ipairs(survey.words(div.attributes.claim)) do
        local claim = ledger.claim(id) or {}
        blocks:insert(pandoc.Plain({markup.name(id, "#" .. id)}))
        blocks:extend(evidence.scale(claim))
        blocks:insert(evidence.table(claim))
    end
    return blocks
end

-- An erratum, with the chapter where it stands and the numbers that show what is true.
local function entry(div, chapter)
    local box = card.erratum(div, side_by_side(div))
    local address = chapter.stem .. ".html#" .. div.identifier
    local place = markup.link(chapter.number .. " · " .. chapter.title, address)
    box.content:insert(markup.sentence("In its chapter:", {place}))
    local blocks = measured(div)
    if #blocks > 0 then
        box.content:extend(markup.folded("What was measured", blocks))
    end
    return box
end

-- The errata to a lecture in the order of its slides; where two speak of one slide, in
-- that of the book.  Each is known by the first slide that it names.
local function of_lecture(book, lecture)
    local found = {}
    for _, chapter in ipairs(book.chapters) do
        for _, div in ipairs(boxes.errata(book, chapter.stem)) do
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

local kinds = {"wrong", "condition", "misprint"}

-- How many of them are of each kind, "3 wrong, 2 condition missing".
local function tally(found)
    local count, words = {}, {}
    for _, erratum in ipairs(found) do
        local kind = erratum.div.attributes.kind
        count[kind] = (count[kind] or 0) + 1
    end
    for _, kind in ipairs(kinds) do
        if count[kind] then
            table.insert(words, count[kind] .. " " .. card.faults[kind])
        end
    end
    return table.concat(words, ", ")
end

-- How many errata there are to a lecture.
function errata.count(book, lecture)
    return #of_lecture(book, lecture)
end

-- The lectures of the book in their order, and then those of which a chapter speaks too.
local function all_lectures(book)
    local names = pandoc.List(book.lectures)
    return names .. pandoc.List(concordance.all()):filter(function(name)
        return not names:includes(name)
    end)
end

local about = "What is amiss on the slides, lecture by lecture and slide by slide, what "
    .. "is true instead, and what was measured. There are three kinds. Wrong: what is "
    .. "printed is false. Condition missing: it is true under a hypothesis that the "
    .. "slide does not print. Misprint: a slip of typing."

function errata.page(book)
    local blocks = pandoc.List({pandoc.Para({pandoc.Str(about)})})
    for _, lecture in ipairs(all_lectures(book)) do
        local found = of_lecture(book, lecture)
        if #found > 0 then
            local title = {pandoc.Str(lectures.title(lecture))}
            blocks:insert(pandoc.Header(2, title, pandoc.Attr(lecture)))
            blocks:insert(pandoc.Para({pandoc.Str(tally(found) .. ".")}))
        end
        for _, erratum in ipairs(found) do
            blocks:insert(entry(erratum.div, erratum.chapter))
        end
    end
    return blocks, "Errata of the lectures"
end

return errata
