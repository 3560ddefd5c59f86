-- class.lua -- the page of a class: per exercise how points are distributed, which
-- sentence was got wrong, by which numbers, and which bodies are the same up to names and
-- layout, for a reader to judge.

local html = require "kit.html"

local class = {}

local text, tag = html.text, html.tag

local MOST = 8 -- rows of a list

local function count(table_of, key)
    table_of[key] = (table_of[key] or 0) + 1
end

-- Keys with their counts, the most frequent first.
local function by_frequency(counts)
    local list = {}
    for key, number in pairs(counts) do table.insert(list, {key, number}) end
    table.sort(list, function(a, b)
        return a[2] > b[2] or a[2] == b[2] and tostring(a[1]) < tostring(b[1])
    end)
    return list
end

-- ---- An exercise --------------------------------------------------------------------

local function distribution(number, all)
    local counts, most, rows = {}, 1, {}
    for _, result in ipairs(all) do
        local exercise = result.exercises[number]
        if not exercise.open then count(counts, exercise.points) end
    end
    local values = by_frequency(counts)
    if values[1] then most = values[1][2] end
    table.sort(values, function(a, b) return a[1] > b[1] end)
    for i, value in ipairs(values) do
        rows[i] = {("%.4g"):format(value[1]), ("%d"):format(value[2]),
                   ('<span class="bar" style="width:%.1frem"></span>'):format(
                       16 * value[2] / most)}
    end
    return html.table(rows)
end

-- A wrong number as one that can be counted: two digits are enough to know it again.
local function wrong_numbers(grader, counts)
    if grader.name == "your number" then
        local said = (grader.message or ""):match("^you said ([^,]+),")
        if said then count(counts, "said " .. said) end
    end
    for _, finding in ipairs(grader.findings or {}) do
        local measured = tonumber(finding.measured)
        if not finding.holds and measured then
            count(counts, ("%s: %s %.2g, to be %s %.2g"):format(grader.name, finding.what,
                measured, finding.relation, tonumber(finding.limit) or 0 / 0))
        end
    end
end

-- What went wrong in an exercise: by sentence, by number and by problem, how often.
local function faults(number, all)
    local sentences, numbers, problems = {}, {}, {}
    for _, result in ipairs(all) do
        local exercise = result.exercises[number]
        if exercise.problem then
            count(problems, (exercise.problem:gsub("[%w_/]+%.c:[%d:]+ ", "")
                                             :gsub("; there is .*", "")
                                             :gsub(" %(of a file only .*", "")))
        else
            for _, grader in ipairs(exercise.graders) do
                if not grader.holds then
                    count(sentences, grader.name)
                    wrong_numbers(grader, numbers)
                end
            end
        end
    end
    return sentences, numbers, problems
end

local function frequent(title, counts, told)
    local rows = {}
    for i, entry in ipairs(by_frequency(counts)) do
        if i <= MOST then rows[i] = {("%d"):format(entry[2]), told(entry[1])} end
    end
    return #rows > 0 and tag("h3", title) .. html.table(rows) or ""
end

local function exercise_part(number, all, sentences_of, lectures)
    local exercise = all[1].exercises[number]
    local sentences, numbers, problems = faults(number, all)
    return table.concat({
        tag("h2", ("%s, %.4g points"):format(text(exercise.id), exercise.possible)),
        distribution(number, all),
        frequent("Sentences that do not hold", sentences, function(name)
            local slide = lectures[name] and " (" .. lectures[name] .. ")" or ""
            return tag("code", text(name)) .. " " ..
                   text((sentences_of[name] or "") .. slide)
        end),
        frequent("The commonest wrong numbers", numbers, text),
        frequent("What was not judged", problems, text)}, "\n")
end

-- ---- Bodies that are the same -------------------------------------------------------

-- By exercise, the groups of students whose texts are the same up to names.
local function groups(list)
    local by_key, order = {}, {}
    for _, submission in ipairs(list) do
        for _, taken in ipairs(submission.taken and submission.taken.exercises or {}) do
            local key = taken.alike and taken.id .. " " .. taken.alike
            if key and not by_key[key] then
                by_key[key] = {id = taken.id, text = taken.text}
                table.insert(order, by_key[key])
            end
            if key then table.insert(by_key[key], submission.student) end
        end
    end
    local found = {}
    for _, group in ipairs(order) do
        if #group > 1 then table.insert(found, group) end
    end
    return found
end

local function alike_part(list)
    local parts = {tag("h2", "The same up to names and layout"), tag("p",
        "Short functions have few forms, so that this proves nothing; it says where to read.")}
    for _, group in ipairs(groups(list)) do
        local names = {}
        for i, name in ipairs(group) do names[i] = text(name) end
        table.insert(parts, tag("details", tag("summary", ("%s: %d, %s"):format(
            text(group.id), #group, table.concat(names, ", "))) ..
            tag("pre", text(group.text))))
    end
    return table.concat(parts, "\n")
end

-- ---- All of it ----------------------------------------------------------------------

-- What each claim says, as those records have it that tell.
local function sentences_in(all)
    local sentences = {}
    for _, result in ipairs(all) do
        for _, exercise in ipairs(result.exercises) do
            for _, grader in ipairs(exercise.graders) do
                sentences[grader.name] = grader.sentence or sentences[grader.name]
            end
        end
    end
    return sentences
end

local function summary(all)
    local sum, possible = 0, all[1].possible
    for _, result in ipairs(all) do sum = sum + result.points - (result.penalty or 0) end
    return tag("p", ("%d submissions, %.3g of %.4g points on average."):format(
        #all, sum / #all, possible))
end

-- The page, of the results and of what was taken.
function class.page(title, all, list, lectures)
    local parts, sentences = {summary(all)}, sentences_in(all)
    for number in ipairs(all[1].exercises) do
        table.insert(parts, exercise_part(number, all, sentences, lectures))
    end
    table.insert(parts, alike_part(list))
    return html.page(title .. ": the class", parts)
end

return class
