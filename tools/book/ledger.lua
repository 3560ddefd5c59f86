-- ledger.lua -- what the last `make check` measured.
--
-- The book types no status by hand: each verdict, and each number beside it, is read
-- from the ledger.

local files = require "book.files"
local json = require "book.json"
local markup = require "book.markup"

local ledger = {}
local claims = {} -- id -> claim, as in the ledger
local soaked = {} -- id -> {seeds, evidence, control}: the thinnest margins of a soak
local margins = {} -- claim, role and finding -> its thinnest margin

-- Why this is no ledger; nil if it is one.
local function fault_of(run, message)
    if not run then return message end
    if type(run) ~= "table" or type(run.claims) ~= "table" then
        return "it has no claims"
    end
    for _, claim in ipairs(run.claims) do
        if type(claim) ~= "table" or type(claim.id) ~= "string" then
            return "a claim has no id"
        end
    end
end

function ledger.load(path)
    local run, _, message = json.decode(files.text(path) or "")
    local fault = fault_of(run, message)
    if fault then
        files.problem(path, 1, "this is no ledger: %s; remove it, then make check",
                      fault)
        return
    end
    ledger.run = run
    for _, claim in ipairs(run.claims) do
        claims[claim.id] = claim
    end
end

local function role_of(is_control)
    return is_control and "control" or "evidence"
end

local function finding_key(claim, what, is_control)
    return claim .. " " .. role_of(is_control) .. " " .. what
end

-- The margins over many seeds, if there was a soak.  One that is not finite is null.
function ledger.load_soak(path)
    local soak = json.decode(files.text(path) or "")
    for _, finding in ipairs(soak and soak.findings or {}) do
        local claim = soaked[finding.claim] or {}
        local role = role_of(finding.control)
        local key = finding_key(finding.claim, finding.what, finding.control)
        margins[key] = finding.margin
        local thinner = finding.control and math.min or math.max
        soaked[finding.claim], claim.seeds = claim, finding.seeds
        if finding.margin then
            claim[role] = thinner(claim[role] or finding.margin, finding.margin)
        end
    end
end

-- The thinnest margin of one finding in the soak; nil without one.
function ledger.soaked_margin(claim, what, is_control)
    return margins[finding_key(claim, what, is_control)]
end

-- "over 200 seeds: evidence at most 0.4 of its limit, controls at least 3 times theirs",
-- as inlines; nil for a claim that was not soaked.
function ledger.soak(id)
    local claim = soaked[id]
    if not claim or not (claim.evidence and claim.control) then
        return nil
    end
    local words = pandoc.List({pandoc.Str(("over %d seeds: evidence at most "):format(
        claim.seeds))})
    words:extend(ledger.number(claim.evidence))
    words:insert(pandoc.Str(" of its limit, controls at least "))
    words:extend(ledger.number(claim.control))
    words:insert(pandoc.Str(" times theirs"))
    return words
end

function ledger.claim(id)
    return claims[id]
end

local words = {verified = "✓ verified", failed = "✗ failed", open = "not yet run"}

-- "verified" or "failed"; "open" for a claim that has not run on this machine.
function ledger.verdict(id)
    local verdict = claims[id] and claims[id].verdict
    return words[verdict] and verdict or "open"
end

-- How many of the claims are verified, and how many failed.
function ledger.count(ids)
    local count = {verified = 0, failed = 0, open = 0}
    for _, id in ipairs(ids) do
        local verdict = ledger.verdict(id)
        count[verdict] = count[verdict] + 1
    end
    return count
end

-- The one thing of the book that has a colour.
function ledger.verdict_span(verdict, text)
    return markup.span("verdict " .. verdict, text)
end

function ledger.verdict_mark(id)
    local verdict = ledger.verdict(id)
    return ledger.verdict_span(verdict, words[verdict])
end

local function power_of_ten(mantissa, exponent)
    local sign = exponent < 0 and "−" or ""
    return {pandoc.Str(mantissa .. " × 10"),
            pandoc.Superscript({pandoc.Str(sign .. math.abs(exponent))})}
end

-- A number as a book prints it, in two to four digits.  JSON has no infinities, so what
-- is not finite is null there, and nil here.
function ledger.number(x)
    if type(x) ~= "number" then
        return {pandoc.Str("not finite")}
    end
    local size = math.abs(x)
    local text = string.format("%.4g", x)
    if size ~= 0 and (size < 1e-3 or size >= 1e4) then
        local mantissa, exponent = string.format("%.1e", x):match("^(.-)e(.*)$")
        return power_of_ten(mantissa:gsub("-", "−"), math.tointeger(tonumber(exponent)))
    end
    return {pandoc.Str((text:gsub("-", "−")))}
end

return ledger
