-- mark.lua -- what can be linked to shows it: the heading of a section, and the label of
-- a claim, a figure, an exercise or an erratum, are links to themselves.

local report = require "book.report"

local mark = {}

local function permalink(content, id)
    return pandoc.Link(content, "#" .. id, "", pandoc.Attr("", {"permalink"}))
end

function mark.Header(header)
    if header.level > 1 and header.identifier ~= "" then
        header.content = {permalink(header.content, header.identifier)}
        return header
    end
end

-- Makes the first label of a block the link to its box; says whether there is one.
local function mark_label(block, id)
    local done = false
    local marked = pandoc.Div({block}):walk({Span = function(span)
        if not done and span.classes:includes("label") then
            done = true
            span.content = {permalink(span.content, id)}
            return span
        end
    end})
    return done, marked.content[1]
end

-- What invites to report an error of a box.
local function invitation(home, place, commit)
    local words = pandoc.Str("Report an error")
    return pandoc.Link({words}, report.address(home, place, commit), "",
                       pandoc.Attr("", {"report"}))
end

local may_err = {claim = true, erratum = true, exercise = true}

-- The boxes of a page, each with a label that links to it, and where errors are
-- reported an invitation to do so.
local function box(url, book, commit)
    return function(div)
        if div.identifier == "" then return nil end
        for i, block in ipairs(div.content) do
            local done, marked = mark_label(block, div.identifier)
            if done then
                div.content[i] = marked
                if book.report and may_err[div.classes[1]] and marked.t == "Para" then
                    local place = url .. "#" .. div.identifier
                    marked.content:insert(pandoc.Space())
                    marked.content:insert(invitation(book.report, place, commit))
                end
                return div
            end
        end
    end
end

function mark.page(doc, url, book, commit)
    return doc:walk({Header = mark.Header, Div = box(url, book, commit)})
end

return mark
