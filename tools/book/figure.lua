-- figure.lua -- draws a picture of figures/ as SVG that takes the colours of its page.
--
-- A gnuplot script reads only what a claim recorded, build/evidence/<stem>/*.tsv; the
-- directory is its variable `evidence`, and tools/figure.gp is read before it.  A
-- Graphviz file needs no data.

local files = require "files"
local source = require "source"

local figure = {}

-- The name of a figure: its script without folder and ending.
function figure.name(script)
    return script:match("([%w_]+)%.%a+$")
end

local function shell_word(text)
    return "'" .. text:gsub("'", "'\\''") .. "'"
end

-- Runs a command; what it writes, and what it complains of.
local function run(command)
    local output = os.tmpname()
    local pipe = io.popen(command .. " 2>&1 >" .. shell_word(output))
    local complaint = pipe:read("a")
    pipe:close()
    local text = files.text(output)
    os.remove(output)
    return text, complaint
end

-- The series that a gnuplot script names, as in `plot evidence."loss.tsv"`.
function figure.series(script)
    local series, seen = {}, {}
    for _, line in ipairs(files.lines(script)) do
        for name in line:gsub("^%s*#.*", ""):gmatch("evidence%s*%.%s*[\"']([^\"']+)") do
            if not seen[name] then
                seen[name] = true
                table.insert(series, name)
            end
        end
    end
    return series
end

-- The directory of what the claims of a chapter recorded.
local function evidence_of(stem)
    return figure.evidence .. "/" .. stem .. "/"
end

-- What is missing to draw a script of the chapter `stem`, in words, or nil.
function figure.missing(script, stem)
    if not files.lines(script) then
        return "there is no figure " .. script
    elseif script:match("%.dot$") then
        return nil
    end
    local series = figure.series(script)
    if #series == 0 then
        return script .. " reads no evidence"
    end
    for _, name in ipairs(series) do
        local recorded = evidence_of(stem) .. name
        if #(files.lines(recorded) or {}) < 2 then
            return script .. " has no data: no claim recorded " .. recorded
        end
    end
    return nil
end

-- What Graphviz is told of every graph; a file may still say otherwise.
local dot_options = {"-Tsvg", "-Gbgcolor=transparent", "-Gfontname=TeX Gyre Pagella",
                     "-Nfontname=TeX Gyre Pagella", "-Efontname=TeX Gyre Pagella"}

local function dot_command(script)
    local words = {"dot"}
    for _, option in ipairs(dot_options) do
        table.insert(words, shell_word(option))
    end
    table.insert(words, shell_word(script))
    return table.concat(words, " ")
end

local function draw(script, stem)
    if script:match("%.dot$") then
        return run(dot_command(script))
    end
    local setup = string.format("evidence = \"%s\"", evidence_of(stem))
    local style = PANDOC_SCRIPT_FILE:gsub("[^/]*$", "figure.gp")
    local words = {shell_word(setup), shell_word(style), shell_word(script)}
    return run("gnuplot -e " .. table.concat(words, " "))
end

-- The inks of tools/figure.gp, which the style sheet sets for light, dark and print.
local inks = {
    ["black"] = "currentColor", ["rgb%(%s*0,%s*0,%s*0%)"] = "currentColor",
    ["rgb%(128, 128, 128%)"] = "var(--grey)", ["gray"] = "var(--grey)",
    ["rgb%(%s*31,%s*95, 191%)"] = "var(--blue)",
    ["rgb%(192,%s*57,%s*43%)"] = "var(--red)",
}

-- Makes a drawing part of a page: no prologue, no tooltips, its own names, its inks.
local function adopt(svg, name)
    svg = svg:gsub("^.-<svg", "<svg"):gsub("<title>.-</title>", "")
    svg = svg:gsub("<desc>.-</desc>", ""):gsub("<g [^>]*>%s*</g>", "")
    svg = svg:gsub("<!%-%-.-%-%->", ""):gsub("\n%s*\n", "\n")
    svg = svg:gsub("( id=[\"'])", "%1" .. name .. "-")
    svg = svg:gsub("(xlink:href=[\"']#)", "%1" .. name .. "-")
    for ink, property in pairs(inks) do
        svg = svg:gsub("([\"'])" .. ink .. "([\"'])", "%1" .. property .. "%2")
    end
    return svg
end

-- The SVG of a script, or nil and the complaint of the program that drew it.
local function svg_of(script, stem)
    local svg, complaint = draw(script, stem)
    if complaint ~= "" or not svg:find("</svg>", 1, true) then
        local message = complaint:match("(line %d+: [^\n]+)")
            or complaint:match("[^\n]+") or "nothing was drawn"
        return nil, script .. ": " .. message
    end
    return adopt(svg, figure.name(script))
end

-- A graph that the book made itself, as a figure without a number.
function figure.graph(text, name)
    local svg = adopt(pandoc.pipe("dot", dot_options, text), name)
    return pandoc.Div({pandoc.RawBlock("html", svg)}, pandoc.Attr("", {"figure", "wide"}))
end

-- Where the figure comes from: its script, and the series that it reads.
local function origins(script, stem)
    local words = pandoc.Link({pandoc.Str("script")}, source.page(script))
    local inlines = pandoc.List({words})
    for _, name in ipairs(script:match("%.gp$") and figure.series(script) or {}) do
        local address = "data/" .. stem .. "/" .. name .. ".txt"
        local data = pandoc.Link({pandoc.Str(name)}, address)
        inlines:extend({pandoc.Str(", "), data})
    end
    return pandoc.Span(inlines, pandoc.Attr("", {"origins"}))
end

-- The figure that an image of the chapter `stem` asks for, or nil and what went wrong.
function figure.block(image, script, stem, number)
    local svg, message = svg_of(script, stem)
    if not svg then
        return nil, message
    end
    local label = pandoc.Span({pandoc.Str("Figure " .. number)},
                              pandoc.Attr("", {"label"}))
    local caption = pandoc.List({label, pandoc.Space()})
    caption:extend(image.caption)
    caption:extend({pandoc.Space(), origins(script, stem)})
    local below = pandoc.Div({pandoc.Plain(caption)}, pandoc.Attr("", {"caption"}))
    return pandoc.Div({pandoc.RawBlock("html", svg), below},
                      pandoc.Attr(figure.name(script), {"figure"}))
end

return figure
