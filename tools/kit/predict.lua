-- predict.lua -- exercises that ask for a number: what the student committed to, beside
-- what a claim of the book measures.
--
-- The exercise says which number, `number="claim: what of its evidence"` or, where no claim
-- has it, `number=347`; and how near one must come, `within="5%"` or `within=0.01`, which
-- is 1 % where it does not.

local files = require "files"
local results = require "kit.results"
local submissions = require "kit.submissions"

local predict = {}

local FILE = "answers.txt"
predict.FILE = FILE

-- Is this asked and judged by machine?
function predict.is_asked(exercise)
    return exercise.kind == "predict" and exercise.answer ~= nil
end

-- What a student fills in: a line for each exercise.
function predict.form(exercises)
    local lines = {"# A number behind each colon, 0.25 or 1e-3 or 1/4; make submit packs it."}
    for _, exercise in ipairs(exercises) do
        if predict.is_asked(exercise) then table.insert(lines, exercise.id .. ": ") end
    end
    return #lines > 1 and table.concat(lines, "\n") .. "\n"
end

-- What stands in a submission's form, by exercise.
function predict.answers(submission)
    local text = submissions.text(submission, FILE) or ""
    local answers = {}
    for id, said in text:gmatch("%f[^\n\0](ex_[%w_]+):[ \t]*([^\n]*)") do
        answers[id] = files.plain(said):gsub("%s+$", ""):sub(1, 100)
    end
    return answers
end

local function number_of(text)
    local above, below = text:match("^(%-?[%d.]+)%s*/%s*([%d.]+)$")
    if above then return tonumber(above) and tonumber(above) / tonumber(below) end
    return not text:find("^0[xX]") and tonumber(text) or nil
end

-- The claim's own number, under the book's first seed; what is wrong with the exercise ends
-- the program.  judges: see judges.lua.
function predict.number(build, exercise, judges)
    if tonumber(exercise.answer) then return tonumber(exercise.answer) end
    local claim, what = exercise.answer:match("^([%w_]+):%s*(.+)$")
    local judge = judges[claim or ""]
    if not judge or judge.is_test then
        files.fail("%s: number=\"claim: what of its evidence\" names no claim", exercise.id)
    end
    local folder = files.temporary()
    files.run("mkdir -p %s && { TEMP=%s OPENBLAS_NUM_THREADS=1 %s/%s %s 1 %s >%s/log 2>&1 " ..
              "|| :; }", folder, folder, build, judge.program, folder, claim, folder)
    local record = results.read_record(files.regular(
        ("%s/records/%s"):format(folder, judge.stem), claim .. ".tsv"), claim)
    files.run("rm -rf %s", folder)
    local names = {}
    for i, finding in ipairs(record.findings) do
        if finding.what == what then return tonumber(finding.measured) end
        names[i] = finding.what
    end
    files.fail("%s: %s has no evidence \"%s\"; it has: %s", exercise.id, claim, what,
               table.concat(names, "; "))
end

-- How far from it an answer may be.
local function tolerance(exercise, number)
    local within = exercise.within or "1%"
    local percent = within:match("^([%d.]+)%s*%%$")
    local width = percent and math.abs(number) * (tonumber(percent) or -1) / 100 or
                  tonumber(within)
    if width and width >= 0 then return width end
    files.fail("%s: within must be a number or a percentage, got \"%s\"", exercise.id,
               within)
end

-- What became of an answer: {name, holds, message}.
function predict.judge(exercise, number, answer)
    local width = tolerance(exercise, number)
    local said, one = answer and number_of(answer), {name = "your number", holds = false}
    if not answer or answer == "" then
        one.message = "there is no answer in " .. FILE
    elseif not said then
        one.message = ("\"%s\" is not a number"):format(answer)
    else
        one.holds = math.abs(said - number) <= width
        one.message = ("you said %.6g, and it is %.6g (to come within %.3g was enough)")
            :format(said, number, width)
    end
    return one
end

return predict
