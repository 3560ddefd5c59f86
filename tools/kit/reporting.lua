-- reporting.lua -- writes what instructors and students are told of a run.

local class = require "kit.class"
local files = require "files"
local gather = require "kit.gather"
local gradebook = require "kit.gradebook"
local pages = require "kit.pages"
local reports = require "kit.reports"

local reporting = {}

local function write_tables(out, what, all, list)
    local class = gather.class(what, all, list)
    gradebook.nbgrader(out .. "/grades.csv", class, what.sheet)
    if what.sheet then
        gradebook.canvas(out .. "/canvas.csv", class, what.sheet)
        gradebook.moodle(out .. "/moodle.csv", class, what.sheet)
        gradebook.by_exercise(out .. "/exercises.csv", class)
    end
end

local function texts_of(submission)
    local texts = {}
    for _, taken in ipairs(gather.taken_of(submission)) do texts[taken.id] = taken.text end
    return texts
end

-- The tables, a page for each student, and a line for each on the terminal.
function reporting.write(out, what, all, list)
    local lectures = reports.lectures()
    write_tables(out, what, all, list)
    reports.write_junit(out .. "/junit.xml", all)
    for i, result in ipairs(all) do
        files.write(("%s/reports/%s.html"):format(out, list[i].id),
                    pages.student(result, texts_of(list[i]), lectures))
        print(reports.line(result))
    end
    local title = what.sheet and what.sheet.title or "Measured Descent"
    files.write(out .. "/class.html", class.page(title, all, list, lectures))
    print(("%d submissions: %s/grades.csv, junit.xml, class.html, reports/ and texts/")
        :format(#list, out))
end

return reporting
