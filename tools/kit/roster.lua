-- roster.lua -- who is in the class: a table with the columns id, first_name, last_name,
-- email and, where they are known, login, number (that of Canvas or Moodle) and section.

local csv = require "kit.csv"

local roster = {}

local PLAIN = {["ä"] = "a", ["ö"] = "o", ["ü"] = "u", ["ß"] = "ss", ["é"] = "e",
               ["è"] = "e", ["ê"] = "e", ["ë"] = "e", ["á"] = "a", ["à"] = "a",
               ["â"] = "a", ["å"] = "a", ["ã"] = "a", ["í"] = "i", ["î"] = "i",
               ["ï"] = "i", ["ó"] = "o", ["ò"] = "o", ["ô"] = "o", ["ø"] = "o",
               ["õ"] = "o", ["ú"] = "u", ["û"] = "u", ["ç"] = "c", ["ñ"] = "n",
               ["Ä"] = "a", ["Ö"] = "o", ["Ü"] = "u", ["É"] = "e", ["Å"] = "a",
               ["Ø"] = "o", ["Ç"] = "c"}

-- A name as a file has it: no blanks, no capitals, and with or without what stands on
-- letters.
local function folded(name, as_plain)
    if as_plain then name = name:gsub("[\xC3][\x80-\xBF]", PLAIN) end
    return (name:lower():gsub("[%s%p]", ""))
end

-- By what names somebody may hand in.
local function names_of(person)
    local first, last = person.first_name or "", person.last_name or ""
    return {person.id, person.login, person.email, (person.email or ""):match("^[^@]+"),
            first .. last, last .. first}
end

-- The class, and by each name somebody in it: false where two have the same one.
function roster.read(path)
    local list, by_name = csv.read(path, {"id", "first_name", "last_name", "email"}), {}
    for _, person in ipairs(list) do
        local own = {}
        for _, name in pairs(names_of(person)) do
            for _, as_plain in ipairs({true, false}) do
                local key = folded(name, as_plain)
                if key ~= "" then own[key] = true end
            end
        end
        if (person.number or "") ~= "" then own["#" .. person.number] = true end
        for key in pairs(own) do by_name[key] = by_name[key] == nil and person or false end
    end
    return list, by_name
end

-- Who handed a submission in, if that is clear: by the number that Canvas or Moodle put
-- into its name, or by the name itself.
local function person_of(submission, by_name)
    local name, number = submission.student:match("^(.-)_(%d+)$")
    number = submission.number or number
    return number and by_name["#" .. number] or by_name[folded(submission.student)] or
           name and by_name[folded(name)] or by_name[folded(submission.student, true)]
end

-- Gives each submission its person, and the class's rest rows of their own; returns who is
-- in no roster.  Where two submissions are one person's, the later one counts.
function roster.join(path, list)
    local people, by_name = roster.read(path)
    local latest, strangers = {}, {}
    for _, submission in ipairs(list) do
        local person = person_of(submission, by_name)
        submission.person = person or nil
        if not person then
            table.insert(strangers, submission.student)
        elseif not latest[person] or latest[person].timestamp <= submission.timestamp then
            latest[person] = submission
        end
    end
    for _, submission in ipairs(list) do
        local person = submission.person
        if person and latest[person] ~= submission then
            submission.superseded = latest[person].student
        end
    end
    local rest = {}
    for _, person in ipairs(people) do
        if not latest[person] then table.insert(rest, person) end
    end
    return rest, strangers
end

return roster
