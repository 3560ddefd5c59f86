-- card.lua -- the boxes of a chapter: claims, errata and exercises.

local ledger = require "ledger"
local source = require "source"
local survey = require "survey"

local card = {}

local function class(...)
    return pandoc.Attr("", {...})
end

local function label(text)
    return pandoc.Span({pandoc.Str(text)}, class("label"))
end

-- Blocks that the reader may unfold.
function card.folded(summary, blocks)
    local folded = pandoc.List({
        pandoc.RawBlock("html", "<details><summary>" .. summary .. "</summary>")})
    folded:extend(blocks)
    folded:insert(pandoc.RawBlock("html", "</details>"))
    return folded
end

-- Links to claims or other names, separated by commas.
local function links(names)
    local inlines = pandoc.List()
    for i, name in ipairs(names) do
        if i > 1 then
            inlines:extend({pandoc.Str(","), pandoc.Space()})
        end
        inlines:insert(pandoc.Link({pandoc.Code(name)}, "#" .. name))
    end
    return inlines
end

local function sentence(start, inlines)
    local content = pandoc.List({pandoc.Str(start), pandoc.Space()})
    content:extend(inlines)
    return pandoc.Para(content)
end

-- "CSC2541-1/33" as "CSC2541-1, slide 33", a link to its row of the concordance.
local function slide_link(slide)
    local lecture, number = slide:match("^([^/]+)/(.+)$")
    local text = lecture and lecture .. ", slide " .. number or slide
    return pandoc.Link({pandoc.Str(text)}, "slide:" .. slide)
end

local function add_line(lines, inlines)
    if #lines > 0 then
        lines:insert(pandoc.LineBreak())
    end
    lines:extend(inlines)
end

-- What stands beside a claim: its slides, its grade, what it rests on, and of a long one
-- when it was last verified.
local function small_print(div, claim, is_long)
    local lines = pandoc.List()
    for _, slide in ipairs(survey.words(div.attributes.lecture)) do
        add_line(lines, {slide_link(slide)})
    end
    if claim then
        add_line(lines, {pandoc.Str(claim.grade)})
    end
    if is_long then
        add_line(lines, {pandoc.Str("long, last run " .. (claim and claim.date or "never"))})
    end
    local uses = survey.words(div.attributes.uses)
    if #uses > 0 then
        add_line(lines, {pandoc.Str("rests on "), table.unpack(links(uses))})
    end
    return pandoc.Div({pandoc.Plain(lines)}, class("margin"))
end

local function rerun(id, is_long)
    local command = "make check CLAIM=" .. id .. (is_long and " LONG=1" or "")
    return pandoc.Div({pandoc.Plain({pandoc.Code(command)})}, class("rerun"))
end

local function claim_title(id)
    return pandoc.Para({label("Claim"), pandoc.Space(), pandoc.Code(id), pandoc.Space(),
                        ledger.verdict_mark(id)})
end

-- The card of a claim: its sentence, what was measured, its control, its check.
function card.claim(div, stem)
    local id = div.identifier
    local claim = ledger.claim(id)
    local check, is_long = source.check(id, stem)
    local blocks = pandoc.List({small_print(div, claim, is_long), claim_title(id)})
    blocks:extend(div.content)
    if claim and claim.message then
        blocks:insert(pandoc.Div({pandoc.Plain({pandoc.Str(claim.message)})},
                                 class("message")))
    end
    if claim then
        blocks:insert(ledger.evidence(claim))
    end
    blocks:insert(rerun(id, is_long))
    blocks:extend(card.folded("The check", {source.listing(check)}))
    return pandoc.Div(blocks, pandoc.Attr(id, {"claim", ledger.verdict(id)}))
end

-- What a slide says, and what is true.
function card.erratum(div)
    local title = pandoc.List({label("Erratum"), pandoc.Space()})
    for _, slide in ipairs(survey.words(div.attributes.slide)) do
        title:extend({slide_link(slide), pandoc.Space()})
    end
    local blocks = pandoc.List({pandoc.Para(title)})
    blocks:extend(div.content)
    local verdicts = pandoc.List()
    for i, id in ipairs(survey.words(div.attributes.claim)) do
        verdicts:insert(pandoc.Str(i > 1 and ", " or ""))
        verdicts:extend(links({id}))
        verdicts:extend({pandoc.Space(), ledger.verdict_mark(id)})
    end
    if #verdicts > 0 then
        blocks:insert(sentence("Measured by", verdicts))
    end
    return pandoc.Div(blocks, pandoc.Attr(div.identifier, {"erratum"}))
end

local function points(count)
    return count == "1" and "1 point" or count .. " points"
end

-- An exercise; `number` is as it is printed, "2.3".
function card.exercise(div, number)
    local attributes = div.attributes
    local title = pandoc.List({label("Exercise " .. number)})
    title:insert(pandoc.Str(" · " .. survey.kind(div)))
    if attributes.points then
        title:insert(pandoc.Str(" · " .. points(attributes.points)))
    end
    local blocks = pandoc.List({pandoc.Para(title)})
    blocks:extend(div.content)
    local path, name = survey.implement(div)
    if path then
        local link = pandoc.Link({pandoc.Code(name)}, "../" .. path .. "#" .. name)
        blocks:insert(sentence("Implement", {link}))
    end
    if attributes["graded-by"] then
        local graders = survey.words(attributes["graded-by"])
        blocks:insert(sentence("Graded by", links(graders)))
    end
    return pandoc.Div(blocks, pandoc.Attr(div.identifier, {"exercise"}))
end

return card
