-- frame.lua -- what surrounds the text of a page: its title, its neighbours, its run.

local contents = require "book.contents"
local ledger = require "book.ledger"
local mark = require "book.mark"
local markup = require "book.markup"
local report = require "book.report"
local survey = require "book.survey"

local frame = {}

-- The first sentence of the text, by which others introduce the page; two, if it is a
-- short one.
local function description(doc)
    local sentence = "^" .. ("."):rep(60) .. ".-[.?!]%f[%s\0]"
    for _, block in ipairs(doc.blocks) do
        if block.t == "Para" then
            local words = pandoc.utils.stringify(block)
            return words:match(sentence) or words
        end
    end
end

-- The links to the pages before and after.
local function turns(book, url)
    local before, after = contents.neighbours(book, url)
    local inlines = pandoc.List()
    local function add(page, class, relation)
        if not page then return end
        local attributes = pandoc.Attr("", {class}, {{"rel", relation}})
        inlines:insert(pandoc.Link({pandoc.Str(page.title)}, page.url, "", attributes))
    end
    add(before, "previous", "prev")
    add(after, "next", "next")
    return #inlines > 0 and pandoc.MetaInlines(inlines) or nil
end

-- What was run to measure what the page shows.
local function set_run(meta)
    local run = ledger.run
    meta.run = {date = run.date, seed = tostring(run.seed), commit = run.commit,
                compiler = run.compiler, blas = run.blas, cpu = run.cpu}
end

-- What surrounds the text of the page `url`, whatever it is a page of.
function frame.page(book, url, doc)
    local meta, commit = doc.meta, ledger.run.commit
    meta.pagetitle = pandoc.utils.stringify(meta.pagetitle or meta.title)
    meta.description = description(doc)
    meta.contents = contents.beside(book, url, doc)
    meta.turns = turns(book, url)
    set_run(meta)
    if book.report then meta.report = report.address(book.report, url, commit) end
    return mark.page(doc, url, book, commit)
end

function frame.chapter(book, stem, doc)
    local chapter = survey.chapter(book, stem)
    doc.meta.kind = chapter.number:match("%d") and "Chapter" or "Appendix"
    doc.meta.number, doc.meta.pagetitle = chapter.number, chapter.title
    doc.meta.part = chapter.part
    return frame.page(book, stem .. ".html", doc)
end

-- A page of the back matter, by its name and its title.
function frame.back(book, name, title, doc)
    doc.meta.title = title
    return frame.page(book, name .. ".html", doc)
end

-- The page of a source file lies deeper than the others, and knows none of them.
function frame.source(path, doc)
    doc.meta.title = path
    doc.meta.description = "The file " .. path .. " of the book, with numbered lines."
    doc.meta.root = "../" .. path:gsub("[^/]+/", "../"):gsub("[^/]+$", "")
    return doc
end

return frame
