-- doctor.lua -- is a chapter as it should be?  For `make doctor`.
--
--   STEM=mlp [N=40] lua5.4 tools/doctor.lua BUILD
--
-- Tells, one by one: the rules of the house, claims and tests under three seeds that
-- nobody chose, six exercises of all four kinds with hints and solutions, that these
-- are sound, and that breaking the code, N times, is noticed.  What failed has a log.

dofile(arg[0]:match("^(.-)[^/]*$") .. "path.lua")
local divs = require "divs"
local files = require "files"
local nearest = require "nearest"
local sources = require "sources"
local spine = require "spine"

files.program = "doctor"

local BUILD, STEM = arg[1], os.getenv("STEM") or ""
local LOGS = BUILD .. "/doctor"
local KINDS = {"implement", "derive", "predict", "break"}
local LEAST_EXERCISES = 6

-- What make hands down to its recipes is not meant for the make that is started here.
local MAKE = "env -u MAKEFLAGS -u MAKELEVEL -u STEM make --no-print-directory "

local healthy = true

-- Tells how an examination went, and what there is to say of it.
local function tell(well, what, complaint)
    healthy = healthy and well
    local sign, more = well and "✓" or "✗", well and "" or ": " .. complaint
    print(sign .. " " .. what .. more)
end

local function examine(what, log, command, ...)
    local path = ("%s/%s.log"):format(LOGS, log)
    local well = os.execute(("{ %s; } >%s 2>&1"):format(command:format(...), path))
    tell(well == true, what, "see " .. path)
end

-- What is missing of the exercises; nil if nothing is.
local function missing()
    local list, count = divs.of_chapter(STEM, "exercise"), {}
    for _, div in ipairs(list) do
        local given = div.attributes
        local kind = given.kind or given.implement and "implement" or "no kind"
        count[kind] = true
        for _, part in ipairs({"hint", "solution"}) do
            if #divs.of_class(div.inner, part) == 0 then
                return ("%s has no %s"):format(div.id, part)
            end
        end
    end
    for _, kind in ipairs(KINDS) do
        if not count[kind] then return "none to " .. kind end
    end
    if #list < LEAST_EXERCISES then return #list .. " are too few" end
end

local function check_stem()
    local stems = spine.stems()
    for _, stem in ipairs(stems) do
        if stem == STEM then return end
    end
    files.fail("no chapter %s; the nearest: %s", STEM, nearest(STEM, stems))
end

check_stem()
files.run("mkdir -p %s", LOGS)
io.stdout:setvbuf("line")
examine("the rules of the house", "rules", "lua5.4 tools/rules.lua --all %s", STEM)
for i = 1, 3 do
    local seed = tonumber((files.output("od -An -N4 -tu4 /dev/urandom")))
    examine("claims and tests under seed " .. seed, "seed" .. i,
            MAKE .. "check CHAPTER=%s SEED=%d", STEM, seed)
end
tell(not missing(), "six exercises, of all four kinds, with hints and solutions",
     missing())
examine("the exercises are sound", "exercises", MAKE .. "check-exercises PICK=%s", STEM)
for _, path in ipairs(sources.ref()) do
    if sources.stem(path) == STEM then
        examine("changes of " .. path .. " are noticed", "mutants", MAKE ..
                "mutants FILE=%s", path)
    end
end
print(healthy and STEM .. " is healthy" or STEM .. " is not healthy yet")
os.exit(healthy)
