-- book.lua -- the Pandoc filter that makes the pages of the book.
--
-- One run of pandoc makes a page, or several of a kind; the metadata field `page` says which:
--     notes     what the rest of the book goes by of the chapter that is the input: its
--               outline, where it speaks of which subject, and its boxes
--     survey    what stands where in all chapters, from the notes on them, and what each
--               takes from the code; checks the whole book
--     index     the preface and the chapters
--     cards     what is shown of a claim or a function where it is linked to
--     chapter   the chapter that is the input
--     sources   a page for each of the files that the field `files` names, with
--               numbered lines
--     back      the pages of the back matter that the field `pages` names, in which nothing
--               is cited
--     alone     the input, in a file that needs no other
-- or one page of the back matter, `concordance-LECTURE` or a name in backmatter.lua.
-- The field `build` names the directory that holds the definitions, the ledger, the evidence
-- and the notes, `work` that of the survey and the pages, `spine` the list of the chapters;
-- `unsolved` says that this is a tree of exercises, in which figures may lack their data,
-- and `unanswered` that exercises stand without their solutions.
--
-- Notes, survey and several pages are written by the way, and those only that changed.

dofile(PANDOC_SCRIPT_FILE:match("^(.-)[^/]*$") .. "path.lua")

local alone = require "book.alone"
local backmatter = require "book.backmatter"
local boxes = require "book.boxes"
local chapter = require "book.chapter"
local check = require "book.check"
local code = require "book.code"
local concordance = require "book.concordance"
local course = require "book.course"
local excerpt = require "book.excerpt"
local figure = require "book.figure"
local files = require "book.files"
local formula = require "book.formula"
local frame = require "book.frame"
local hover = require "book.hover"
local index = require "book.index"
local json = require "book.json"
local ledger = require "book.ledger"
local links = require "book.links"
local live = require "book.live"
local markup = require "book.markup"
local outline = require "book.outline"
local precision = require "book.precision"
local records = require "book.records"
local report = require "book.report"
local source = require "book.source"
local speed = require "book.speed"
local spine = require "spine"
local survey = require "book.survey"
local terms = require "book.terms"
local output = require "files"
output.program = "book"

-- What a run makes whose files are written by the way.
local nothing = pandoc.Pandoc({}, {title = "nothing"})

local pages = {}

-- The stem of the chapter that is the input.
local function input_stem()
    return PANDOC_STATE.input_files[1]:match("([%w_]+)%.md$")
end

function pages.survey(doc, _, _, work)
    local notes_in = pandoc.utils.stringify(doc.meta.build) .. "/notes"
    local book, notes = survey.take(doc, notes_in)
    if book.is_course then course.enclose(book) end
    concordance.survey(book)
    book.report = report.home(doc.meta)
    check.book(book, doc, notes)
    local places = terms.survey(book, notes)
    files.stop_if_problems()
    excerpt.write(book, notes, work .. "/excerpts")
    files.replace(work .. "/terms.json", json.encode(places))
    files.replace(work .. "/survey.json", json.encode(book))
    return nothing
end

function pages.index(doc, book)
    return frame.page(book, "index.html", index.page(book, course.completed(doc)))
end

-- By the way, a chapter writes what search finds in it, and the page of search the rest.
local function write_records(work, name, list)
    output.write(work .. "/records/" .. name .. ".js", records.lines(list))
end

function pages.chapter(doc, book, _, work)
    local stem = input_stem()
    local named = chapter.with_named_errata(book, stem, doc)
    write_records(work, stem, records.chapter(book, stem, named))
    return frame.chapter(book, stem, chapter.page(book, stem, doc))
end

function pages.cards(_, book)
    return pandoc.Pandoc({pandoc.RawBlock("plain", hover.script(book))})
end

local function back_page(doc, book, page)
    local lecture = page:match("^concordance%-(.+)$")
    local blocks, title
    if lecture then
        blocks, title = concordance.page(book, lecture)
    else
        blocks, title = backmatter[page](book, doc)
    end
    doc.blocks = blocks
    return frame.back(book, page, title, links.apply(book, links.elsewhere, doc))
end

function pages.search(doc, book, page, work)
    backmatter.bibliography(book, doc) -- cites all works
    write_records(work, "back", records.back(book, doc))
    doc.meta.nocite = nil
    return back_page(doc, book, page)
end

function pages.subjects(doc, book, page, work)
    book.terms = json.load(work .. "/terms.json")
    return back_page(doc, book, page)
end

-- Notes need neither ledger nor definitions.
local function notes(doc, build)
    local stem = input_stem()
    local all = {outline = outline.of(doc), terms = terms.in_chapter(stem, doc)}
    files.replace(build .. "/notes/" .. stem .. ".json", json.encode(all))
    for class in pairs(boxes.classes) do
        local path = ("%s/boxes/%s.%s"):format(build, stem, class)
        files.replace(path, boxes.written(stem, class))
    end
    return nothing
end

local function source_page(path)
    local lines = source.code(path, 1, #files.lines(path), "L")
    return frame.source(path, pandoc.Pandoc({code.html(lines)}))
end

-- Source files need neither ledger nor survey, and so may be made before them.  To start
-- Pandoc takes longer than to write most of them.
local function source_pages(list, work)
    for path in list:gmatch("%S+") do
        local html = pandoc.write(source_page(path), FORMAT, PANDOC_WRITER_OPTIONS)
        output.write(work .. "/book/source/" .. path .. ".html", html)
    end
    return nothing
end

-- A page as browsers are to have it.
local function finished(doc)
    doc = doc:walk({Inlines = formula.bind})
    return doc:walk({Math = formula.html, CodeBlock = code.html, Div = markup.fold})
end

-- Citations are set by the filter after this one, in the page that this one returns.
local function assert_cites_nothing(doc, page)
    doc:walk({Cite = function()
        output.fail("%s.html cites: see BOOK_TOGETHER in tools/book.mk", page)
    end})
end

-- Most take less time than a start of Pandoc.  They wait, as drafts, to be weighed.
function pages.back(doc, book, _, work)
    for page in pandoc.utils.stringify(doc.meta.pages):gmatch("%S+") do
        local made = (pages[page] or back_page)(doc:clone(), book, page, work)
        assert_cites_nothing(made, page)
        output.write(work .. "/drafts/" .. page .. ".html",
                     pandoc.write(finished(made), FORMAT, PANDOC_WRITER_OPTIONS))
    end
    return nothing
end

local function make(doc, page, build, work)
    if page == "sources" then
        return source_pages(pandoc.utils.stringify(doc.meta.files), work)
    elseif page == "notes" then
        return notes(doc, build)
    end
    source.load(build .. "/definitions.tsv")
    if page == "alone" then
        return alone.page(doc)
    end
    live.build, live.book = build, work .. "/book"
    chapter.unanswered = doc.meta.unanswered ~= nil
    figure.evidence, figure.may_wait = build .. "/evidence", doc.meta.unsolved ~= nil
    ledger.load(build .. "/ledger.json")
    ledger.load_soak(build .. "/soak.json")
    precision.path = build .. "/float/ledger.json"
    speed.path = build .. "/bench.json"
    files.stop_if_problems()
    local book = page ~= "survey" and survey.load(work .. "/survey.json")
    return (pages[page] or back_page)(doc, book, page, work)
end

local function field(doc, name)
    return doc.meta[name] and pandoc.utils.stringify(doc.meta[name])
end

return {{Pandoc = function(doc)
    local page, build = field(doc, "page"), field(doc, "build")
    spine.path = field(doc, "spine") or spine.path
    survey.spine_page.path = spine.path
    local result = finished(make(doc, page, build, field(doc, "work") or build))
    files.stop_if_problems()
    return result
end}}
