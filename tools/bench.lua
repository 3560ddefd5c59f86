-- bench.lua -- the same work done here and by NumPy, SciPy or PyTorch, in turns: for
-- `make bench`.
--
--   [CONTEST=ntk_gram] [ROUNDS=5] [PYTHON=python3] lua5.4 tools/bench.lua BUILD
--
-- Every contender is a program that prints one JSON object.  In each round all of a
-- contest run one after the other, one thread each, so that what else the machine does
-- falls on all alike; told are the medians over the rounds, and the ratio of a round with
-- its spread.  A contender that cannot run here is told and left out.  CONTEST=loops is no
-- race: the hot loops of the book, each alone and at several sizes.

dofile(arg[0]:match("^(.-)[^/]*$") .. "path.lua")
local json = require "dkjson"

local BUILD = arg[1]

-- What stands in the environment is data, and told in one line.
local function fail(message, ...)
    io.stderr:write("bench: ", (message:format(...):gsub("%c", "?")), "\n")
    os.exit(2)
end

local ROUNDS = math.tointeger(tonumber(os.getenv("ROUNDS") or 5)) or 0
if ROUNDS < 1 then
    fail("ROUNDS must be a whole number from 1 on, got \"%s\"", os.getenv("ROUNDS"))
end
if os.getenv("PYTHON") and not os.execute("command -v -- \"$PYTHON\" >/dev/null") then
    fail("PYTHON: there is no program \"%s\"", os.getenv("PYTHON"))
end
local PYTHON = "'" .. (os.getenv("PYTHON") or "python3"):gsub("'", "'\\''") .. "'"
local ONE_THREAD = "env OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 "

local function at(...) -- reads result[a][b]...
    local path = {...}
    return function(result)
        for _, key in ipairs(path) do result = result[key] end
        return result
    end
end

local function scaled(factor, read)
    return function(result) return factor * read(result) end
end

-- Ours first; then, from one run of the peer, the seconds of each contender in it.
local CONTESTS = {
    {name = "ntk_gram", what = "NTK Gram matrix, 3 layers, n = 2000, d = 784",
     ours = "ntk_gram 3", peer = "ntk_gram.py --repeats 3",
     theirs = {{"NumPy, triangle", at "seconds_triangle"},
               {"NumPy, whole", at "seconds_whole"},
               {"X X' alone", at "seconds_gram_product_only"}}},
    {name = "mlp_step", what = "training step, n = 1000, 100-512-512-512-1, tanh",
     ours = "mlp_step 3",
     peer = "mlp_step.py --passive --widths 512 --repeats 3 --seconds 0.3",
     theirs = {{"NumPy", scaled(1e-3, at("rows", 1, "numpy", "ms_per_step"))},
               {"PyTorch", scaled(1e-3, at("rows", 1, "torch", "ms_per_step"))}}},
    {name = "double_descent", what = "6,000 minimum-norm fits, D = 50, N = 5 to 150",
     ours = "double_descent 1", peer = "double_descent.py --repeats 1",
     theirs = {{"SciPy, gelsy", at("solvers", "scipy", "seconds")},
               {"NumPy, lstsq", at("solvers", "lstsq", "seconds")},
               {"NumPy, normal equations", at("solvers", "normal", "seconds")}}},
    {name = "ode_spiral", what = "training iteration of a neural ODE, adjoint, dopri5",
     ours = "ode_spiral 3", peer = "ode_spiral.py --passive --repeats 1",
     theirs = {{"torchdiffeq", scaled(1e-3, at "ms_per_iter")}}},
    {name = "cnf2d", what = "training iteration of a flow, exact trace: RK4 here, dopri5 there",
     ours = "cnf2d 3", peer = "cnf2d.py --passive --dtype float64",
     theirs = {{"torchdiffeq", scaled(1e-3, at "ms_per_iter")}}},
}

-- What the command prints, decoded; or nil and the last line of its complaint.
local function run(command)
    local complaint = os.tmpname()
    local pipe = io.popen(ONE_THREAD .. command .. " 2>" .. complaint)
    local result = json.decode(pipe:read("a"))
    local good = pipe:close() and result
    local last
    for line in io.lines(complaint) do last = line end
    os.remove(complaint)
    return good or nil, last or "it printed no JSON"
end

local function median(values)
    table.sort(values)
    return values[(#values + 1) // 2]
end

-- The rounds of one contest: lists of seconds by contender, ours under "here".
local function race(contest)
    local seconds, last_run = {here = {}}, {}
    for _ = 1, ROUNDS do
        local ours, complaint = run(BUILD .. "/bench/" .. contest.ours)
        if not ours then return nil, complaint end
        table.insert(seconds.here, ours.seconds)
        local peer
        peer, complaint = run(PYTHON .. " bench/peers/" .. contest.peer)
        last_run = {ours = ours, peer = peer or {error = complaint}}
        if not peer then break end
        for _, their in ipairs(contest.theirs) do
            seconds[their[1]] = seconds[their[1]] or {}
            table.insert(seconds[their[1]], their[2](peer))
        end
    end
    return seconds, last_run
end

-- Theirs over ours, round by round.
local function ratios(theirs, ours)
    local list = {}
    for i, value in ipairs(theirs) do list[i] = value / ours[i] end
    return list
end

local function tell(contest, seconds, last_run)
    local rows = {{name = "here", seconds = median({table.unpack(seconds.here)})}}
    print(("%s: %s"):format(contest.name, contest.what))
    print(("    %-28s %10.3f ms"):format("here", 1e3 * rows[1].seconds))
    for _, their in ipairs(seconds[contest.theirs[1][1]] and contest.theirs or {}) do
        local name = their[1]
        local ratio = ratios(seconds[name], seconds.here)
        local row = {name = name, seconds = median({table.unpack(seconds[name])}),
                     ratio = median(ratio), lowest = ratio[1], highest = ratio[#ratio]}
        table.insert(rows, row)
        print(("    %-28s %10.3f ms   %6.2f of ours (%.2f to %.2f)"):format(
            name, 1e3 * row.seconds, row.ratio, row.lowest, row.highest))
    end
    if last_run.peer.error then
        print("    not raced: bench/peers/" .. contest.peer:match("%S+") .. ": " ..
              last_run.peer.error)
    end
    return {name = contest.name, what = contest.what, rounds = ROUNDS, rows = rows,
            last = last_run}
end

-- The hot loops alone, without peers: at the largest size, and how they grow over all, as
-- an exponent of n beside the one that the code predicts.
local function loops()
    local result, complaint = run(BUILD .. "/bench/loops " .. ROUNDS)
    if not result then return nil, complaint end
    print("loops: each alone, at its largest size")
    for _, loop in ipairs(result.loops) do
        local first, last = loop.sizes[1], loop.sizes[#loop.sizes]
        loop.exponent = math.log(last.seconds / first.seconds) / math.log(last.n / first.n)
        print(("    %-28s %10.3f ms   n = %d, grows as n^%.2f, predicted %g"):format(
            loop.name, 1e3 * last.seconds, last.n, loop.exponent, loop.predicted))
    end
    return result
end

local function write(report)
    local new = BUILD .. "/bench.json.new"
    local file = assert(io.open(new, "wb"))
    local order = {"schema", "date", "blas", "contests", "loops", "name", "what", "rounds", "rows",
                   "n", "seconds", "exponent", "predicted", "ratio", "lowest", "highest", "last"}
    assert(file:write(json.encode(report, {indent = true, keyorder = order}), "\n"))
    assert(file:close() and os.rename(new, BUILD .. "/bench.json"))
end

-- The result of a runner, which gives nil and a complaint where it cannot.
local function need(name, result, ...)
    if not result then
        io.stderr:write("bench: ", name, ": ", (...), "\n")
        os.exit(1)
    end
    return result, ...
end

local function main()
    io.stdout:setvbuf("line")
    local wanted = os.getenv("CONTEST") or ""
    local report = {schema = 1, date = os.date("!%Y-%m-%d"), contests = {}}
    for _, contest in ipairs(CONTESTS) do
        if wanted == "" or wanted == contest.name then
            local seconds, last_run = need(contest.name, race(contest))
            report.blas = last_run.ours.blas
            table.insert(report.contests, tell(contest, seconds, last_run))
        end
    end
    if wanted == "" or wanted == "loops" then
        local result = need("loops", loops())
        report.blas, report.loops = result.blas, result.loops
    end
    if not report.blas then
        fail("no contest \"%s\"", wanted)
    end
    write(report)
end

main()
