-- label.lua -- the mathematics in a line of plain text: what C calls a finding, what
-- the comment of a function says.
--
-- Such a line has no TeX, since it is read in a terminal as well.  Letters that are
-- spelled, signs of two characters, powers and indices are set as print has them; what
-- is in backquotes is code, and so is a name with an underscore in it.

local label = {}

-- The Greek letters by their names.
label.greek = {
    alpha = "α", beta = "β", gamma = "γ", delta = "δ", epsilon = "ε", eps = "ε",
    eta = "η", theta = "θ", kappa = "κ", lambda = "λ", mu = "μ", nu = "ν", xi = "ξ",
    pi = "π", rho = "ρ", sigma = "σ", tau = "τ", phi = "φ", psi = "ψ", omega = "ω",
    Gamma = "Γ", Delta = "Δ", Theta = "Θ", Lambda = "Λ", Sigma = "Σ", Phi = "Φ",
    Psi = "Ψ", Omega = "Ω",
}

local greek = label.greek

-- Signs, in the order in which they are looked for, as patterns.
local signs = {
    {"||", "‖"}, {"<=", "≤"}, {">=", "≥"}, {"!=", "≠"}, {"+-", "±"}, {"->", "→"},
    {" - ", " − "}, {" * ", " · "}, {"sqrt(", "√("}, {"sqrt ", "√"},
    {"_tilde", "\u{303}"},
}
for _, sign in ipairs(signs) do sign[1] = sign[1]:gsub("%p", "%%%0") end

local function with_signs(text)
    for _, sign in ipairs(signs) do
        text = text:gsub(sign[1], sign[2])
    end
    text = text:gsub("%f[%a](%a)~", "%1\u{303}")
    text = text:gsub("%f[%a](%a)%^([^%w(+-])", "%1\u{302}%2")
    return (text:gsub("^%-", "−"):gsub("([%s(=,])%-([%w(])", "%1−%2"))
end

-- Whether a word is one letter, spelled or not, or the differential of one.
local function is_letter(word)
    return greek[word] or #word == 1 or word:match("^d%a$") or word == "grad"
end

-- What may stand raised or lowered: a number, a word, or anything in parentheses, which
-- are needed no more, except around the number of a step.
local scripts = {"^(%(%d+%))()", "^%(([^()]*)%)()", "^([+-]?%d+[/.]%d+)()",
                 "^([+-]?%w+)()", "^([+-])()"}

local function script(text, at)
    for _, pattern in ipairs(scripts) do
        local inner, after = text:match(pattern, at)
        if inner then
            return with_signs((inner:gsub("%a+", greek))), after
        end
    end
end

-- The index or the power that stands at a place, and where it ends.
local function raised(text, at)
    local mark = text:match("^[_^]", at)
    local inner, after = script(text, at + 1)
    if not mark or not inner then
        return nil
    end
    local set = mark == "^" and pandoc.Superscript or pandoc.Subscript
    return set({pandoc.Str(inner)}), after
end

-- A name of the code, such as sp_gd_limit, and where it ends.
local function name_at(text, at)
    local name, after = text:match("^(%a%w*_[%w_]+)()", at)
    if name and not is_letter(name:match("^%a+")) then
        return pandoc.Code(name), after
    end
end

-- A word, a letter that is spelled, or signs, and where they end.
local function plain_at(text, at)
    local word, after = text:match("^(%a+)()", at)
    if word then
        return pandoc.Str(greek[word] or word), after
    end
    local rest, stop = text:match("^([^%a_^]+)()", at)
    return pandoc.Str(rest or text:sub(at, at)), stop or at + 1
end

-- Text without code, as inlines.
local function mathematics(text)
    local inlines, at, piece = pandoc.List(), 1, nil
    while at <= #text do
        for _, read in ipairs({name_at, raised, plain_at}) do
            local after
            piece, after = read(text, at)
            if piece then
                at = after
                break
            end
        end
        inlines:insert(piece)
    end
    return inlines
end

-- A line of plain text as inlines.
function label.inlines(text)
    local inlines = pandoc.List()
    for plain, code in (text .. "``"):gmatch("([^`]*)`([^`]*)`") do
        inlines:extend(mathematics(with_signs(plain)))
        if code ~= "" then
            inlines:insert(pandoc.Code(code))
        end
    end
    return inlines
end

return label
