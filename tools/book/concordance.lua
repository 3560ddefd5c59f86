-- concordance.lua -- each lecture, assertion by assertion, with what answers it.
--
-- chapters/concordance.tsv has a row for each assertion, in the order of the lectures.
-- Its column `answered_by` names claims, definitions of ref/ and figures; or it says
-- `open`, or `-` where there is nothing to check.

local files = require "files"
local ledger = require "ledger"
local links = require "links"
local markup = require "markup"
local survey = require "survey"

local concordance = {path = "chapters/concordance.tsv"}

local function fields(line)
    local found = {}
    for field in (line .. "\t"):gmatch("([^\t]*)\t") do
        table.insert(found, field)
    end
    return found
end

-- The rows, each with its fields by name and its line; none if there is no such file.
-- The mark ~ of a slide tells that its number is counted and not printed.
function concordance.rows()
    local rows = {}
    local lines = files.lines(concordance.path) or {}
    local names = fields(lines[1] or "")
    for number = 2, #lines do
        local row = {line = number}
        for i, field in ipairs(fields(lines[number])) do
            row[names[i]] = field
        end
        row.slide = row.slide:gsub("~", "")
        table.insert(rows, row)
    end
    return rows
end

-- The names in a row that answer its assertion; none if it is open or an aside.
local function answers(row)
    local names = {}
    for _, name in ipairs(survey.words(row.answered_by)) do
        if name ~= "open" and name ~= "-" then
            table.insert(names, name)
        end
    end
    return names
end

-- Where an assertion stands: "answered", "open", or "aside" where nothing is to check.
local function state(row)
    if #answers(row) > 0 then
        return "answered"
    end
    return row.answered_by == "-" and "aside" or "open"
end

-- Enters the lectures, and which slides of them have rows, into the survey.
function concordance.survey(book)
    book.lectures, book.slides = {}, {}
    for _, row in ipairs(concordance.rows()) do
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
    for _, row in ipairs(concordance.rows()) do
        for _, name in ipairs(answers(row)) do
            if not links.to_name(book, name) then
                files.problem(concordance.path, row.line,
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
    return markup.div("assertion " .. state(row),
                      {pandoc.Plain({pandoc.Str(row.assertion)}),
                       markup.line("answer", beside[state(row)])})
end

local summary_words = "The lecture makes %d assertions. The book answers %d of them "
    .. "and leaves %d open; %d tell of people, courses or tastes, which no computer "
    .. "can check."

local function count_states(rows)
    local count = {answered = 0, open = 0, aside = 0}
    for _, row in ipairs(rows) do
        count[state(row)] = count[state(row)] + 1
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
    for _, row in ipairs(concordance.rows()) do
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
