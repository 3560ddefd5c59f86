-- judges.lua -- where the claims and the tests stand that grade exercises.

local files = require "files"

local judges = {}

-- A chapter's claims stand in one file, or in the files of a folder of its name.
function judges.stem(path)
    return path:match("^proofs_numeric/([%w_]+)/") or path:match("([%w_]+)%.c$")
end

local function add(found, floor, pattern, place)
    local sources = {}
    for path in files.output("ls %s/*.c %s/*/*.c", floor, floor):gmatch("%S+") do
        local stem = judges.stem(path)
        sources[stem] = sources[stem] or {}
        table.insert(sources[stem], path)
        for name in files.read(path):gmatch(pattern) do
            found[name] = {stem = stem, program = place .. stem, path = path,
                           sources = sources[stem], is_test = place == "tests/"}
        end
    end
end

-- By name: {stem = "gradient_descent", program = "claims/gradient_descent", path,
-- sources = {"proofs_numeric/gradient_descent.c"}, is_test}.
function judges.all()
    local found = {}
    add(found, "tests", "\nSTART_TEST%(([%w_]+)%)", "tests/")
    add(found, "proofs_numeric", "\n%u*_?CLAIM%(%s*([%w_]+)", "claims/")
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
