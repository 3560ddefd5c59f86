-- parallel.lua -- has many things done, as many at a time as there are cores, and tells
-- on a terminal how many are done and how long the rest is going to take.

local files = require "files"

local parallel = {}

local function is_terminal()
    return os.execute("[ -t 2 ]") == true
end

-- "3 min 20 s"
local function duration(seconds)
    seconds = math.ceil(seconds)
    return seconds < 60 and seconds .. " s" or
           ("%d min %d s"):format(seconds // 60, seconds % 60)
end

local function tell(what, done, count, began)
    local left = (os.time() - began) / math.max(done, 1) * (count - done)
    io.stderr:write(("\r\27[K%s: %d of %d, %s left"):format(what, done, count,
                                                           duration(left)))
end

-- Runs the command with each of the words behind it, for so many seconds at most; what
-- becomes of one does not keep the others.  A line comes back for each that is done.
-- Whoever interrupts this leaves what has begun to its end, since timeout keeps it in a
-- process group of its own: half of a judgement would be a wrong one.
function parallel.run(what, words, command, seconds)
    if #words == 0 then return end
    local list, shown, began = files.temporary(), is_terminal(), os.time()
    files.write(list, table.concat(words, "\n") .. "\n")
    local pipe = io.popen(("xargs -P \"$(nproc)\" -n 1 sh -c 'timeout -k 1 %d %s \"$1\" " ..
                           ">&2 || :; echo done' sh <%s"):format(seconds, command, list))
    local done = 0
    for _ in pipe:lines() do
        done = done + 1
        if shown then tell(what, done, #words, began) end
    end
    if shown then io.stderr:write("\r\27[K") end
    pipe:close()
    os.remove(list)
end

return parallel
