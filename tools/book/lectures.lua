-- lectures.lua -- who gave the lectures, and where: the head of each lectures/NAME.tsv.

local concordance = require "concordance"
local markup = require "book.markup"

local lectures = {}

local known = {}

-- What is known of a lecture.
function lectures.find(name)
    if not known[name] then
        known[name] = select(2, concordance.read(name))
    end
    return known[name]
end

-- "Toronto, CSC 2541, lecture 1".
function lectures.title(name)
    local row = lectures.find(name)
    return ("%s, %s, lecture %s"):format(row.university, row.course, row.number)
end

-- "Roger Grosse: A toy model", or what of it is known.
function lectures.subject(name)
    local row = lectures.find(name)
    return row.lecturer and row.lecturer .. ": " .. row.about or row.about
end

function lectures.about(name)
    return lectures.find(name).about
end

-- Who gave it, to come after its title; nothing if nobody is named on the slides.
function lectures.by(name)
    local lecturer = lectures.find(name).lecturer
    return lecturer and " · " .. lecturer or ""
end

-- Where the slides are to be had, as inlines; none if nobody has printed it.
function lectures.address(name)
    local address = lectures.find(name).address
    return address and {markup.link("The page of the course", address)} or {}
end

function lectures.page(name)
    return "concordance-" .. name .. ".html"
end

return lectures
