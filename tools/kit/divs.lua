-- divs.lua -- the exercises, as they stand in the chapters.
--
-- An exercise is a fenced div with the class .exercise; in it, divs `hint` and
-- `solution`.  Fences nest, so they are counted.

local files = require "files"

local divs = {}

-- {.exercise #id kind="implement" points=4}: the attributes by name.
local function attributes(header)
    local found = {id = header:match("#([%w_]+)")}
    for key, value in header:gmatch('([%w-]+)="([^"]*)"') do found[key] = value end
    for key, value in header:gmatch("([%w-]+)=(%d+)") do found[key] = value end
    return found
end

local function words(text)
    local list = {}
    for word in (text or ""):gmatch("%S+") do table.insert(list, word) end
    return list
end

local function exercise_from(header, stem, number)
    local found = attributes(header)
    local file, name = (found.implement or ""):match("^(.-):(.+)$")
    return {id = found.id, chapter = stem, number = number,
            kind = found.kind or (file and "implement"), file = file, name = name,
            graded_by = words(found["graded-by"]), points = tonumber(found.points or 1),
            text = {}, hints = {}, solution = {}}
end

-- Where a line of an exercise belongs: to its text, to a hint, or to its solution.
local function add_line(exercise, inside, line)
    if inside == "hint" then
        table.insert(exercise.hints[#exercise.hints], line)
    else
        table.insert(inside == "solution" and exercise.solution or exercise.text, line)
    end
end

local function trimmed(lines)
    return (table.concat(lines, "\n"):gsub("^%s+", ""):gsub("%s+$", ""))
end

local function finish(exercise)
    exercise.text = trimmed(exercise.text)
    exercise.solution = trimmed(exercise.solution)
    for i, hint in ipairs(exercise.hints) do exercise.hints[i] = trimmed(hint) end
    return exercise
end

-- The exercises of one chapter, in their order.
function divs.of_chapter(stem, chapter_number)
    local list, exercise, depth, inside = {}, nil, 0, nil
    for _, line in ipairs(files.lines(files.read("chapters/" .. stem .. ".md"))) do
        local rest = line:match("^:::+%s*(.-)%s*$")
        if not exercise and rest and rest:match("%.exercise") then
            exercise, depth = exercise_from(rest, stem, chapter_number .. "." ..
                                            #list + 1), 1
        elseif exercise and rest and rest ~= "" then
            depth, inside = depth + 1, rest:match("%a+")
            if inside == "hint" then table.insert(exercise.hints, {}) end
        elseif exercise and rest then
            depth, inside = depth - 1, nil
            if depth == 0 then
                table.insert(list, finish(exercise))
                exercise = nil
            end
        elseif exercise then
            add_line(exercise, inside, line)
        end
    end
    return list
end

-- The stems of the chapters in the order of book.md.
function divs.chapters()
    local stems = {}
    for stem in files.read("book.md"):gmatch("%(chapters/([%w_]+)%.md%)") do
        table.insert(stems, stem)
    end
    return stems
end

-- All exercises of the book, and by their names.
function divs.all()
    local list, by_id = {}, {}
    for number, stem in ipairs(divs.chapters()) do
        for _, exercise in ipairs(divs.of_chapter(stem, number)) do
            if by_id[exercise.id] then
                files.fail("%s stands twice", exercise.id)
            end
            by_id[exercise.id] = exercise
            table.insert(list, exercise)
        end
    end
    return list, by_id
end

-- A chapter as the student gets it: without the solutions.
function divs.without_solutions(text)
    local kept, depth = {}, 0
    for _, line in ipairs(files.lines(text)) do
        local rest = line:match("^:::+%s*(.-)%s*$")
        if depth > 0 and rest then
            depth = depth + (rest == "" and -1 or 1)
        elseif rest and rest:match("^{?%.?solution") then
            depth = 1
        elseif depth == 0 then
            table.insert(kept, line)
        end
    end
    return table.concat(kept, "\n") .. "\n"
end

return divs
