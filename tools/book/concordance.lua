-- concordance.lua -- each lecture as a page, slide by slide, with what answers each of
-- its statements; and for each chapter the slides that it covers.

local boxes = require "book.boxes"
local card = require "book.card"
local files = require "book.files"
local lectures = require "book.lectures"
local ledger = require "book.ledger"
local links = require "book.links"
local markup = require "book.markup"
local survey = require "book.survey"
local table_of = require "concordance"

local answers, state = table_of.answers, table_of.state

local concordance = {}
local all_rows

-- The rows of all lectures, read once.
local function rows_of_all()
    all_rows = all_rows or table_of.rows(table_of.lectures())
    return all_rows
end

-- ---- What there is ------------------------------------------------------------------

-- Enters the lectures, and which slides of them have rows, into the survey.
function concordance.survey(book)
    book.lectures, book.slides = table_of.lectures(), {}
    for _, row in ipairs(rows_of_all()) do
        book.slides[row.lecture .. "/" .. row.slide] = true
    end
end

-- Notes each chapter of an assertion, and each name that answers one, that is not there.
function concordance.check(book)
    for _, row in ipairs(rows_of_all()) do
        if row.chapter ~= "-" and not survey.chapter(book, row.chapter) then
            files.problem(row.path, row.line, "there is no chapter %s", row.chapter)
        end
        for _, name in ipairs(answers(row)) do
            if not links.to_name(book, name) then
                files.problem(row.path, row.line,
                              "answered_by names %s, but nothing is called so", name)
            end
        end
    end
end

local function rows_of(lecture)
    local rows = {}
    for _, row in ipairs(rows_of_all()) do
        if row.lecture == lecture then
            table.insert(rows, row)
        end
    end
    return rows
end

-- The first row that a claim answers.
function concordance.answered_by(id)
    for _, row in ipairs(rows_of_all()) do
        for _, name in ipairs(answers(row)) do
            if name == id then
                return row
            end
        end
    end
end

local function count_states(rows)
    local count = {answered = 0, open = 0, aside = 0}
    for _, row in ipairs(rows) do
        local is = state(row) or "open"
        count[is] = count[is] + 1
    end
    return count
end

-- How many statements of a lecture are answered, open, or asides.
function concordance.count(lecture)
    return count_states(rows_of(lecture))
end

-- The words of a row, whose formulas are TeX.
function concordance.words(text)
    local first = pandoc.read(text, "markdown").blocks[1]
    return first and first.content or {}
end

-- ---- Statements ---------------------------------------------------------------------

-- "✓ 2 claims", or what else answers a statement.
local function mark(book, row)
    local claims = {}
    for _, name in ipairs(answers(row)) do
        if book.claims[name] then
            table.insert(claims, name)
        end
    end
    if #claims == 0 then
        return ledger.verdict_span("open", "in code")
    end
    local count = ledger.count(claims)
    local words = #claims == 1 and "1 claim" or #claims .. " claims"
    if count.failed > 0 then
        return ledger.verdict_span("failed", "✗ " .. words)
    end
    local is_verified = count.verified == #claims
    return ledger.verdict_span(is_verified and "verified" or "open",
                               (is_verified and "✓ " or "") .. words)
end

-- The claims that answer a statement as cards, and the functions and figures by name.
local function cards(book, row)
    local blocks, others = pandoc.List(), {}
    for _, name in ipairs(answers(row)) do
        local address = links.to_name(book, name)
        if book.claims[name] then
            blocks:insert(card.brief(boxes.claim(book, name), address))
        else
            local code = pandoc.Code(name)
            table.insert(others, {address and markup.name(name, address) or code})
        end
    end
    if #others > 0 then
        local names = markup.join(others, pandoc.Str(", "))
        blocks:insert(markup.sentence("In the book:", names))
    end
    return blocks
end

local function answered(book, row)
    local summary = concordance.words(row.assertion) .. {pandoc.Space(), mark(book, row)}
    return markup.unfolding("assertion", summary, cards(book, row))
end

-- The statements of a slide that nothing answers yet, or that nothing can, folded away.
local function folded(rows, is, one, many)
    local items = {}
    for _, row in ipairs(rows) do
        if (state(row) or "open") == is then
            local words = pandoc.List(concordance.words(row.assertion))
            if is == "aside" then
                local note = markup.span("note", "(" .. row.note .. ")")
                words:extend({pandoc.Space(), note})
            end
            table.insert(items, {pandoc.Plain(words)})
        end
    end
    if #items == 0 then
        return {}
    end
    local summary = #items == 1 and one or #items .. " " .. many
    return markup.unfolding(is, {pandoc.Str(summary)}, {pandoc.BulletList(items)})
end

-- A slide: its heading, what is answered of it, what is open, what is beside the point.
local function slide_blocks(book, slide)
    local text = {pandoc.Str("Slide " .. slide.number .. " · ")}
    local heading = pandoc.List(text) .. concordance.words(slide.title)
    local attributes = pandoc.Attr(slide.id, {"slide", "unnumbered", "unlisted"})
    local blocks = pandoc.List({pandoc.Header(2, heading, attributes)})
    for _, row in ipairs(slide.rows) do
        if state(row) == "answered" then
            blocks:extend(answered(book, row))
        end
    end
    blocks:extend(folded(slide.rows, "open", "one open", "open"))
    blocks:extend(folded(slide.rows, "aside", "an aside", "asides"))
    return blocks
end

-- The rows by slides, which may have the same number and two titles.
local function slides_of(rows)
    local slides = {}
    for _, row in ipairs(rows) do
        local last = slides[#slides]
        if not last or row.slide ~= last.number or row.title ~= last.title then
            local id = last and row.slide == last.number and "" or "slide-" .. row.slide
            last = {number = row.slide, title = row.title, id = id, rows = {}}
            table.insert(slides, last)
        end
        table.insert(last.rows, row)
    end
    return slides
end

-- The slides of a lecture, {number, title, id, rows}.
function concordance.slides_of(lecture)
    return slides_of(rows_of(lecture))
end

-- ---- The strip of slides ------------------------------------------------------------

local meanings = {
    answered = "answered", partly = "answered in part", open = "open",
    aside = "nothing to check", none = "no statement",
}

-- What became of a slide, from what became of its statements.
local function slide_state(rows)
    local count = count_states(rows)
    if count.answered > 0 then
        return count.open > 0 and "partly" or "answered"
    end
    return count.open > 0 and "open" or count.aside > 0 and "aside" or "none"
end

local function cell(lecture, number, rows)
    local is = slide_state(rows)
    local words = "Slide " .. number .. ": " .. meanings[is]
    local attributes = pandoc.Attr("", {is}, {title = words})
    if is == "none" then
        return pandoc.Span({pandoc.Str(tostring(number))}, attributes)
    end
    attributes.attributes["aria-label"] = words
    local address = lectures.page(lecture) .. "#slide-" .. number
    return pandoc.Link({pandoc.Str(tostring(number))}, address, "", attributes)
end

-- The slides in a row, each a link to its place, which shows what became of it.
local function strip(lecture, rows)
    local by_number, last = {}, 0
    for _, row in ipairs(rows) do
        local number = tonumber(row.slide)
        by_number[number] = by_number[number] or {}
        table.insert(by_number[number], row)
        last = math.max(last, number)
    end
    local cells = pandoc.List()
    for number = 1, last do
        cells:extend({cell(lecture, number, by_number[number] or {}), pandoc.Space()})
    end
    return pandoc.Div({pandoc.Plain(cells)}, pandoc.Attr("", {"strip"},
                      {{"role", "navigation"}, {"aria-label", "Slides"}}))
end

-- ---- The page of a lecture ----------------------------------------------------------

local function summary(count)
    local checked = count.answered + count.open
    local words = ("The lecture makes %s that can be checked. "):format(
        checked == 1 and "1 statement" or checked .. " statements")
    if count.open == 0 then
        words = words .. (checked == 1 and "It is answered." or "All are answered.")
    else
        words = words .. ("%d %s answered, and %d %s open."):format(
            count.answered, count.answered == 1 and "is" or "are",
            count.open, count.open == 1 and "is" or "are")
    end
    return words .. (" %d more %s of people, courses or tastes."):format(
        count.aside, count.aside == 1 and "tells" or "tell")
end

function concordance.page(book, lecture)
    local rows = rows_of(lecture)
    local subject = pandoc.List({pandoc.Str(lectures.about(lecture) .. ". ")})
    subject:extend(lectures.address(lecture))
    local blocks = pandoc.List({
        markup.line("subject", subject),
        pandoc.Para({pandoc.Str(summary(count_states(rows)))}),
        strip(lecture, rows),
    })
    for _, slide in ipairs(slides_of(rows)) do
        blocks:extend(slide_blocks(book, slide))
    end
    return blocks, lectures.title(lecture) .. lectures.by(lecture)
end

-- ---- The slides of a chapter --------------------------------------------------------

-- The slides, as a set, that the claims of a chapter and rows of the concordance name.
local function covered(stem, doc)
    local found = {}
    for _, row in ipairs(rows_of_all()) do
        if row.chapter == stem then
            found[row.lecture .. "/" .. row.slide] = true
        end
    end
    doc:walk({Div = function(div)
        for _, slide in ipairs(survey.words(div.attributes.lecture)) do
            found[slide] = true
        end
    end})
    return found
end

-- The numbers of the slides of a lecture, each once, in order.
local function numbers_of(lecture)
    local numbers, seen = {}, {}
    for _, row in ipairs(rows_of(lecture)) do
        local number = tonumber(row.slide)
        if not seen[number] then
            seen[number] = true
            table.insert(numbers, number)
        end
    end
    table.sort(numbers)
    return numbers
end

-- Runs of neighbours among the slides of a lecture that are in a set: {first, last}.
local function runs_in(lecture, set)
    local runs, open = {}, nil
    for _, number in ipairs(numbers_of(lecture)) do
        if not set[lecture .. "/" .. number] then
            open = nil
        elseif open then
            open.last = number
        else
            open = {first = number, last = number}
            table.insert(runs, open)
        end
    end
    return runs
end

local function run_link(lecture, run)
    local words = run.first == run.last and tostring(run.first)
        or run.first .. "–" .. run.last
    return {markup.link(words, "slide:" .. lecture .. "/" .. run.first)}
end

-- "Toronto, CSC 2541, lecture 1, slides 26–27, 31", with links to them.
local function part_of(lecture, runs)
    local is_one = #runs == 1 and runs[1].first == runs[1].last
    local links_to = pandoc.List(runs):map(function(run)
        return run_link(lecture, run)
    end)
    local title = lectures.title(lecture) .. (is_one and ", slide " or ", slides ")
    return pandoc.List({pandoc.Str(title)}) .. markup.join(links_to, pandoc.Str(", "))
end

-- The line that says which slides a chapter is about; nothing if it is about none.
function concordance.slides(book, stem, doc)
    local set, parts = covered(stem, doc), {}
    for _, lecture in ipairs(book.lectures) do
        local runs = runs_in(lecture, set)
        if #runs > 0 then
            table.insert(parts, part_of(lecture, runs))
        end
    end
    if #parts == 0 then
        return {}
    end
    return {markup.line("slides", markup.join(parts, pandoc.Str("; ")))}
end

return concordance
