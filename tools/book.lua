-- book.lua -- the Pandoc filter that makes the pages of the book.
--
-- One run of pandoc makes one page; the metadata field `page` says which:
--     survey    what stands where in all chapters, as JSON; checks the whole book
--     index     the preface and the chapters
--     chapter   the chapter that is the input
--     source    the file that the field `file` names, with numbered lines
-- The field `build` names the directory that holds the tags, the ledger, the evidence
-- and, after its own run, the survey.

local here = PANDOC_SCRIPT_FILE:match("^(.*)/") or "."
package.path = here .. "/book/?.lua;/usr/share/lua/" .. _VERSION:match("%d.%d")
    .. "/?.lua;" .. package.path

local chapter = require "chapter"
local check = require "check"
local figure = require "figure"
local files = require "files"
local formula = require "formula"
local frame = require "frame"
local json = require "dkjson"
local ledger = require "ledger"
local source = require "source"
local survey = require "survey"

local pages = {}

-- Adds all names in a table of tables to a set.
local function add_names(tree, set)
    for name, value in pairs(tree) do
        if type(name) == "string" then
            set[name] = true
        end
        if type(value) == "table" then
            add_names(value, set)
        end
    end
end

-- JSON with its names in order, so that equal surveys are equal files.
local function to_json(tree)
    local set, names = {}, {}
    add_names(tree, set)
    for name in pairs(set) do
        table.insert(names, name)
    end
    table.sort(names)
    return json.encode(tree, {indent = true, keyorder = names})
end

function pages.survey(doc)
    local book, docs = survey.take(doc)
    check.book(book, docs)
    return pandoc.Pandoc({pandoc.RawBlock("plain", to_json(book))})
end

function pages.chapter(doc, book)
    local stem = PANDOC_STATE.input_files[1]:match("([%w_]+)%.md$")
    return frame.chapter(book, stem, chapter.page(book, stem, doc))
end

function pages.index(doc, book)
    return frame.index(book, doc)
end

function pages.source(doc)
    local path = pandoc.utils.stringify(doc.meta.file)
    doc.blocks = {source.code(path, 1, #files.lines(path), "L")}
    return frame.source(path, doc)
end

return {{Pandoc = function(doc)
    local build = pandoc.utils.stringify(doc.meta.build)
    local page = pandoc.utils.stringify(doc.meta.page)
    figure.evidence = build .. "/evidence"
    source.load(build .. "/tags.json")
    ledger.load(build .. "/ledger.json")
    local book = page ~= "survey" and json.decode(files.text(build .. "/survey.json"))
    local result = pages[page](doc, book)
    files.stop_if_problems()
    return result:walk({Math = formula.html})
end}}
