-- chapters.lua -- the exercises, as they stand in the chapters.
--
-- An exercise is a fenced div with the class .exercise; in it, divs `hint` and
-- `solution`.

local divs = require "divs"
local files = require "files"
local spine = require "spine"

local chapters = {}

local function exercise_from(div, stem, number)
    local given = div.attributes
    local file, name = (given.implement or ""):match("^(.-):(.+)$")
    local hints, solution = divs.help(div)
    return {id = div.id, chapter = stem, number = number,
            kind = given.kind or (file and "implement"), file = file,
            name = name, graded_by = divs.words(given["graded-by"]),
            points = tonumber(given.points or 1), answer = given.number,
            within = given.within,
            text = divs.joined(div.text), hints = hints,
            solution = solution or ""}
end

-- All exercises of the book, and by their names.
function chapters.exercises()
    local list, by_id = {}, {}
    for chapter, stem in ipairs(spine.stems()) do
        for number, div in ipairs(divs.of_chapter(stem, "exercise")) do
            local exercise = exercise_from(div, stem, chapter .. "." .. number)
            if by_id[exercise.id] then
                files.fail("%s stands twice", exercise.id)
            end
            by_id[exercise.id] = exercise
            table.insert(list, exercise)
        end
    end
    return list, by_id
end

return chapters
