-- asked.lua -- what a run of `make grade` is to judge: a sheet, or what was chosen; and what
-- people judged of it.

local files = require "files"
local hand = require "kit.hand"
local json = require "dkjson"
local judges = require "kit.judges"
local results = require "kit.results"
local roster = require "kit.roster"
local sheet = require "kit.sheet"

local asked = {}

local function needs_hands(what)
    for _, exercise in ipairs(what.exercises) do
        if hand.is_asked(exercise) then return true end
    end
    return false
end

-- What people gave: from the table that the sheet names, or an empty one to be filled.
function asked.points(what, list, out)
    local path = what.sheet and what.sheet.points
    if path and files.exists(path) then return hand.read(path, what.exercises, list) end
    if what.sheet and needs_hands(what) then
        hand.write(out .. "/points.csv", what.exercises, list)
        print(("points for exercises on paper: fill in %s/points.csv%s"):format(out, path and
              ", and save it as " .. path or "; points=\"points.csv\" in the sheet's title"))
    end
    return {}
end

-- Is all there that judges, and all that is to be judged?  A sheet's own claims are in the
-- tree that `make exercises` makes.
local function check(coded)
    local known = judges.all()
    for _, exercise in ipairs(coded) do
        if not files.exists(exercise.file) then
            files.fail("%s: there is no %s here", exercise.id, exercise.file)
        end
        for _, name in ipairs(exercise.graded_by) do
            if not known[name] then
                files.fail("%s: there is no claim or test %s here%s", exercise.id, name,
                           "; a sheet's own are in build/exercises/instructor")
            end
        end
    end
    return coded
end

-- {sheet, exercises, coded}: of a sheet, that of the tree or another, all its exercises;
-- without one those that a machine judges.
function asked.read(manifest_path, sheet_path)
    if (sheet_path or "") ~= "" then
        local one = sheet.read(sheet_path)
        if one.roster then roster.read(one.roster) end -- what is wrong with it is told now
        return {sheet = one, exercises = one.exercises, coded = check(results.coded(one))}
    end
    if not files.exists(manifest_path) then
        files.fail("there is no %s: make exercises makes one", manifest_path)
    end
    local manifest = json.decode(files.read(manifest_path))
    local coded = results.coded(manifest)
    return {sheet = manifest.sheet, coded = coded,
            exercises = manifest.sheet and manifest.exercises or coded}
end

return asked
