-- path.lua -- lets a program find the modules of tools/, wherever it is called from:
--
--     dofile(arg[0]:match("^(.-)[^/]*$") .. "path.lua")
--
-- A module of a folder has its folder's name before its own, as in "book.links".
-- Pandoc's own Lua does not know where Debian has the modules that others wrote.

local here = debug.getinfo(1, "S").source:match("^@(.-)[^/]*$")
package.path = here .. "?.lua;/usr/share/lua/" .. _VERSION:match("%d.%d") ..
               "/?.lua;" .. package.path
