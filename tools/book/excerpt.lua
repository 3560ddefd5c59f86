-- excerpt.lua -- all that the page of a chapter takes from the code.
--
-- A page is made anew when its excerpt changes, and not for every line of code: build/
-- excerpts/STEM.txt holds the definitions that the chapter shows, with their lines, the
-- checks of its claims, the scripts of its figures, and where its links into the code
-- lead.

local files = require "book.files"
local links = require "book.links"
local source = require "book.source"
local survey = require "book.survey"

local excerpt = {}

local function add_definition(lines, definition)
    table.insert(lines, ("%s:%d"):format(source.key(definition), definition.first))
    for number = definition.first, definition.last do
        table.insert(lines, files.lines(definition.path)[number])
    end
end

local function add_file(lines, path)
    table.insert(lines, path)
    table.insert(lines, files.text(path) or "")
end

-- What each kind of element takes from the code.
local taken = {}

function taken.Para(lines, paragraph)
    local _, script = survey.figure(paragraph)
    if script then add_file(lines, script) end
    local path, name = survey.shown(paragraph)
    if path then add_definition(lines, (source.find(path, name))) end
end

function taken.Div(lines, div, book, chapter)
    if div.classes:includes("claim") then
        add_definition(lines, (source.check(div.identifier, chapter.stem)))
    end
    for _, words in pairs(div.attributes) do
        for name in words:gmatch("[%a_][%w_]+") do
            table.insert(lines, name .. " " .. tostring(links.to_name(book, name)))
        end
    end
end

function taken.Link(lines, link, book, chapter)
    local address = links.resolve(book, chapter, link.target)
    table.insert(lines, link.target .. " " .. tostring(address))
end

local function of_chapter(book, chapter, doc)
    local all, walker = {}, {}
    for tag, take in pairs(taken) do
        walker[tag] = function(element)
            local lines = {}
            take(lines, element, book, chapter)
            table.insert(all, table.concat(lines, "\n"))
        end
    end
    doc:walk(walker)
    return table.concat(all, "\n") .. "\n"
end

-- Writes those excerpts that have changed into a folder, which is there.
function excerpt.write(book, docs, folder)
    for _, chapter in ipairs(book.chapters) do
        local path = folder .. "/" .. chapter.stem .. ".txt"
        local text = of_chapter(book, chapter, docs[chapter.stem])
        if files.text(path) ~= text then
            local file = assert(io.open(path, "wb"))
            assert(file:write(text) and file:close())
        end
    end
end

return excerpt
