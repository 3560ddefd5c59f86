-- overlay.lua -- what an instructor brings along beside a sheet: for descent.md a folder
-- descent/ in the layout of the book, with claims in descent/proofs_numeric/, and functions
-- in descent/ref/ where the exercise asks for new ones.

local divs = require "divs"
local files = require "files"
local sheet = require "kit.sheet"

local overlay = {}

local SECRET = {"solution", "rubric"}

function overlay.absolute(path)
    return path and files.output("realpath -m -- %s", files.quote(path)):gsub("\n$", "")
                    or nil
end

local function folder_of(path)
    local folder = path:gsub("%.md$", "")
    local is_there = os.execute(("[ -d %s/proofs_numeric ]"):format(files.quote(folder)))
    return folder ~= path and is_there and folder
end

-- The chapter of what a sheet claims by itself: its claims are read where all others are.
local function write_chapter(tree, path)
    local one = sheet.read(path)
    if not files.exists(("%s/proofs_numeric/%s.c"):format(tree, one.id)) then
        files.fail("the claims of the sheet %s stand in proofs_numeric/%s.c", one.id, one.id)
    end
    files.write(("%s/chapters/%s.md"):format(tree, one.id), files.read(path))
end

-- Where a sheet has such a folder, has exercises made in a copy of the book that has what
-- is in it; was there one?  copy: see exercises.lua.
function overlay.lay(path, build, copy)
    local folder = folder_of(path)
    if not folder then return false end
    build = overlay.absolute(build)
    local tree, sheet_there = build .. "/sheet", overlay.absolute(path)
    files.run("rm -rf %s", tree)
    copy(tree, {})
    files.run("cp -R %s/. %s", files.quote(folder), tree)
    write_chapter(tree, path)
    -- The folder is laid over already, so that the sheet goes on under another name.
    local again = tree .. "/" .. sheet_there:match("([^/]+)%.md$") .. ".sheet"
    files.write(again, sheet.with_paths(files.read(path), sheet_there))
    local make = 'OBJECTS=${OBJECTS:+$(realpath -- $OBJECTS | tr "\\n" " ")} && cd %s && ' ..
                 "SHEET=%s lua5.4 tools/exercises.lua %s"
    if not os.execute(make:format(tree, files.quote(again), files.quote(build))) then
        os.exit(2)
    end
    files.run("rm -rf %s", tree)
    return true
end

local function lines_of(command, ...)
    local text = files.output(command, ...)
    return text ~= "" and files.lines(text) or {}
end

-- What of sheets stands in the tree from which a student's is copied, by its path there:
-- this one with what belongs to it, and all others.
function overlay.secrets(asked)
    local found = lines_of("grep -sl '^::* *{.exercise' -- *.md */*.md | grep -Ev '^(chapters|template)/' || :")
    if asked then
        for _, path in pairs({asked.path, asked.roster, asked.points}) do
            table.insert(found, path)
        end
    end
    local list = {}
    for _, path in ipairs(found) do
        for _, name in ipairs({path, (path:gsub("%.md$", ""))}) do
            table.insert(list, lines_of("realpath -m --relative-to=. -- %s",
                                        files.quote(name))[1])
        end
    end
    return list
end

-- The text without the numbers that students are to find themselves.
function overlay.without_numbers(text)
    return (text:gsub("(\n:::[^\n]*{[^\n]*)", function(line)
        return line:gsub(' number="[^"]*"', ""):gsub(' number=[^%s}"]+', "")
    end))
end

-- The sheet as a student gets it.
function overlay.hand_out(tree, asked)
    local text = files.read(asked.path)
    for _, class in ipairs(SECRET) do text = divs.without(text, class) end
    text = overlay.without_numbers(text)
    files.write(tree .. "/sheet.md", text)
    local chapter = ("%s/chapters/%s.md"):format(tree, asked.id)
    if files.exists(chapter) then files.write(chapter, text) end
end

return overlay
