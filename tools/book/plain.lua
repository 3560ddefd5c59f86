-- plain.lua -- blocks as plain text for search: no code, and formulas as a reader would
-- type them.

local label = require "book.label"

local plain = {}

-- Signs for which print has a letter; other commands of TeX say how a formula looks.
local signs = {
    le = "≤", ge = "≥", ne = "≠", approx = "≈", sim = "~", pm = "±", cdot = "·",
    times = "×", to = "→", sqrt = "√", sum = "∑", int = "∫", partial = "∂", nabla = "∇",
    top = "ᵀ", infty = "∞", ["in"] = "∈", log = "log", exp = "exp", max = "max",
    min = "min", det = "det", tanh = "tanh", star = "*", varepsilon = "ε", ell = "ℓ",
    mapsto = "↦", gg = "≫", ll = "≪", ldots = "…", dots = "…", prod = "∏", langle = "⟨",
    rangle = "⟩", propto = "∝", odot = "⊙", mid = "|", subset = "⊂", circ = "∘",
}

-- The formula a/b of \frac{a}{b}; what groups its parts is taken away later.
local function with_fractions(tex)
    return (tex:gsub("\\[dt]?frac%s*(%b{})%s*(%b{})", "%1/%2")
        :gsub("\\[dt]?frac%s*(%w)%s*(%w)", "%1/%2"))
end

-- A formula without what only sets it.
function plain.formula(tex)
    local text = with_fractions(tex):gsub("\\(%a+)%s*", function(command)
        return label.greek[command] or signs[command] or ""
    end)
    return (text:gsub("\\[,;!: ]", " "):gsub("\\[{}|]", ""):gsub("[{}&]", ""))
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
    return (pandoc.utils.stringify(inlines):gsub("%s+", " "):gsub("^ ", ""))
end

return plain
