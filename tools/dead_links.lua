-- dead_links.lua -- the last look at the book: does every link lead to a page, and to a
-- place on it?
--
--   lua5.4 tools/dead_links.lua BOOK NOTE...
--
-- The filter resolves names one by one, and this looks at what came of it, whoever wrote
-- the link: a chapter, the back matter, or the index.  It goes by the notes on the pages,
-- which page_links.lua has written.  A line of standard error for each link that is dead,
-- `PAGE: ...`, and then the status is 1.

dofile(arg[0]:match("^(.-)[^/]*$") .. "path.lua")
local files = require "files"

files.program = "dead_links"

local book = arg[1] .. "/"
local notes = {} -- page -> {links, places}
local sources = {} -- page of a source file -> its text, or false

local function read_note(path)
    local note = {links = {}, places = {}}
    for kind, name in files.read(path):gmatch("(%l+) ([^\n]+)") do
        if kind == "link" then
            table.insert(note.links, name)
        else
            note.places[name] = true
        end
    end
    return note
end

-- The text of a file of the book that has no note; false if there is none.
local function text(page)
    if sources[page] == nil then
        sources[page] = files.exists(book .. page) and files.read(book .. page) or false
    end
    return sources[page]
end

local function has_place(page, place)
    if notes[page] then return notes[page].places[place] end
    return text(page):find(' id="' .. place .. '"', 1, true)
end

-- What is amiss with a link of a page, or nil.
local function fault(page, target)
    if target:match("^%a+:") then return nil end
    target = target:gsub("%%(%x%x)", function(hex)
        return string.char(tonumber(hex, 16))
    end)
    local path, place = target:match("^([^#]*)#?(.*)$")
    path = path == "" and page or path
    if not notes[path] and not text(path) then
        return "there is no page " .. path
    elseif place ~= "" and not has_place(path, place) then
        return path .. " has no place " .. place
    end
end

-- Reports the dead links of a page, and says how many there are.
local function report(page)
    local faults = 0
    for _, target in ipairs(notes[page].links) do
        local message = fault(page, target)
        if message then
            io.stderr:write(book, page, ": ", message, "\n")
            faults = faults + 1
        end
    end
    return faults
end

local faults, pages = 0, {}
for i = 2, #arg do
    pages[i - 1] = arg[i]:match("[^/]+$")
    notes[pages[i - 1]] = read_note(arg[i])
end
for _, page in ipairs(pages) do faults = faults + report(page) end
os.exit(faults == 0)
