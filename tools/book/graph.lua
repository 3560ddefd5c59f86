-- graph.lua -- what rests on what, as graphs: the claims of a chapter, and the chapters.
--
-- Whoever points at a claim sees what it rests on, and the rest fades.  That takes no
-- script: a node and an arrow carry a class for each claim of the chapter that they lead
-- to, the number of that claim.

local figure = require "book.figure"
local ledger = require "book.ledger"
local links = require "book.links"

local graph = {}

-- The grade of a claim is the shape of its node.
local shapes = {
    identity = "box", bound = "hexagon", rate = "ellipse", statistic = "diamond",
    proved = "box, peripheries=2", phenomenon = "octagon",
}

-- Calls `visit` with a claim and with all that it rests on, each once.
local function each_ancestor(book, id, visit, seen)
    seen = seen or {}
    if not seen[id] then
        seen[id] = true
        visit(id)
        for _, used in ipairs(book.claims[id].uses) do
            each_ancestor(book, used, visit, seen)
        end
    end
end

-- For each claim the classes that say what it leads to, among the claims of a chapter.
local function leads_to(book, chapter)
    local classes = {}
    for nth, id in ipairs(chapter.claims) do
        classes[id] = (classes[id] or "") .. " is-" .. nth
        each_ancestor(book, id, function(ancestor)
            classes[ancestor] = (classes[ancestor] or "") .. " to-" .. nth
        end)
    end
    return classes
end

-- What a claim says, in the plain words that C has for it, for who points at its node.
local function title(id)
    local claim = ledger.claim(id)
    return (claim and claim.title or id):gsub("[\\\"]", "\\%0")
end

local function node(book, id, stem, classes)
    local claim = ledger.claim(id)
    local elsewhere = book.claims[id].stem ~= stem
    return ('    %s [URL="%s", tooltip="%s", class="%s%s", shape=%s%s];'):format(
        id, links.to_name(book, id), title(id), ledger.verdict(id), classes, claim and shapes[claim.grade] or "box",
        elsewhere and ", style=dashed" or "")
end

-- The text of the graph of the claims of a chapter and of those that they use.
local function of_claims(book, chapter)
    local lines = {"digraph claims {", "    rankdir=LR;", "    node [fontsize=11];"}
    local classes, drawn = leads_to(book, chapter), {}
    local function draw(id)
        if not drawn[id] then
            drawn[id] = true
            table.insert(lines, node(book, id, chapter.stem, classes[id]))
        end
    end
    for _, id in ipairs(chapter.claims) do
        draw(id)
        for _, used in ipairs(book.claims[id].uses) do
            draw(used)
            table.insert(lines, ('    %s -> %s [class="%s"];'):format(used, id,
                                                                      classes[id]))
        end
    end
    table.insert(lines, "}")
    return table.concat(lines, "\n")
end

-- What fades while one of the claims of a chapter is pointed at, for as many as any has.
function graph.style(book)
    local rules, most = {}, 0
    for _, chapter in ipairs(book.chapters) do most = math.max(most, #chapter.claims) end
    for nth = 1, most do
        table.insert(rules, ("svg:has(.is-%d:is(:hover, :focus-within)) "
            .. ":is(.node, .edge):not(.to-%d) { opacity: 0.2; }"):format(nth, nth))
    end
    local text = table.concat(rules, "\n")
    return pandoc.RawBlock("html", "<style>\n" .. text .. "\n</style>")
end

-- A drawing whose nodes are links; the tooltips of Graphviz as SVG has them.
local function drawn(text, name, words)
    local block = figure.graph(text, name)
    local svg = block.content[1].text
    svg = svg:gsub('role="img" aria%-label="[^"]*"',
                   'role="group" aria-label="' .. words .. '"', 1)
    svg = svg:gsub('(<a [^>]-) xlink:title="([^"]*)"([^>]*>)', "%1%3<title>%2</title>")
    svg = svg:gsub('<g id="[^"]*">(<a .-</a>)\n</g>', "%1"):gsub("&#45;", "-")
    block.content[1] = pandoc.RawBlock("html", svg)
    return block
end

-- The claims of a chapter.
function graph.claims(book, chapter)
    local words = "What rests on what among the claims of chapter " .. chapter.number
    return drawn(of_claims(book, chapter), "claims-" .. chapter.stem, words)
end

-- The chapters with claims that those of a chapter use, in the order of the book.
local function foundations(book, chapter)
    local uses, list = {}, {}
    for _, id in ipairs(chapter.claims) do
        for _, used in ipairs(book.claims[id].uses) do
            uses[book.claims[used].stem] = true
        end
    end
    for _, other in ipairs(book.chapters) do
        if uses[other.stem] and other.stem ~= chapter.stem then
            table.insert(list, other.stem)
        end
    end
    return list
end

-- A title in lines of a few words.
local function broken(title)
    local line, lines = "", {}
    for word in title:gmatch("%S+") do
        if #line + #word > 18 then
            table.insert(lines, line)
            line = ""
        end
        line = line == "" and word or line .. " " .. word
    end
    table.insert(lines, line)
    return table.concat(lines, "\\n")
end

local function chapter_node(chapter)
    local label = broken(chapter.number .. " " .. chapter.title)
    return ('    %s [URL="claims.html#%s", tooltip="%s", label="%s"];'):format(
        chapter.stem, chapter.stem, chapter.title, label)
end

-- The chapters that have claims, and which of them use those of which.
function graph.chapters(book)
    local lines = {"digraph chapters {", "    rankdir=LR; nodesep=0.15;",
                   "    node [shape=plaintext, fontsize=13, margin=0.05];"}
    for _, chapter in ipairs(book.chapters) do
        if #chapter.claims > 0 then
            table.insert(lines, chapter_node(chapter))
            for _, stem in ipairs(foundations(book, chapter)) do
                table.insert(lines, ("    %s -> %s;"):format(stem, chapter.stem))
            end
        end
    end
    table.insert(lines, "}")
    return drawn(table.concat(lines, "\n"), "claims-chapters",
                 "Which chapters use the claims of which")
end

return graph
