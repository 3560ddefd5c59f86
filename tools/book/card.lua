-- card.lua -- the boxes of a chapter: claims, errata and exercises.
--
-- Their links lead to bare names, `#gd_rate` or `slide:CSC2541-1/33`; links.lua gives
-- them their addresses on the page where the box stands.

local evidence = require "book.evidence"
local ledger = require "book.ledger"
local markup = require "book.markup"
local source = require "book.source"
local survey = require "book.survey"

local card = {}

-- The words of an attribute, each turned into inlines.
local function each(attribute, inlines_of)
    local lists = {}
    for _, word in ipairs(survey.words(attribute)) do
        table.insert(lists, inlines_of(word))
    end
    return lists
end

local function name(id)
    return {markup.name(id, "#" .. id)}
end

local function name_and_verdict(id)
    return {markup.name(id, "#" .. id), pandoc.Space(), ledger.verdict_mark(id)}
end

-- "CSC2541-1/33" as "CSC2541-1, slide 33", a link to its row of the concordance.
local function slide(reference)
    return {markup.link(reference:gsub("/", ", slide "), "slide:" .. reference)}
end

-- The grade of a claim, which leads to what it means.
function card.grade(claim)
    return markup.link(claim.grade, "index.html#grade-" .. claim.grade)
end

-- What stands beside a claim: its slides, its grade, when it ran if that takes long, how
-- thin it came over many seeds, and what it rests on.
local function small_print(div, claim, is_long)
    local lines = each(div.attributes.lecture, slide)
    if claim then
        table.insert(lines, {card.grade(claim)})
    end
    if is_long then
        local date = claim and claim.date or "never"
        table.insert(lines, {pandoc.Str("long, last run: " .. date)})
    end
    table.insert(lines, ledger.soak(div.identifier))
    if div.attributes.uses then
        local uses = markup.join(each(div.attributes.uses, name), pandoc.Str(", "))
        table.insert(lines, {pandoc.Str("rests on "), table.unpack(uses)})
    end
    return markup.line("margin", markup.join(lines, pandoc.LineBreak()))
end

local function claim_title(id)
    return pandoc.Para({markup.span("label", "Claim"), pandoc.Space(), pandoc.Code(id),
                        pandoc.Space(), ledger.verdict_mark(id)})
end

local function rerun(id, is_long)
    local command = "make check CLAIM=" .. id .. (is_long and " LONG=1" or "")
    return markup.line("rerun", {pandoc.Code(command)})
end

-- What was measured for a claim, drawn and in numbers.
local function findings(claim)
    if not claim then
        return {}
    end
    return pandoc.List(evidence.scale(claim)) .. {evidence.table(claim)}
end

-- The card of a claim: its sentence, what was measured, its control, its check.
function card.claim(div, stem)
    local id = div.identifier
    local claim = ledger.claim(id)
    local check, is_long = source.check(id, stem)
    local blocks = pandoc.List({small_print(div, claim, is_long), claim_title(id)})
    blocks:extend(div.content)
    if claim and claim.message then
        blocks:insert(markup.line("message", {pandoc.Str(claim.message)}))
    end
    blocks:extend(findings(claim))
    blocks:insert(rerun(id, is_long))
    blocks:extend(markup.folded("The check", {source.listing(check)}))
    return pandoc.Div(blocks, pandoc.Attr(id, {"claim", ledger.verdict(id)}))
end

-- The card of a claim part by part, each with its number, for who explains them.
function card.parts(div, stem)
    local id = div.identifier
    local claim, _, is_long = ledger.claim(id), source.check(id, stem)
    local parts = pandoc.List({{small_print(div, claim, is_long)}, {claim_title(id)},
                               div.content})
    for _, block in ipairs(findings(claim)) do parts:insert({block}) end
    parts:insert({rerun(id, is_long)})
    return parts:map(function(blocks, nth)
        local number = pandoc.Plain({markup.span("nth", tostring(nth))})
        return markup.div("part", pandoc.List({number}) .. blocks)
    end)
end

-- A claim on another page than its own: its sentence, what was measured, and where its
-- argument stands.
function card.brief(div, address)
    local id = div.identifier
    local claim = ledger.claim(id)
    local title = pandoc.List({markup.name(id, address), pandoc.Space(),
                               ledger.verdict_mark(id)})
    if claim then
        title:extend({pandoc.Str(" · "), card.grade(claim)})
    end
    local blocks = pandoc.List({pandoc.Para(title)})
    blocks:extend(div.content)
    blocks:extend(findings(claim))
    return markup.div("claim brief " .. ledger.verdict(id), blocks)
end

-- What is amiss on a slide: what it says is false, or true under a hypothesis that is
-- not printed, or nobody would read it as it is printed.
card.faults = {wrong = "wrong", condition = "condition missing", misprint = "misprint"}

-- What a slide says, and what is true; `content` is that of the div, if it is not to be
-- shown in another way.
function card.erratum(div, content)
    local slides = markup.join(each(div.attributes.slide, slide), pandoc.Str("; "))
    local label = markup.span("label", "Erratum")
    local fault = markup.span("fault", "· " .. card.faults[div.attributes.kind])
    local title = markup.join({{label}, slides, {fault}}, pandoc.Space())
    local blocks = pandoc.List({pandoc.Para(title)})
    blocks:extend(content or div.content)
    local verdicts = each(div.attributes.claim, name_and_verdict)
    if #verdicts > 0 then
        blocks:insert(markup.sentence("The correction is verified by",
                                      markup.join(verdicts, pandoc.Str(", "))))
    end
    return markup.div("erratum " .. div.attributes.kind, blocks, div.identifier)
end

local function exercise_title(div, number)
    local words = " · " .. survey.kind(div)
    local points = div.attributes.points
    if points then
        words = words .. " · " .. points .. (points == "1" and " point" or " points")
    end
    return pandoc.Para({markup.span("label", "Exercise " .. number), pandoc.Str(words)})
end

-- An exercise; `number` is as it is printed, "2.3".
function card.exercise(div, number)
    local blocks = pandoc.List({exercise_title(div, number)})
    blocks:extend(div.content)
    local path, implemented = survey.implement(div)
    if path then
        local address = "../" .. path .. "#" .. implemented
        blocks:insert(markup.sentence("Implement", {markup.name(implemented, address)}))
    end
    local graders = each(div.attributes["graded-by"], name)
    if #graders > 0 then
        blocks:insert(markup.sentence("Graded by",
                                      markup.join(graders, pandoc.Str(", "))))
    end
    return markup.div("exercise", blocks, div.identifier)
end

return card
