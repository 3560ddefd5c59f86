-- manual.lua -- what an instructor gets beside the code: the solution manual and the
-- grading key.
--
-- The manual is written in Markdown, as a chapter is, and the book's own filter makes a
-- page of it, which has everything in it and needs nothing that is built; a solution in
-- code is a paragraph that links to the function.

local divs = require "divs"
local files = require "files"
local hand = require "kit.hand"
local judges = require "kit.judges"
local sources = require "sources"
local spine = require "spine"

local manual = {}

-- ---- Who grades what ----------------------------------------------------------------

-- The claims and tests that give points; none for an exercise on paper.
local function graders(exercise)
    return exercise.file and exercise.graded_by or {}
end

-- The points of one grader: they are split equally.
local function share(exercise)
    return exercise.points / math.max(#graders(exercise), 1)
end

-- What each grader says: a claim its sentence, as its chapter has it; the name of a
-- unit test is a sentence itself.
local function sentences()
    local said = {}
    for name, judge in pairs(judges.all()) do
        local words = name:gsub("_", " "):gsub("^%l", string.upper)
        said[name] = judge.is_test and ("%s, says `%s.c`."):format(words, judge.program)
    end
    for _, path in ipairs(sources.below("chapters", "md")) do -- a sheet's own among them
        for _, div in ipairs(divs.of_chapter(sources.stem(path), "claim")) do
            said[div.id] = divs.joined(div.text)
        end
    end
    return said
end

-- ---- The manuscript -----------------------------------------------------------------

local function points(number)
    return ("%.4g\u{a0}%s"):format(number, number == 1 and "point" or "points")
end

local function title(exercise)
    local number = exercise.number == "-" and "" or " " .. exercise.number
    return ("[Exercise%s]{.label} `%s`\u{a0}· %s\u{a0}· %s"):format(
        number, exercise.id, exercise.kind, points(exercise.points))
end

-- A hint or a solution under its name: in the same line, if it begins with a sentence.
local function part(class, label, text)
    local gap = text:match("^[%a$`]") and " " or "\n\n"
    return ("::: %s\n[%s]{.label}%s%s\n:::\n"):format(class, label, gap, text)
end

-- The code that solves an exercise, if it is one of code, and what is said about it.
local function solution(exercise)
    local code = exercise.file and ("[](../%s#%s)\n\n"):format(exercise.file,
                                                              exercise.name) or ""
    local text = code .. exercise.solution
    return part("solution", "Solution", text ~= "" and text or "The chapter has none.")
end

-- Claims and tests, each with its points if it gives any, and its sentence.
local function grading(exercise, said)
    local list = {}
    for _, name in ipairs(exercise.graded_by) do
        if not said[name] then
            files.fail("%s names %s, which is no claim of a chapter and no test",
                       exercise.id, name)
        end
        local gives = exercise.file and ", " .. points(share(exercise)) or ""
        local sentence = said[name]:gsub("\n", "\n    ")
        table.insert(list, ("`%s`%s\n\n:   %s\n"):format(name, gives, sentence))
    end
    if #list == 0 then return "" end
    return ("::: graders\n[%s by]{.label}\n\n%s:::\n"):format(
        exercise.file and "Graded" or "Measured", table.concat(list, "\n"))
end

-- said: what each grader says, or, with a rubric, nothing.
local function written(exercise, said, rubric)
    local parts = {"::: {.exercise #" .. exercise.id .. "}", title(exercise), "",
                   exercise.text, ""}
    for i, hint in ipairs(exercise.hints) do
        local label = #exercise.hints > 1 and "Hint " .. i or "Hint"
        table.insert(parts, part("hint", label, hint))
    end
    table.insert(parts, solution(exercise))
    table.insert(parts, rubric or grading(exercise, said))
    table.insert(parts, ":::\n")
    return table.concat(parts, "\n")
end

-- The heading of a chapter, or of a file of ref/ that has none.
local function heading(stem)
    for number, chapter in ipairs(spine.stems()) do
        if chapter == stem then
            local text = files.read("chapters/" .. stem .. ".md")
            local words = text:match("^# ([^\n]-)%s*{") or text:match("^# ([^\n]+)")
            return ("## %d · %s {#%s}\n"):format(number, words or stem, stem)
        end
    end
    local is_file = files.exists(("ref/%s.c"):format(stem))
    local words = is_file and ("`ref/%s.c`"):format(stem) or "Of this sheet"
    return ("## %s {#%s}\n"):format(words, stem)
end

-- The exercises by chapter; chapters and exercises in the order of the choice.
local function grouped(chosen)
    local groups, by_stem = {}, {}
    for _, exercise in ipairs(chosen) do
        local stem = exercise.chapter
        if not by_stem[stem] then
            by_stem[stem] = {stem = stem}
            table.insert(groups, by_stem[stem])
        end
        table.insert(by_stem[stem], exercise)
    end
    return groups
end

local function manuscript(groups)
    local parts, said = {}, sentences()
    for _, group in ipairs(groups) do
        table.insert(parts, heading(group.stem))
        for _, exercise in ipairs(group) do
            table.insert(parts, written(exercise, said))
        end
    end
    return table.concat(parts, "\n")
end

-- ---- The page -----------------------------------------------------------------------

-- The fonts of the book are files, so here the reader's machine has them or others.
local PANDOC = "pandoc --defaults tools/book.yaml --template tools/kit/manual.html" ..
    " --citeproc --lua-filter tools/book/entry.lua" ..
    " --metadata page=alone --metadata build=%s --metadata title=%s" ..
    " --metadata subtitle='%s' --variable contents=%s" ..
    [[ --variable style="$(sed '/^@font-face/,/^}/d' tools/style.css)"]] ..
    " --fail-if-warnings %s --output %s 2>&1"

-- Makes the page of a manuscript, by way of a folder that is left where it fails.
local function typeset(text, title, subtitle, contents, folder, page)
    files.run("mkdir -p %s", folder)
    files.run("lua5.4 tools/definitions.lua %s >%s/definitions.tsv",
              table.concat(sources.below("ref", "[ch]"), " "), folder)
    files.write(folder .. "/manual.md", text)
    local pipe = io.popen(PANDOC:format(folder, title, subtitle, contents,
                                        folder .. "/manual.md", page))
    local complaint = pipe:read("a")
    if not pipe:close() then
        files.fail("no solution manual: %s", complaint:match("[^\n]*:%d+: [^\n]*") or
                   complaint:match("[^\n]+") or "pandoc failed")
    end
    files.run("rm -r %s", folder)
end

-- The solutions of the chosen exercises as one page of HTML.
function manual.solutions(chosen, page)
    local groups, possible = grouped(chosen), 0
    for _, exercise in ipairs(chosen) do possible = possible + exercise.points end
    local subtitle = ("%d %s, %s"):format(#chosen, #chosen == 1 and "exercise" or
                                          "exercises", points(possible))
    local contents = #groups > 1 and "yes" or ""
    typeset(manuscript(groups), "Solutions", subtitle, contents, page .. ".d", page)
end

-- What people judge, with what they give points for: what the sheet says of that, or how
-- it is done where nobody says anything.
local function rubric_of(exercise)
    local words = exercise.rubric or ("All %s for an argument that holds, half of them " ..
        "where one step is missing and the rest does not lean on it, none for the result " ..
        "alone."):format(points(exercise.points))
    return part("graders", "Points", words)
end

-- A page of the exercises that people judge; none where there is nothing to judge.
function manual.rubric(chosen, page)
    local parts, possible, count = {}, 0, 0
    for _, exercise in ipairs(chosen) do
        if hand.is_asked(exercise) then
            local text = written(exercise, {}, rubric_of(exercise))
            table.insert(parts, text)
            possible, count = possible + exercise.points, count + 1
        end
    end
    if count == 0 then return end
    typeset(table.concat(parts, "\n"), "Rubric", ("%d exercises on paper, %s"):format(count,
            points(possible)), "", page .. ".d", page)
end

-- ---- The key ------------------------------------------------------------------------

local function row(exercise, grader)
    return table.concat({exercise.id, exercise.chapter, exercise.number, exercise.kind,
                         exercise.file or "", exercise.name or "", grader,
                         ("%.10g"):format(share(exercise))}, "\t")
end

-- The grading key: a line for each exercise and each of its graders, which are none for
-- an exercise on paper.
function manual.key(chosen, path)
    local rows = {"exercise\tchapter\tnumber\tkind\tfile\tfunction\tgrader\tpoints"}
    for _, exercise in ipairs(chosen) do
        local names = graders(exercise)
        for _, name in ipairs(#names > 0 and names or {""}) do
            table.insert(rows, row(exercise, name))
        end
    end
    files.write(path, table.concat(rows, "\n") .. "\n")
end

return manual
