-- alone.lua -- a page that stands alone: it shows code as a chapter does, and a link
-- leads to a place on the page or out of the book, or else is only words.

local outline = require "book.outline"
local source = require "book.source"

local alone = {}

-- The code that a paragraph shows, or nil.
local function shown(paragraph)
    local path, name = outline.shown(paragraph)
    local definition = path and source.find(path, name)
    return definition and source.listing(definition)
end

-- The addresses of what has a name on the page.
local function addresses(doc)
    local known = {}
    local function note(element)
        known["#" .. element.identifier] = true
    end
    doc:walk({Div = note, Header = note})
    return known
end

local function settled(link, known)
    if #link.content == 0 then
        link.content = {pandoc.Code(link.target:match("[^/#:]*$"))}
    end
    local is_live = known[link.target] or link.target:match("^https?:")
    return is_live and link or link.content
end

local function cites(doc)
    local found = false
    doc:walk({Cite = function()
        found = true
    end})
    return found
end

-- The page; citeproc will put the sources at its end.
function alone.page(doc)
    doc = doc:walk({Para = shown})
    local known = addresses(doc)
    doc = doc:walk({Link = function(link)
        return settled(link, known)
    end})
    if cites(doc) then
        doc.blocks:insert(pandoc.Header(2, {pandoc.Str("Sources")}))
    end
    return doc
end

return alone
