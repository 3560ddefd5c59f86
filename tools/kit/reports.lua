-- reports.lua -- tells what was earned: in JUnit's XML, in a line for the terminal, and in
-- the sentences that a student's code violates.

local divs = require "divs"
local files = require "files"
local spine = require "spine"

local reports = {}

-- ---- JUnit --------------------------------------------------------------------------

local ESCAPES = {["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;"}

local function xml(text)
    return (text:gsub('[&<>"]', ESCAPES))
end

-- Why a grader gave no points, in one line.
local function reason(exercise, grader)
    return exercise.problem or grader.message or "it was not run"
end

local function junit_case(exercise, grader)
    local head = ('    <testcase classname="%s" name="%s"'):format(xml(exercise.id),
                                                                  xml(grader.name))
    if grader.holds then return head .. "/>" end
    return ('%s>\n      <failure message="%s"/>\n    </testcase>'):format(
        head, xml(reason(exercise, grader)))
end

local function junit_suite(result)
    local cases, failures = {}, 0
    for _, exercise in ipairs(result.exercises) do
        for _, grader in ipairs(exercise.graders) do
            table.insert(cases, junit_case(exercise, grader))
            failures = failures + (grader.holds and 0 or 1)
        end
    end
    return ('  <testsuite name="%s" tests="%d" failures="%d" errors="0" skipped="0">\n%s\n  </testsuite>')
        :format(xml(result.student), #cases, failures, table.concat(cases, "\n"))
end

function reports.write_junit(path, all)
    local suites = {}
    for i, result in ipairs(all) do suites[i] = junit_suite(result) end
    files.write(path, '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n' ..
                      table.concat(suites, "\n") .. "\n</testsuites>\n")
end

-- ---- Sentences ----------------------------------------------------------------------

-- Where each claim's sentence stands in the lectures: the slides, by claim.
function reports.lectures()
    local slides = {}
    for _, stem in ipairs(spine.stems()) do
        for _, div in ipairs(divs.of_chapter(stem, "claim")) do
            slides[div.id] = div.attributes.lecture
        end
    end
    return slides
end

-- How far a number is beyond its limit: "3e+05 times as much".
local function how_far(finding, measured, limit)
    local half = finding.relation:match("^within (%S+) of$")
    if half then
        local widths = math.abs(measured - limit) / tonumber(half)
        return ("off by %.2g half-widths"):format(widths)
    elseif limit ~= 0 and measured / limit > 0 then
        return ("%.3g times the limit"):format(measured / limit)
    end
    return ("off by %.3g"):format(measured - limit)
end

-- What went wrong with a finding.
local function finding_line(finding)
    local measured, limit = tonumber(finding.measured), tonumber(finding.limit)
    if not (measured and limit) or measured ~= measured then
        return finding.what .. ": measured what is not a number."
    end
    local told = ("%s: measured %.4g, to be %s %.4g"):format(finding.what, measured,
                                                             finding.relation, limit)
    if finding.role == "control" then
        return told .. ", which had to fail and did not: your code does what this " ..
               "control was made to tell from the truth."
    end
    return ("%s (%s)."):format(told, how_far(finding, measured, limit))
end

-- Which sentence of which slide does not hold, and why: lines, none if it does hold.
function reports.violations(exercise, grader, lectures)
    if grader.holds then return {} end
    if exercise.problem then return {exercise.problem} end
    local lines = {}
    if grader.sentence then
        local slides = lectures[grader.name]
        slides = slides and (" (%s)."):format(slides) or "."
        table.insert(lines, grader.sentence .. slides)
    end
    local sentences = #lines
    for _, finding in ipairs(grader.findings or {}) do
        if not finding.holds then table.insert(lines, finding_line(finding)) end
    end
    if #lines == sentences then table.insert(lines, reason(exercise, grader)) end
    return lines
end

-- One line for the terminal.
function reports.line(result)
    local troubles = {}
    for _, exercise in ipairs(result.exercises) do
        local kind = (exercise.problem or ""):match("^integrity")
        if kind then table.insert(troubles, exercise.id .. ": " .. exercise.problem) end
    end
    local state = result.state ~= "graded" and "  " .. result.state or ""
    return ("%-28s %6.4g of %g%s%s"):format(
        result.student, result.points, result.possible, state,
        #troubles > 0 and "  " .. table.concat(troubles, "; ") or "")
end

return reports
