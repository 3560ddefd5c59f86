-- markup.lua -- short names for the pieces of which the pages are put together.

local markup = {}

function markup.attributes(class, id)
    return pandoc.Attr(id or "", {class})
end

function markup.span(class, text)
    return pandoc.Span({pandoc.Str(text)}, markup.attributes(class))
end

function markup.div(class, blocks, id)
    return pandoc.Div(blocks, markup.attributes(class, id))
end

-- A block that is one line of text, without a paragraph's space around it.
function markup.line(class, inlines)
    return markup.div(class, {pandoc.Plain(inlines)})
end

function markup.link(text, address)
    return pandoc.Link({pandoc.Str(text)}, address)
end

-- A link that is the name of something in the code.
function markup.name(name, address)
    return pandoc.Link({pandoc.Code(name)}, address)
end

-- Joins lists of inlines, with what stands between two of them.
function markup.join(lists, between)
    local joined = pandoc.List()
    for i, inlines in ipairs(lists) do
        if i > 1 then
            joined:insert(between)
        end
        joined:extend(inlines)
    end
    return joined
end

-- A table; heads: texts; rows: a list of inlines for each cell, of which the first columns,
-- so many, stand to the left, and those of numbers to the right.
function markup.table(left, heads, rows)
    local aligned, widths, head = {}, {}, {}
    for i, text in ipairs(heads) do
        aligned[i] = i <= left and pandoc.AlignLeft or pandoc.AlignRight
        widths[i], head[i] = 0, {pandoc.Plain({pandoc.Str(text)})}
    end
    for _, row in ipairs(rows) do
        for i, cell in ipairs(row) do row[i] = {pandoc.Plain(cell)} end
    end
    local simple = pandoc.SimpleTable({}, aligned, widths, head, rows)
    return markup.div("thin", {pandoc.utils.from_simple_table(simple)})
end

-- A paragraph of words and what follows them.
function markup.sentence(words, inlines)
    return pandoc.Para(markup.join({{pandoc.Str(words)}, inlines}, pandoc.Space()))
end

-- Blocks that the reader may unfold, where there is a way to; `fold` makes it.
function markup.folded(summary, blocks)
    return pandoc.List({pandoc.Div(blocks, pandoc.Attr("", {"folded"},
                                                       {{"summary", summary}}))})
end

-- What is folded, on a page of HTML.
function markup.fold(div)
    if not div.classes:includes("folded") then return nil end
    local start = "<details><summary>" .. div.attributes.summary .. "</summary>"
    div.content:insert(1, pandoc.RawBlock("html", start))
    div.content:insert(pandoc.RawBlock("html", "</details>"))
    return div.content
end

-- The same, where the line that unfolds them is a sentence with formulas in it.
function markup.unfolding(class, summary, blocks)
    local start = '<details class="' .. class .. '"><summary>'
    local unfolding = pandoc.List({pandoc.RawBlock("html", start), pandoc.Plain(summary),
                                   pandoc.RawBlock("html", "</summary>")})
    unfolding:extend(blocks)
    unfolding:insert(pandoc.RawBlock("html", "</details>"))
    return unfolding
end

return markup
