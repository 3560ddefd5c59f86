-- html.lua -- pages for instructors and students: what others wrote is escaped in one
-- place, here.

local html = {}

local ESCAPES = {["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;"}

local STYLE = [[
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.45;
       font-family: Georgia, serif; color: #222; background: #fff; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.85em; }
pre { background: #f6f6f4; padding: 0.6rem 0.8rem; overflow-x: auto; }
table { border-collapse: collapse; } td, th { padding: 0.1rem 0.8rem 0.1rem 0;
text-align: left; vertical-align: top; } td.number { text-align: right; }
.bar { display: inline-block; height: 0.7em; background: #4a6b8a; }
.holds { color: #2b6b2b; } .fails { color: #9c2a1c; } li { margin: 0.2rem 0; }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #161616; }
pre { background: #222; } .bar { background: #8ab; } .holds { color: #8c8; }
.fails { color: #e98; } }]]

-- What others wrote, as text of a page.
function html.text(text)
    return (tostring(text):gsub('[&<>"]', ESCAPES))
end

-- <name>text</name>; what is in it is markup already.
function html.tag(name, inner, attributes)
    return ("<%s%s>%s</%s>"):format(name, attributes and " " .. attributes or "", inner,
                                    name)
end

-- A list of items that are markup.
function html.list(items)
    local parts = {}
    for i, item in ipairs(items) do parts[i] = html.tag("li", item) end
    return #parts > 0 and html.tag("ul", table.concat(parts, "\n")) or ""
end

-- Rows of cells that are markup; a cell that begins with a digit stands to the right.
function html.table(rows)
    local lines = {}
    for i, row in ipairs(rows) do
        local cells = {}
        for c, cell in ipairs(row) do
            cells[c] = html.tag("td", cell, cell:find("^%d") and 'class="number"' or nil)
        end
        lines[i] = html.tag("tr", table.concat(cells))
    end
    return html.tag("table", table.concat(lines, "\n"))
end

-- A whole page.
function html.page(title, parts)
    return table.concat({"<!DOCTYPE html>", '<html lang="en">', "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        html.tag("title", html.text(title)), html.tag("style", STYLE), "</head>", "<body>",
        html.tag("h1", html.text(title)), table.concat(parts, "\n"), "</body>", "</html>"},
        "\n") .. "\n"
end

return html
