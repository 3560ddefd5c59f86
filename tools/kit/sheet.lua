-- sheet.lua -- a sheet of exercises, which an instructor writes as a chapter is written:
--
--     # Descent {#sheet_1 deadline="2026-12-04 23:59" late-days=3 late-penalty=10}
--
--     ::: {.exercise #ex_gd_step points=6}
--     :::
--
--     ::: {.exercise #ex_own kind="derive" points=4}
--     Show that ...
--     :::
--
-- An exercise of the book is named, and keeps what the sheet does not say anew; one of the
-- instructor's own has a kind, points and a text.  See "A sheet of your own" in
-- chapters/working_through.md.

local chapters = require "kit.chapters"
local divs = require "divs"
local files = require "files"
local nearest = require "nearest"

local sheet = {}

local OF_TITLE = {deadline = true, ["late-days"] = true, ["late-free"] = true,
                  ["late-penalty"] = true, roster = true, points = true}
local OF_EXERCISE = {kind = true, points = true, implement = true, ["graded-by"] = true,
                     number = true, within = true}
local KINDS = {implement = true, derive = true, predict = true, ["break"] = true}

local function fail(path, line, message, ...)
    files.fail("%s:%d: " .. message, path, line, ...)
end

local function check_names(path, line, given, known)
    for name in pairs(given) do
        local list = {}
        for other in pairs(known) do table.insert(list, other) end
        if not known[name] then
            fail(path, line, "nothing is called %s here; the nearest: %s", name,
                 nearest(name, list))
        end
    end
end

-- A number that is not negative; the other one where nothing is said.
local function number(path, line, given, name, otherwise)
    if not given[name] then return otherwise end
    local value = tonumber(given[name])
    if value and value >= 0 and value < math.huge then return value end
    fail(path, line, "%s must be a number, got \"%s\"", name, given[name])
end

-- The moment of a deadline, in seconds.
function sheet.moment(text)
    local year, month, day, hour, minute = text:match(
        "^(%d%d%d%d)%-(%d%d)%-(%d%d) (%d%d):(%d%d)")
    return year and os.time({year = year, month = month, day = day, hour = hour,
                             min = minute, sec = tonumber(text:match(":(%d%d)$", 17))
                             or 0})
end

-- ---- The title ----------------------------------------------------------------------

-- A path that the sheet names, from where the sheet is.
local function beside(path, name)
    return name and (name:match("^/") and name or path:match("^(.-)[^/]*$") .. name)
end

local function title_of(path, text)
    local line, count = nil, 0
    for _, candidate in ipairs(files.lines(text)) do
        count = count + 1
        if candidate:match("^# ") then line = candidate break end
    end
    if not line then fail(path, 1, "it has no title: # Descent {#sheet_1}") end
    local title, braces = line:match("^# (.-)%s*(%b{})%s*$")
    local given, id = {}, (braces or ""):match("#([%w_]+)")
    for name, value in (braces or ""):gmatch('([%w-]+)=([^%s"}]+)') do
        given[name] = value
    end
    for name, value in (braces or ""):gmatch('([%w-]+)="([^"]*)"') do
        given[name] = value
    end
    if not id then fail(path, count, "the title has no name: # Descent {#sheet_1}") end
    check_names(path, count, given, OF_TITLE)
    local deadline = given.deadline
    if deadline and not sheet.moment(deadline) then
        fail(path, count, "a deadline is a day and a time, \"2026-12-04 23:59\", got \"%s\"",
             deadline)
    end
    return {id = id, title = title, deadline = deadline,
            late_days = number(path, count, given, "late-days", 0),
            late_free = number(path, count, given, "late-free", 0),
            late_penalty = number(path, count, given, "late-penalty", 0),
            roster = beside(path, given.roster), points = beside(path, given.points)}
end

-- ---- The exercises ------------------------------------------------------------------

local function of_own(path, div, title)
    local given, known = div.attributes, {}
    if not div.id or not div.id:match("^ex_") then
        fail(path, div.first, "an exercise has a name that begins with ex_")
    end
    local file, name = (given.implement or ""):match("^(ref/[%w_/]+%.c):([%w_]+)$")
    local kind = given.kind or (file and "implement")
    if divs.joined(div.text) == "" or not given.points or not KINDS[kind] then
        local _, by_id = chapters.exercises()
        for id in pairs(by_id) do table.insert(known, id) end
        fail(path, div.first, "no exercise %s is in the book (the nearest: %s); one of " ..
             "your own has a kind, points and a text", div.id, nearest(div.id, known))
    end
    if (kind == "implement") ~= (file ~= nil) then
        fail(path, div.first, "%s: kind=\"implement\" goes with " ..
             "implement=\"ref/file.c:function\"", div.id)
    end
    if file and #divs.words(given["graded-by"]) == 0 then
        fail(path, div.first, "%s: graded-by= names no claims", div.id)
    end
    return {id = div.id, chapter = title.id, number = "-", kind = kind, file = file,
            name = name, graded_by = divs.words(given["graded-by"]), hints = {},
            solution = ""}
end

-- What the sheet says anew of an exercise.
local function said_anew(path, div, exercise)
    local given, text = div.attributes, divs.joined(div.text)
    local one = {}
    for key, value in pairs(exercise) do one[key] = value end
    one.points = number(path, div.first, given, "points", one.points)
    if one.file and one.points == 0 then
        fail(path, div.first, "%s gives no points", div.id)
    end
    one.answer = given.number or one.answer
    if given.number and not (tonumber(given.number) or given.number:match("^[%w_]+: *%S")) then
        fail(path, div.first, "number is a number, or \"claim: what of its evidence\", got " ..
             "\"%s\"", given.number)
    end
    one.within = given.within or one.within
    if text ~= "" then one.text = text end
    local hints, solution = divs.help(div)
    for i, hint in ipairs(hints) do one.hints[i] = hint end
    one.solution = solution or one.solution
    for _, rubric in ipairs(divs.of_class(div.inner, "rubric")) do
        one.rubric = divs.joined(rubric.text)
    end
    return one
end

-- A sheet: {id, title, deadline, late_days, late_free, late_penalty, roster, points,
-- exercises}; what is wrong with it ends the program.
function sheet.read(path)
    if not files.exists(path) then files.fail("there is no sheet %s", path) end
    local text = files.read(path)
    local one, _, by_id = title_of(path, text), chapters.exercises()
    local seen = {}
    one.path = path
    one.exercises = {}
    for _, div in ipairs(divs.of_class(divs.read(text), "exercise")) do
        if not div.last then fail(path, div.first, "this has no end: :::") end
        check_names(path, div.first, div.attributes, OF_EXERCISE)
        local exercise = by_id[div.id] or of_own(path, div, one)
        if seen[div.id] then fail(path, div.first, "%s stands twice", div.id) end
        seen[div.id] = true
        table.insert(one.exercises, said_anew(path, div, exercise))
    end
    if #one.exercises == 0 then fail(path, 1, "there is no exercise in it") end
    return one
end

-- The text of a sheet with the paths that it names made whole, so that it may be moved.
function sheet.with_paths(text, path)
    return (text:gsub('((%l+)=")([^"]*)(")', function(before, name, value, after)
        local is_path = name == "roster" or name == "points"
        return before .. (is_path and not tonumber(value) and beside(path, value) or value)
               .. after
    end))
end

return sheet
