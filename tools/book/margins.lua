-- margins.lua -- the page of the thinnest margins: the findings of the last run that came
-- nearest to going the other way.
--
-- A bound is meant to be nearly attained, a count to be met, and no machine moves what is
-- proved; none of these is thin.

local label = require "book.label"
local ledger = require "book.ledger"
local links = require "book.links"
local markup = require "book.markup"

local margins = {}

local SHOWN = 20

-- |ln margin|, or nil where nothing can be thin.
local function thinness(claim, finding)
    local is_firm = claim.grade == "bound" or claim.grade == "proved"
    if is_firm or not finding.margin or finding.margin <= 0 then return nil end
    local distance = math.abs(math.log(finding.margin))
    return distance > 1e-9 and distance or nil
end

local function add(found, claim, findings, is_control)
    for place, finding in ipairs(findings or {}) do
        local is = thinness(claim, finding)
        if is then
            table.insert(found, {claim = claim, finding = finding, thinness = is,
                                 is_control = is_control, place = place})
        end
    end
end

-- The order is that of thinness, and then one that every run gives.
local function precedes(a, b)
    if a.thinness ~= b.thinness then return a.thinness < b.thinness end
    if a.claim.id ~= b.claim.id then return a.claim.id < b.claim.id end
    return a.place < b.place
end

-- All findings that may be thin, the thinnest first.
local function sorted()
    local found = {}
    for _, claim in ipairs(ledger.run.claims) do
        add(found, claim, claim.evidence, false)
        add(found, claim, claim.controls, true)
    end
    table.sort(found, precedes)
    return found
end

local function row(book, thin)
    local id, what = thin.claim.id, thin.finding.what
    local soaked = ledger.soaked_margin(id, what, thin.is_control)
    local address = links.to_name(book, id)
    local name = address and markup.name(id, address) or pandoc.Code(id)
    return {{name}, {pandoc.Str(thin.is_control and "control" or "evidence")},
            label.inlines(what), ledger.number(thin.finding.margin),
            soaked and ledger.number(soaked) or {pandoc.Str("–")}}
end

local about = "Evidence holds while what was measured is at most its limit, a control is "
    .. "rejected while it is more: here are the findings whose share of their limit came "
    .. "nearest to 1 in the run that this book shows, bounds aside, which are meant to "
    .. "be nearly attained, and what is proved. Beside them stands the nearest of many seeds, where these "
    .. "were run. A thin margin is no fault; it is where another machine, or a change of "
    .. "the code, will be seen first."

local heads = {"claim", "role", "finding", "share of the limit", "over many seeds"}

function margins.page(book)
    local rows, found = {}, sorted()
    for i = 1, math.min(SHOWN, #found) do rows[i] = row(book, found[i]) end
    return {pandoc.Para({pandoc.Str(about)}), markup.table(3, heads, rows)},
           "Thin margins"
end

return margins
