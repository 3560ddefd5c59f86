-- submissions.lua -- what was handed in: an archive, a folder or single files for each
-- student, as students make them and as Canvas, Moodle and Gradescope name them.
--
-- Nothing is unpacked.  Of an archive, which may be a trap of any kind, single files
-- are read through a pipe, so that neither paths nor links nor sizes in it matter.

local files = require "files"

local submissions = {}

local MOST_BYTES, MOST_NAMES = 1000000, 20000000

-- ---- Names --------------------------------------------------------------------------

-- What a system leaves behind that nobody hands in.
local LITTER = {[".DS_Store"] = true, ["__MACOSX"] = true, ["Thumbs.db"] = true,
                ["desktop.ini"] = true}

local function is_litter(name)
    return LITTER[name] or name:find("^%._") or name:find("__MACOSX/", 1, true)
end

local ENDINGS = {"%.[tT][aA][rR]%.[%w]+$", "%.[tT][gGxX][zZ]$", "%.[tT][aA][rR]$",
                 "%.[zZ][iI][pP]$", "%.[cC]$"}

-- Canvas: "mullerjurgen_LATE_123_4567_gradient_descent.c"; Moodle: a folder "Jürgen
-- Müller_1234_assignsubmission_file_".  Anything else is called as the entry is.
local function student_of(entry)
    local name = entry:match("^(.-)_LATE_%d+_%d+_") or entry:match("^(.-)_%d+_%d+_") or
                 entry:match("^(.+)_assignsubmission_")
    if name and name ~= "" then return name end
    for _, ending in ipairs(ENDINGS) do
        local stripped = entry:gsub(ending, "")
        if stripped ~= entry then return stripped ~= "" and stripped or entry end
    end
    return entry
end

-- A name under which something of the student can be written, and of nobody else.
local function id_of(student)
    local id = student:gsub("[%c/%%]", function(sign)
        return ("%%%02X"):format(sign:byte())
    end):gsub("^[.-]", {["."] = "%2E", ["-"] = "%2D"})
    if not utf8.len(id) then
        id = id:gsub("[\128-\255]", function(sign)
            return ("%%%02X"):format(sign:byte())
        end)
    end
    if #id <= 200 then return id end
    local hash = files.output("printf %%s %s | sha256sum", files.quote(id))
    return id:sub(1, utf8.offset(id, 0, 150) - 1) .. "%" .. hash:sub(1, 16)
end

-- ---- All of them --------------------------------------------------------------------

local ARCHIVES = {{1, "PK", "zip"}, {1, "\31\139", "z"}, {1, "\2537zXZ", "J"},
                  {1, "BZh", "j"}, {258, "ustar", ""}} -- where, what, how

-- How tar is to read a file, "zip" where it is not for tar; nil where it is no archive.
local function archive_kind(path)
    local file = io.open(path, "rb")
    local head = file and file:read(512) or ""
    if file then file:close() end
    for _, archive in ipairs(ARCHIVES) do
        local at, mark, kind = table.unpack(archive)
        if head:sub(at, at + #mark - 1) == mark then return kind end
    end
end

-- What is in a folder: {kind, stamp, name, path}, by name.
local function entries(folder, depth)
    local list = {}
    local found = files.output("find %s -mindepth 1 -maxdepth %d -printf " ..
        "'%%y %%TY-%%Tm-%%Td %%.8TT %%P\\0' 2>/dev/null | LC_ALL=C sort -z -k 4",
        files.quote(folder), depth)
    for kind, stamp, name in found:gmatch("(%a) (%S+ %S+) (%Z+)%z") do
        if not is_litter(name:match("[^/]+$")) then
            table.insert(list, {kind = kind, stamp = stamp, name = name,
                                path = folder .. "/" .. name})
        end
    end
    return list
end

-- The submission of an entry, with a problem where it cannot be one.
local function submission_of(entry)
    local one = {timestamp = entry.stamp, path = entry.path}
    if entry.kind == "d" then
        one.kind = "folder"
    elseif entry.kind ~= "f" then
        one.problem = "it is neither a file nor a folder"
    elseif archive_kind(entry.path) then
        one.kind = "archive"
    elseif entry.name:find("%.[cC]$") then
        one.kind, one.singles = "files", {entry}
    else
        one.problem = "it is no archive (.zip, .tar, .tar.gz, .tar.xz) and no C file"
    end
    return one
end

-- All submissions in a folder, by name: {student, id = for names of files, kind, path,
-- timestamp}; where it is none, problem says why.  Single files of one student are one.
function submissions.list(folder)
    local list, taken = {}, {}
    for _, entry in ipairs(entries(folder, 1)) do
        local student, one = student_of(entry.name), submission_of(entry)
        local other = taken[student]
        if other and other.singles and one.singles then
            table.insert(other.singles, entry)
        else
            if taken[student] then student = entry.name end
            while taken[student] do student = student .. "'" end
            one.student = files.plain(student):gsub("%c", "?")
            one.id, taken[student] = id_of(student), one
            table.insert(list, one)
        end
    end
    if #list == 0 then files.fail("there is no submission in %s", folder) end
    return list
end

-- What tells whether anything of a submission has changed.
function submissions.fingerprint(submission)
    local paths = {}
    for i, entry in ipairs(submission.singles or {submission}) do
        paths[i] = files.quote(entry.path)
    end
    return files.output("find %s -printf '%%y %%s %%p\\0' -type f -size -200M " ..
                        "-exec sha256sum {} + 2>/dev/null | LC_ALL=C sort -z",
                        table.concat(paths, " "))
end

-- ---- One of them --------------------------------------------------------------------

local function piped(most, command)
    return files.output("timeout 10 %s </dev/null 2>/dev/null | head -c %d", command,
                        most)
end

-- The files of an archive: {name, read}, where read gives the text.
local function in_archive(path)
    local kind, list = archive_kind(path), {}
    local archive = files.quote(path)
    local how = kind == "zip" and "unzip -Z1 " .. archive or
                ("tar -t%sf %s --quoting-style=literal"):format(kind, archive)
    for _, name in ipairs(files.lines(piped(MOST_NAMES, how))) do
        local text = kind == "zip" and
            ("unzip -P '' -p %s %s"):format(archive,
                files.quote((name:gsub("[%[%]*?\\]", "\\%0")))) or
            ("tar -xO%sf %s --occurrence=1 -- %s"):format(kind, archive,
                                                          files.quote(name))
        if name ~= "" and not name:find("/$") and not is_litter(name) then
            table.insert(list, {name = name, read = function()
                return piped(MOST_BYTES + 1, text)
            end})
        end
    end
    return list
end

local function on_disk(found)
    local list = {}
    for _, entry in ipairs(found) do
        if entry.kind == "f" then
            table.insert(list, {name = entry.name, stamp = entry.stamp, path = entry.path,
                                read = function()
                return files.output("head -c %d %s", MOST_BYTES + 1,
                                    files.quote(entry.path))
            end})
        end
    end
    return list
end

-- The files in a folder, or those of the newest archive in it.
local function in_folder(folder)
    local list, newest = on_disk(entries(folder, 8)), nil
    for _, file in ipairs(list) do
        local is_newer = not newest or file.stamp >= newest.stamp
        if is_newer and archive_kind(file.path) then newest = file end
    end
    return newest and in_archive(newest.path) or list
end

local function files_of(submission)
    if submission.kind == "archive" then return in_archive(submission.path) end
    if submission.kind == "folder" then return in_folder(submission.path) end
    return on_disk(submission.singles)
end

-- By which names a file may come, the best first: at its path, elsewhere, after what
-- Canvas puts before it, or with the number of a copy: "gradient_descent (2).c".
local function matches(name, path, how)
    local base = path:match("[^/]+$")
    if how == 1 then return ("/" .. name):sub(-#path - 1) == "/" .. path end
    local last = name:match("[^/]+$")
    if how == 2 then return last == base end
    last = last:gsub("[%s_-]*%(?%d*%)?%.[cC]$", ".c")
    return last == base or last:sub(-#base - 1) == "_" .. base
end

local function find(list, path)
    for how = 1, 3 do
        for _, file in ipairs(list) do
            if matches(file.name, path, how) then return file.read() end
        end
    end
end

local function names_of(list)
    local names = {}
    for i = 1, math.min(#list, 5) do names[i] = list[i].name end
    if #list > 5 then names[6] = ("and %d more"):format(#list - 5) end
    return #list == 0 and "nothing that could be read" or
           files.plain(table.concat(names, ", ")):gsub("%c", "?")
end

-- The text of a file of ref/ in a submission, with the ends of lines as they are here;
-- nil and what is wrong if it is not to be had.
function submissions.text(submission, path)
    if submission.problem then return nil, submission.problem end
    submission.list = submission.list or files_of(submission)
    local text = find(submission.list, path)
    if not text or text == "" then
        return nil, ("%s was not handed in; there is %s"):format(
            path, (names_of(submission.list)))
    end
    if #text > MOST_BYTES then return nil, path .. " is longer than a megabyte" end
    return (text:gsub("\r\n", "\n"))
end

return submissions
