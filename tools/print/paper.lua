-- paper.lua -- what becomes of a page of the site where nothing unfolds.
--
-- A hint stands under its exercise, a solution at the end of the book.  Of the check of a
-- claim only its place is told, and the command that runs it again not at all: both are
-- of use where the code is.  So is what computes a figure that moves elsewhere.

local markup = require "book.markup"

local paper = {}

local function has_class(div, class)
    return div.t == "Div" and div.classes:includes(class)
end

-- All solutions of a chapter; a list of {exercise, blocks}.
function paper.solutions(doc)
    local taken, exercise = pandoc.List(), nil
    doc:walk({traverse = "topdown", Div = function(div)
        if has_class(div, "exercise") then
            exercise = div.identifier
        elseif has_class(div, "solution") then
            taken:insert({exercise = exercise, blocks = div.content})
        end
    end})
    return taken
end

-- The place of a check: the first line of its listing.
local function places(blocks)
    local found = pandoc.List()
    pandoc.Div(blocks):walk({Div = function(div)
        if has_class(div, "where") then found:insert(div) end
    end})
    return found
end

-- What each kind of folded text becomes; others stand unfolded.
local unfolded = {
    Hint = function(blocks)
        return markup.div("hint", blocks)
    end,
    Solution = function()
        return {}
    end,
    ["The check"] = places,
    ["What computes this figure"] = function()
        return {}
    end,
}

local function unfold(div)
    local summary = div.attributes.summary
    return (unfolded[summary] or function(blocks) return blocks end)(div.content)
end

local function settle(div)
    if has_class(div, "folded") then
        return unfold(div)
    elseif has_class(div, "rerun") then
        return {}
    end
    return nil
end

function paper.settle(doc)
    return doc:walk({Div = settle})
end

return paper
