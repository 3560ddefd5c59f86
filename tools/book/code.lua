-- code.lua -- blocks of code as HTML.
--
-- Pandoc makes the number of each line a link, so that a reader can get its address by
-- the mouse.  On a page with a thousand lines these must not be stops of the keyboard,
-- nor be read out.

local highlight = require "book.highlight"

local code = {}
local count = 0 -- of the blocks so far, which have names from it, as Pandoc gives them

-- What Pandoc makes of a block.
local function by_pandoc(block)
    local html = pandoc.write(pandoc.Pandoc({block}), "html")
    local silent = '<a href="%1" aria-hidden="true" tabindex="-1"></a>'
    return (html:gsub('<a href="(#[^"]*)"></a>', silent))
end

function code.html(block)
    count = count + 1
    if block.identifier == "" then block.identifier = "cb" .. count end
    local first = tonumber(block.attributes.startFrom)
    local is_program = block.classes:includes("c") and first
    local html = is_program and highlight.html(block.text, block.identifier, first)
        or by_pandoc(block)
    return pandoc.RawBlock("html", html)
end

return code
