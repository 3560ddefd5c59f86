-- live.lua -- figures that the reader moves.
--
-- Such a figure has beside its script figures/NAME.gp a program live/NAME.c.  Make has
-- left what that computes where its sliders begin in build/live/NAME.tsv, with a comment
-- for each slider, and the same program for the page in build/book/live/NAME.js; without
-- a compiler for pages there is none, and the figure stands still.  What tools/live.js
-- has to know stands in the attributes of the figure.

local files = require "book.files"
local markup = require "book.markup"
local source = require "book.source"

local live = {}

live.build = "build" -- the directory that holds the tables
live.book = "build/book" -- and that of the pages

-- The name of the figure that a script draws, if it moves, or nil.
function live.name(script)
    local name = script:match("([%w_]+)%.gp$")
    return name and files.lines("live/" .. name .. ".c") and name
end

-- Where the table is that the script reads.
function live.curves(name)
    return live.build .. "/live/" .. name .. ".tsv"
end

-- The sliders, "name|from|to|begin|steps|scale;...", and the number of each column.
local function read_table(name)
    local sliders, columns, count = {}, {}, 0
    for _, line in ipairs(files.lines(live.curves(name)) or {}) do
        local slider = line:match("^# (.*)")
        if not slider then
            for column in line:gmatch("[^\t]+") do
                columns[column], count = count, count + 1
            end
            break
        end
        table.insert(sliders, (slider:gsub("\t", "|")))
    end
    return table.concat(sliders, ";"), columns
end

-- For each plot of the script the numbers of its columns, "0:1 0:2".
local function plots(script, columns)
    local list = {}
    for _, line in ipairs(files.lines(script)) do
        for x, y in line:gsub("^%s*#.*", ""):gmatch('using "([^"]+)":"([^"]+)"') do
            table.insert(list, ("%s:%s"):format(columns[x], columns[y]))
        end
    end
    return table.concat(list, " ")
end

-- What the page has to know: the names of the attributes of a figure, and their values.
-- axes: what axes.gp printed.
function live.attributes(script, axes)
    local name = live.name(script)
    if not files.text(live.book .. "/live/" .. name .. ".js") then
        return {}
    end
    local sliders, columns = read_table(name)
    return {{"live", name}, {"sliders", sliders}, {"plots", plots(script, columns)},
            {"axes", (axes:gsub("%s+$", ""):gsub("\n", ";"))}}
end

-- The code that computes the figure, under it.
function live.listing(name)
    local program = source.find("live/" .. name .. ".c", "all")
    return markup.folded("What computes this figure", {source.listing(program)})
end

-- Notes on a page, for its template, the modules that its figures need.
function live.note(doc)
    local names = pandoc.List()
    doc:walk({Div = function(div)
        names:insert(div.attributes.live)
    end})
    doc.meta.live = #names > 0 and names or nil
end

return live
