-- concordance.lua -- the assertions of the lectures, and what answers them.
--
-- lectures/NAME.tsv has a row for each assertion of a lecture, in its order, and begins
-- with what is known of the lecture.  The column `answered_by` names claims, definitions
-- of ref/ and figures; or it says `open`, or `-` where there is nothing to check.

local divs = require "divs"
local files = require "files"
local sources = require "sources"
local spine = require "spine"
local tsv = require "tsv"

local concordance = {}

-- What the first lines of a lecture must say, and the columns that it must have.
local KNOWN = {"university", "course", "number", "about"}
local COLUMNS = {"slide", "title", "assertion", "chapter", "note", "answered_by"}

function concordance.path(lecture)
    return "lectures/" .. lecture .. ".tsv"
end

-- Ends the program unless the rows of a lecture are a concordance.
local function check(path, rows, about)
    for _, key in ipairs(KNOWN) do
        if not about[key] then
            files.fail("%s:1: there is no line \"# %s: ...\"", path, key)
        end
    end
    if #rows == 0 then files.fail("%s:1: there are no rows", path) end
    for _, name in ipairs(COLUMNS) do
        if not rows[1][name] then
            files.fail("%s:%d: there is no column %s", path, rows[1].line - 1, name)
        end
    end
    for _, row in ipairs(rows) do
        if not row.slide:match("^%d+~?$") then
            files.fail("%s:%d: \"%s\" is no number of a slide", path, row.line, row.slide)
        end
    end
end

-- The rows of a lecture, and what is known of it.  The mark ~ of a slide tells that its
-- number is counted and not printed.
function concordance.read(lecture)
    local path = concordance.path(lecture)
    local rows, about = tsv.rows(path)
    check(path, rows, about)
    for _, row in ipairs(rows) do
        row.lecture, row.path, row.slide = lecture, path, row.slide:gsub("~", "")
    end
    return rows, about
end

-- The names of all lectures that there are, by the alphabet.
function concordance.all()
    local names = {}
    for _, path in ipairs(sources.below("lectures", "tsv")) do
        local name = path:match("^lectures/([%w_-]+)%.tsv$")
        if not name then
            files.fail("%s: a lecture is called by letters, digits, - and _", path)
        end
        table.insert(names, name)
    end
    return names
end

-- The lectures of the spine in its order, where `*` stands for all that it does not name;
-- it need not name any.
function concordance.lectures()
    local wanted, all, named, list = spine.lectures(), concordance.all(), {}, {}
    for _, name in ipairs(wanted) do named[name] = true end
    for _, name in ipairs(wanted) do
        if name == "*" then
            for _, other in ipairs(all) do
                if not named[other] then table.insert(list, other) end
            end
        elseif files.exists(concordance.path(name)) then
            table.insert(list, name)
        else
            files.fail("%s: there is no %s", spine.path, concordance.path(name))
        end
    end
    return list
end

-- The rows of some lectures, or of all.
function concordance.rows(lectures)
    local rows = {}
    for _, lecture in ipairs(lectures or concordance.all()) do
        local more = concordance.read(lecture)
        table.move(more, 1, #more, #rows + 1, rows)
    end
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
