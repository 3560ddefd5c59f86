-- notation.lua -- the page of the letters: each row of its tables has a place.

local index = require "book.index"
local plain = require "book.plain"

local notation = {}

-- Calls a function with each row of the tables, and with its place.
local function each_row(blocks, visit)
    local count = 0
    return pandoc.Div(blocks):walk({Table = function(tab)
        for _, body in ipairs(tab.bodies) do
            for _, row in ipairs(body.body) do
                count = count + 1
                visit(row.cells, "symbol-" .. count)
            end
        end
        return tab
    end}).content
end

function notation.page()
    local blocks, title = index.section("notation")
    return each_row(blocks, function(cells, place)
        local first = cells[1].contents[1]
        first.content = {pandoc.Span(first.content, pandoc.Attr(place))}
    end), title
end

-- The letters, {letter, meaning, place}.
function notation.all()
    local all = {}
    each_row(index.section("notation"), function(cells, place)
        table.insert(all, {letter = plain.text(cells[1].contents),
                           meaning = plain.text(cells[2].contents), place = place})
    end)
    return all
end

return notation
