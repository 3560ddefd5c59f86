-- excerpt.lua -- all that the page of a chapter takes from the code.
--
-- A page is made anew when its excerpt changes, and not for every line of code: build/
-- excerpts/STEM.txt holds the definitions that the chapter shows, with their lines, the
-- checks of its claims, the scripts of its figures, and where its links into the code
-- lead.

local files = require "book.files"
local links = require "book.links"
local outline = require "book.outline"
local source = require "book.source"

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

function taken.Figure(image, _, _, lines)
    add_file(lines, files.resolve("chapters", image.src))
end

function taken.Listing(link, _, _, lines)
    add_definition(lines, (source.find(source.parse("chapters", link.target))))
end

-- The names of functions, claims and figures in the attributes of a div, in their order.
local function names_in(attributes)
    local names = {}
    for _, words in pairs(attributes) do
        for name in words:gmatch("[%a_][%w_]+") do
            table.insert(names, name)
        end
    end
    table.sort(names)
    return names
end

function taken.Div(div, book, chapter, lines)
    if outline.is(div, "claim") then
        add_definition(lines, (source.check(div.identifier, chapter.stem)))
    end
    for _, name in ipairs(names_in(div.attributes)) do
        table.insert(lines, name .. " " .. tostring(links.to_name(book, name)))
    end
end

function taken.Link(link, book, chapter, lines)
    local address = links.resolve(book, chapter, link.target)
    table.insert(lines, link.target .. " " .. tostring(address))
end

local function of_chapter(book, chapter, elements)
    local lines = {}
    outline.each(elements, taken, book, chapter, lines)
    return table.concat(lines, "\n") .. "\n"
end

-- Writes those excerpts that have changed into a folder, which is there.
function excerpt.write(book, notes, folder)
    for _, chapter in ipairs(book.chapters) do
        files.replace(folder .. "/" .. chapter.stem .. ".txt",
                      of_chapter(book, chapter, notes[chapter.stem].outline))
    end
end

return excerpt
