-- print.lua -- the Pandoc filter that makes one document of the whole book, of book.md
-- and the chapters in its order, as LaTeX for the PDF or as an EPUB.
--
-- It takes its chapters from the modules of the site, so that a claim, an exercise or a
-- figure is put together in one place.  What they return is made of divs and spans by
-- class; print/paper.lua says what paper makes of them, print/latex.lua and print/epub.lua
-- how the two formats write them.

dofile(PANDOC_SCRIPT_FILE:match("^(.-)[^/]*$") .. "path.lua")

local document = require "print.document"
local epub = require "print.epub"
local figure = require "book.figure"
local files = require "book.files"
local latex = require "print.latex"
local live = require "book.live"
local ledger = require "book.ledger"
local source = require "book.source"
local survey = require "book.survey"
require("files").program = "print"

local formats = {latex = latex, epub3 = epub}

return {{Pandoc = function(doc)
    local build = pandoc.utils.stringify(doc.meta.build)
    source.load(build .. "/definitions.tsv")
    live.build = build
    figure.evidence, figure.may_wait = build .. "/evidence", doc.meta.unsolved ~= nil
    ledger.load(build .. "/ledger.json")
    ledger.load_soak(build .. "/soak.json")
    files.stop_if_problems()
    local book = survey.load(build .. "/survey.json")
    doc.meta.colophon = document.colophon()
    local format = formats[FORMAT]
    format.folder = build .. "/print"
    local result = format.write(document.make(book, doc, format), doc.meta)
    files.stop_if_problems()
    return result
end}}
