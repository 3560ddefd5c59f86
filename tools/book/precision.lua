-- precision.lua -- the page of the last run in single precision: which claims it could not
-- tell, and why.

local files = require "book.files"
local json = require "book.json"
local label = require "book.label"
local links = require "book.links"
local markup = require "book.markup"

local precision = {}

local none = "Here stands what the last `make check REAL=float` in this tree found; there was "
    .. "none so far."

local about = "What the last `make check REAL=float` in this tree found, on %s, with vectors and "
    .. "matrices of 24 bits of precision instead of 53: of %d claims %d are verified%s. The "
    .. "other %d are lost. Their evidence held, but rounding could have done as much as what a "
    .. "control breaks, so that the check would have proved nothing; or they speak of errors "
    .. "that are smaller than rounding is."

local failed = ", %d failed"

-- The claims that are lost, in the order of the run, each with what was the matter.
local function lost_rows(book, claims)
    local rows = {}
    for _, claim in ipairs(claims) do
        if claim.verdict == "lost" then
            local address = links.to_name(book, claim.id)
            local name = address and markup.name(claim.id, address) or pandoc.Code(claim.id)
            local why = claim.message:gsub("<=", "≤"):gsub(">=", "≥")
            table.insert(rows, {{name}, label.inlines(why)})
        end
    end
    return rows
end

-- What that run left at precision.path.
function precision.page(book)
    local run, title = json.decode(files.text(precision.path) or ""), "In single precision"
    if type(run) ~= "table" or type(run.claims) ~= "table" then
        return {pandoc.Para(label.inlines(none))}, title
    end
    local rows, totals = lost_rows(book, run.claims), run.totals
    local text = about:format(run.date, totals.claims, totals.verified,
                              totals.failed > 0 and failed:format(totals.failed) or "", #rows)
    return {pandoc.Para(label.inlines(text)), markup.table(2, {"claim", "why"}, rows)},
           title
end

return precision
