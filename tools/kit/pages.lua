-- pages.lua -- the page of each student: which sentences of the lectures their code
-- violates, by how much, and what was judged.

local html = require "kit.html"
local reports = require "kit.reports"

local pages = {}

local text, tag = html.text, html.tag

local function points(earned, possible)
    return ("%.4g of %.4g points"):format(earned, possible)
end

local function grader_item(exercise, grader, lectures)
    local lines = {}
    for i, line in ipairs(exercise.problem and {} or
                          reports.violations(exercise, grader, lectures)) do
        lines[i] = text(line)
    end
    local holds = grader.holds and tag("span", "holds", 'class="holds"') or
                  tag("span", "does not hold", 'class="fails"')
    return ("%s %s: %.3g of %.3g points.%s"):format(tag("code", text(grader.name)), holds,
        grader.points, grader.possible, html.list(lines))
end

local function heading(exercise)
    local number = exercise.number == "-" and "" or exercise.number .. " "
    local what = exercise.file and (": <code>%s</code> in %s"):format(text(exercise.name),
                                                                    text(exercise.file))
    return tag("h2", ("%s%s%s"):format(number, text(exercise.id), what or ""))
end

local function exercise_part(exercise, judged, lectures)
    local parts, items = {heading(exercise)}, {}
    local earned = points(exercise.points, exercise.possible)
    if exercise.open then earned = "not judged yet" end
    table.insert(parts, tag("p", earned .. (exercise.problem and ". No points: " ..
                                            text(exercise.problem) or "") .. "."))
    for i, grader in ipairs(exercise.graders) do
        items[i] = grader_item(exercise, grader, lectures)
    end
    table.insert(parts, html.list(items))
    if judged then table.insert(parts, tag("pre", text(judged))) end
    if exercise.seed and not exercise.problem then
        table.insert(parts, tag("p", ("Judged under seed %d; <code>make check EX=%s " ..
            "SEED=%d</code> repeats it."):format(exercise.seed, text(exercise.id),
                                                 exercise.seed)))
    end
    return table.concat(parts, "\n")
end

local function lateness(result)
    if (result.days_late or 0) == 0 then return "" end
    return tag("p", ("%d %s late: %.4g points less, which leaves %.4g."):format(
        result.days_late, result.days_late == 1 and "day" or "days", result.penalty,
        result.points - result.penalty))
end

-- The page of a result; texts: by exercise, what was judged.
function pages.student(result, texts, lectures)
    local parts = {lateness(result)}
    if result.state ~= "graded" then
        table.insert(parts, tag("p", "This was not graded: " .. text(result.state) .. "."))
    end
    for _, exercise in ipairs(result.exercises) do
        table.insert(parts, exercise_part(exercise, texts[exercise.id], lectures))
    end
    return html.page(("%s: %s"):format(result.student,
                                       points(result.points, result.possible)), parts)
end

return pages
