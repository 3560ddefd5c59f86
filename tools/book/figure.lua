-- figure.lua -- draws a picture of figures/ as SVG that takes the colours of its page.
--
-- A gnuplot script reads only what a claim recorded, <claim>.<name>.tsv in the directory
-- build/evidence/<stem>, its variable `evidence`; tools/figure.gp is read before it.
-- A Graphviz file needs no data.
--
-- A figure that moves reads the table `curves` in the place of evidence: see live.lua.

local files = require "book.files"
local live = require "book.live"
local markup = require "book.markup"
local source = require "book.source"

local figure = {}

-- The name of a figure: its script without folder and ending.
function figure.name(script)
    return script:match("([%w_]+)%.%a+$")
end

-- A command line of words, none of which the shell may take apart.
local function command_of(words)
    local quoted = {}
    for i, word in ipairs(words) do
        quoted[i] = "'" .. word:gsub("'", "'\\''") .. "'"
    end
    return table.concat(quoted, " ")
end

-- Runs a program; what it writes, and what it complains of.
local function run(words)
    local output = os.tmpname()
    local pipe = io.popen(command_of(words) .. " 2>&1 >" .. output)
    local complaint = pipe:read("a")
    pipe:close()
    local text = files.text(output)
    os.remove(output)
    return text, complaint
end

-- The series that a gnuplot script names, as in `plot evidence."gd_rate.loss.tsv"`.
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

-- The claims that recorded what a script draws, in its order.
function figure.claims(script)
    local claims, seen = {}, {}
    for _, series in ipairs(script:match("%.gp$") and figure.series(script) or {}) do
        local claim = series:match("^([%w_]+)%.[%w_]+%.tsv$") or series
        if not seen[claim] then
            seen[claim] = true
            table.insert(claims, claim)
        end
    end
    return claims
end

-- The directory of what the claims of a chapter recorded.
local function evidence_of(stem)
    return figure.evidence .. "/" .. stem .. "/"
end

-- A series that a script reads and no claim recorded, or nil.
local function unrecorded(script, stem)
    for _, name in ipairs(figure.series(script)) do
        local recorded = evidence_of(stem) .. name
        if #(files.lines(recorded) or {}) < 2 then return recorded end
    end
    return nil
end

-- What is missing to draw a script of the chapter `stem`, in words, or nil.
function figure.missing(script, stem)
    if not files.lines(script) then
        return "there is no figure " .. script
    elseif script:match("%.dot$") or live.name(script) then
        return nil
    end
    if #figure.series(script) == 0 then
        return script .. " reads no evidence"
    end
    local series = unrecorded(script, stem)
    if series and not figure.may_wait then
        return script .. " has no data: no claim recorded " .. series
    end
    return nil
end

-- What Graphviz is told of every graph; a file may still say otherwise.
local graphviz = {"-Tsvg", "-Gbgcolor=transparent", "-Gfontname=TeX Gyre Pagella",
                  "-Nfontname=TeX Gyre Pagella", "-Efontname=TeX Gyre Pagella"}

-- A file beside the filter.
local function tool(name)
    return (PANDOC_SCRIPT_FILE:gsub("[^/]*$", name))
end

local function draw(script, stem)
    if script:match("%.dot$") then
        return run({"dot", script, table.unpack(graphviz)})
    elseif live.name(script) then
        local setup = string.format('curves = "%s"', live.curves(live.name(script)))
        return run({"gnuplot", "-e", setup, tool("figure.gp"), script, tool("axes.gp")})
    end
    local setup = string.format('evidence = "%s"', evidence_of(stem))
    return run({"gnuplot", "-e", setup, tool("figure.gp"), script})
end

-- The inks of tools/figure.gp, which the style sheet sets for light, dark and print.
local inks = {
    ["black"] = "currentColor", ["rgb%(%s*0,%s*0,%s*0%)"] = "currentColor",
    ["rgb%(128, 128, 128%)"] = "var(--grey)", ["gray"] = "var(--grey)",
    ["rgb%(%s*31,%s*95, 191%)"] = "var(--blue)",
    ["rgb%(192,%s*57,%s*43%)"] = "var(--red)",
}

-- Numbers with one digit after the point: a picture is some hundred points wide.
local function rounded(text)
    return (text:gsub("%-?%d+%.%d+", function(number)
        return (("%.1f"):format(number):gsub("%.0$", ""))
    end))
end

-- A drawing without what a page has said already or nobody sees.  The curves of gnuplot
-- stay as they are, since a figure that moves goes by them.
local function lightened(svg)
    svg = svg:gsub('(<text [^>]-) font%-family="[^"]*"', "%1")
    for _, places in ipairs({' d="[^"]*"', ' points="[^"]*"', "translate%b()"}) do
        svg = svg:gsub(places, rounded)
    end
    return (svg:gsub("\n%s*\n", "\n"))
end

-- Makes a drawing part of a page: no prologue, no tooltips, its own names, its inks.
-- spoken: what it is called for who does not see it.
local function adopt(svg, name, spoken)
    local label = spoken:gsub('[&<>"]', {["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;",
                                         ['"'] = "&quot;"})
    svg = svg:gsub("^.-<svg", function()
        return '<svg role="img" aria-label="' .. label .. '"'
    end)
    svg = svg:gsub("<title>.-</title>", ""):gsub("<desc>.-</desc>", "")
    svg = svg:gsub("<!%-%-.-%-%->", ""):gsub("<g [^>]*>%s*</g>", "")
    svg = svg:gsub("( id=[\"'])", "%1" .. name .. "-")
    svg = svg:gsub("(xlink:href=[\"']#)", "%1" .. name .. "-")
    for ink, property in pairs(inks) do
        svg = svg:gsub("([\"'])" .. ink .. "([\"'])", "%1" .. property .. "%2")
    end
    return pandoc.RawBlock("html", lightened(svg))
end

-- A graph that the book made itself, as a figure without a number.
function figure.graph(text, name)
    local svg = pandoc.pipe("dot", graphviz, text)
    return markup.div("figure wide", {adopt(svg, name, name)})
end

-- Where the figure comes from: the claims that measured it, its script, and the series
-- that it reads.
local function origins(script, stem)
    local inlines = pandoc.List()
    for _, claim in ipairs(figure.claims(script)) do
        inlines:insert(markup.name(claim, "#" .. claim))
        inlines:insert(pandoc.Str(", "))
    end
    inlines:insert(markup.link("script", source.page(script)))
    for _, name in ipairs(script:match("%.gp$") and figure.series(script) or {}) do
        inlines:insert(pandoc.Str(", "))
        inlines:insert(markup.link(name, "data/" .. stem .. "/" .. name .. ".txt"))
    end
    return pandoc.Span(inlines, markup.attributes("origins"))
end

-- The words of a caption, without what is to be tried with a slider.
local function still_words(image)
    return pandoc.Plain(image.caption):walk({Span = function(span)
        return span.classes:includes("try") and {} or nil
    end})
end

-- A formula as it may be read aloud: the names of its signs, without what places them.
local function signs(math)
    local text = math.text:gsub("\\[td]?frac%s*(%d)%s*(%d)", "%1/%2")
    text = text:gsub("\\[td]?frac%s*(%b{})(%b{})", "%1/%2")
    text = text:gsub("\\[lr]V?ert%f[%A]", "|")
    for _, place in ipairs({"left", "right", "bigl", "bigr", "text", "mathrm", "mathbb"}) do
        text = text:gsub("\\" .. place .. "%f[%A]", "")
    end
    text = text:gsub("\\[^%a]", " "):gsub("\\(%a+)%s*", " %1 "):gsub("[{}]", "")
    return pandoc.Str(text)
end

-- The words of a caption for who does not see the figure.
local function spoken(image)
    local text = pandoc.utils.stringify(still_words(image):walk({Math = signs}))
    return (text:gsub("%s+", " "):gsub(" $", ""))
end

function figure.caption(image, script, stem, number)
    local label = {markup.span("label", "Figure " .. number)}
    local words = FORMAT:match("^html") and image.caption or still_words(image).content
    local parts = {label, words, {origins(script, stem)}}
    return markup.line("caption", markup.join(parts, pandoc.Space()))
end

-- What was wrong, in one line: gnuplot names the line, after it has quoted it.
local function first_complaint(complaint)
    return complaint:match("(line %d+: [^\n]+)") or complaint:match("[^\n]+")
        or "nothing was drawn"
end

-- What stands for a figure whose claims stop at an exercise that is still to be solved.
local function waiting(image, script, stem, number)
    local note = "This figure waits for an exercise: no claim has recorded its data yet."
    return markup.div("figure", {markup.line("waiting", {pandoc.Str(note)}),
                                 figure.caption(image, script, stem, number)},
                      figure.name(script))
end

-- The figure that an image of the chapter `stem` asks for, or nil and what went wrong.
function figure.block(image, script, stem, number)
    local svg, complaint = draw(script, stem)
    if complaint ~= "" or not svg:find("</svg>", 1, true) then
        if figure.may_wait then return waiting(image, script, stem, number) end
        return nil, script .. ": " .. first_complaint(complaint)
    end
    local drawing, axes = svg:match("^(.-</svg>)%s*(.*)$")
    local blocks = pandoc.List({adopt(drawing, figure.name(script), spoken(image)),
                                figure.caption(image, script, stem, number)})
    local attributes = {}
    if live.name(script) then
        blocks:extend(live.listing(live.name(script)))
        attributes = live.attributes(script, axes)
    end
    return pandoc.Div(blocks, pandoc.Attr(figure.name(script), {"figure"}, attributes))
end

return figure
