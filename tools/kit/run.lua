-- run.lua -- what one run of `make grade` goes by, found out once for all submissions:
--
--   {salt, book, known, offered, guarded}
--
-- salt: what seeds are made from.  book: a hash of all that judges, so that nothing is
-- kept beyond a change of it.  known: the functions of ref/.  offered: the names that a
-- body may ask for; guarded: by exercise, those that it may not mention.

local bodies = require "kit.bodies"
local canonical = require "kit.canonical"
local fences = require "kit.fences"
local files = require "files"
local gate = require "kit.gate"
local json = require "dkjson"
local sources = require "sources"

local run = {}

local OBJECTS = os.getenv("OBJECTS")

-- A number that somebody gave, or that of the last run, or a new one from chance.
local function salt(out)
    local given, kept = os.getenv("SALT") or "", out .. "/salt"
    if given == "" and files.exists(kept) then return files.read(kept) end
    if given == "" then
        given = files.output("od -An -N8 -tx8 /dev/urandom | tr -d ' \\n'")
    end
    if not given:match("^%x+$") then
        files.fail("SEED must be a whole number, got \"%s\"", given)
    end
    return given
end

-- A hash of the book's code, of how it is compiled, and of what grades.
local function book()
    local how = {}
    for _, name in ipairs({"COMPILE", "FENCE", "LIBS", "SEEDS", "FASHION_MNIST"}) do
        table.insert(how, os.getenv(name) or "")
    end
    return files.output("{ printf %%s %s; cc --version; find ref proofs_numeric tests " ..
        "tools/kit -name '*.[ch]' -o -name '*.lua' | grep -v ^tests/kit | " ..
        "LC_ALL=C sort | tr '\\n' '\\0' | xargs -0 sha256sum; } | sha256sum",
        files.quote(table.concat(how, "\n"))):sub(1, 40)
end

local function object_of(build, exercise)
    return build .. "/" .. exercise.file:gsub("%.c$", ".o")
end

local function guarded(build, exercises, known, offered)
    local sets = {}
    for _, exercise in ipairs(exercises) do
        local body = known[exercise.file .. ":" .. exercise.name]
        if not body then
            files.fail("%s asks for %s, which %s does not have", exercise.id,
                       exercise.name, exercise.file)
        end
        local object = object_of(build, exercise)
        sets[exercise.id] = gate.guarded(object, offered,
                                         bodies.text(files.read(exercise.file), body))
        for name in pairs(fences.returning(exercise.file)) do
            sets[exercise.id][name] = sets[exercise.id][name] or gate.CALLED
        end
    end
    return sets
end

-- Finds it out, and leaves it for the processes of the run.
function run.prepare(build, out, exercises)
    local known, offered = bodies.find(sources.ref()), gate.offered(OBJECTS, fences.names(build))
    local one = {salt = salt(out), book = book(), known = known, offered = offered,
                 guarded = guarded(build, exercises, known, offered)}
    files.write(out .. "/salt", one.salt)
    files.write(out .. "/run.json", canonical.encode(one))
    return one
end

-- What a student's own gate goes by, for the exercises whose objects there are: the names
-- that may be asked for, and by exercise those that the book's own object asks for and
-- those that may not be mentioned.
function run.gate(build, exercises)
    local built, asked = {}, {}
    for _, exercise in ipairs(exercises) do
        local object = exercise.file and object_of(build, exercise)
        if OBJECTS and object and files.exists(object) then
            table.insert(built, exercise)
            asked[exercise.id] = gate.asked(object)
        end
    end
    if #built == 0 then return {offered = {}, asked = {}, guarded = {}} end
    local offered = gate.offered(OBJECTS, fences.names(build))
    local known = bodies.find(sources.ref())
    return {offered = offered, asked = asked,
            guarded = guarded(build, built, known, offered)}
end

function run.read(out)
    return json.decode(files.read(out .. "/run.json"))
end

return run
