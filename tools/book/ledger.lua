-- ledger.lua -- what the last `make check` measured.
--
-- The book types no status by hand: each verdict, and each number beside it, is read
-- from the ledger.

local files = require "files"
local json = require "dkjson"

local ledger = {}
local claims = {} -- id -> claim, as in the ledger

local signs = {["<="] = "≤", [">="] = "≥", ["!="] = "≠"}

function ledger.load(path)
    local run, _, message = json.decode(files.text(path) or "")
    if not run then
        files.problem(path, 1, "this is no ledger: %s", message or "it does not exist")
        return
    end
    ledger.run = run
    for _, claim in ipairs(run.claims) do
        claims[claim.id] = claim
    end
end

function ledger.claim(id)
    return claims[id]
end

-- "verified" or "failed"; "open" for a claim that has not run on this machine.
function ledger.verdict(id)
    return claims[id] and claims[id].verdict or "open"
end

-- How many of the claims are verified.
function ledger.count_verified(ids)
    local verified = 0
    for _, id in ipairs(ids) do
        if ledger.verdict(id) == "verified" then
            verified = verified + 1
        end
    end
    return verified
end

local verdict_text = {
    verified = "✓ verified", failed = "✗ failed", open = "not yet run",
}

-- The one thing of the book that has a colour.
function ledger.verdict_mark(id)
    local verdict = ledger.verdict(id)
    return pandoc.Span({pandoc.Str(verdict_text[verdict] or verdict)},
                       pandoc.Attr("", {"verdict", verdict}))
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

-- A limit is a number, or an interval [low, high].
local function limit(value)
    if type(value) ~= "table" then
        return ledger.number(value)
    end
    local inlines = pandoc.List({pandoc.Str("[")})
    inlines:extend(ledger.number(value[1]))
    inlines:extend({pandoc.Str(", ")})
    inlines:extend(ledger.number(value[2]))
    inlines:extend({pandoc.Str("]")})
    return inlines
end

local function row(role, entry, outcome)
    local against = pandoc.List({pandoc.Str(signs[entry.relation] or entry.relation),
                                 pandoc.Space()})
    against:extend(limit(entry.limit))
    local cells = {{pandoc.Str(role)}, {pandoc.Str(entry.what)},
                   ledger.number(entry.measured), against, {pandoc.Str(outcome)}}
    for i, cell in ipairs(cells) do
        cells[i] = {pandoc.Plain(cell)}
    end
    return cells
end

-- What was measured for a claim, against what theory allows, and its controls.
function ledger.evidence(claim)
    local rows = {}
    for i, entry in ipairs(claim.evidence or {}) do
        table.insert(rows, row(i == 1 and "measured" or "", entry, ""))
    end
    for i, entry in ipairs(claim.controls or {}) do
        table.insert(rows, row(i == 1 and "control" or "", entry,
                               entry.rejected and "rejected" or "not rejected"))
    end
    local columns = {pandoc.AlignLeft, pandoc.AlignLeft, pandoc.AlignRight,
                     pandoc.AlignLeft, pandoc.AlignLeft}
    local table_of_rows = pandoc.SimpleTable({}, columns, {0, 0, 0, 0, 0}, {}, rows)
    return pandoc.Div({pandoc.utils.from_simple_table(table_of_rows)},
                      pandoc.Attr("", {"evidence"}))
end

return ledger
