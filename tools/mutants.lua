-- mutants.lua -- breaks ref/ on purpose, one small change at a time, and counts the
-- changes that `make check` catches.  One that survives is code that nothing checks.
--
--   [FILE="ref/sgd.c ref/mlp.c"] [N=40] [SEED=1] [LOOPS=1] lua5.4 tools/mutants.lua
--   lua5.4 tools/mutants.lua --list ref/ground/dense.c     all that could be broken there
--
-- Each file is broken N times at random, and every place is tried before any is again.
-- A token becomes another, a statement goes, or a loop leaves out its last round when it
-- is long, or its only round when there is one: with LOOPS=1, nothing but loops.
-- A change counts only if the compiler takes it without a warning, and if it alters the
-- compiled code.  The checks run in copies of the tree, build/mutants/0 and so on, one
-- for each processor, where only the broken file is compiled again.

dofile(arg[0]:match("^(.-)[^/]*$") .. "path.lua")
local files = require "files"
local json = require "dkjson"
local mutator = require "mutator"
local nearest = require "nearest"
local sources = require "sources"

files.program = "mutants"

local WORK, REPORT = "build/mutants/", "build/mutants.json"
local ENOUGH = 0.95

-- What make hands down to its recipes is not meant for the make that is started here.
local MAKE = "env -u MAKEFLAGS -u MAKELEVEL -u FILE -u N -u SEED -u LOOPS " ..
    "WERROR=1 make "

-- What a shell command prints, or nil if it fails.
local function output(command)
    local pipe = io.popen(command)
    local text = pipe:read("a")
    return pipe:close() and text
end

local function number_from(variable, default)
    local text = os.getenv(variable) or ""
    if text == "" then return default end
    return math.tointeger(tonumber(text)) or
        files.fail("%s must be a whole number", variable)
end

-- ---- Drawing the mutants ------------------------------------------------------------

-- Those that FILE asks for, or all there are.
local function files_to_break()
    local all, there, wanted = sources.ref(), {}, {}
    for _, file in ipairs(all) do there[file] = true end
    for file in (os.getenv("FILE") or ""):gmatch("%S+") do
        if not there[file] then
            files.fail("no file %s; the nearest: %s", file, nearest(file, all))
        end
        table.insert(wanted, file)
    end
    return #wanted > 0 and wanted or all
end

local function shuffle(list)
    for i = #list, 2, -1 do
        local j = math.random(i)
        list[i], list[j] = list[j], list[i]
    end
end

-- All mutants, or those of loops, in random order except that every place comes before
-- any comes again.
local function in_random_order(places)
    local mutants, rank = {}, {}
    local loops_only = (os.getenv("LOOPS") or "") ~= ""
    for _, place in ipairs(places) do
        shuffle(place)
        for i, mutant in ipairs(place) do
            if mutant.is_loop or not loops_only then table.insert(mutants, mutant) end
            rank[mutant] = i + math.random()
        end
    end
    table.sort(mutants, function(a, b) return rank[a] < rank[b] end)
    return mutants
end

-- The compiled code, without what only a debugger sees; nil if it does not compile.
local function assembly(compiler, text)
    files.write(WORK .. "draft.c", text)
    return output(compiler .. " -g0 -iquote ref -S -o - -x c - 2>/dev/null <" ..
                  WORK .. "draft.c")
end

-- Up to n mutants, no two of which compile to the same code.
local function draw(file, n, compiler)
    local text, drawn, seen = files.read(file), {}, {}
    seen[assembly(compiler, text) or files.fail("%s does not compile", file)] = true
    for _, mutant in ipairs(in_random_order(mutator.places(file, text))) do
        if #drawn == n then break end
        local code = assembly(compiler, mutator.apply(text, mutant))
        if code and not seen[code] then
            seen[code] = true
            mutant.text = mutator.apply(text, mutant)
            mutant.from, mutant.to = mutator.describe(text, mutant)
            table.insert(drawn, mutant)
        end
    end
    return drawn
end

-- ---- Checking them ------------------------------------------------------------------

-- Tests of what runs no code of ref/, which take longer than all that do.
local ELSEWHERE = {"book", "book_stops", "chapter", "check", "make", "mutants", "print",
                   "release", "rules"}

-- Makes the copies of the tree, each of them built, and sound by its own checks.  Says
-- how many seconds that took.
local function copy_tree(workers)
    local log, began = WORK .. "0.log", os.time()
    local without = "--exclude=./build --exclude=./.git"
    for _, name in ipairs(ELSEWHERE) do
        without = without .. " --exclude=./tests/test_" .. name .. ".sh"
    end
    local copied = os.execute(("mkdir %s0 && tar -c %s . | tar -x -C %s0"):format(
        WORK, without, WORK))
    if not copied then files.fail("cannot copy the tree to %s0", WORK) end
    if not os.execute(MAKE .. "-C " .. WORK .. "0 check >" .. log .. " 2>&1") then
        files.fail("the checks fail before anything is broken: see %s", log)
    end
    for i = 1, workers - 1 do os.execute("cp -a " .. WORK .. "0 " .. WORK .. i) end
    return os.time() - began
end

-- Puts the mutant $1 in the place of the file $2, in this worker's copy, and prints its
-- number if the checks pass: the file's own tests, then its chapter's claims, because
-- they are quick and catch most, then all tests, up to one that fails, and all checks.
-- A mutant that takes more than so many seconds is caught, and so is a claim that
-- computes for a minute.
local TRY = [[
    cd build/mutants/$WORKER || exit
    export CPU_LIMIT=60 CK_DEFAULT_TIMEOUT=120
    mv $2 $2.sound
    cp ../$1.c $2
    limit="timeout -k 5 %d"
    make="$limit ]] .. MAKE .. [["
    stem=$(basename $2 .c)
    own=build/tests/test_$stem
    {
        { [ ! -e $own ] || { $make $own && $limit $own; }; } &&
        { [ ! -e build/claims/$stem ] || $make check CHAPTER=$stem; } &&
        $make all &&
        ! for test in build/tests/test_*; do
            [ ! -x $test ] || $limit $test >&2 || echo failed
        done | grep -q failed &&
        $make check
    } >../$1.log 2>&1 && echo $1
    mv $2.sound $2
    touch $2
]]

-- Tells the survivors: each at once, and in its file's row.
local function try(mutants, workers, seconds)
    local jobs = {}
    for id, mutant in ipairs(mutants) do
        files.write(WORK .. id .. ".c", mutant.text)
        table.insert(jobs, ("%d %s\n"):format(id, mutant.row.file))
    end
    files.write(WORK .. "jobs", table.concat(jobs))
    local each = "xargs -a %sjobs -n 2 -P %d --process-slot-var=WORKER sh -c '%s' try"
    local survivors = io.popen(each:format(WORK, workers, TRY:format(seconds)))
    for id in survivors:lines() do
        local mutant = mutants[tonumber(id)]
        local row, from, to = mutant.row, mutant.from, mutant.to
        print(("survived: %s:%d: %s\n    → %s"):format(row.file, mutant.line, from, to))
        table.insert(row.survivors, {line = mutant.line, from = from, to = to})
        row.caught = row.caught - 1
    end
    if not survivors:close() then files.fail("the mutants could not be checked") end
end

-- Prints the rows, and says whether enough is caught in each.
local function report(rows)
    local enough = true
    for _, row in ipairs(rows) do
        local good = row.mutants > 0 and row.caught >= ENOUGH * row.mutants
        print(("%-30s %3d of %3d caught%s"):format(row.file, row.caught, row.mutants,
                                                   good and "" or ": too few"))
        enough = enough and good
    end
    return enough
end

local function main()
    io.stdout:setvbuf("line")
    local seed, n = number_from("SEED", 1), number_from("N", 40)
    local broken, workers = files_to_break(), tonumber(output("nproc"))
    local compiler = output(MAKE .. "-s --eval='it: ; @echo $(CC) $(CFLAGS)' it")
    os.execute("rm -rf " .. WORK .. " && mkdir -p " .. WORK)

    local rows, mutants = {}, {}
    for i, file in ipairs(broken) do
        math.randomseed(seed)
        local drawn = draw(file, n, compiler:gsub("\n", ""))
        rows[i] = {file = file, mutants = #drawn, caught = #drawn, survivors = {}}
        for _, mutant in ipairs(drawn) do
            mutant.row = rows[i]
            table.insert(mutants, mutant)
        end
    end
    local seconds = copy_tree(workers)
    try(mutants, workers, math.max(60, 4 * seconds))

    local order = {"schema", "seed", "files", "file", "mutants", "caught", "survivors",
                   "line", "from", "to"}
    files.write(REPORT, json.encode({schema = 1, seed = seed, files = rows},
                              {indent = true, keyorder = order}) .. "\n")
    os.exit(report(rows))
end

-- All that could be broken, for a look at it.
local function list(file)
    local text = files.read(file)
    for _, place in ipairs(mutator.places(file, text)) do
        for _, mutant in ipairs(place) do
            print(("%d: %s → %s"):format(mutant.line, mutator.describe(text, mutant)))
        end
    end
end

if arg[1] == "--list" then list(arg[2]) else main() end
