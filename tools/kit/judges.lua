-- judges.lua -- where the claims and the tests stand that grade exercises.

local files = require "files"
local sources = require "sources"

local judges = {}

local function add(found, paths, pattern, place)
    for _, path in ipairs(paths) do
        local stem = sources.stem(path)
        for name in files.read(path):gmatch(pattern) do
            found[name] = {stem = stem, path = path, program = place .. stem,
                           is_test = place == "tests/"}
        end
    end
end

-- By name: {stem = "gradient_descent", path of its source, is_test,
-- program = "claims/gradient_descent"}.
function judges.all()
    local found = {}
    add(found, sources.tests(), "\nSTART_TEST%(([%w_]+)%)", "tests/")
    add(found, sources.proofs(), "\n%u*_?CLAIM%(%s*([%w_]+)", "claims/")
    return found
end

-- What became of a test, from the TAP of its file: did it pass, and what it said.
function judges.read_test(tap, name)
    for _, line in ipairs(files.lines(tap)) do
        local result, said = line:match("^(.*ok) %d+ %- [^:]*:[^:]*:" .. name ..
                                        ":%s*(.*)")
        if result then return result == "ok", said end
    end
    return false, "it did not run"
end

return judges
