-- index.lua -- the first page: why there is such a book, one claim of it beside the
-- slide's sentence, how much of each lecture it answers, and the chapters.
--
-- book.md is the text.  What is counted or measured has a div in it, which is filled in:
--
--     ::: {.sample #id claim="cn_rate"}   the claim, beside the slide that it is about
--     ::: {.anatomy #id claim="cn_rate"}  its card, whose parts the text names by number
--     ::: coverage                        the lectures, and how much of each is answered
--
-- A section with the class .page is none of this page's, but a page of its own.

local boxes = require "book.boxes"
local card = require "book.card"
local concordance = require "book.concordance"
local contents = require "book.contents"
local errata = require "book.errata"
local files = require "book.files"
local lectures = require "book.lectures"
local ledger = require "book.ledger"
local links = require "book.links"
local markup = require "book.markup"
local survey = require "book.survey"

local index = {}

-- ---- Chapters -----------------------------------------------------------------------

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

-- The line of a chapter in the table of contents, and below it what it is about.
local function entry(chapter, about)
    local inlines = pandoc.List({markup.span("number", chapter.number),
                                 markup.link(chapter.title, chapter.stem .. ".html")})
    if #chapter.claims > 0 then
        inlines:insert(tally(chapter))
    end
    local blocks = pandoc.List({markup.line("entry", inlines)})
    if #about > 0 then
        blocks:insert(markup.line("about", about))
    end
    return blocks
end

-- What an item of the spine says of its chapter: all that stands below the link.
local function about_of(item)
    local about, is_below = pandoc.List(), false
    for _, inline in ipairs(item[1].content) do
        if is_below then
            about:insert(inline)
        end
        is_below = is_below or inline.t == "LineBreak"
    end
    return about
end

-- A list of the spine that names chapters becomes their entries.
local function entries(book, list)
    local found = pandoc.List()
    for _, item in ipairs(list.content) do
        local stem = survey.stems(item[1])[1]
        if stem then
            found:extend(entry(survey.chapter(book, stem), about_of(item)))
        end
    end
    return #found > 0 and found or nil
end

-- ---- What is counted and measured ---------------------------------------------------

-- What the slide says of which a claim speaks: the words that an erratum quotes, or else
-- the assertion that the claim answers.
local function said(book, id)
    local stem = book.claims[id].stem
    for _, div in ipairs(boxes.of(stem, "erratum")) do
        local quote, slide = errata.quotation(div), survey.words(div.attributes.slide)[1]
        if quote and book.slides[slide] and survey.words(div.attributes.claim)[1] == id then
            return {pandoc.Para({quote})}, slide
        end
    end
    local row = concordance.answered_by(id)
    if not row then
        files.problem(survey.spine_page.path, id, "%s answers no slide of a lecture", id)
        files.stop_if_problems()
    end
    local words = concordance.words(row.assertion)
    return {pandoc.Para(words)}, row.lecture .. "/" .. row.slide
end

local function sample(book, div)
    local id = div.attributes.claim
    local words, slide = said(book, id)
    local lecture, number = slide:match("^(.-)/(%d+)")
    local place = markup.link(lectures.title(lecture) .. ", slide " .. number,
                              "slide:" .. slide)
    local says = markup.div("said", pandoc.List({pandoc.Para({place})}) .. words)
    local claim = card.brief(boxes.claim(book, id), (links.to_name(book, id)))
    return markup.div("sample", pandoc.List(div.content) .. {says, claim})
end

local function coverage_row(book, name)
    local count = concordance.count(name)
    local lecture = {markup.link(lectures.title(name), lectures.page(name)),
                     pandoc.LineBreak(), markup.span("subject", lectures.subject(name))}
    local cells = {{pandoc.Plain(lecture)}}
    for _, number in ipairs({count.answered + count.open, count.answered, count.open,
                             errata.count(book, name)}) do
        table.insert(cells, {pandoc.Plain({pandoc.Str(tostring(number))})})
    end
    return cells
end

local coverage_heads = {"read it beside your slides", "statements to check", "answered",
                        "open", "errata"}

-- The lectures, how many of their statements the book answers, and how many errata
-- there are.
local function coverage(book)
    local rows, heads = {}, {}
    for _, name in ipairs(book.lectures) do
        table.insert(rows, coverage_row(book, name))
    end
    for i, text in ipairs(coverage_heads) do
        heads[i] = {pandoc.Plain({pandoc.Str(text)})}
    end
    local left, right = pandoc.AlignLeft, pandoc.AlignRight
    local simple = pandoc.SimpleTable({}, {left, right, right, right, right},
                                      {0, 0, 0, 0, 0}, heads, rows)
    return markup.div("coverage", {pandoc.utils.from_simple_table(simple)})
end

local function anatomy(book, div)
    local id = div.attributes.claim
    local parts = card.parts(boxes.claim(book, id), book.claims[id].stem)
    local drawing = markup.div("claim " .. ledger.verdict(id), parts)
    return markup.div("anatomy", pandoc.List({drawing}) .. div.content,
                      div.identifier)
end

local filled = {sample = sample, anatomy = anatomy, coverage = coverage}

-- ---- The page -----------------------------------------------------------------------

local function back_matter()
    local items = {}
    for i, page in ipairs(contents.back_matter) do
        items[i] = {pandoc.Plain({markup.link(page.title, page.url)})}
    end
    return {pandoc.Header(2, {pandoc.Str("Back matter")}, pandoc.Attr("back-matter")),
            pandoc.BulletList(items)}
end

-- The blocks of the spine without the sections that have pages of their own.
local function without_pages(blocks)
    local kept, is_away = pandoc.List(), false
    for _, block in ipairs(blocks) do
        if block.t == "Header" and block.level == 1 then
            is_away = block.classes:includes("page")
        end
        if not is_away then
            kept:insert(block)
        end
    end
    return kept
end

-- The title of the page is its only heading of the first level.
local function lowered(header)
    header.level = math.max(2, header.level)
    return header
end

-- Fills in what is counted or measured.
function index.fill(book, doc)
    return doc:walk({Div = function(div)
        local fill = filled[div.classes[1]]
        return fill and fill(book, div)
    end})
end

function index.page(book, doc)
    doc.blocks = without_pages(doc.blocks) .. back_matter()
    doc = index.fill(book, doc):walk({
        Header = lowered,
        BulletList = function(list) return entries(book, list) end,
        OrderedList = function(list) return entries(book, list) end,
    })
    return links.apply(book, survey.spine_page, doc)
end

-- A section of the spine that is a page of its own: its blocks and its title.
function index.section(id)
    local spine = pandoc.read(files.text("book.md"), survey.format)
    local blocks, title
    for _, block in ipairs(spine.blocks) do
        if block.t == "Header" and block.level == 1 then
            if title then
                break
            end
            title = block.identifier == id and pandoc.utils.stringify(block)
        elseif title then
            blocks = blocks or pandoc.List()
            blocks:insert(block)
        end
    end
    return blocks, title
end

return index
