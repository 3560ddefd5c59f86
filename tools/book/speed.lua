-- speed.lua -- the page of the last `make bench`: the same work here and by others, and
-- how each hot loop grows.

local files = require "book.files"
local json = require "book.json"
local label = require "book.label"
local ledger = require "book.ledger"
local markup = require "book.markup"

local speed = {}

local function paragraph(text)
    return pandoc.Para(label.inlines(text))
end

local function milliseconds(seconds)
    return ledger.number(1e3 * seconds)
end

local function words(text)
    return {pandoc.Str(text)}
end

-- Ours and each peer; a contest without peers has ours alone.
local function contest_table(contest)
    local rows = {}
    for i, row in ipairs(contest.rows) do
        rows[i] = {words(row.name), milliseconds(row.cpu),
                   words(row.ratio and ("%.2f"):format(row.ratio) or "–"),
                   words(row.ratio and ("%.2f–%.2f"):format(row.lowest, row.highest) or "–"),
                   row.gap and ledger.number(row.gap) or words("–")}
    end
    return markup.table(1, {"by", "ms", "of ours", "least–most", "gap"}, rows)
end

local function contest_tables(contests)
    local blocks = pandoc.List()
    for _, contest in ipairs(contests) do
        blocks:extend({pandoc.Header(2, label.inlines(contest.what), pandoc.Attr(contest.name)),
                       contest_table(contest)})
    end
    return blocks
end

-- What worked for the others, and who was left out and why: plain paragraphs.
local function remarks(bench)
    local blocks, absent = pandoc.List(), {}
    if bench.peers[1] then
        blocks:insert(pandoc.Para(words("The others: " .. table.concat(bench.peers, "; ") .. ".")))
    end
    for _, contest in ipairs(bench.contests) do
        for _, peer in ipairs(contest.absent) do
            table.insert(absent, ("%s in %s (%s)"):format(peer.name, contest.name, peer.why))
        end
    end
    if absent[1] then
        blocks:insert(pandoc.Para(words("Not raced: " .. table.concat(absent, "; ") .. ".")))
    end
    return blocks
end

local function loop_rows(loops)
    local rows = {}
    for i, loop in ipairs(loops) do
        local last = loop.sizes[#loop.sizes]
        rows[i] = {words(loop.name), label.inlines(loop.what), words(tostring(last.n)),
                   milliseconds(last.seconds), words(("%.2f"):format(loop.exponent)),
                   ledger.number(loop.predicted)}
    end
    return rows
end

local none = "Here stands what the last `make bench` in this tree found; there was none so far."

local about = "What the last `make bench` in this tree found, on %s with %s. It depends on the "
    .. "machine, and on what else ran there; no check depends on it."

local about_contests = "The same work done here and by others, in turns and on one processor: "
    .. "medians over %d rounds of its time, the peer's in units of ours, and the least and the "
    .. "largest ratio of a round. A gap is the largest difference between answers, in units of "
    .. "the largest number in them: to what ours would be without error where ours has a gap, "
    .. "too, else to ours."

local about_loops = "The hot loops of the book, each alone: milliseconds at the largest of "
    .. "three sizes, and the exponent of n by which they grow from the smallest to it. Where it "
    .. "is below the one that the code predicts, a cost that does not grow still counts; where "
    .. "it is above, the numbers no longer fit into a cache. The last two are what the machine "
    .. "can do."

-- What `make bench` left at speed.path.
function speed.page()
    local bench, title = json.decode(files.text(speed.path) or ""), "How fast"
    if type(bench) ~= "table" or bench.schema ~= 2 then -- or one of an older tree
        return {paragraph(none)}, title
    end
    local blocks = pandoc.List({paragraph(about:format(bench.date, bench.blas))})
    if bench.contests[1] then
        blocks:insert(paragraph(about_contests:format(bench.contests[1].rounds)))
        blocks:extend(contest_tables(bench.contests))
        blocks:extend(remarks(bench))
    end
    if bench.loops then
        blocks:extend({pandoc.Header(2, words("Each hot loop alone"), pandoc.Attr("loops")),
                       paragraph(about_loops),
                       markup.table(2, {"loop", "what", "n", "ms", "exponent", "predicted"},
                                loop_rows(bench.loops))})
    end
    return blocks, title
end

return speed
