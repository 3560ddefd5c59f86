-- outline.lua -- what the rest of the book goes by of a chapter, without its prose.
--
-- An outline is the list of a chapter's elements that have a name or name something, each
-- a table with its tag `t`:
--
--     Header   identifier, level, text
--     Div      identifier, classes, attributes
--     Listing  target, of a paragraph that shows code
--     Figure   src, of a paragraph that shows a figure
--     Link     target
--     Image    src
--     Cite     keys
--
-- The chapter is read once for it, and all outlines together make the survey.

local files = require "book.files"
local source = require "book.source"

local outline = {}

-- The only link, or the only image, of a paragraph; nil if it holds anything else.
local function only(tag, paragraph)
    local first = paragraph.content[1]
    return #paragraph.content == 1 and first.t == tag and first or nil
end

-- The path and the name that a paragraph shows, if it is only a link into the sources.
function outline.shown(paragraph)
    local link = only("Link", paragraph)
    if link and link.target:find("#", 1, true) then
        return source.parse("chapters", link.target)
    end
    return nil
end

-- The image that a paragraph is, and its script if it is one of figures/.
function outline.figure(paragraph)
    local image = only("Image", paragraph)
    local script = image and files.resolve("chapters", image.src)
    if script and script:match("^figures/[%w_]+%.%a+$") then
        return image, script
    end
    return nil
end

-- What is noted of each kind of element.
local noted = {}

function noted.Header(header)
    return {t = "Header", identifier = header.identifier, level = header.level,
            text = pandoc.utils.stringify(header)}
end

local function copy(pairs_of)
    local plain = {}
    for key, value in pairs(pairs_of) do plain[key] = value end
    return plain
end

function noted.Div(div)
    return {t = "Div", identifier = div.identifier, classes = copy(div.classes),
            attributes = copy(div.attributes)}
end

function noted.Para(paragraph)
    local image = outline.figure(paragraph)
    if image then
        return {t = "Figure", src = image.src}
    elseif outline.shown(paragraph) then
        return {t = "Listing", target = paragraph.content[1].target}
    end
    return nil
end

function noted.Link(link)
    return {t = "Link", target = link.target}
end

function noted.Image(image)
    return {t = "Image", src = image.src}
end

function noted.Cite(cite)
    local keys = {}
    for i, citation in ipairs(cite.citations) do keys[i] = citation.id end
    return {t = "Cite", keys = keys}
end

-- The outline of a chapter's tree, or of the spine's.
function outline.of(doc)
    local elements, walker = {}, {}
    for tag, note in pairs(noted) do
        walker[tag] = function(element)
            table.insert(elements, note(element))
        end
    end
    doc:walk(walker)
    return elements
end

-- Calls of a table of functions, by their tags, the ones that there are.
function outline.each(elements, by_tag, ...)
    for _, element in ipairs(elements) do
        local look = by_tag[element.t]
        if look then look(element, ...) end
    end
end

-- Whether a div is of that class.
function outline.is(div, class)
    for _, name in ipairs(div.classes) do
        if name == class then return true end
    end
    return false
end

return outline
