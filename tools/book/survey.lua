-- survey.lua -- what stands where in all chapters, from the spine and their outlines.
--
-- The survey is what one page must know of the others: the order of the chapters, and
-- the place of each claim, definition, exercise and figure.  It holds neither text nor
-- line numbers, so that it changes, and all pages with it, only when a name does.

local divs = require "divs"
local figure = require "book.figure"
local files = require "book.files"
local json = require "book.json"
local outline = require "book.outline"
local order = require "spine"
local source = require "book.source"

local survey = {}

-- Figures are numbered by the book itself, so an image stays an image.
survey.format = "markdown-implicit_figures"

survey.words = divs.words

-- The kind of an exercise: one that says what to implement need not say its kind.
function survey.kind(div)
    return div.attributes.kind or div.attributes.implement and "implement" or "no kind"
end

-- The file and the function that an exercise asks for, implement="ref/ground/dense.c:dot".
function survey.implement(div)
    return (div.attributes.implement or ""):match("^(.+):([%w_]+)$")
end

-- The page of the spine, for the links on it.
survey.spine_page = {path = "book.md", anchors = {}}

-- The stems of the chapters that a block of the spine names.
function survey.stems(block)
    local stems = {}
    pandoc.Div({block}):walk({Link = function(link)
        table.insert(stems, link.target:match("^[./]*chapters/([%w_]+)%.md$"))
    end})
    return stems
end

-- Counts the chapters of the parts, 1, 2, 3, and those of an appendix, A, B, C.
local function next_number(part, count)
    local kind = part and part:match("^Appendi") and "appendix" or "chapter"
    count[kind] = (count[kind] or 0) + 1
    if kind == "chapter" then
        return tostring(count[kind])
    end
    return string.char(string.byte("A") + count[kind] - 1)
end

-- The chapters of the spine in its order.
local function spine(doc)
    local chapters, count, part = {}, {}, nil
    for _, block in ipairs(doc.blocks) do
        if block.t == "Header" then
            part = pandoc.utils.stringify(block)
        end
        for _, stem in ipairs(survey.stems(block)) do
            table.insert(chapters, {stem = stem, path = "chapters/" .. stem .. ".md",
                                    part = part, number = next_number(part, count)})
        end
    end
    return chapters
end

-- Enters a name that may stand in the book only once; `line_of` finds its nth place.
local function take_name(book, chapter, kind, id, line_of)
    local taken = book[kind][id]
    if taken then
        local nth = taken.stem == chapter.stem and 2 or 1
        files.problem(chapter.path, line_of(nth), "%s stands already in chapters/%s.md",
                      id, taken.stem)
    end
    book[kind][id] = {stem = chapter.stem}
    return book[kind][id]
end

local function take_div(book, chapter, kind, div)
    return take_name(book, chapter, kind, div.identifier, function(nth)
        return files.line_of_div(chapter.path, div.identifier, nth)
    end)
end

local gather = {}

function gather.Header(header, _, chapter)
    if header.level == 1 and not chapter.title then
        chapter.title = header.text
    end
    chapter.anchors[header.identifier] = true
end

function gather.Figure(image, book, chapter)
    local name = figure.name(files.resolve("chapters", image.src))
    local taken = take_name(book, chapter, "figures", name, function(nth)
        return files.line_of(chapter.path, "(" .. image.src .. ")", nth)
    end)
    table.insert(chapter.figures, name)
    taken.number = chapter.number .. "." .. #chapter.figures
    chapter.anchors[name] = true
end

local function gather_shown(book, chapter, definition, target)
    local key = source.key(definition)
    local shown = book.shown[key]
    if shown then
        local nth = shown == chapter.stem and 2 or 1
        local line = files.line_of_link(chapter.path, target, nth)
        files.problem(chapter.path, line, "%s of %s is shown already in chapters/%s.md",
                      definition.name, definition.path, shown)
    end
    book.shown[key] = chapter.stem
end

function gather.Listing(link, book, chapter)
    local path, name = source.parse("chapters", link.target)
    local definition = source.find(path, name)
    if definition and definition.kind == "file" then
        book.whole[path] = true
    end
    for _, held in ipairs(definition and source.shown_by(definition) or {}) do
        gather_shown(book, chapter, held, link.target)
    end
end

local function gather_claim(book, chapter, div)
    local claim = take_div(book, chapter, "claims", div)
    claim.uses = survey.words(div.attributes.uses)
    table.insert(chapter.claims, div.identifier)
end

local function gather_exercise(book, chapter, div)
    table.insert(chapter.exercises, div.identifier)
    take_div(book, chapter, "exercises", div).number =
        chapter.number .. "." .. #chapter.exercises
end

-- An erratum is called by the first slide that it names; where others speak of the same
-- slide before it, it is numbered.
local function gather_erratum(book, chapter, div)
    local slide = survey.words(div.attributes.slide)[1] or "?"
    local of_slide = (book.errata[slide] or 0) + 1
    local id = "erratum-" .. slide:gsub("/", "-")
    id = of_slide > 1 and id .. "-" .. of_slide or id
    book.errata[slide] = of_slide
    table.insert(chapter.errata, id)
    chapter.anchors[id] = true
end

function gather.Div(div, book, chapter)
    if div.identifier ~= "" then
        chapter.anchors[div.identifier] = true
    end
    if outline.is(div, "claim") then
        gather_claim(book, chapter, div)
    elseif outline.is(div, "exercise") then
        gather_exercise(book, chapter, div)
    elseif outline.is(div, "erratum") then
        gather_erratum(book, chapter, div)
    end
end

local function gather_chapter(book, chapter, elements)
    chapter.anchors, chapter.claims, chapter.figures = {}, {}, {}
    chapter.exercises, chapter.errata = {}, {}
    outline.each(elements, gather, book, chapter)
end

-- The notes on the chapters that the spine names; those that are missing are problems.
local function read_notes(chapters, folder)
    local notes, present = {}, {}
    for _, chapter in ipairs(chapters) do
        if files.text(chapter.path) then
            notes[chapter.stem] = json.load(folder .. "/" .. chapter.stem .. ".json")
            table.insert(present, chapter)
        else
            files.problem(order.path, chapter.path, "there is no %s", chapter.path)
        end
    end
    return present, notes
end

-- The whole book: what stands where, and the notes on each chapter by its stem, which
-- are in a folder.
function survey.take(spine_doc, folder)
    local chapters, notes = read_notes(spine(spine_doc), folder)
    local book = {chapters = chapters, claims = {}, errata = {}, exercises = {},
                  figures = {}, shown = {}, whole = {},
                  is_course = order.path ~= "book.md"}
    for _, chapter in ipairs(chapters) do
        gather_chapter(book, chapter, notes[chapter.stem].outline)
    end
    return book, notes
end

-- The chapter of a stem.
function survey.chapter(book, stem)
    for place, chapter in ipairs(book.chapters) do
        if chapter.stem == stem then
            return chapter, place
        end
    end
    return nil
end

function survey.load(path)
    return json.load(path)
end

return survey
