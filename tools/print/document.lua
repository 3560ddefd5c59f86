-- document.lua -- the book as a list of sections, in the order of book.md.
--
-- A section is a table {kind, title, id, blocks}, its title as inlines; the kinds are
-- `front`, `part`, `chapter`, `appendix` and `back`.  The formats make a document of them.

local chapter_page = require "book.chapter"
local files = require "book.files"
local index = require "book.index"
local ledger = require "book.ledger"
local links = require "book.links"
local markup = require "book.markup"
local names = require "print.names"
local paper = require "print.paper"
local survey = require "book.survey"

local document = {}

-- The page of the site that a section of the spine stands on: the first one, or its own.
local function page_of(header)
    return header.classes:includes("page") and header.identifier or "index"
end

-- The blocks of a spine, by its headings: a list of {title, id, page, blocks}.
local function by_heading(doc)
    local groups = {{title = {pandoc.Str("Preface")}, id = "index", page = "index",
                     blocks = pandoc.List()}}
    for _, block in ipairs(doc.blocks) do
        if block.t == "Header" and block.level == 1 then
            local page = page_of(block)
            local id = page == "index" and "index:" .. block.identifier or page
            table.insert(groups, {title = block.content, id = id, page = page,
                                  blocks = pandoc.List()})
        else
            groups[#groups].blocks:insert(block)
        end
    end
    return groups
end

-- The chapters that a group of the spine names, and its blocks that name none.
local function split(group)
    local stems, rest = {}, pandoc.List()
    for _, block in ipairs(group.blocks) do
        local named = survey.stems(block)
        table.move(named, 1, #named, #stems + 1, stems)
        if #named == 0 then rest:insert(block) end
    end
    return stems, rest
end

-- Citeproc makes one bibliography; the heading of a chapter's own ends the chapter.
local function without_sources(blocks)
    local last = blocks[#blocks]
    if last and last.t == "Header" and last.identifier == "sources" then
        blocks:remove(#blocks)
    end
    return blocks
end

-- A chapter as a section, and the solutions to its exercises.
local function chapter_section(book, stem, format)
    local chapter = survey.chapter(book, stem)
    local doc = pandoc.read(files.text(chapter.path), survey.format)
    local solutions = paper.solutions(doc)
    local page = chapter_page.page(book, stem, format.prepare(book, stem, doc))
    page = names.own(paper.settle(page), stem)
    local kind = chapter.number:match("%d") and "chapter" or "appendix"
    return {kind = kind, title = page.meta.title, id = stem, number = chapter.number,
            blocks = without_sources(page.blocks)}, solutions
end

local function exercise_link(book, id)
    local exercise = book.exercises[id]
    local words = pandoc.Span({pandoc.Str("Exercise " .. exercise.number)},
                              pandoc.Attr("", {"label"}))
    return pandoc.Link({words}, "#" .. exercise.stem .. ":" .. id)
end

-- The heading of a chapter's solutions, and these.
local function solutions_of(book, section, solutions)
    local title = pandoc.List({pandoc.Str(section.number .. " · ")}) .. section.title
    local blocks = pandoc.List({pandoc.Header(2, title, pandoc.Attr(
        "solutions:" .. section.id))})
    for _, solution in ipairs(solutions) do
        blocks:insert(markup.line("answered", {exercise_link(book, solution.exercise)}))
        local doc = links.apply(book, (survey.chapter(book, section.id)),
                                pandoc.Pandoc(solution.blocks))
        blocks:extend(names.own(doc, section.id).blocks)
    end
    return blocks
end

-- A page that the spine writes itself, such as the preface.
local function spine_section(book, group, kind)
    local doc = index.fill(book, pandoc.Pandoc(group.blocks))
    doc = names.own(links.apply(book, survey.spine_page, doc), group.page)
    return {kind = kind, title = group.title, id = group.id, blocks = doc.blocks}
end

-- The run that measured what the book says, and the terms on which it may be passed on.
function document.colophon()
    local run = ledger.run
    local measured = ("What this book says was measured, was measured on %s, with seed %s, "
        .. "of commit %s, by %s and %s on %s."):format(run.date, tostring(run.seed),
        run.commit, run.compiler, run.blas, run.cpu)
    return {measured, "The prose is licensed under CC BY 4.0, the code under the MIT "
        .. "licence."}
end

local function bibliography()
    return {kind = "back", title = {pandoc.Str("Bibliography")}, id = "bibliography",
            blocks = pandoc.List({pandoc.Div({}, pandoc.Attr("refs"))})}
end

-- The sections of the book; `doc` is the spine, and `format` prepares each chapter.
-- Who teaches leaves the solutions out.
function document.make(book, doc, format)
    local sections, solved = pandoc.List(), pandoc.List()
    local kind = "front"
    for _, group in ipairs(by_heading(doc)) do
        local stems, rest = split(group)
        if #stems == 0 then
            sections:insert(spine_section(book, group, kind))
        else
            kind = "back"
            group.blocks = rest
            sections:insert(spine_section(book, group, "part"))
        end
        for _, stem in ipairs(stems) do
            local section, solutions = chapter_section(book, stem, format)
            sections:insert(section)
            if #solutions > 0 then
                solved:extend(solutions_of(book, section, solutions))
            end
        end
    end
    if #solved > 0 and not doc.meta.unanswered then
        sections:insert({kind = "back", title = {pandoc.Str("Solutions")},
                         id = "solutions", blocks = solved})
    end
    sections:insert(bibliography())
    return sections
end

return document
