-- tap.lua -- what a program that tests something says of it, as TAP.

local tap = {}
local count, failed = 0, 0

-- A test and how it went.
function tap.ok(holds, what, ...)
    count, failed = count + 1, failed + (holds and 0 or 1)
    print(("%s %d - %s"):format(holds and "ok" or "not ok", count, what:format(...)))
end

-- A test that passes if there are no faults, or else a failed one for each fault: a
-- line with its place, as a compiler says it.
function tap.faultless(what, faults)
    for _, fault in ipairs(faults) do tap.ok(false, "%s", fault) end
    if #faults == 0 then tap.ok(true, "%s", what) end
end

-- Says how many tests there were; ends the program.
function tap.finish()
    print("1.." .. count)
    os.exit(failed == 0)
end

return tap
