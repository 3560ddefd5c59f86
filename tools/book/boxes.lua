-- boxes.lua -- the claims and errata of the chapters, for pages that show them again.

local divs = require "divs"
local json = require "book.json"
local survey = require "book.survey"

local boxes = {}
local read = {} -- chapter and class -> what `boxes.of` gives

boxes.classes = {claim = true, erratum = true}

-- The divs of a class in a chapter, as Pandoc has them, in their order.
function boxes.of(stem, class)
    local key = stem .. " " .. class
    if not read[key] then
        read[key] = pandoc.List(divs.of_chapter(stem, class)):map(function(div)
            local text = pandoc.read(divs.joined(div.text), survey.format)
            local attributes = pandoc.Attr(div.id or "", {class}, div.attributes)
            return pandoc.Div(text.blocks, attributes)
        end)
    end
    return read[key]
end

-- The boxes of a class in a chapter as they are written there: what a page that shows
-- them depends on.
function boxes.written(stem, class)
    local texts = {}
    for i, div in ipairs(divs.of_chapter(stem, class)) do
        texts[i] = {id = div.id, attributes = div.attributes, text = div.text}
    end
    return json.encode(texts)
end

-- The errata of a chapter, under the names that the survey has for them.
function boxes.errata(book, stem)
    local list = boxes.of(stem, "erratum")
    for nth, id in ipairs(survey.chapter(book, stem).errata) do
        list[nth].identifier = id
    end
    return list
end

-- The div of a claim of the survey.
function boxes.claim(book, id)
    for _, div in ipairs(boxes.of(book.claims[id].stem, "claim")) do
        if div.identifier == id then
            return div
        end
    end
end

return boxes
