-- lectures.lua -- who gave the lectures, and where: chapters/lectures.tsv, a row each.

local files = require "book.files"
local markup = require "book.markup"
local tsv = require "tsv"

local lectures = {path = "chapters/lectures.tsv"}

local by_name

-- The row of a lecture, by the name that the concordance has for it.
function lectures.find(name)
    if not by_name then
        by_name = {}
        for _, row in ipairs(tsv.rows(lectures.path)) do by_name[row.lecture] = row end
    end
    return by_name[name]
end

-- The order of the book is that of the table; what is not in it comes last.
function lectures.precedes(a, b)
    local first, second = lectures.find(a), lectures.find(b)
    return (first and first.line or math.huge) < (second and second.line or math.huge)
end

-- Notes each lecture of the concordance of which nothing is known.
function lectures.check(names)
    for _, name in ipairs(names) do
        if not lectures.find(name) then
            files.problem(lectures.path, 1, "there is no row for the lecture %s", name)
        end
    end
end

-- "Toronto, CSC 2541, lecture 1".
function lectures.title(name)
    local row = lectures.find(name)
    return ("%s, %s, lecture %s"):format(row.university, row.course, row.number)
end

-- "Roger Grosse: A toy model", or what of it is known.
function lectures.subject(name)
    local row = lectures.find(name)
    return row.lecturer == "-" and row.about or row.lecturer .. ": " .. row.about
end

function lectures.about(name)
    return lectures.find(name).about
end

-- Who gave it, to come after its title; nothing if nobody is named on the slides.
function lectures.by(name)
    local lecturer = lectures.find(name).lecturer
    return lecturer ~= "-" and " · " .. lecturer or ""
end

-- Where the slides are to be had, as inlines; none if nobody has printed it.
function lectures.address(name)
    local address = lectures.find(name).address
    return address ~= "-" and {markup.link("The page of the course", address)} or {}
end

function lectures.page(name)
    return "concordance-" .. name .. ".html"
end

return lectures
