-- frame.lua -- what surrounds the text of a page: its number, its neighbours, its run.

local ledger = require "ledger"
local survey = require "survey"

local frame = {}

local function neighbour(chapter)
    return chapter and {title = chapter.title, url = chapter.stem .. ".html"}
end

-- What was run to measure what the page shows.
local function set_run(meta)
    local run = ledger.run
    meta.run = {date = run.date, seed = tostring(run.seed), commit = run.commit,
                compiler = run.compiler, blas = run.blas, cpu = run.cpu}
end

function frame.chapter(book, stem, doc)
    local chapter, place = survey.chapter(book, stem)
    doc.meta.kind = chapter.number:match("%d") and "Chapter" or "Appendix"
    doc.meta.number = chapter.number
    doc.meta.part = chapter.part
    doc.meta.previous = neighbour(book.chapters[place - 1])
    doc.meta.next = neighbour(book.chapters[place + 1])
    set_run(doc.meta)
    return doc
end

-- The line of a chapter in the table of contents, "2  Title  14 claims".
local function entry(chapter)
    local verified = ledger.count_verified(chapter.claims)
    local all = #chapter.claims
    local verdict = verified == all and "verified" or "failed"
    local claims = all == 1 and "1 claim" or all .. " claims"
    if verified < all then
        claims = verified .. " of " .. claims
    end
    local inlines = pandoc.List({
        pandoc.Span({pandoc.Str(chapter.number)}, pandoc.Attr("", {"number"})),
        pandoc.Link({pandoc.Str(chapter.title)}, chapter.stem .. ".html")})
    if all > 0 then
        inlines:insert(pandoc.Span({pandoc.Str(claims .. " verified")},
                                   pandoc.Attr("", {"verdict", verdict})))
    end
    return pandoc.Div({pandoc.Plain(inlines)}, pandoc.Attr("", {"entry"}))
end

-- A paragraph or list of the spine that names chapters becomes their entries.
local function entries(book, block)
    local found = {}
    pandoc.walk_block(pandoc.Div({block}), {Link = function(link)
        local stem = link.target:match("^chapters/([%w_]+)%.md$")
        if stem then
            table.insert(found, entry((survey.chapter(book, stem))))
        end
    end})
    return #found > 0 and found or {block}
end

-- A page of the back matter.
function frame.back(title, doc)
    doc.meta.title = title
    set_run(doc.meta)
    return doc
end

local function link(title, url)
    return {pandoc.Plain({pandoc.Link({pandoc.Str(title)}, url)})}
end

local function back_matter(book)
    local items = {link("Errata of the lectures", "errata.html"),
                   link("Claims, and what rests on what", "claims.html"),
                   link("Functions and types", "names.html"),
                   link("Bibliography", "bibliography.html")}
    for place, lecture in ipairs(book.lectures) do
        table.insert(items, place, link("Concordance of " .. lecture,
                                        "concordance-" .. lecture .. ".html"))
    end
    return {pandoc.Header(1, {pandoc.Str("Back matter")}, pandoc.Attr("back-matter")),
            pandoc.BulletList(items)}
end

function frame.index(book, doc)
    local blocks = pandoc.List()
    for _, block in ipairs(doc.blocks) do
        blocks:extend(entries(book, block))
    end
    blocks:extend(back_matter(book))
    doc.blocks = blocks
    doc.meta.next = neighbour(book.chapters[1])
    set_run(doc.meta)
    return doc
end

-- The page of a source file lies deeper than the others.
function frame.source(path, doc)
    doc.meta.title = path
    doc.meta.root = "../" .. path:gsub("[^/]+", ".."):gsub("%.%.$", "")
    return doc
end

return frame
