-- files.lua -- reading, writing and running, for all programs; what goes wrong ends the
-- program with one line, also where it tells of a name that has more of them.

local files = {program = "exercises", -- who says that line
               scratch = "/tmp"} -- where there is room for what is soon removed

function files.fail(message, ...)
    io.stderr:write(files.program, ": ", (message:format(...):gsub("%c", "?")), "\n")
    os.exit(2)
end

function files.read(path)
    local file, problem = io.open(path, "rb")
    if not file then files.fail("%s", problem) end
    local text = file:read("a")
    file:close()
    return text
end

function files.exists(path)
    local file = io.open(path, "rb")
    return file and file:close()
end

-- The number of this process: nobody else who is at work has it.
function files.process()
    local file = assert(io.open("/proc/self/stat"))
    local number = file:read("n")
    file:close()
    return number
end

-- Under a name of its own first, so that nothing half-written replaces something good.
function files.write(path, text)
    local new = ("%s.%d"):format(path, files.process())
    local file, problem = io.open(new, "wb")
    if not file then files.fail("%s", problem) end
    local written = file:write(text)
    if not (file:close() and written and os.rename(new, path)) then
        os.remove(new)
        files.fail("cannot write %s", path)
    end
end

local temporaries = 0

-- A name for what is soon removed.
function files.temporary()
    temporaries = temporaries + 1
    return ("%s/%d.%d"):format(files.scratch, files.process(), temporaries)
end

-- A number that stands in the environment, for example SEED=7; the other one if none does.
function files.number(variable, otherwise)
    local text = os.getenv(variable) or otherwise
    if text:match("^%d+$") and math.tointeger(tonumber(text)) then return text end
    files.fail("%s must be a whole number, got \"%s\"", variable, text)
end

function files.quote(word)
    return "'" .. word:gsub("'", "'\\''") .. "'"
end

-- What a command prints; where it fails, the end.
function files.output(command, ...)
    local pipe = io.popen(command:format(...))
    local text = pipe:read("a")
    if not pipe:close() then files.fail("failed: %s", command:format(...)) end
    return text
end

function files.run(command, ...)
    files.output(command, ...)
end

-- The text of a file that somebody else may have made, "" if there is none: a link or
-- something without an end does not count as one.
function files.regular(folder, name)
    return files.output("find %s -maxdepth 1 -type f -name %s -size -1000k " ..
                        "-exec cat {} + 2>/dev/null || true", folder, name)
end

-- A text that others may have made as one that may stand in JSON, in XML and on a
-- terminal: UTF-8 without control characters, and not without end.
function files.plain(text)
    if not utf8.len(text) then text = text:gsub("[\128-\255]", "?") end
    text = text:gsub("[\0-\8\11-\31\127]", "?"):gsub("\xEF\xBF[\xBE\xBF]", "?")
    return #text > 2000 and text:sub(1, utf8.offset(text, 0, 2000) - 1) .. "…" or text
end

function files.is_root()
    return files.output("id -u") == "0\n"
end

function files.lines(text)
    local lines = {}
    for line in (text:gsub("\n$", "") .. "\n"):gmatch("(.-)\n") do
        table.insert(lines, line)
    end
    return lines
end

return files
