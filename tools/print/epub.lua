-- epub.lua -- the sections of the book as an EPUB: parts, in them chapters, in them
-- sections.

local document = require "print.document"
local formula = require "book.formula"
local ledger = require "book.ledger"
local names = require "print.names"

local epub = {}

-- Nothing is to be done before a chapter becomes a page.
function epub.prepare(_, _, doc)
    return doc
end

-- A reader of EPUBs may not know the properties of the site's style sheet, and sets them
-- to nothing; these are its inks on paper.
local inks = {grey = "#6d6a64", blue = "#1f5fbf", red = "#c0392b"}

-- What stands as HTML in the page as XHTML: a drawing says what it is.
local function as_xhtml(block)
    block.text = block.text:gsub("var%(%-%-(%l+)%)", inks)
    if not block.text:find("xmlns=", 1, true) then
        block.text = block.text:gsub('^<svg', '%0 xmlns="http://www.w3.org/2000/svg"')
    end
    return block
end

-- Where there is no margin, what stands in it comes last.
local function with_margin_below(claim)
    if not claim.classes:includes("claim") then return nil end
    local first = claim.content[1]
    if first.t == "Div" and first.classes:includes("margin") then
        claim.content:remove(1)
        claim.content:insert(first)
    end
    return claim
end

-- What is no part of a part stands beside the parts; a chapter stands in one.
local function level_of(section)
    return (section.kind == "chapter" or section.kind == "appendix") and 2 or 1
end

-- A title as it may stand in the contents, which have no formulas in an EPUB.
local function plain(title)
    return pandoc.Span(title):walk({Math = function(math)
        local text = pandoc.write(pandoc.Pandoc({pandoc.Plain({math})}), "plain")
        return pandoc.Emph({pandoc.Str((text:gsub("%s+$", "")))})
    end}).content
end

local function heading(section)
    local title = plain(section.title)
    if section.number then
        title = pandoc.List({pandoc.Str(section.number .. " · ")}) .. title
    end
    return pandoc.Header(level_of(section), title, pandoc.Attr(section.id))
end

-- The headings of a section stand below its own.
local function lower(blocks, by)
    return pandoc.Div(blocks):walk({Header = function(header)
        header.level = header.level + by
        if header.level <= 2 then header.content = plain(header.content) end
        return header
    end}).content
end

local function blocks_of(sections)
    local blocks = pandoc.List()
    for _, section in ipairs(sections) do
        blocks:insert(heading(section))
        blocks:extend(lower(section.blocks, level_of(section) - 1))
    end
    return blocks
end

function epub.write(sections, meta)
    local run = ledger.run
    meta.date, meta.identifier = run.date, "measured-descent-" .. run.commit
    meta.rights = table.concat(document.colophon(), " ")
    local doc = names.settle(pandoc.Pandoc(blocks_of(sections), meta))
    return doc:walk({Math = formula.html, RawBlock = as_xhtml, Div = with_margin_below})
end

return epub
