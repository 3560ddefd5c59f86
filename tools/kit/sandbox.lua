-- sandbox.lua -- runs what nobody trusts, a compiler or a program, by way of confine.c.

local files = require "files"

local sandbox = {}

-- Of the processor's time, for each process: the slowest claim takes two, and what has
-- not ended after ten never will.  A busy machine takes no points away.  Thirty times that
-- on the clock is the end of what sleeps.
local SECONDS = 10

-- What a compiler and any program need to start.
local SYSTEM = {"/usr", "/lib", "/lib64", "/etc/ld.so.cache"}

local function is_there(path)
    return os.execute(("[ -e %s ]"):format(files.quote(path))) == true
end

local function option(letter, word)
    return ("-%s %s"):format(letter, files.quote(word))
end

-- Runs a command; was it well?  what: {user = where root runs this, output, read, run,
-- write = lists of paths, environment = of NAME=VALUE}.
function sandbox.run(build, what, command)
    local words = {}
    local function add(letter, list)
        for _, word in ipairs(list or {}) do
            if letter == "e" or is_there(word) then
                table.insert(words, option(letter, word))
            end
        end
    end
    add("x", SYSTEM)
    add("r", what.read)
    add("x", what.run)
    add("w", what.write)
    add("w", {"/dev/null"})
    add("e", {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "OPENBLAS_NUM_THREADS=1",
              "CK_DEFAULT_TIMEOUT=" .. 15 * SECONDS})
    add("e", what.environment)
    return os.execute(("timeout -k 1 %d %s/kit/confine -u %d -c %d -o %s %s %s"):format(
        30 * SECONDS, build, what.user, SECONDS, what.output, table.concat(words, " "),
        command)) == true
end

-- Nothing is graded where nothing can be confined: ends all, and says why.
function sandbox.must_hold(build, user)
    local said = files.output("%s/kit/confine -u %d -x /usr %s /usr/bin/true 2>&1 || echo failed",
                              build, user, is_there("/lib64") and "-x /lib64" or "")
    if said ~= "" then
        files.fail("nothing is graded without a sandbox: %s", said:match("[^\n]+"))
    end
end

return sandbox
