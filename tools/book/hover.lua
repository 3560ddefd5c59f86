-- hover.lua -- the cards that show what a link leads to: of each claim its sentence, of
-- each function its head and what it does.
--
-- They are one file for the whole book, cards.js, which a page reads when a card is first
-- asked for; so a page is neither larger by them nor made anew when one changes.

local files = require "book.files"
local formula = require "book.formula"
local json = require "dkjson"
local ledger = require "book.ledger"
local links = require "book.links"
local markup = require "book.markup"
local source = require "book.source"
local survey = require "book.survey"

local hover = {}

local function html(blocks)
    return pandoc.write(pandoc.Pandoc(blocks):walk({Math = formula.bare}), "html")
end

local function claim_card(id)
    local claim = ledger.claim(id)
    local title = {markup.span("label", "Claim"), pandoc.Space(), pandoc.Code(id),
                   pandoc.Str(", " .. (claim and claim.grade or "long") .. ", "),
                   ledger.verdict_mark(id)}
    local sentence = pandoc.read(claim and claim.statement or "", survey.format)
    return html(pandoc.List({pandoc.Para(title)}) .. sentence.blocks)
end

-- The head of a definition: its lines after the comment, up to its body.
local function head(definition)
    local text = table.concat(files.lines(definition.path), "\n", definition.first,
                              definition.last)
    return text:gsub("^/%*.-%*/%s*", ""):match("^[^;{]*[^;{%s]") or text
end

local function function_card(definition)
    local blocks = pandoc.List({pandoc.CodeBlock(head(definition))})
    local gloss = source.gloss(definition)
    if gloss ~= "" then blocks:insert(pandoc.Para({pandoc.Str(gloss)})) end
    blocks:insert(markup.line("where", {pandoc.Str(definition.path)}))
    return html(blocks)
end

-- The cards of the book by the address of what they show.
function hover.cards(book)
    local cards = {}
    for id in pairs(book.claims) do
        cards[links.to_name(book, id)] = claim_card(id)
    end
    for _, definition in ipairs(source.required()) do
        cards[links.to_definition(book, definition)] = function_card(definition)
    end
    return cards
end

-- The file that a page reads.
function hover.script(book)
    local cards, order = hover.cards(book), {}
    for address in pairs(cards) do table.insert(order, address) end
    table.sort(order)
    return "window.cards = " .. json.encode(cards, {keyorder = order}) .. ";"
end

return hover
