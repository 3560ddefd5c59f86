-- concordance.lua -- each lecture, assertion by assertion, with what answers it.
--
-- chapters/concordance.tsv has a row for each assertion, in the order of the lectures.
-- Its column `answered_by` names claims, definitions of ref/ and figures; or it is `open`,
-- or `-` where there is nothing to check.

local files = require "files"
local ledger = require "ledger"
local links = require "links"

local concordance = {path = "chapters/concordance.tsv"}

local function fields(line)
    local found = {}
    for field in (line .. "\t"):gmatch("([^\t]*)\t") do
        table.insert(found, field)
    end
    return found
end

-- The rows, each with its fields by name and its line; none if there is no such file.
function concordance.rows()
    local rows = {}
    local lines = files.lines(concordance.path) or {}
    local names = fields(lines[1] or "")
    for number = 2, #lines do
        local row = {line = number}
        for i, field in ipairs(fields(lines[number])) do
            row[names[i]] = field
        end
        row.slide = row.slide:gsub("~", "") -- marks a number that is counted, not printed
        table.insert(rows, row)
    end
    return rows
end

-- The names in a row that answer its assertion; none if it is open or beyond checking.
local function answers(row)
    local names = {}
    for name in (row.answered_by or "open"):gmatch("[^%s,]+") do
        if name ~= "open" and name ~= "-" then
            table.insert(names, name)
        end
    end
    return names
end

local function is_checkable(row)
    return row.answered_by ~= "-"
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
    local inlines = pandoc.List()
    for _, name in ipairs(answers(row)) do
        inlines:insert(pandoc.Link({pandoc.Code(name)}, (links.to_name(book, name))))
        inlines:insert(pandoc.Space())
        if book.claims[name] then
            inlines:insert(ledger.verdict_mark(name))
        end
        inlines:insert(pandoc.LineBreak())
    end
    if #inlines > 0 then
        return inlines
    end
    return {pandoc.Str(is_checkable(row) and "open" or row.note)}
end

local function div(class, inlines)
    return pandoc.Div({pandoc.Plain(inlines)}, pandoc.Attr("", {class}))
end

local function assertion(book, row)
    local state = #answers(row) > 0 and "answered" or is_checkable(row) and "open" or "aside"
    return pandoc.Div({div("said", {pandoc.Str(row.assertion)}),
                       div("answer", answer(book, row))},
                      pandoc.Attr("", {"assertion", state}))
end

local function summary(rows)
    local answered, open = 0, 0
    for _, row in ipairs(rows) do
        if #answers(row) > 0 then
            answered = answered + 1
        elseif is_checkable(row) then
            open = open + 1
        end
    end
    local text = "The lecture makes %d assertions. The book answers %d of them and leaves "
        .. "%d open; %d tell of people, courses or tastes, which no computer can check."
    return pandoc.Para({pandoc.Str(string.format(text, #rows, answered, open,
                                                 #rows - answered - open))})
end

-- The page of a lecture.
function concordance.page(book, lecture)
    local rows, blocks = {}, pandoc.List()
    local slide, title
    for _, row in ipairs(concordance.rows()) do
        if row.lecture == lecture then
            if row.slide ~= slide or row.title ~= title then
                local id = row.slide ~= slide and "slide-" .. row.slide or ""
                slide, title = row.slide, row.title
                local heading = {pandoc.Str("Slide " .. slide .. " · " .. title)}
                blocks:insert(pandoc.Header(3, heading, pandoc.Attr(id)))
            end
            blocks:insert(assertion(book, row))
            table.insert(rows, row)
        end
    end
    blocks:insert(1, summary(rows))
    return blocks, "Concordance of " .. lecture
end

return concordance
