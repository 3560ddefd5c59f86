-- plain.lua -- blocks as plain text for search: no code, and formulas as a reader would
-- type them, but for their indices and powers, which keep the braces of TeX: the page of
-- search sets them.

local label = require "book.label"

local plain = {}

-- Signs for which print has a letter; other commands of TeX say how a formula looks.
local signs = {
    le = "≤", leq = "≤", ge = "≥", ne = "≠", neq = "≠", approx = "≈", sim = "~", pm = "±",
    mp = "∓", cdot = "·", times = "×", to = "→", mapsto = "↦", leftarrow = "←",
    Rightarrow = "⇒", Leftrightarrow = "⇔", sqrt = "√", sum = "∑", prod = "∏", int = "∫",
    partial = "∂", nabla = "∇", top = "T", dagger = "†", infty = "∞", ["in"] = "∈",
    notin = "∉", subset = "⊂", emptyset = "∅", perp = "⊥", star = "*", circ = "∘",
    odot = "⊙", gg = "≫", ll = "≪", lesssim = "≲", propto = "∝", mid = "|", lvert = "|",
    rvert = "|", lVert = "‖", rVert = "‖", langle = "⟨", rangle = "⟩", lfloor = "⌊",
    rfloor = "⌋", ldots = "…", dots = "…", cdots = "…", quad = " ", qquad = " ", ell = "ℓ",
    varepsilon = "ε", varphi = "φ", chi = "χ", Pi = "Π",
}
for name in ("ln log exp max min sup det arg sin cos tan sinh cosh tanh arccos arctan"
             ):gmatch("%a+") do
    signs[name] = name
end

-- What stands above a letter, as a mark that joins it.
local accents = {{"hat", "\u{302}"}, {"tilde", "\u{303}"}, {"bar", "\u{304}"},
                 {"dot", "\u{307}"}}

local function with_accents(tex)
    for _, accent in ipairs(accents) do
        local name, joined = "\\" .. accent[1], "%1" .. accent[2]
        tex = tex:gsub(name .. "%s*{%s*(\\?%a+)%s*}", joined)
            :gsub(name .. "%s+(\\?%a+)", joined)
    end
    return tex
end

local opens = {lvert = true, lVert = true, langle = true, lfloor = true} -- without a space

-- What stands in braces, in parentheses where it is more than a number or a name.
local function grouped(braced)
    local inner = braced:sub(2, -2)
    return inner:match("^%w*\\?[%w.]*[_^]?%w*$") and inner or "(" .. inner .. ")"
end

-- The formula a/b of \frac{a}{b}, and √(a + b) of \sqrt{a + b}.
local function with_fractions(tex)
    return (tex:gsub("\\[dt]?frac%s*(%b{})%s*(%b{})", function(above, below)
        return grouped(with_fractions(above)) .. "/" .. grouped(with_fractions(below))
    end):gsub("\\[dt]?frac%s*(%w)%s*(%w)", "%1/%2"):gsub("\\sqrt%s*(%b{})", function(root)
        return "√" .. grouped(with_fractions(root))
    end))
end

-- A matrix in one line; what else is set in lines has its signs of alignment taken away.
local function with_matrices(tex)
    return (tex:gsub("\\begin%s*{pmatrix}(.-)\\end%s*{pmatrix}", function(entries)
        return "(" .. entries:gsub("%s*&%s*", ", ") .. ")"
    end):gsub("\\begin%s*{%a+%*?}", ""):gsub("\\end%s*{%a+%*?}", "")
        :gsub("%s*\\\\%s*", "; "):gsub("&", ""))
end

-- An index or a power keeps its braces, and has some around one letter too; all others go.
local function with_scripts(text)
    text = text:gsub("([_^])%s*(%b{})", function(sign, braced)
        return sign .. "\1" .. braced:gsub("[{}%s]", "") .. "\2"
    end)
    text = text:gsub("([_^])(" .. utf8.charpattern .. ")", function(sign, letter)
        return not letter:match("[\1%s{}]") and sign .. "\1" .. letter .. "\2" or nil
    end)
    return (text:gsub("[{}]", ""):gsub("\1", "{"):gsub("\2", "}"))
end

-- A formula without what only sets it.
function plain.formula(tex)
    tex = with_matrices(with_fractions(with_accents(tex)))
    local text = tex:gsub("\\(%a+)(%s?)%s*", function(command, space)
        local sign = label.greek[command] or signs[command]
        return sign and sign .. (opens[command] and "" or space) or ""
    end)
    return with_scripts((text:gsub("\\[,;!: ]", " "):gsub("\\[{}|]", "")
                             :gsub("%( ", "(")))
end

local function nothing()
    return {}
end

-- What the reader shall not come upon before he has tried.
local left_out = {hint = true, solution = true}

local kept = {
    Math = function(math) return pandoc.Str(plain.formula(math.text)) end,
    CodeBlock = nothing, RawBlock = nothing, RawInline = nothing, Cite = nothing,
    Div = function(div) return left_out[div.classes[1]] and {} or nil end,
}

-- The text of blocks in one line.
function plain.text(blocks)
    local walked = pandoc.Div(blocks):walk(kept)
    local inlines = pandoc.utils.blocks_to_inlines(walked.content, {pandoc.Space()})
    return (pandoc.utils.stringify(inlines):gsub("%s+", " "):gsub("^ ", "")
        :gsub(" ?%(%)", ""):gsub(" ([,.;:])", "%1")) -- what is left of citations
end

return plain
