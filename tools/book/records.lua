-- records.lua -- what search finds.  A record is a list {kind, title, address, where,
-- text}; the records of a chapter are written as its page is made, and those of the back
-- matter with the page of search.

local concordance = require "book.concordance"
local figure = require "book.figure"
local json = require "dkjson"
local lectures = require "book.lectures"
local links = require "book.links"
local notation = require "book.notation"
local outline = require "book.outline"
local plain = require "book.plain"
local source = require "book.source"
local survey = require "book.survey"
local terms = require "book.terms"

local records = {}

-- ---- A chapter --------------------------------------------------------------------

local function slide_title(reference)
    local lecture, number = reference:match("^(.-)/(.+)$")
    return lectures.title(lecture) .. ", slide " .. number
end

-- The kind of a box, its title, and the page where it is best read.
local boxes = {}

function boxes.claim(_, page, div)
    return "claim", div.identifier, page
end

function boxes.erratum(_, _, div)
    local slide = survey.words(div.attributes.slide)[1]
    return "erratum", "Erratum to " .. slide_title(slide), "errata.html"
end

function boxes.exercise(book, page, div)
    local title = "Exercise " .. book.exercises[div.identifier].number
    return "exercise", title .. ", " .. survey.kind(div), page
end

-- The record of a box; nil if the block is none.
local function box(book, page, where, block)
    local describe = block.t == "Div" and boxes[block.classes[1]]
    if describe then
        local kind, title, shown = describe(book, page, block)
        return {kind, title, shown .. "#" .. block.identifier, where,
                plain.text(block.content)}
    end
end

local function figure_record(book, page, where, block)
    if block.t ~= "Para" then
        return nil
    end
    local image, script = outline.figure(block)
    if image then
        local name = figure.name(script)
        return {"figure", "Figure " .. book.figures[name].number, page .. "#" .. name,
                where, plain.text({pandoc.Plain(image.caption)})}
    end
end

-- The record of a section, to which its text is still to come.
local function section(page, where, header)
    local title = plain.text({pandoc.Plain(header.content)})
    if header.level == 1 then
        return {"chapter", title, page, where, ""}
    end
    local kind = title == "Sources" and "sources" or "section"
    return {kind, title, page .. "#" .. header.identifier, where, ""}
end

-- Whether a paragraph shows a definition, which has a record of its own.
local function is_listing(block)
    return block.t == "Para" and outline.shown(block)
end

-- A heading over boxes alone, as that of the exercises, is none to be found.
local function with_text(list)
    return pandoc.List(list):filter(function(record) return record[5] ~= "" end)
end

-- The records of a chapter whose errata have their names: of its sections, and of the
-- boxes and figures among their text.
function records.chapter(book, stem, doc)
    local found, open = {}, {}
    local chapter, page = survey.chapter(book, stem), stem .. ".html"
    local where = chapter.number .. " · " .. chapter.title
    for _, block in ipairs(doc.blocks) do
        local own = box(book, page, where, block)
            or figure_record(book, page, where, block)
            or block.t == "Header" and section(page, where, block)
        if own then
            table.insert(found, own)
            open = block.t == "Header" and own or open
        elseif not is_listing(block) then
            open[5] = (open[5] or "") .. plain.text({block}) .. " "
        end
    end
    return with_text(found)
end

-- ---- The back matter --------------------------------------------------------------

local function functions(book)
    local found = {}
    for _, definition in ipairs(source.required()) do
        table.insert(found, {"function", definition.name,
                             links.to_definition(book, definition), definition.path,
                             source.gloss(definition)})
    end
    return found
end

-- What the statements of a slide say.
local function statements(slide)
    local blocks = pandoc.List()
    for _, row in ipairs(slide.rows) do
        blocks:insert(pandoc.Plain(concordance.words(row.assertion)))
    end
    return plain.text(blocks)
end

local function slides(book)
    local found = {}
    for _, lecture in ipairs(book.lectures) do
        for _, slide in ipairs(concordance.slides_of(lecture)) do
            local title = plain.text({pandoc.Plain(concordance.words(slide.title))})
            table.insert(found, {"slide", "Slide " .. slide.number .. " · " .. title,
                                 lectures.page(lecture) .. "#slide-" .. slide.number,
                                 lectures.title(lecture), statements(slide)})
        end
    end
    return found
end

local function words()
    local found = {}
    for i, term in ipairs(terms.all()) do
        found[i] = {"subject", term.word, "subjects.html#" .. term.anchor, "Subjects",
                    plain.text(term.meaning)}
    end
    return found
end

local function letters()
    local found = {}
    for i, row in ipairs(notation.all()) do
        found[i] = {"symbol", row.letter, "notation.html#" .. row.place, "Notation",
                    row.meaning}
    end
    return found
end

-- The families of those who wrote a work, "Chen, Rubanova".
local function authors(work)
    local names = {}
    for i, author in ipairs(work.author or {}) do
        names[i] = pandoc.utils.stringify(author.family or author.literal or "")
    end
    return table.concat(names, ", ")
end

-- The works in the bibliography of a page that cites all.
local function works(doc)
    local found = {}
    for i, work in ipairs(pandoc.utils.references(doc)) do
        found[i] = {"work", pandoc.utils.stringify(work.title),
                    "bibliography.html#ref-" .. work.id, "Bibliography", authors(work)}
    end
    return found
end

function records.back(book, doc)
    local all = pandoc.List()
    for _, list in ipairs({functions(book), slides(book), words(), letters(),
                           works(doc)}) do
        all:extend(list)
    end
    return all
end

-- ---- The file ---------------------------------------------------------------------

-- Records, a line each, as they stand in the file that the page of search reads.
function records.lines(list)
    local lines = {}
    for i, record in ipairs(list) do
        lines[i] = json.encode(record) .. ",\n"
    end
    return table.concat(lines)
end

return records
