-- formula.lua -- formulas as MathML, set as TeX would set them.
--
-- Pandoc 2 lets every parenthesis stretch, and browsers put space around those that do.
-- It writes norms with the sign for parallel lines, which is spaced like a relation,
-- and accents with combining characters, which end up beside their letter; an ell it
-- takes for an operator.

local files = require "book.files"

local formula = {}

-- What is taller than a line, so that parentheses around it should stretch.
local tall = {"<mfrac", "<mtable", "<munder", "<mover>", "minsize"}

local function is_tall(mathml)
    for _, tag in ipairs(tall) do
        if mathml:find(tag, 1, true) then
            return true
        end
    end
    return false
end

-- What stretches in a formula, {at, form}, in its order; fences have a form.
local function stretching(mathml)
    local found = {}
    for at, rest in mathml:gmatch('()stretchy="true"([^>]*)>') do
        table.insert(found, {at = at, form = rest:match('^ form="(%a+)"$')})
    end
    return found
end

-- The fence that closes the nth, or nil where something else that stretches comes first.
local function closing(found, nth)
    for i = nth + 1, #found do
        if not found[i].stretches then
            return found[i].form == "postfix" and found[i] or nil
        end
    end
end

-- Settles pairs of fences from the inside outwards: the last that opens holds no other.
local function settle_fences(mathml)
    local found = stretching(mathml)
    for nth = #found, 1, -1 do
        local open = found[nth]
        if open.form == "prefix" then
            local close = closing(found, nth)
            open.stretches = "true"
            if close and not is_tall(mathml:sub(open.at, close.at)) then
                open.stretches = "false"
            end
            if close then close.stretches = open.stretches end
        end
    end
    local nth = 0
    return (mathml:gsub('stretchy="true"', function()
        nth = nth + 1
        return 'stretchy="' .. (found[nth].stretches or "true") .. '"'
    end))
end

-- Signs after which a minus belongs to what follows.
local signs = {"=", "≤", "≥", "&lt;", "&gt;", ",", "⋅", "×", "≈", "→", "↦", ":"}

local function bind_minus(mathml)
    if not mathml:find("<mo>−</mo>", 1, true) then return mathml end
    for _, sign in ipairs(signs) do
        local relation = "<mo>" .. sign .. "</mo>"
        mathml = mathml:gsub(relation .. "<mo>−</mo>",
                             relation .. '<mo form="prefix">−</mo>')
    end
    return (mathml:gsub('( form="prefix">[^<]*</mo>)<mo>−</mo>',
                        '%1<mo form="prefix">−</mo>'))
end

-- The fences that an author made big are given as multiples, unknown to browsers.  The
-- smallest, \bigl, is hardly larger than what it replaces, and not worth its space.
local function size_fences(mathml)
    local sized = 'minsize="([%d.]+)" maxsize="[%d.]+" stretchy="false"'
    return (mathml:gsub(sized, function(size)
        if tonumber(size) > 1.2 then
            local em = size .. 'em"'
            return 'minsize="' .. em .. ' maxsize="' .. em .. ' stretchy="true"'
        end
        return 'stretchy="false"'
    end))
end

-- Functions such as log are set close: a thin space on each side, but none where the
-- formula begins and none before a parenthesis.
local function close_up(mathml)
    local name = '<mo lspace="0.17em" rspace="0.17em">%1</mo>'
    mathml = mathml:gsub("<mo>(%a%a+)</mo>", name)
    for _, start in ipairs({"<semantics><mrow>", "<semantics><mrow><m%a+>"}) do
        mathml = mathml:gsub("(" .. start .. '<mo lspace)="0.17em"', '%1="0"')
    end
    for _, before in ipairs({"<mrow>", "<msup><mrow>"}) do
        local fence = '(%a+</mo>' .. before .. '<mo [^>]*form="prefix")'
        mathml = mathml:gsub('rspace="0.17em">' .. fence, 'rspace="0">%1')
    end
    return mathml
end

-- Accents that stand by themselves, for the combining ones.
local accents = {
    ["\u{302}"] = "ˆ", ["\u{303}"] = "˜", ["\u{307}"] = "˙", ["\u{308}"] = "¨",
    ["‾"] = "¯",
}
-- What they may stand on: a letter, or one that has its accent already.  Over more than
-- a letter, an accent stretches as it is.
local letters = {"<mi>[^<]*</mi>", "<mstyle[^>]*><mi>[^<]*</mi></mstyle>",
    '<mover accent="true"><mi>[^<]*</mi><mo[^>]*>[^<]*</mo></mover>'}

local function mend_accents(mathml)
    if not mathml:find('accent="true"', 1, true) then return mathml end
    for _, letter in ipairs(letters) do
        for combining, alone in pairs(accents) do
            local accent = '<mo accent="true">' .. combining .. "</mo></mover>"
            local mended = '<mover accent="true">%1<mo stretchy="false">' .. alone
                .. "</mo></mover>"
            mathml = mathml:gsub("<mover>(" .. letter .. ")" .. accent, mended)
        end
    end
    return mathml
end

-- Capital Greek letters stand upright; each is two bytes, Α to Ω.  So does a name of
-- several letters, which Pandoc writes one by one in a style that browsers pass over.
local function upright(mathml)
    local letter = '<mi mathvariant="normal">%1</mi>'
    mathml = mathml:gsub('<mstyle mathvariant="normal">(.-)</mstyle>', function(name)
        name = name:gsub("</?mi>", "")
        return not name:find("<", 1, true) and letter:gsub("%%1", name) or nil
    end)
    return (mathml:gsub("<mi>(\xCE[\x91-\xA9])</mi>", letter))
end

-- What Pandoc wrote, mended.
function formula.mend(mathml)
    mathml = mathml:gsub("∥", "‖"):gsub("<mo>ℓ</mo>", "<mi>ℓ</mi>")
    mathml = mend_accents(mathml)
    mathml = size_fences(settle_fences(mathml))
    return upright(close_up(bind_minus(mathml)))
end

-- How many letters and signs are seen of it; its TeX goes along unseen.
local function seen(mathml)
    return utf8.len((mathml:gsub("<annotation.*</annotation>", ""):gsub("<[^>]*>", "")))
end

-- Browsers do not break a formula.  From so many signs on it may be wider than the page
-- of a telephone, and is put where it can be moved.
local WIDE = 24

local options = pandoc.WriterOptions({html_math_method = "mathml"})

-- A formula as HTML.  Pandoc leaves TeX that it cannot read as it is.
local function written(math)
    local html = pandoc.write(pandoc.Pandoc({pandoc.Plain({math})}), "html", options)
    if not html:find("<math", 1, true) then
        local first = math.text:match("[^\n]+")
        files.problem(PANDOC_STATE.input_files[1], first, "no formula: %s", first)
    end
    html = formula.mend(html)
    if math.mathtype == "InlineMath" and seen(html) > WIDE then
        html = '<span class="long">' .. html .. "</span>"
    end
    return html
end

local known = {} -- what was written of a formula, which often stands on a page twice

-- A formula of the text as MathML.
function formula.html(math)
    local key = math.mathtype .. math.text
    known[key] = known[key] or written(math)
    return pandoc.RawInline("html", known[key])
end

-- The same without the TeX that goes along, where a claim is shown again.
function formula.bare(math)
    local html = formula.html(math).text:gsub("<annotation.-</annotation>", "")
    return pandoc.RawInline("html", html)
end

-- Browsers may break a line behind a formula, even before the comma that follows.  A long
-- one might no longer fit on the line of a telephone with it.
local SHORT = 20

function formula.bind(inlines)
    for i = #inlines - 1, 1, -1 do
        local math, mark = inlines[i], inlines[i + 1]
        if math.mathtype == "InlineMath" and #math.text <= SHORT
            and mark.t == "Str" and mark.text:match("^%p[^%w]*$") then
            inlines[i] = pandoc.Span({math, mark}, {class = "bound"})
            inlines:remove(i + 1)
        end
    end
    return inlines
end

return formula
