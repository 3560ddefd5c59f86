-- grade.lua -- grades what students handed in: for `make grade`.
--
--   lua5.4 tools/kit/grade.lua all MANIFEST BUILD OUT SUBMISSIONS
--   lua5.4 tools/kit/grade.lua one MANIFEST BUILD OUT SUBMISSIONS INDEX
--
-- `all` writes a result of zero for everybody, has `one` grade each submission, as many
-- at a time as there are cores, and then gathers the results.  In the environment, with
-- what grading.lua asks for: SALT, from which each student's seed is derived.

dofile(arg[0]:match("^(.-)[^/]*$") .. "../path.lua")
local files = require "files"
local grading = require "kit.grading"
local json = require "dkjson"
local reports = require "kit.reports"
local results = require "kit.results"
local submissions = require "kit.submissions"

local COMMAND, MANIFEST, BUILD, OUT, FOLDER, INDEX = table.unpack(arg)

local function result_path(submission)
    return ("%s/results/%s.json"):format(OUT, submission.id)
end

-- ---- One submission -----------------------------------------------------------------

-- What each student's seed is made from: a number, or what chance gave.
local function salt()
    local text = os.getenv("SALT") or ""
    if text:match("^%x+$") then return text end
    files.fail("SEED must be a whole number, got \"%s\"", text)
end

-- A seed that belongs to the student: 48 bits of a hash of the salt and the name.
local function seed_of(id)
    local hash = files.output("printf %%s %s | sha256sum",
                              files.quote(salt() .. " " .. id))
    return tonumber(hash:sub(1, 12), 16)
end

local function grade_one(exercises, list)
    local index = tonumber(INDEX)
    local submission = list[index]
    local one = grading.begin(BUILD, seed_of(submission.id))
    local result = results.zero(exercises, submission)
    for i, exercise in ipairs(exercises) do
        grading.exercise(one, exercise, result.exercises[i], submission)
    end
    grading.finish(one)
    result.state, result.seed = "graded", one.seed
    results.write(result_path(submission), result)
end

-- ---- All of them --------------------------------------------------------------------

-- What stands until there is something better: zero for everybody.
local function write_zeros(exercises, list)
    local zeros = {}
    for i, submission in ipairs(list) do
        zeros[i] = results.zero(exercises, submission)
        results.write(result_path(submission), zeros[i])
    end
    reports.write_csv(OUT .. "/grades.csv", zeros)
end

-- Has every submission graded in a process of its own; what becomes of one does not
-- keep xargs from the others.
local function run_all(count)
    os.execute(("seq %d | xargs -P \"$(nproc)\" -n 1 sh -c 'lua5.4 \"$@\" || :' sh " ..
                "%s one %s %s %s %s"):format(count, arg[0], MANIFEST, BUILD,
                files.quote(OUT), files.quote(FOLDER)))
end

local function gather(exercises, list)
    local all = {}
    for i, submission in ipairs(list) do
        local measured = json.decode(files.read(result_path(submission)))
        all[i] = results.reconcile(results.zero(exercises, submission), measured)
        results.write(result_path(submission), all[i])
    end
    return all
end

local function grade_all(exercises, list)
    salt() -- before anything is lost
    files.run("rm -rf %s && mkdir -p %s/results %s/reports", OUT, OUT, OUT)
    write_zeros(exercises, list)
    run_all(#list)
    local all, lectures = gather(exercises, list), reports.lectures()
    reports.write_csv(OUT .. "/grades.csv", all)
    reports.write_junit(OUT .. "/junit.xml", all)
    for i, result in ipairs(all) do
        files.write(("%s/reports/%s.md"):format(OUT, list[i].id),
                    reports.text(result, lectures))
        print(reports.line(result))
    end
    print(("%d submissions: %s/grades.csv, junit.xml and reports/"):format(#list, OUT))
end

if not FOLDER or FOLDER == "" then
    files.fail("say where they are: make grade SUBMISSIONS=folder")
end
if not files.exists(FOLDER) then files.fail("there is no folder %s", FOLDER) end
if not files.exists(MANIFEST) then
    files.fail("there is no %s: make exercises makes one", MANIFEST)
end
local exercises = results.coded(json.decode(files.read(MANIFEST)))
local list = submissions.list(FOLDER)
if COMMAND == "all" then grade_all(exercises, list) else grade_one(exercises, list) end
