-- mutator.lua -- the small changes that break a file of C: for mutants.lua.

local json = require "dkjson"

local function set(words)
    local members = {}
    for word in words:gmatch("%S+") do members[word] = true end
    return members
end

-- ---- Reading C ----------------------------------------------------------------------

local LONG_SIGNS = set [[
    -> ++ -- << >> <= >= == != && || += -= *= /= %= &= |= ^= <<= >>= ...
]]

-- Where the quotation that begins at `at` ends.
local function quotation_end(text, at)
    local quote, to = text:sub(at, at), at
    repeat
        to = text:find("[\\" .. quote .. "]", to + 1) or #text
        local escape = text:sub(to, to) == "\\"
        if escape then to = to + 1 end
    until not escape or to >= #text
    return to
end

-- Where the directive that begins at `at` ends: with a line that does not end in "\".
local function directive_end(text, at)
    local to = at
    repeat
        to = text:find("\n", to + 1, true) or #text
    until to == #text or text:sub(to - 1, to - 1) ~= "\\"
    return to
end

local function sign_end(text, at)
    for last = at + 2, at + 1, -1 do
        if LONG_SIGNS[text:sub(at, last)] then return last end
    end
    return at
end

-- The kind of what begins at `at`, and where it ends.  "blank" is what is not code.
local function scan(text, at)
    local function match(pattern) return select(2, text:find("^" .. pattern, at)) end
    local first = text:sub(at, at)
    if first == "#" then return "blank", directive_end(text, at) end
    if first == '"' or first == "'" then return "quotation", quotation_end(text, at) end
    local blank = match("%s+") or match("//[^\n]*") or match("/%*.-%*/")
    if blank then return "blank", blank end
    local number = match("%.?%d[%w.]*[eEpP][+-]%w+") or match("%.?%d[%w.]*")
    if number then return "number", number end
    local word = match("[%a_][%w_]*")
    if word then return "word", word end
    return "sign", sign_end(text, at)
end

local function tokenize(text)
    local tokens, at, line = {}, 1, 1
    while at <= #text do
        local kind, last = scan(text, at)
        local piece = text:sub(at, last)
        if kind ~= "blank" then
            table.insert(tokens, {kind = kind, text = piece, first = at, last = last,
                                  line = line})
        end
        line = line + select(2, piece:gsub("\n", ""))
        at = last + 1
    end
    return tokens
end

-- For each line inside a function, that function's variables: their names in order, and
-- by name their types.
local function variables_by_line(path)
    local by_line, by_function = {}, {}
    local function variables_of(name)
        by_function[name] = by_function[name] or {}
        return by_function[name]
    end
    local tags = io.popen("ctags --language-force=C --output-format=json --sort=no " ..
                          "--kinds-C=flz --fields=+neZ -o - " .. path)
    for line in tags:lines() do
        local tag = json.decode(line)
        if tag.kind == "function" then
            for i = tag.line, tag["end"] do by_line[i] = variables_of(tag.name) end
        elseif not variables_of(tag.scope)[tag.name] then
            table.insert(variables_of(tag.scope), tag.name)
            variables_of(tag.scope)[tag.name] = tag.typeref
        end
    end
    if not tags:close() then error("ctags cannot read " .. path, 0) end
    return by_line
end

-- ---- Breaking it --------------------------------------------------------------------

local OPPOSITE = {}
for a, b in ([[
    + -  * /  < <=  > >=  == !=  && ||  ++ --  += -=  *= /=  << >>  & |
    AS_IS TRANSPOSED  CblasTrans CblasNoTrans  CblasLower CblasUpper  rows cols
    fmin fmax  sin cos  true false  break continue
]]):gmatch("(%S+)%s+(%S+)") do
    OPPOSITE[a], OPPOSITE[b] = b, a
end

-- One more, or half of a real number that is not 0.
local function broken_number(text)
    local real = text:find("[.eE]") and not text:find("^0[xX]")
    return "(" .. text .. (real and text:find("[1-9]") and " / 2)" or " + 1)")
end

-- Whether a "-" after this token has something to subtract from.
local function ends_operand(token)
    return token.kind == "number" or token.text == ")" or token.text == "]" or
        (token.kind == "word" and token.text ~= "return" and token.text ~= "case")
end

local function is_unary(token, before)
    return token.text == "!" or (token.text == "-" and not ends_operand(before))
end

-- What the token at i may become, in a function that has these variables.
local function replacements(tokens, i, variables)
    local token, before = tokens[i], tokens[i - 1] or {}
    if token.kind == "number" then return {broken_number(token.text)} end
    if is_unary(token, before) then return {""} end
    if OPPOSITE[token.text] then return {OPPOSITE[token.text]} end

    local others, type = {}, variables[token.text]
    local is_field = before.text == "." or before.text == "->"
    for _, name in ipairs(type and not is_field and variables or {}) do
        if name ~= token.text and variables[name] == type then
            table.insert(others, name)
        end
    end
    return others
end

local OPENING, CLOSING = set("( [ {"), set(") ] }")
local CONTROL = set("if else for while do switch case default")
local BEFORE_STATEMENT = set("; { } else")

-- Whether the ")" at i ends what a word such as "if" has in parentheses.
local function ends_header(tokens, i)
    local depth = 0
    repeat
        if CLOSING[tokens[i].text] then depth = depth + 1 end
        if OPENING[tokens[i].text] then depth = depth - 1 end
        i = i - 1
    until depth == 0
    return CONTROL[tokens[i].text]
end

local function begins_statement(tokens, i)
    local before = tokens[i - 1].text
    return tokens[i].kind == "word" and not CONTROL[tokens[i].text] and
        (BEFORE_STATEMENT[before] or (before == ")" and ends_header(tokens, i - 1)))
end

-- Where the statement that begins at i ends, if it ends before a brace closes.
local function statement_end(tokens, i)
    local depth = 0
    while depth > 0 or tokens[i].text ~= ";" do
        if OPENING[tokens[i].text] then depth = depth + 1 end
        if CLOSING[tokens[i].text] then depth = depth - 1 end
        if depth < 0 then return nil end
        i = i + 1
    end
    return i
end

-- ---- Breaking a loop ----------------------------------------------------------------

local LONG = 64 -- rounds: more than the sizes of a test that is written by hand

-- The index of the next of these tokens at this depth, from i on.
local function find_flat(tokens, i, wanted)
    local depth = 0
    while depth > 0 or not wanted[tokens[i].text] do
        if OPENING[tokens[i].text] then depth = depth + 1 end
        if CLOSING[tokens[i].text] then depth = depth - 1 end
        i = i + 1
    end
    return i
end

local SEMICOLON, COMMA, CONNECTIVE = set(";"), set(", ;"), set("&& || ;")
local ASSIGNED, CLOSED = set("= ;"), set(")")
local IS_BELOW, IS_ABOVE, IS_INCLUSIVE = set("< <="), set("> >="), set("<= >=")

-- What the tokens stand for, in parentheses if they are more than one.
local function operand(tokens, first, last, text)
    local piece = text:sub(tokens[first].first, tokens[last].last)
    return first == last and piece or "(" .. piece .. ")"
end

-- By how much the last part of a loop changes its variable: "i++", "i -= step", or
-- nothing behind a condition "i-- > 0".  Nil if it does something else.
local function step_of(tokens, first, last, text)
    if last < first or last == first + 1 then return "1" end
    local sign = tokens[first + 1].text
    local counts = sign == "+=" or sign == "-="
    return counts and operand(tokens, first + 2, last, text) or nil
end

-- The bounds that break a loop from `from` to `bound`: one leaves out the last round if
-- there are more than LONG, the other the only round if there is one.
local function broken_bounds(from, comparison, bound, step)
    local up = IS_BELOW[comparison]
    local high, low = up and bound or from, up and from or bound
    local length = low == "0" and high or high .. " - " .. low
    local function nearer(condition)
        local rounds = step == "1" and condition or condition .. " ? " .. step .. " : 0"
        return ("%s %s (%s%s)"):format(bound, up and "-" or "+", length, rounds)
    end
    local long = step == "1" and LONG or LONG .. " * " .. step
    return {nearer(" > " .. long),
            nearer((IS_INCLUSIVE[comparison] and " < " or " <= ") .. step)}
end

-- At the "for" of "for (int i = from; i < bound; i += step)": the first and the last
-- token of the bound, and what may stand there instead.  Nil if the loop is another.
local function broken_loop(tokens, i, text)
    local parts = {i + 2}
    for part = 1, 2 do parts[part + 1] = find_flat(tokens, parts[part], SEMICOLON) + 1 end
    local assign, sign = find_flat(tokens, parts[1], ASSIGNED), parts[2] + 1
    if tokens[sign].text == "--" then sign = sign + 1 end
    local comparison = tokens[sign].text
    if tokens[assign].text ~= "=" or tokens[assign - 1].text ~= tokens[parts[2]].text or
        not (IS_BELOW[comparison] or IS_ABOVE[comparison]) then return nil end

    local last = find_flat(tokens, sign + 1, CONNECTIVE) - 1
    local step = step_of(tokens, parts[3], find_flat(tokens, parts[3], CLOSED) - 1, text)
    if not step then return nil end
    local from = operand(tokens, assign + 1, find_flat(tokens, assign, COMMA) - 1, text)
    local bound = operand(tokens, sign + 1, last, text)
    return tokens[sign + 1], tokens[last], broken_bounds(from, comparison, bound, step)
end

-- The places where the file may be broken.  Each is a list of mutants: the bytes from
-- first to last, which begin on that line, become the replacement; is_loop says that
-- they are the bound of a loop.
local function places(path, text)
    local found, tokens, variables = {}, tokenize(text), variables_by_line(path)
    local function add(from, to, texts, is_loop)
        local place = {}
        for _, replacement in ipairs(texts) do
            table.insert(place, {file = path, line = from.line, first = from.first,
                                 last = to.last, replacement = replacement,
                                 is_loop = is_loop})
        end
        if #place > 0 then table.insert(found, place) end
    end

    local open = {}
    for i, token in ipairs(tokens) do
        local inside = variables[token.line]
        add(token, token, replacements(tokens, i, inside or {}))
        if inside and token.text == "for" then
            local from, to, bounds = broken_loop(tokens, i, text)
            if from then add(from, to, bounds, true) end
        end
        if inside and open[#open] == "{" and begins_statement(tokens, i) then
            local last = statement_end(tokens, i)
            if last then add(token, tokens[last], {"{}"}) end
        end
        if OPENING[token.text] then table.insert(open, token.text) end
        if CLOSING[token.text] then table.remove(open) end
    end
    return found
end

local function apply(text, mutant)
    local before, after = text:sub(1, mutant.first - 1), text:sub(mutant.last + 1)
    return before .. mutant.replacement .. after
end

-- The lines that the mutant changes, before and after, each as one line.
local function describe(text, mutant)
    local from = #text:sub(1, mutant.first - 1):match("[^\n]*$")
    local after = text:sub(mutant.last + 1):match("^[^\n]*")
    local before = text:sub(mutant.first - from, mutant.first - 1)
    local function line(middle)
        return ((before .. middle .. after):gsub("%s+", " "):gsub("^ ", ""))
    end
    return line(text:sub(mutant.first, mutant.last)), line(mutant.replacement)
end

return {places = places, apply = apply, describe = describe}
