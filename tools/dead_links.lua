-- dead_links.lua -- the last look at the book: does every link lead to a page, and to a
-- place on it?
--
--   lua5.4 tools/dead_links.lua BOOK PAGE...
--
-- The filter resolves names one by one, and this looks at what came of it, whoever wrote
-- the link: a chapter, the back matter, or the index.  A line of standard error for each
-- link that is dead, `PAGE: ...`, and then the status is 1.

dofile(arg[0]:match("^(.-)[^/]*$") .. "path.lua")
local files = require "files"

files.program = "dead_links"

local book = arg[1] .. "/"
local texts, places = {}, {}

-- The text of a file of the book; false if there is none.
local function text(page)
    if texts[page] == nil then
        texts[page] = files.exists(book .. page) and files.read(book .. page) or false
    end
    return texts[page]
end

-- The set of the places on a page.
local function places_of(page)
    if not places[page] then
        places[page] = {}
        for id in text(page):gmatch('%sid="([^"]+)"') do places[page][id] = true end
    end
    return places[page]
end

-- What is amiss with a link of a page, or nil.
local function fault(page, target)
    if target:match("^%a+:") then return nil end
    target = target:gsub("%%(%x%x)", function(hex)
        return string.char(tonumber(hex, 16))
    end)
    local path, place = target:match("^([^#]*)#?(.*)$")
    path = path == "" and page or path
    if not text(path) then
        return "there is no page " .. path
    elseif place ~= "" and not places_of(path)[place] then
        return path .. " has no place " .. place
    end
end

-- Links as they stand on a page, and as search has them.
local function pattern(page)
    return page:match("%.js$") and '\n%["%l+",".-","([^"]+)",' or 'href="([^"]+)"'
end

-- Reports the dead links of a page, and says how many there are.
local function report(page)
    local faults = 0
    for target in text(page):gmatch(pattern(page)) do
        local message = fault(page, target)
        if message then
            io.stderr:write(book, page, ": ", message, "\n")
            faults = faults + 1
        end
    end
    return faults
end

local faults = 0
for i = 2, #arg do faults = faults + report(arg[i]) end
os.exit(faults == 0)
