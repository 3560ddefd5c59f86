-- concordance.lua -- the assertions of the lectures, and what answers them.
--
-- chapters/concordance.tsv has a row for each assertion, in the order of the lectures.
-- Its column `answered_by` names claims, definitions of ref/ and figures; or it says
-- `open`, or `-` where there is nothing to check.

local divs = require "divs"
local tsv = require "tsv"

local concordance = {path = "chapters/concordance.tsv"}

-- The rows.  The mark ~ of a slide tells that its number is counted and not printed.
function concordance.rows()
    local rows = tsv.rows(concordance.path)
    for _, row in ipairs(rows) do row.slide = (row.slide or ""):gsub("~", "") end
    return rows
end

-- The names in a row that answer its assertion; none if it is open or an aside.
function concordance.answers(row)
    local names = {}
    for _, name in ipairs(divs.words(row.answered_by)) do
        if name ~= "open" and name ~= "-" then table.insert(names, name) end
    end
    return names
end

-- Where an assertion stands: "answered", "open", "aside" where nothing is to check, or
-- nil if the row does not say.
function concordance.state(row)
    if #concordance.answers(row) > 0 then return "answered" end
    return ({["-"] = "aside", open = "open"})[row.answered_by]
end

return concordance
