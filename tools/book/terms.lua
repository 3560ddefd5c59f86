-- terms.lua -- the words of the field: what each means, and where the book speaks of it.
--
-- chapters/terms.tsv has a row for each: the word, with its other forms behind bars, the
-- chapter that explains it, and a sentence.  The places are found in the text, so that
-- they stay true; a word that its chapter does not use stops the book.

local files = require "book.files"
local markup = require "book.markup"
local survey = require "book.survey"
local tsv = require "tsv"

local terms = {path = "chapters/terms.tsv"}

-- How often a section must use a word to be a place where the book speaks of it.
local OFTEN = 3

-- A form as a pattern: whole words, and a capital at the beginning of a sentence.
local function pattern_of(form)
    local escaped = form:gsub("%p", "%%%0"):gsub("^%l", function(letter)
        return "[" .. letter:upper() .. letter .. "]"
    end)
    return "%f[%w]" .. escaped .. "%f[^%w]"
end

-- The forms of a word, {text, first, pattern}, where `first` is the first word of it.
local function forms_of(row)
    local forms = {}
    for text in row.term:gmatch("[^|]+") do
        table.insert(forms, {text = text, first = text:lower():match("%w+"),
                             pattern = pattern_of(text)})
    end
    return forms
end

-- A chapter without its code and its formulas.
local function prose(doc)
    local nothing = function() return {} end
    return doc:walk({CodeBlock = nothing, Code = nothing, Math = nothing})
end

-- The words of a text as a set, so that it need not be searched for what is not in it.
local function words_of(text)
    local words = {}
    for word in text:lower():gmatch("%w+") do words[word] = true end
    return words
end

-- The titles of the sections of a chapter, whole, by their anchors.
local function titles_of(doc)
    local titles = {}
    for _, block in ipairs(doc.blocks) do
        if block.t == "Header" then
            titles[block.identifier] = pandoc.utils.stringify(block)
        end
    end
    return titles
end

-- The sections of a chapter, {anchor, title, text, words}; what is before the first one
-- belongs to the chapter itself, whose heading is the title of its page, and no place.
local function sections_of(doc)
    local sections, titles = {}, titles_of(doc)
    for _, block in ipairs(prose(doc).blocks) do
        if block.t == "Header" and block.level <= 2 then
            local anchor = block.level == 2 and "#" .. block.identifier or ""
            table.insert(sections, {anchor = anchor, text = "",
                                    title = titles[block.identifier]})
        end
        local section = sections[#sections]
        if section then
            section.text = section.text .. " " .. pandoc.utils.stringify(block)
        end
    end
    for _, section in ipairs(sections) do
        section.text = section.text:gsub("’", "'")
        section.words = words_of(section.text)
    end
    return sections
end

-- How often a section uses a word, in any of its forms.
local function uses(section, forms)
    local count = 0
    for _, form in ipairs(forms) do
        if section.words[form.first] then
            count = count + select(2, section.text:gsub(form.pattern, ""))
        end
    end
    return count
end

-- The section of a chapter that uses a word most, or nil if it does not often enough.
local function place_in(stem, sections, forms, least)
    local best, most
    for _, section in ipairs(sections) do
        local count = section.title ~= "Exercises" and uses(section, forms) or 0
        if count >= least and count > (most or 0) then
            best, most = section, count
        end
    end
    return best and {stem = stem, anchor = best.anchor, title = best.title}
end

-- Where a chapter speaks of each word, in the order of the table; false where it does not.
function terms.in_chapter(stem, doc)
    local sections, places = sections_of(doc), {}
    for i, row in ipairs(tsv.rows(terms.path)) do
        local least = row.chapter == stem and 1 or OFTEN
        places[i] = place_in(stem, sections, forms_of(row), least) or false
    end
    return places
end

-- Where the book speaks of the nth word: where it is explained, and then a place in each
-- other chapter that uses it often.
local function places_of(nth, row, book, notes)
    local places = {}
    for _, chapter in ipairs(book.chapters) do
        local place = notes[chapter.stem].terms[nth]
        if place then
            table.insert(places, place.stem == row.chapter and 1 or #places + 1, place)
        end
    end
    return places
end

-- The places of all words, in the order of the table, from the notes on the chapters.
function terms.survey(book, notes)
    local all = {}
    for i, row in ipairs(tsv.rows(terms.path)) do
        all[i] = places_of(i, row, book, notes)
        local first = all[i][1]
        if not book.is_course and (not first or first.stem ~= row.chapter) then
            files.problem(terms.path, row.line, "the chapter %s does not speak of %s",
                          row.chapter, forms_of(row)[1].text)
        end
    end
    return all
end

local function place_link(book, place)
    local chapter = survey.chapter(book, place.stem)
    local address = place.stem .. ".html" .. place.anchor
    return {markup.link(chapter.number .. " · " .. place.title, address)}
end

-- The place of a word on its page.
local function anchor(word)
    return "term-" .. word:lower():gsub("[^%w]+", "-")
end

-- The words, {word, anchor, meaning}, in the order of the table.
function terms.all()
    local all = {}
    for i, row in ipairs(tsv.rows(terms.path)) do
        local word = forms_of(row)[1].text
        all[i] = {word = word, anchor = anchor(word),
                  meaning = pandoc.read(row.sentence, "markdown").blocks}
    end
    return all
end

-- The entry of a word: itself, what it means, where it is explained, and where else the
-- book speaks of it.
local function entry(book, row, places)
    local word = forms_of(row)[1].text
    local links_to = pandoc.List(places):map(function(place)
        return place_link(book, place)
    end)
    local name = pandoc.Span({pandoc.Strong({pandoc.Str(word)})},
                             pandoc.Attr(anchor(word)))
    local meaning = pandoc.read(row.sentence, "markdown").blocks[1].content
    return {word = word:lower(), pandoc.Plain({name}), pandoc.Para(meaning),
            markup.line("places", markup.join(links_to, pandoc.Str("; ")))}
end

-- The page: all words by the alphabet.
function terms.page(book)
    local entries = {}
    for i, row in ipairs(tsv.rows(terms.path)) do
        entries[i] = entry(book, row, book.terms[i])
    end
    table.sort(entries, function(a, b) return a.word < b.word end)
    local about = "What the words of the field mean in this book, and where it speaks "
        .. "of them; the first place is where a word is explained."
    return {pandoc.Para({pandoc.Str(about)}),
            markup.div("index terms", {pandoc.BulletList(entries)})}, "Subjects"
end

return terms
