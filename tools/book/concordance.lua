-- concordance.lua -- each lecture as a page, assertion by assertion, with what answers
-- it.

local files = require "book.files"
local ledger = require "book.ledger"
local links = require "book.links"
local markup = require "book.markup"
local table_of = require "concordance"

local answers, rows_of_all, state = table_of.answers, table_of.rows, table_of.state

local concordance = {}

-- Enters the lectures, and which slides of them have rows, into the survey.
function concordance.survey(book)
    book.lectures, book.slides = {}, {}
    for _, row in ipairs(rows_of_all()) do
        if book.lectures[#book.lectures] ~= row.lecture then
            table.insert(book.lectures, row.lecture)
        end
        book.slides[row.lecture .. "/" .. row.slide] = true
    end
end

-- Whether a reference such as CSC2541-1/33 is to a lecture of the concordance.
function concordance.knows(book, slide)
    for _, lecture in ipairs(book.lectures) do
        if slide:sub(1, #lecture + 1) == lecture .. "/" then
            return true
        end
    end
    return false
end

-- Notes each name that answers an assertion and does not exist.
function concordance.check(book)
    for _, row in ipairs(rows_of_all()) do
        for _, name in ipairs(answers(row)) do
            if not links.to_name(book, name) then
                files.problem(table_of.path, row.line,
                              "answered_by names %s, but nothing is called so", name)
            end
        end
    end
end

local function answer(book, row)
    local lines = {}
    for _, name in ipairs(answers(row)) do
        local line = {markup.name(name, (links.to_name(book, name)))}
        if book.claims[name] then
            line = {line[1], pandoc.Space(), ledger.verdict_mark(name)}
        end
        table.insert(lines, line)
    end
    return markup.join(lines, pandoc.LineBreak())
end

local function assertion(book, row)
    local beside = {answered = answer(book, row), open = {pandoc.Str("open")},
                    aside = {pandoc.Str(row.note)}}
    local is = state(row) or "open"
    return markup.div("assertion " .. is, {pandoc.Plain({pandoc.Str(row.assertion)}),
                                           markup.line("answer", beside[is])})
end

local summary_words = "The lecture makes %d assertions. The book answers %d of them "
    .. "and leaves %d open; %d tell of people, courses or tastes, which no computer "
    .. "can check."

local function count_states(rows)
    local count = {answered = 0, open = 0, aside = 0}
    for _, row in ipairs(rows) do
        local is = state(row) or "open"
        count[is] = count[is] + 1
    end
    return count
end

local function summary(rows)
    local count = count_states(rows)
    local words = summary_words:format(#rows, count.answered, count.open, count.aside)
    return pandoc.Para({pandoc.Str(words)})
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

-- How many assertions of a lecture are answered, of how many that can be checked.
function concordance.tally(lecture)
    local count = count_states(rows_of(lecture))
    return count.answered, count.answered + count.open
end

-- The page of a lecture: a heading for each slide, and under it what the slide says.
function concordance.page(book, lecture)
    local rows = rows_of(lecture)
    local blocks = pandoc.List({summary(rows)})
    local before = {}
    for _, row in ipairs(rows) do
        if row.slide ~= before.slide or row.title ~= before.title then
            local id = row.slide ~= before.slide and "slide-" .. row.slide or ""
            local heading = {pandoc.Str("Slide " .. row.slide .. " · " .. row.title)}
            blocks:insert(pandoc.Header(3, heading, pandoc.Attr(id)))
        end
        blocks:insert(assertion(book, row))
        before = row
    end
    return blocks, "Concordance of " .. lecture
end

return concordance
