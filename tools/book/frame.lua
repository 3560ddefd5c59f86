-- frame.lua -- what surrounds the text of a page: its title, its neighbours, its run.

local concordance = require "book.concordance"
local ledger = require "book.ledger"
local links = require "book.links"
local markup = require "book.markup"
local survey = require "book.survey"

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

-- A page of the back matter.
function frame.back(title, doc)
    doc.meta.title = title
    set_run(doc.meta)
    return doc
end

-- The page of a source file lies deeper than the others.
function frame.source(path, doc)
    doc.meta.title = path
    doc.meta.root = "../" .. path:gsub("[^/]+/", "../"):gsub("[^/]+$", "")
    return doc
end

-- "14 claims verified", or how many of them; a long claim may not have been run.
local function tally(chapter)
    local count = ledger.count(chapter.claims)
    local words = #chapter.claims == 1 and "1 claim" or #chapter.claims .. " claims"
    if count.verified == #chapter.claims then
        return ledger.verdict_span("verified", words .. " verified")
    end
    words = count.verified .. " of " .. words .. " verified"
    if count.open > 0 then
        words = words .. ", " .. count.open .. " not yet run"
    end
    return ledger.verdict_span(count.failed > 0 and "failed" or "open", words)
end

-- The line of a chapter in the table of contents.
local function entry(chapter)
    local inlines = pandoc.List({markup.span("number", chapter.number),
                                 markup.link(chapter.title, chapter.stem .. ".html")})
    if #chapter.claims > 0 then
        inlines:insert(tally(chapter))
    end
    return markup.line("entry", inlines)
end

-- A paragraph or list of the spine that names chapters becomes their entries.
local function entries(book, block)
    local found = {}
    for _, stem in ipairs(survey.stems(block)) do
        table.insert(found, entry((survey.chapter(book, stem))))
    end
    return #found > 0 and found or {block}
end

local function back_matter(book)
    local items = {}
    local function add(title, page)
        table.insert(items, {pandoc.Plain({markup.link(title, page .. ".html")})})
    end
    for _, lecture in ipairs(book.lectures) do
        add("Concordance of " .. lecture, "concordance-" .. lecture)
    end
    add("Errata of the lectures", "errata")
    add("Claims, and what rests on what", "claims")
    add("Functions and types", "names")
    add("Bibliography", "bibliography")
    return {pandoc.Header(1, {pandoc.Str("Back matter")}, pandoc.Attr("back-matter")),
            pandoc.BulletList(items)}
end

-- A link to a concordance is followed by how much of the lecture the book answers.
local function with_tally(link)
    local lecture = link.target:match("^concordance%-(.+)%.html$")
    if not lecture then
        return nil
    end
    local answered, all = concordance.tally(lecture)
    return {link, pandoc.Str(string.format(": %d of %d", answered, all))}
end

function frame.index(book, doc)
    local blocks = pandoc.List()
    doc = doc:walk({Link = with_tally})
    for _, block in ipairs(doc.blocks) do
        blocks:extend(entries(book, block))
    end
    blocks:extend(back_matter(book))
    doc.blocks = blocks
    doc.meta.next = neighbour(book.chapters[1])
    set_run(doc.meta)
    return links.apply(book, survey.spine_page, doc)
end

return frame
