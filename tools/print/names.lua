-- names.lua -- names and addresses where all chapters are one document.
--
-- What is called `rest` in beta.md is `beta:rest` here, and so is the address
-- `beta.html#rest`.  A link that leads out of the document, to a page of source code or to
-- data, becomes its words.

local files = require "book.files"

local names = {}

-- The address of a page's link in the document, or nil where it leads out of it.
local function address(page, target)
    local stem, anchor = target:match("^([%w_-]*)%.?h?t?m?l?#(.+)$")
    if stem then
        return "#" .. (stem == "" and page or stem) .. ":" .. anchor
    elseif target:match("^[%w_-]+%.html$") then
        return "#" .. target:match("^[%w_-]+")
    end
    return target:match("^https?:") and target
end

-- Gives what stands on a page the names that it has in the document.  Where two have the
-- same, such as a claim and its figure, the first one keeps it.
function names.own(doc, page)
    local taken = {}
    local function own(element)
        local id = element.identifier
        if id == "" then return nil end
        element.identifier = taken[id] and "" or page .. ":" .. id
        taken[id] = true
        return element
    end
    local function lead(link)
        local target = address(page, link.target)
        if not target then return link.content end
        link.target = target
        return link
    end
    local function plain(code)
        code.identifier = ""
        return code
    end
    return doc:walk({Div = own, Header = own, Span = own, Link = lead,
                     CodeBlock = plain})
end

-- All names of the document, and those of the code that a chapter shows as a whole file.
local function known_in(doc)
    local known = {}
    local function note(element)
        known["#" .. element.identifier] = true
    end
    doc:walk({Div = note, Header = note, Span = note})
    return known
end

-- The pages of the site that print has not, in whose place stand only words.
local function is_left_out(target)
    return target:match("^#concordance%-") or target:match("^#errata")
        or target:match("^#claims") or target:match("^#names")
end

-- A line of a file that is shown as a whole is found where the file is.
local function settled(link, known)
    local target = link.target
    if target:sub(1, 1) ~= "#" or known[target] then return link end
    local whole = target:gsub("%-%d+$", "-all")
    if known[whole] then
        link.target = whole
        return link
    elseif is_left_out(target) then
        return link.content
    end
    files.problem("book.md", 1, "nothing in print is called %s", target:sub(2))
    return link.content
end

-- Looks at all links of the document: each leads to a place, or becomes its words.
function names.settle(doc)
    local known = known_in(doc)
    return doc:walk({Link = function(link)
        return settled(link, known)
    end})
end

return names
