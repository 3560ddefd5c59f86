-- course.lua -- a course: a book of some chapters, in an order of its own.
--
-- Its spine is courses/NAME/book.md; grades, names and notation are said in book.md for
-- all courses.  What leads to a chapter that the course does not have is no link.  What
-- holds of the book as a whole is checked where the whole is made.

local files = require "book.files"
local spine = require "spine"
local survey = require "book.survey"

local course = {}

-- What book.md says when it has named its chapters: the sections after the last of them.
local function sections_of_all()
    local blocks = pandoc.read(files.text("book.md"), survey.format).blocks
    local sections, is_after = pandoc.List(), false
    for _, block in ipairs(blocks) do
        if #survey.stems(block) > 0 then
            sections, is_after = pandoc.List(), false
        elseif block.t == "Header" and block.level == 1 then
            is_after = true
        end
        if is_after then sections:insert(block) end
    end
    return sections
end

-- The spine of a course with what is said for all courses; the book's own has it.
function course.completed(doc)
    if spine.path ~= "book.md" then doc.blocks:extend(sections_of_all()) end
    return doc
end

-- Forgets what the claims of a course rest on in chapters that it does not have.
function course.enclose(book)
    for _, claim in pairs(book.claims) do
        claim.uses = pandoc.List(claim.uses):filter(function(id)
            return book.claims[id] ~= nil
        end)
    end
end

return course
