-- bench.lua -- the same work done here and by NumPy, SciPy, PyTorch or JAX, in turns: for
-- `make bench`.
--
--   [CONTEST=ntk_gram] [ROUNDS=5] [PYTHON=python3] lua5.4 tools/bench.lua BUILD
--
-- Every contender is a program that prints one JSON object.  In each round all of a
-- contest run one after the other, one thread each, so that what else the machine does
-- falls on all alike; told are the medians over the rounds, the ratio of a round with its
-- spread, by the time of the processor, and the gap between the answers.  A contender
-- that cannot run here is told and left out.  CONTEST=loops is no race: the hot loops of
-- the book, each alone and at several sizes.

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

-- What `make bench-peers` made, which ends with this file.
local function made_here()
    local file = io.open("build/bench/python/requirements.txt")
    if file then file:close() end
    return file and "build/bench/python/bin/python"
end

local function quoted(word) return "'" .. word:gsub("'", "'\\''") .. "'" end

local PYTHON = quoted(os.getenv("PYTHON") or made_here() or "python3")
-- "taskset -c 0 ", of the first processor that this may use; "" where there is no taskset.
-- JAX takes as many threads as it has processors, whatever is said.
local function one_processor()
    local pipe = io.popen("taskset -pc $$ 2>/dev/null")
    local first = pipe:read("a"):match(": (%d+)")
    pipe:close()
    return first and "taskset -c " .. first .. " " or ""
end

-- What a contender finds in its environment; the peers compute in our precision.
local ONE_THREAD = one_processor() .. "env OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 " ..
    "MKL_NUM_THREADS=1 OMP_WAIT_POLICY=passive " ..
    (BUILD:find("/float$") and "REAL=float " or "")

-- The work of bench/NAME.c, and who else does it: as what, and as which contender of
-- bench/peers/NAME.py, or of the file that `peers` names.
local CONTESTS = {
    {name = "ntk_gram", what = "NTK Gram matrix, 3 layers, n = 2000, d = 784",
     {"NumPy, triangle", "numpy_triangle"}, {"NumPy, whole", "numpy_whole"},
     {"JAX", "jax"}, {"NumPy, X X' alone", "numpy_product"}},
    {name = "mlp_step", what = "Training step, n = 1000, 100-512-512-512-1, tanh",
     {"NumPy", "numpy"}, {"PyTorch", "torch"}, {"JAX", "jax"}},
    {name = "double_descent", what = "600 minimum-norm fits, D = 50, N = 5 to 150",
     {"SciPy, gelsy", "scipy_gelsy"}, {"NumPy, lstsq", "numpy_lstsq"},
     {"NumPy, normal equations", "numpy_normal"}},
    {name = "ode_spiral", what = "Training iteration of a neural ODE, dopri5 at 1e-7",
     {"torchdiffeq", "torchdiffeq"}, {"diffrax, backsolve", "backsolve"},
     {"diffrax, checkpointed", "checkpointed"}},
    {name = "cnf2d", what = "Training iteration of a flow, exact trace, 4 steps of RK4",
     {"JAX, by hand", "jax_rk4"}, {"diffrax", "diffrax_rk4"},
     {"torchdiffeq, rule of 3/8", "torchdiffeq_rk4"}},
    {name = "cnf2d_adaptive", peers = "cnf2d",
     what = "Training iteration of a flow, exact trace, dopri5 at 1e-5",
     {"diffrax, backsolve", "backsolve"}, {"diffrax, checkpointed", "checkpointed"},
     {"torchdiffeq", "torchdiffeq_adjoint"}},
    {name = "planar", what = "Training iteration of 16 planar layers, 1,000 points",
     {"JAX", "jax"}},
    {name = "mean_field", what = "Step of 10,000 particles on 100 inputs",
     {"NumPy", "numpy"}, {"JAX", "jax"}},
    {name = "kappa", what = "kappa_h of a network, 20 examples, 300 weights",
     {"JAX", "jax"}},
    {name = "w2_line", what = "W_2 on a line, 10,000 points a side",
     {"NumPy's sort", "numpy"}},
    {name = "normals", what = "100,000 normal numbers from Philox",
     {"NumPy's Philox", "numpy"}},
}

-- What the command prints, decoded; or nil and the last line of its complaint.
local function run(command)
    local complaint = os.tmpname()
    local pipe = io.popen(ONE_THREAD .. command .. " 2>" .. complaint)
    local result = json.decode(pipe:read("a"))
    local good = pipe:close() and result
    local last = "it printed no JSON"
    for line in io.lines(complaint) do last = line end
    os.remove(complaint)
    if good then return result end
    return nil, last
end

local function median(values)
    table.sort(values)
    return values[(#values + 1) // 2]
end

-- One turn of each contender that has not failed, ours first; turns[i] lists what the
-- i-th printed.  Ours leaves the problem for the others.
local function round(contest, turns, failed)
    local problem = ("%s/bench/%s.problem"):format(BUILD, contest.name)
    local ours, complaint = run(("%s/bench/%s 3 %s"):format(BUILD, contest.name, problem))
    if not ours then return nil, complaint end
    table.insert(turns[0], ours)
    for i, peer in ipairs(contest) do
        if not failed[i] then
            local result
            result, failed[i] = run(("%s bench/peers/%s.py %s %s"):format(
                PYTHON, contest.peers or contest.name, peer[2], problem))
            table.insert(turns[i], result)
        end
    end
    os.remove(problem)
    return true
end

-- The rounds of one contest: turns, and the complaints of those that cannot run.
local function race(contest)
    local turns, failed = {[0] = {}}, {}
    for i in ipairs(contest) do turns[i] = {} end
    for _ = 1, ROUNDS do
        local done, complaint = round(contest, turns, failed)
        if not done then return nil, complaint end
    end
    return turns, failed
end

-- The median of a field, and the median, least and largest of it over that of ours.
local function median_of(turns, field)
    local values = {}
    for i, turn in ipairs(turns) do values[i] = turn[field] end
    return median(values)
end

local function ratios(theirs, ours)
    local list = {}
    for i, turn in ipairs(theirs) do list[i] = turn.cpu / ours[i].cpu end
    return median(list), list[1], list[#list]
end

-- The largest difference between numbers, in units of the largest.
local function gap(answer, right)
    if not (answer and right) then return nil end
    assert(#answer == #right, "answers of different lengths")
    local most, size = 0, 0
    for i, value in ipairs(right) do
        most = math.max(most, math.abs(answer[i] - value))
        size = math.max(size, math.abs(value))
    end
    return most / size
end

-- A row of the table.  Answers are compared with what ours would be without error, where
-- it told that, or else with ours, which has no gap then.
local function row_of(name, turns, ours)
    local row, last = {name = name}, turns[#turns]
    row.seconds, row.cpu = median_of(turns, "seconds"), median_of(turns, "cpu")
    if turns ~= ours then row.ratio, row.lowest, row.highest = ratios(turns, ours) end
    if turns ~= ours or last.reference then
        row.gap = gap(last.answer, ours[1].reference or ours[1].answer)
    end
    return row
end

local function line(row)
    local text = ("    %-26s %10.3f ms cpu %10.3f ms"):format(
        row.name, 1e3 * row.cpu, 1e3 * row.seconds)
    if row.ratio then
        text = text .. ("   %6.2f of ours (%.2f to %.2f)"):format(row.ratio, row.lowest,
                                                                 row.highest)
    end
    return text .. (row.gap and ("   gap %.0e"):format(row.gap) or "")
end

local function tell(contest, turns, failed)
    local rows, absent = {row_of("here", turns[0], turns[0])}, {}
    print(("%s: %s"):format(contest.name, contest.what))
    print(line(rows[1]))
    for i, peer in ipairs(contest) do
        if failed[i] then
            table.insert(absent, {name = peer[1], why = failed[i]})
            print(("    not raced: %s: %s"):format(peer[1], failed[i]))
        else
            table.insert(rows, row_of(peer[1], turns[i], turns[0]))
            print(line(rows[#rows]))
        end
    end
    return {name = contest.name, what = contest.what, rounds = ROUNDS, rows = rows,
            absent = absent}
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
    local order = {"schema", "date", "blas", "peers", "contests", "loops", "name", "what",
                   "rounds", "rows", "absent", "n", "seconds", "cpu", "exponent", "predicted",
                   "ratio", "lowest", "highest", "gap"}
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

-- Adds what does the work of the others to the list: each once.
local function add_libraries(turns, peers)
    for _, list in ipairs(turns) do
        local libraries = list[1] and list[1].libraries
        if libraries and not peers[libraries] then
            peers[libraries] = true
            table.insert(peers, libraries)
        end
    end
end

local function main()
    io.stdout:setvbuf("line")
    local wanted, peers = os.getenv("CONTEST") or "", {}
    local report = {schema = 2, date = os.date("!%Y-%m-%d"), contests = {}}
    for _, contest in ipairs(CONTESTS) do
        if wanted == "" or wanted == contest.name then
            local turns, failed = need(contest.name, race(contest))
            report.blas = turns[0][1].blas
            add_libraries(turns, peers)
            table.insert(report.contests, tell(contest, turns, failed))
        end
    end
    if wanted == "" or wanted == "loops" then
        local result = need("loops", loops())
        report.blas, report.loops = result.blas, result.loops
    end
    if not report.blas then
        fail("no contest \"%s\"", wanted)
    end
    report.peers = table.move(peers, 1, #peers, 1, {})
    print("here: " .. report.blas)
    for _, libraries in ipairs(report.peers) do print("there: " .. libraries) end
    write(report)
end

main()
