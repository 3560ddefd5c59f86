-- contents.lua -- the order of the pages, and the book's contents that stand beside each.

local lectures = require "book.lectures"
local markup = require "book.markup"

local contents = {}

-- The pages of the lectures, in their order.
local function lecture_pages(book)
    local pages = {}
    for i, name in ipairs(book.lectures) do
        pages[i] = {title = lectures.title(name), url = lectures.page(name)}
    end
    return pages
end

-- The pages of the back matter in their order.
contents.back_matter = {
    {title = "Errata of the lectures", url = "errata.html"},
    {title = "Claims, and what rests on what", url = "claims.html"},
    {title = "Thin margins", url = "margins.html"},
    {title = "In single precision", url = "precision.html"},
    {title = "How fast", url = "speed.html"},
    {title = "Subjects: a glossary and an index", url = "subjects.html"},
    {title = "Functions and types", url = "names.html"},
    {title = "Notation", url = "notation.html"},
    {title = "The names of the rooms", url = "prefixes.html"},
    {title = "Bibliography", url = "bibliography.html"},
}

-- The groups of pages that fold together: the parts, the lectures, the back matter.
local function groups(book)
    local list = {}
    for _, chapter in ipairs(book.chapters) do
        local group = list[#list]
        if not group or group.part ~= chapter.part then
            group = {part = chapter.part, pages = {}}
            table.insert(list, group)
        end
        table.insert(group.pages, {title = chapter.title, url = chapter.stem .. ".html",
                                   number = chapter.number})
    end
    table.insert(list, {part = "The lectures", pages = lecture_pages(book)})
    table.insert(list, {part = "Back matter", pages = contents.back_matter})
    return list
end

-- The pages before and after one; nil where there is none, as before the first.
function contents.neighbours(book, url)
    local pages = {{title = "Title page", url = "index.html"}}
    for _, group in ipairs(groups(book)) do
        table.move(group.pages, 1, #group.pages, #pages + 1, pages)
    end
    for place, page in ipairs(pages) do
        if page.url == url then return pages[place - 1], pages[place + 1] end
    end
end

-- The sections of the page at hand, as links.
local function sections(doc)
    local items = {}
    for _, block in ipairs(doc.blocks) do
        if block.t == "Header" and block.level == 2 and block.identifier ~= ""
            and not block.classes:includes("unlisted") then
            local link = pandoc.Link(block.content, "#" .. block.identifier)
            table.insert(items, {pandoc.Plain({link})})
        end
    end
    return #items > 0 and {pandoc.BulletList(items)} or {}
end

-- The line of a page; under the page at hand stand its sections.
local function item(page, is_here, doc)
    local link = markup.link(page.title, page.url)
    if page.number then
        link.content:insert(1, pandoc.Space())
        link.content:insert(1, markup.span("number", page.number))
    end
    if is_here then link.attributes["aria-current"] = "page" end
    return pandoc.List({pandoc.Plain({link})}) .. (is_here and sections(doc) or {})
end

local function html(text)
    return pandoc.RawInline("html", text)
end

-- A group; the one of the page at hand is unfolded.
local function fold(group, url, doc)
    local items, is_open = {}, false
    for _, page in ipairs(group.pages) do
        is_open = is_open or page.url == url
        table.insert(items, item(page, page.url == url, doc))
    end
    local start = is_open and "<details open>" or "<details>"
    local summary = {html(start), html("<summary>"), pandoc.Str(group.part or "Chapters"),
                     html("</summary>")}
    return {pandoc.Plain(summary), pandoc.BulletList(items),
            pandoc.Plain({html("</details>")})}
end

-- The contents of the book as they stand beside a page.
function contents.beside(book, url, doc)
    local blocks = pandoc.List()
    for _, group in ipairs(groups(book)) do blocks:extend(fold(group, url, doc)) end
    return pandoc.MetaBlocks(blocks)
end

return contents
