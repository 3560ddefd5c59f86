-- check.lua -- the promises that hold for the book as a whole: every name means
-- something, every claim is measured, every line of ref/ is shown once.

local card = require "book.card"
local concordance = require "book.concordance"
local figure = require "book.figure"
local files = require "book.files"
local ledger = require "book.ledger"
local links = require "book.links"
local outline = require "book.outline"
local source = require "book.source"
local survey = require "book.survey"

local check = {}

local kinds = {implement = true, derive = true, predict = true, ["break"] = true}

-- Each function looks at one element of a chapter's outline and notes what is wrong with it.
local element = {}

-- An erratum has no name, and is known by its slide and its claims.
local function line_of_div(chapter, div)
    if div.identifier == "" then
        local slide, claim = div.attributes.slide or "", div.attributes.claim or ""
        return files.line_of_erratum(chapter.path, slide, claim)
    end
    return files.line_of_div(chapter.path, div.identifier)
end

-- Notes what is wrong with a div.
local function problem(chapter, div, ...)
    files.problem(chapter.path, line_of_div(chapter, div), ...)
end

-- The names in an attribute of a div must be names of claims, functions or tests.
local function check_names(book, chapter, div, attribute)
    for _, name in ipairs(survey.words(div.attributes[attribute])) do
        if not links.to_name(book, name) then
            problem(chapter, div, "%s names %s, but nothing is called so", attribute,
                    name)
        end
    end
end

-- The slides that a claim or an erratum speaks of must have a row in lectures/.
local function check_slides(book, chapter, div, attribute)
    for _, slide in ipairs(survey.words(div.attributes[attribute])) do
        if not book.slides[slide] then
            problem(chapter, div, "no row of lectures/ is of the slide %s", slide)
        end
    end
end

local function check_claim(book, chapter, div)
    local id = div.identifier
    local definition, is_long = source.check(id, chapter.stem)
    if not definition then
        problem(chapter, div, "proofs_numeric has no claim %s of %s", id, chapter.stem)
    elseif not ledger.claim(id) and not is_long then
        problem(chapter, div, "the ledger has no claim %s", id)
    end
    for _, name in ipairs(survey.words(div.attributes.uses)) do
        if not book.claims[name] then
            problem(chapter, div, "uses names %s, which is no claim", name)
        end
    end
end

local function check_exercise(book, chapter, div)
    local kind = survey.kind(div)
    if not kinds[kind] then
        problem(chapter, div, "%s is no kind of exercise: implement, derive, predict or "
                .. "break", kind)
    end
    local path, name = survey.implement(div)
    if path and not source.find(path, name) then
        problem(chapter, div, "%s defines no %s", path, name)
    end
    check_names(book, chapter, div, "graded-by")
end

local function check_erratum(book, chapter, div)
    local kind = div.attributes.kind or "no kind"
    if not card.faults[kind] then
        problem(chapter, div, "%s is no kind of erratum: wrong, condition or misprint",
                kind)
    end
    check_names(book, chapter, div, "claim")
    check_slides(book, chapter, div, "slide")
end

function element.Div(div, book, chapter)
    if outline.is(div, "claim") then
        check_claim(book, chapter, div)
        check_slides(book, chapter, div, "lecture")
    elseif outline.is(div, "exercise") then
        check_exercise(book, chapter, div)
    elseif outline.is(div, "erratum") then
        check_erratum(book, chapter, div)
    elseif outline.is(div, "sample") or outline.is(div, "anatomy") then
        check_names(book, chapter, div, "claim")
    end
end

function element.Link(link, book, chapter)
    local address, message = links.resolve(book, chapter, link.target)
    if not address then
        files.problem(chapter.path, "(" .. link.target .. ")", "%s", message)
    end
end

-- What a figure draws was recorded by claims of the book.
function element.Image(image, book, chapter)
    local script = files.resolve("chapters", image.src)
    local at = "(" .. image.src .. ")"
    local message = figure.missing(script, chapter.stem)
    if message then
        files.problem(chapter.path, at, "%s", message)
        return
    end
    for _, claim in ipairs(figure.claims(script)) do
        if not book.claims[claim] then
            files.problem(chapter.path, at, "%s draws what %s recorded, which is no claim",
                          script, claim)
        end
    end
end

-- The keys of the bibliography.
local function read_references(path)
    local keys = {}
    for key in (files.text(path) or ""):gmatch("@%w+%s*{%s*([^,%s]+)%s*,") do
        keys[key] = true
    end
    return keys
end

local references = read_references("chapters/references.bib")

function element.Cite(cite, _, chapter)
    for _, key in ipairs(cite.keys) do
        if not references[key] then
            files.problem(chapter.path, "@" .. key, "chapters/references.bib has no %s",
                          key)
        end
    end
end

-- A chapter that lies in chapters/ but not on the spine would be checked by nothing.
local function check_spine(book)
    for name in pandoc.pipe("ls", {"chapters"}, ""):gmatch("[^\n]+") do
        local stem = name:match("^([%w_]+)%.md$")
        if stem and not survey.chapter(book, stem) then
            files.problem("chapters/" .. name, 1, "book.md does not name this chapter")
        end
    end
end

local function check_ledger(book)
    for _, claim in ipairs(ledger.run and ledger.run.claims or {}) do
        if not book.claims[claim.id] then
            local definition = source.check(claim.id, claim.chapter)
            files.problem(definition and definition.path or "proofs_numeric",
                          definition and definition.first or 1,
                          "the claim %s stands in no chapter", claim.id)
        end
    end
end

local function check_shown(book)
    for _, definition in ipairs(source.required()) do
        if not book.shown[source.key(definition)] then
            files.problem(definition.path, definition.first, "no chapter shows %s",
                          definition.name)
        end
    end
end

-- What the whole book promises.
local function check_whole(book, notes)
    check_spine(book)
    for _, chapter in ipairs(book.chapters) do
        if not chapter.title then
            files.problem(chapter.path, 1, 'the chapter has no title, "# ..."')
        end
        outline.each(notes[chapter.stem].outline, element, book, chapter)
    end
    check_ledger(book)
    check_shown(book)
    concordance.check(book)
end

-- Notes all that is wrong with the book.  A course has the chapters of a whole book, where
-- they are checked, and of its own it has a spine.
function check.book(book, spine_doc, notes)
    if not spine_doc.meta.title then
        files.problem(survey.spine_page.path, 1, 'there is no line "title: ..."')
    end
    outline.each(outline.of(spine_doc), element, book, survey.spine_page)
    if not book.is_course then check_whole(book, notes) end
end

return check
