-- sources.lua -- the files of a floor: the one place where the tools look for them.
--
-- A floor is a folder with all that lies below it, so that rooms and their ground may
-- stand in folders of their own.  The Makefile's `floor` says the same to make.

local files = require "files"

local sources = {}

-- The files below a folder whose names end so, "c" or "[ch]", in the order of their
-- paths; none if there is no such folder.
function sources.below(floor, ending)
    local found = files.output("LC_ALL=C; export LC_ALL; [ ! -d %s ] || " ..
                               "find %s -name '*.%s' | sort", floor, floor, ending)
    local list = {}
    for path in found:gmatch("[^\n]+") do table.insert(list, path) end
    return list
end

function sources.ref() return sources.below("ref", "c") end
function sources.proofs() return sources.below("proofs_numeric", "c") end

-- The unit tests: what is called test_ on its floor.
function sources.tests()
    local list = {}
    for _, path in ipairs(sources.below("tests", "c")) do
        if path:match("/test_[%w_]+%.c$") then table.insert(list, path) end
    end
    return list
end

-- What the unit tests share.
function sources.test_units()
    local list = {}
    for _, path in ipairs(sources.below("tests", "c")) do
        local name = path:match("^tests/([%w_]+)%.c$") or
                     path:match("^tests/ground/([%w_]+)%.c$")
        if name and not name:match("^test_") and name ~= "faulty" then
            table.insert(list, path)
        end
    end
    return list
end

-- The files in which the claims of a chapter stand.
function sources.proofs_of(stem)
    local list = {}
    for _, path in ipairs(sources.proofs()) do
        if sources.stem(path) == stem then table.insert(list, path) end
    end
    return list
end

-- The chapter whose room a file stands in: the folder in which its claims lie, section
-- by section, or else its own name.
function sources.stem(path)
    return path:match("^proofs_numeric/([%w_]+)/") or path:match("([%w_]+)%.%w+$")
end

return sources
