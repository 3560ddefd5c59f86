-- links.lua -- where a link leads in the book.
--
-- Links stand on a page {path, anchors}: the file that it is written in, and the names
-- that stand on it.  A chapter of the survey is one.

local files = require "book.files"
local source = require "book.source"
local survey = require "book.survey"

local links = {}

-- The place where the book shows a definition, alone or in its whole file, or else its
-- line on the page of its file.
function links.to_definition(book, definition)
    local stem = book.shown[source.key(definition)]
    if not stem then
        return source.page(definition.path, definition.first)
    elseif book.whole[definition.path] then
        return stem .. ".html#" .. source.line_anchor(definition)
    end
    return stem .. ".html#" .. source.anchor(definition)
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

-- The page of the back matter that a link stands on: its text comes from the chapters.
links.elsewhere = {path = "chapters/", anchors = {}}

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

-- Whether a page that an address names is none of this book's: of a course, some are not.
local function is_away(book, target)
    local lecture = target:match("^concordance%-([%w_-]+)%.html")
    if lecture then
        return not pandoc.List(book.lectures):includes(lecture)
    end
    local stem = target:match("^([%w_]+)%.html")
    return stem and files.lines("chapters/" .. stem .. ".md")
        and not survey.chapter(book, stem)
end

-- Whether an address was made by the book itself, or leads out of it.
local function is_final(target)
    return target:match("^https?:") or target:match("^data/") or target:match("%.html")
end

local function to_anchor(book, page, anchor)
    if page.anchors[anchor] then
        return "#" .. anchor
    end
    return links.to_name(book, anchor), "nothing is called " .. anchor
end

local function to_file(book, folder, target)
    local place = files.resolve(folder, target)
    local stem, anchor = place:match("^chapters/([%w_]+)%.md#?(.*)$")
    if stem then
        return to_chapter(book, stem, anchor)
    end
    local path, name = source.parse(folder, target)
    if path then
        return to_source(book, path, name)
    end
    return nil, "no page of the book is " .. target
end

-- The address, in the book, of what a link on the page names; or nil and what is wrong.
function links.resolve(book, page, target)
    if is_final(target) then
        return not is_away(book, target) and target, "there is no page " .. target
    elseif target:match("^slide:") then
        return to_slide(book, target:match(":(.*)$"))
    elseif target:match("^#") then
        return to_anchor(book, page, target:match("#(.*)$"))
    end
    return to_file(book, page.path:match("^.*/") or ".", target)
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

local function address(book, page, link)
    if #link.content == 0 then
        link.content = words_for(book, link)
    end
    local target = links.resolve(book, page, link.target)
    if not target then
        return link.content
    end
    link.target = target
    return link
end

-- Gives each link on the page its address; one that has none becomes text.
function links.apply(book, page, doc)
    return doc:walk({Link = function(link)
        return address(book, page, link)
    end})
end

return links
