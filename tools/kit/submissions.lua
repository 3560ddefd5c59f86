-- submissions.lua -- what was handed in: one archive or one folder for each student.
--
-- Nothing is unpacked.  Of an archive, which may be a trap of any kind, single files
-- are read through a pipe, so that neither paths nor links nor sizes in it matter.

local files = require "files"

local submissions = {}

local MOST_BYTES = 1000000

-- A student is called by the name of the archive or of the folder.
local function student_of(entry)
    local name = entry:gsub("%.tar%.gz$", ""):gsub("%.tgz$", "")
    return (name:gsub("[^%w@._-]", "_"):gsub("^[.@-]", "_"))
end

-- All submissions in a folder: {student, path, is_folder, timestamp}, by name.
function submissions.list(folder)
    local list, taken = {}, {}
    local found = files.output("find %s -mindepth 1 -maxdepth 1 \\( -type d -o " ..
        "-type f \\( -name '*.tar.gz' -o -name '*.tgz' \\) \\) " ..
        "-printf '%%y %%TY-%%Tm-%%Td %%.8TT %%f\\n' | LC_ALL=C sort -k 4",
        files.quote(folder))
    for kind, stamp, entry in found:gmatch("(%l) (%S+ %S+) ([^\n]+)\n") do
        local student = student_of(entry)
        if taken[student] then
            files.fail("%s and %s would both be %s", taken[student], entry, student)
        end
        taken[student] = entry
        table.insert(list, {student = student, path = folder .. "/" .. entry,
                            is_folder = kind == "d", timestamp = stamp})
    end
    if #list == 0 then
        files.fail("there is no submission in %s: neither folders nor .tar.gz", folder)
    end
    return list
end

local function from_archive(archive, pattern)
    return files.output("timeout 10 tar -xOzf %s --no-anchored --occurrence=1 %s " ..
                        "2>/dev/null | head -c %d",
                        files.quote(archive), files.quote(pattern), MOST_BYTES + 1)
end

local function in_folder(folder, test)
    local found = files.output("find %s -maxdepth 5 -type f %s | LC_ALL=C sort",
                               files.quote(folder), test)
    return found:match("^[^\n]+")
end

-- The text of a file of ref/ in a submission; nil if it has none.
local function find(submission, path)
    local base = path:match("[^/]+$")
    if not submission.is_folder then
        local text = from_archive(submission.path, path)
        return text ~= "" and text or from_archive(submission.path, base)
    end
    local archive = in_folder(submission.path, "-name '*.tar.gz'")
    if archive then return from_archive(archive, path) end
    local found = in_folder(submission.path, "-path " .. files.quote("*/" .. path)) or
                  in_folder(submission.path, "-name " .. files.quote(base))
    return found and files.output("head -c %d %s", MOST_BYTES + 1, files.quote(found))
end

-- The same with the ends of lines as they are here; nil and what is wrong if it is not
-- to be had.
function submissions.text(submission, path)
    local text = find(submission, path)
    if not text or text == "" then return nil, path .. " was not handed in" end
    if #text > MOST_BYTES then return nil, path .. " is longer than a megabyte" end
    return (text:gsub("\r\n", "\n"))
end

return submissions
