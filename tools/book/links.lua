-- links.lua -- where a link of a chapter leads in the book.

local files = require "files"
local source = require "source"
local survey = require "survey"

local links = {}

-- The place where the book shows a definition, or else its line in its file.
function links.to_definition(book, definition)
    local stem = book.shown[source.key(definition)]
    if stem then
        return stem .. ".html#" .. source.anchor(definition)
    end
    return source.page(definition.path, definition.first)
end

-- The place of a bare name: a claim, an exercise, a figure, a function, a test.
function links.to_name(book, name)
    for _, kind in ipairs({"claims", "exercises", "figures"}) do
        if book[kind][name] then
            return book[kind][name].stem .. ".html#" .. name
        end
    end
    local definition = source.anywhere(name)
    return definition and links.to_definition(book, definition)
end

local function to_chapter(book, stem, anchor)
    local chapter = survey.chapter(book, stem)
    if not chapter then
        return nil, "there is no chapter " .. stem
    elseif anchor ~= "" and not chapter.anchors[anchor] then
        return nil, "chapters/" .. stem .. ".md has no " .. anchor
    end
    return stem .. ".html" .. (anchor ~= "" and "#" .. anchor or "")
end

local function to_source(book, path, name)
    if name == "" then
        return files.lines(path) and source.page(path), "there is no file " .. path
    end
    local definition, message = source.find(path, name)
    return definition and links.to_definition(book, definition), message
end

-- The row of the concordance for a slide, "CSC2541-1/33" or "CSC2541-1/25-41", or nil.
local function to_slide(book, slide)
    local lecture, number = slide:match("^(.-)/(%d+)")
    if lecture and book.slides[lecture .. "/" .. number] then
        return "concordance-" .. lecture .. ".html#slide-" .. number
    end
    return nil, "the concordance has no slide " .. slide
end

-- Whether an address was made by the book itself, or leads out of it.
local function is_final(target)
    return target:match("^https?:") or target:match("^data/") or target:match("%.html")
end

-- The address, in the book, of what a link of the chapter names; or nil and what is
-- wrong.
function links.resolve(book, stem, target)
    if is_final(target) then
        return target
    elseif target:match("^slide:") then
        return to_slide(book, target:sub(#"slide:" + 1))
    end
    local anchor = target:match("^#(.*)$")
    local chapter = survey.chapter(book, stem)
    if anchor and chapter and chapter.anchors[anchor] then
        return target
    elseif anchor then
        return links.to_name(book, anchor), "nothing is called " .. anchor
    end
    local path = files.resolve("chapters", target)
    local other, place = path:match("^chapters/([%w_]+)%.md#?(.*)$")
    if other then
        return to_chapter(book, other, place)
    end
    local file, name = source.parse("chapters", target)
    if file then
        return to_source(book, file, name)
    end
    return nil, "no page of the book is " .. target
end

-- What a link without words of its own says: `[](#gd_modes)` is "Figure 2.1".
local function words_for(book, link)
    local name = link.target:match("([%w_]+)$")
    if book.figures[name] then
        return {pandoc.Str("Figure " .. book.figures[name].number)}
    elseif book.exercises[name] then
        return {pandoc.Str("Exercise " .. book.exercises[name].number)}
    end
    return {pandoc.Code(name)}
end

local function address(book, stem, link)
    local target = links.resolve(book, stem, link.target)
    if not target then
        return link.content
    elseif #link.content == 0 then
        link.content = words_for(book, link)
    end
    link.target = target
    return link
end

-- Gives each link of the chapter `stem` its address; one that has none becomes text.
function links.apply(book, stem, doc)
    return doc:walk({Link = function(link)
        return address(book, stem, link)
    end})
end

return links
