-- tables.lua -- tables as LaTeX that may stand in a frame.
--
-- Pandoc's own longtable may not, and knows the widths of no column.

local tables = {}

-- A column with so many letters in one of its cells is a paragraph.
local LONG = 22

-- About as many letters as are printed: of a formula, each sign is one.
local function width_of(blocks)
    local signs = pandoc.Div(blocks):walk({Math = function(math)
        return pandoc.Str((math.text:gsub("\\%a+", "x"):gsub("[{}_^%s]", "")))
    end})
    return utf8.len(pandoc.utils.stringify(signs))
end

local letters = {AlignLeft = "l", AlignRight = "r", AlignCenter = "c",
                 AlignDefault = "l"}

-- The letter of a column, and whether it is one that takes what is left of the line.
local function column(simple, j)
    local widest = 0
    for _, row in ipairs(simple.rows) do
        widest = math.max(widest, width_of(row[j]))
    end
    return widest > LONG and "L" or letters[simple.aligns[j]], widest > LONG
end

local function columns(simple)
    local spec, has_long = {}, false
    for j in ipairs(simple.aligns) do
        local letter, is_long = column(simple, j)
        spec[j], has_long = letter, has_long or is_long
    end
    return table.concat(spec), has_long
end

local function mark(text)
    return pandoc.RawInline("latex", text)
end

-- A cell as inlines; a new line in it does not end the row.
local function inlines_of(cell)
    return pandoc.Span(pandoc.utils.blocks_to_inlines(cell)):walk({LineBreak = function()
        return mark("\\newline ")
    end}).content
end

-- The inlines of a row, with the signs that part its cells and end its line.
local function add_row(inlines, row, ending)
    for j, cell in ipairs(row) do
        if j > 1 then inlines:insert(mark(" & ")) end
        inlines:extend(inlines_of(cell))
    end
    inlines:insert(mark(ending))
end

local function has_head(simple)
    for _, cell in ipairs(simple.headers) do
        if #cell > 0 then return true end
    end
    return false
end

-- A table, which stays on its page.
function tables.tabular(element)
    local simple = pandoc.utils.to_simple_table(element)
    local spec, has_long = columns(simple)
    local name = has_long and "widetable" or "narrowtable"
    local inlines = pandoc.List({mark("\\begin{" .. name .. "}{" .. spec .. "}\n")})
    if has_head(simple) then
        inlines:insert(mark("\\tablehead "))
        add_row(inlines, simple.headers, "\\\\[2pt]\n")
    end
    for _, row in ipairs(simple.rows) do add_row(inlines, row, "\\\\\n") end
    inlines:insert(mark("\\end{" .. name .. "}"))
    return pandoc.Plain(inlines)
end

return tables
