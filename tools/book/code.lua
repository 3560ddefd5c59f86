-- code.lua -- blocks of code as HTML.
--
-- Pandoc makes the number of each line a link, so that a reader can get its address by
-- the mouse.  On a page with a thousand lines these must not be stops of the keyboard,
-- nor be read out.

local code = {}
local count = 0 -- of the blocks so far, which have names from it, as Pandoc gives them

function code.html(block)
    count = count + 1
    if block.identifier == "" then block.identifier = "cb" .. count end
    local html = pandoc.write(pandoc.Pandoc({block}), "html")
    local silent = '<a href="%1" aria-hidden="true" tabindex="-1"></a>'
    return pandoc.RawBlock("html", (html:gsub('<a href="(#[^"]*)"></a>', silent)))
end

return code
