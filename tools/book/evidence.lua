-- evidence.lua -- what was measured for a claim beside what theory allows: as a table,
-- and as a drawing of all of it on one scale.

local label = require "book.label"
local ledger = require "book.ledger"
local markup = require "book.markup"

local evidence = {}

-- ---- The table --------------------------------------------------------------------

-- The statistic of a finding, so that nobody takes a probability for a share.  Of what
-- a sample decides, only counts have a least value, that of their probability, and only
-- a chi-square has a largest.
local function statistic(finding)
    local of_sample = {[">="] = {pandoc.Emph({pandoc.Str("p")}), pandoc.Str(" = ")},
                       ["<="] = {pandoc.Str("χ² = ")}}
    return finding.sampled and of_sample[finding.relation] or {}
end

local function measured(finding)
    return pandoc.List(statistic(finding)) .. ledger.number(finding.measured)
end

-- What a finding had to be: "≤ 1.6 × 10⁻¹¹", "0.6 ± 0.035" or "± 0.1 ≥ 2".
local function requirement(finding)
    local relation, limit = finding.relation, ledger.number(finding.limit)
    local half = relation:match("^within (%S+) of$")
    if half then
        return markup.join({limit, ledger.number(tonumber(half))}, pandoc.Str(" ± "))
    end
    half = relation:match("^%+%- (%S+) >=$")
    local signs = {["<="] = "≤ ", [">="] = "≥ "}
    local before = pandoc.List({pandoc.Str(signs[relation] or relation .. " ")})
    if half then
        before = markup.join({{pandoc.Str("±")}, ledger.number(tonumber(half)),
                              {pandoc.Str("≥ ")}}, pandoc.Space())
    end
    return before .. limit
end

local function row(role, finding, outcome)
    local cells = {{pandoc.Str(role)}, label.inlines(finding.what), measured(finding),
                   requirement(finding), {pandoc.Str(outcome)}}
    for i, cell in ipairs(cells) do
        cells[i] = {pandoc.Plain(cell)}
    end
    return cells
end

local heads = {"role", "finding", "measured", "predicted, limit", "outcome"}

-- The findings of a claim and of its controls, row by row.
function evidence.table(claim)
    local rows, head = {}, {}
    for i, finding in ipairs(claim.evidence or {}) do
        table.insert(rows, row(i == 1 and "evidence" or "", finding,
                               finding.holds and "holds" or "does not hold"))
    end
    for i, finding in ipairs(claim.controls or {}) do
        table.insert(rows, row(i == 1 and "control" or "", finding,
                               finding.rejected and "rejected" or "not rejected"))
    end
    for i, text in ipairs(heads) do
        head[i] = {pandoc.Plain({pandoc.Str(text)})}
    end
    local left, right = pandoc.AlignLeft, pandoc.AlignRight
    local simple = pandoc.SimpleTable({}, {left, left, right, left, right},
                                      {0, 0, 0, 0, 0}, #rows > 0 and head or {}, rows)
    return markup.div("evidence", {pandoc.utils.from_simple_table(simple)})
end

-- ---- The drawing ------------------------------------------------------------------

-- The power of ten of a margin: where it stands on the scale, whose limit is at 0.
local function power(margin)
    return margin and margin > 0 and math.log(margin, 10) or margin and -math.huge
        or math.huge
end

-- What is to be drawn: {at, worst, is_control}, in powers of ten of the limit.
local function marks(claim)
    local found = {}
    local function add(findings, is_control)
        for _, finding in ipairs(findings or {}) do
            local soaked = ledger.soaked_margin(claim.id, finding.what, is_control)
            table.insert(found, {at = power(finding.margin), is_control = is_control,
                                 worst = power(soaked or finding.margin)})
        end
    end
    add(claim.evidence, false)
    add(claim.controls, true)
    return found
end

-- How many powers of ten the scale has on either side of the limit.
local function reach_of(found)
    local reach = 1
    for _, mark in ipairs(found) do
        for _, at in ipairs({mark.at, mark.worst}) do
            if math.abs(at) < math.huge then
                reach = math.max(reach, math.ceil(math.abs(at)))
            end
        end
    end
    return reach
end

-- From 0 to 1; what is off the scale, such as an error of exactly 0, stands at its end.
local function share_of(at, reach)
    return 0.5 + 0.48 * math.max(-1, math.min(1, at / reach))
end

local function percent(at, reach)
    return ("%.1f%%"):format(100 * share_of(at, reach))
end

-- A dot for evidence, a cross for a control, and a line to its worst in a soak.
local function drawn(mark, reach)
    local x, worst = percent(mark.at, reach), percent(mark.worst, reach)
    local line = x ~= worst
        and ('<line class="soaked" x1="%s" x2="%s" y1="9" y2="9"/>'):format(x, worst)
        or ""
    local sign = mark.is_control and '<path d="M-3.5 5.5l7 7m0-7l-7 7"/>'
        or '<circle cy="9" r="3.5"/>'
    return line .. ('<svg x="%s" class="mark">%s</svg>'):format(x, sign)
end

-- The limit and the ends of the scale, with their words.
local function axis(reach)
    local function words(x, anchor, text)
        return ('<text x="%s" y="29" text-anchor="%s">%s</text>'):format(x, anchor, text)
    end
    local exponent = '<tspan dy="-4" font-size="75%%">%s%d</tspan>'
    return '<line x1="0" x2="100%" y1="9" y2="9"/>'
        .. '<line class="limit" x1="50%" x2="50%" y1="0" y2="18"/>'
        .. words("50%", "middle", "limit")
        .. words("0", "start", "10" .. exponent:format("−", reach) .. '<tspan dy="4"> '
            .. "of the limit</tspan>")
        .. words("100%", "end", "10" .. exponent:format("", reach) .. '<tspan dy="4"> '
            .. "times the limit</tspan>")
end

-- The drawing in words, for who cannot see it.
local function described(found)
    local evidence_at, control_at = -math.huge, math.huge
    for _, mark in ipairs(found) do
        if mark.is_control then
            control_at = math.min(control_at, mark.at)
        else
            evidence_at = math.max(evidence_at, mark.at)
        end
    end
    local share = ("%.2g"):format(10 ^ evidence_at)
    local words = "The evidence uses at most " .. share .. " of its limit"
    if control_at < math.huge then
        words = words .. ("; the controls have at least %.2g times theirs"):format(
            10 ^ control_at)
    end
    return words .. "."
end

-- The same on paper: see tools/print/book.tex.
local function printed(found, reach)
    local parts = {"\\begin{findingscale}{" .. reach .. "}"}
    for _, mark in ipairs(found) do
        local x, worst = share_of(mark.at, reach), share_of(mark.worst, reach)
        if x ~= worst then
            table.insert(parts, ("\\soaked{%.3f}{%.3f}"):format(math.min(x, worst),
                                                                math.abs(x - worst)))
        end
        table.insert(parts, ("\\%s{%.3f}"):format(mark.is_control and "atcontrol" or
                                                  "atevidence", x))
    end
    return table.concat(parts, "\n") .. "\n\\end{findingscale}"
end

-- All findings of a claim on one scale, in shares of what each was allowed; nothing for
-- a claim that measured nothing, or whose ledger does not say the shares.
function evidence.scale(claim)
    local found = marks(claim)
    if #found == 0 or not claim.evidence[1] or claim.evidence[1].margin == nil then
        return {}
    end
    local reach = reach_of(found)
    local parts = {axis(reach)}
    for _, mark in ipairs(found) do
        table.insert(parts, drawn(mark, reach))
    end
    local svg = '<svg class="scale" role="img" aria-label="%s" width="100%%" '
        .. 'height="32">%s</svg>'
    local on_screen = svg:format(described(found), table.concat(parts))
    return {pandoc.Div({pandoc.RawBlock("html", on_screen),
                        pandoc.RawBlock("latex", printed(found, reach))})}
end

return evidence
