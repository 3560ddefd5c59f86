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

-- The address, in the book, of what a link of the chapter names; or nil and what is
-- wrong.  An address that the book itself made (a page, data) stays as it is.
function links.resolve(book, stem, target)
    if target:match("^%a[%w+.-]*:") or target:match("%.html") or target:match("^data/") then
        return target
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

return links
