-- files.lua -- the files of the repository, and what is wrong with them.
--
-- A problem is one line on standard error, `FILE:LINE: message`, as a compiler says it.
-- Problems are gathered, so that an author sees all of them at once, and then they stop
-- the build before anything is written.

local divs = require "divs"
local output = require "files"

local files = {}
local cache = {}
local problems = {}

-- The whole text of a file, or nil if there is none.
function files.text(path)
    local file = io.open(path, "rb")
    local text = file and file:read("a")
    if file then
        file:close()
    end
    return text
end

-- The lines of a file, which is read once, or nil if there is none.
function files.lines(path)
    if not cache[path] and files.text(path) then
        cache[path] = {}
        for line in io.lines(path) do
            table.insert(cache[path], line)
        end
    end
    return cache[path]
end

-- Puts a text in the place of a file, unless this holds it already: what is made from the
-- file is not made anew then.
function files.replace(path, text)
    if files.text(path) ~= text then
        output.write(path, text)
    end
end

-- The path, from the root of the repository, of what a file of `folder` links to.
function files.resolve(folder, target)
    local parts = {}
    for part in (folder .. "/" .. target):gmatch("[^/]+") do
        if part == ".." then
            table.remove(parts)
        elseif part ~= "." then
            table.insert(parts, part)
        end
    end
    return table.concat(parts, "/")
end

-- The number of the nth line that is as wanted, or 1.  Pandoc's tree has no line
-- numbers, so what it holds is looked for in the text.
local function nth_line(path, nth, is_wanted)
    local left = nth or 1
    for number, line in ipairs(files.lines(path) or {}) do
        if is_wanted(line) then
            left = left - 1
            if left == 0 then
                return number
            end
        end
    end
    return 1
end

-- The line of a text.
function files.line_of(path, text, nth)
    return nth_line(path, nth, function(line)
        return line:find(text, 1, true)
    end)
end

-- The line that is only a link to the target.
function files.line_of_link(path, target, nth)
    return nth_line(path, nth, function(line)
        return line:match("^%[[^%]]*%]%((.-)%)%s*$") == target
    end)
end

-- The line that opens the erratum to a slide that names those claims.
function files.line_of_erratum(path, slide, claim)
    return nth_line(path, 1, function(line)
        return line:find(".erratum", 1, true) and line:find(slide, 1, true)
            and line:find(claim, 1, true)
    end)
end

-- The line that opens the nth div of a name, or 1.
function files.line_of_div(path, id, nth)
    local left, place = nth or 1, 1
    local function look(list)
        for _, div in ipairs(list) do
            if div.id == id then
                left = left - 1
                place = left == 0 and div.first or place
            end
            look(div.inner)
        end
    end
    look(divs.read(files.text(path)))
    return place
end

-- Notes a problem.  `at` is a line number, or text that stands in the offending line.
function files.problem(path, at, ...)
    local line = type(at) == "number" and at or files.line_of(path, at)
    table.insert(problems, string.format("%s:%d: %s", path, line, string.format(...)))
end

function files.stop_if_problems()
    if #problems > 0 then
        io.stderr:write(table.concat(problems, "\n"), "\n")
        os.exit(1)
    end
end

return files
