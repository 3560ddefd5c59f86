-- named.lua -- the files of the chapters and of the lectures that a spine names, for make.
--
--   lua5.4 tools/named.lua book.md

dofile(arg[0]:match("^(.-)[^/]*$") .. "path.lua")
local concordance = require "concordance"
local files = require "files"
local spine = require "spine"

files.program = "named"
spine.path = arg[1]
for _, stem in ipairs(spine.stems()) do print("chapters/" .. stem .. ".md") end
for _, name in ipairs(concordance.lectures()) do print(concordance.path(name)) end
