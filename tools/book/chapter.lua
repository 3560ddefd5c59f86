-- chapter.lua -- a chapter as a page: its links become code, its divs cards, its images
-- figures.

local card = require "book.card"
local concordance = require "book.concordance"
local figure = require "book.figure"
local files = require "book.files"
local links = require "book.links"
local live = require "book.live"
local markup = require "book.markup"
local outline = require "book.outline"
local source = require "book.source"
local survey = require "book.survey"

local chapter = {}

-- What a paragraph shows: a figure, a definition, or nil for a paragraph of prose.
local function shown(book, stem, paragraph)
    local image, script = outline.figure(paragraph)
    if image then
        local number = book.figures[figure.name(script)].number
        local block, message = figure.block(image, script, stem, number)
        if not block then
            files.problem("chapters/" .. stem .. ".md", "(" .. image.src .. ")", "%s",
                          message)
        end
        return block
    end
    local path, name = outline.shown(paragraph)
    return path and source.listing(source.find(path, name))
end

-- Who teaches leaves the solutions out; in a tree of exercises there are none.
chapter.unanswered = false

-- How each class of div is shown; what helps with an exercise is folded away.
local divs = {
    claim = function(_, stem, div)
        return card.claim(div, stem)
    end,
    erratum = function(_, _, div)
        return card.erratum(div)
    end,
    exercise = function(book, _, div)
        return card.exercise(div, book.exercises[div.identifier].number)
    end,
    hint = function(_, _, div)
        return markup.folded("Hint", div.content)
    end,
    solution = function(_, _, div)
        return chapter.unanswered and {} or markup.folded("Solution", div.content)
    end,
}

local function boxed(book, stem, div)
    local show = divs[div.classes[1]]
    return show and show(book, stem, div)
end

-- The first heading is the title of the page, and stands in its template.
local function take_title(doc)
    for i, block in ipairs(doc.blocks) do
        if block.t == "Header" and block.level == 1 then
            doc.meta.title = pandoc.MetaInlines(block.content)
            doc.blocks:remove(i)
            return
        end
    end
end

-- Each erratum has the name by which the page of all errata knows it, too.
function chapter.with_named_errata(book, stem, doc)
    local names, nth = survey.chapter(book, stem).errata, 0
    return doc:walk({Div = function(div)
        if div.classes:includes("erratum") then
            nth = nth + 1
            div.identifier = names[nth]
            return div
        end
    end})
end

function chapter.page(book, stem, doc)
    take_title(doc)
    doc = chapter.with_named_errata(book, stem, doc)
    local slides = concordance.slides(book, stem, doc)
    doc = doc:walk({
        Para = function(paragraph)
            return shown(book, stem, paragraph)
        end,
        Div = function(div)
            return boxed(book, stem, div)
        end,
    })
    doc.blocks = pandoc.List(slides) .. doc.blocks
    live.note(doc)
    return links.apply(book, (survey.chapter(book, stem)), doc)
end

return chapter
