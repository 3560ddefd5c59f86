-- check_chapters.lua -- the last job of a complete run: do the chapters and the claims
-- belong together, one to one, and is each assertion of the lectures answered by what
-- its row of the concordance names?
--
--   lua5.4 tools/check_chapters.lua VERDICTS
--
-- VERDICTS has a line "claim chapter verdict" for each claim that there is; a long one
-- that has never run has the verdict "open", and may be named.  Speaks TAP, and last
-- says how many rows are answered.

dofile(arg[0]:match("^(.-)[^/]*$") .. "path.lua")
local concordance = require "concordance"
local divs = require "divs"
local files = require "files"
local json = require "dkjson"
local sources = require "sources"
local tap = require "tap"
files.program = "check_chapters"

-- By claim: {chapter, verdict}.
local function read_verdicts(path)
    local claims = {}
    for line in files.read(path):gmatch("[^\n]+") do
        local name, chapter, verdict = line:match("^(%S+)\t(%S+)\t(%S+)$")
        claims[name] = {chapter = chapter, verdict = verdict}
    end
    return claims
end

-- ---- Divs ---------------------------------------------------------------------------

local function fault_of(div, stem, claims, seen)
    local claim = claims[div.id]
    if not div.last then return "this div is never closed" end
    if not claim or claim.chapter ~= stem then
        return "no such claim in proofs_numeric"
    end
    if seen[div.id] then return "a second div of this name" end
    seen[div.id] = true
    if #divs.joined(div.text) == 0 then return "the div says nothing" end
end

-- That a claim has no div, the runner has found.
local function stray_divs(claims)
    local faults, seen = {}, {}
    for _, path in ipairs(sources.below("chapters", "md")) do
        local stem = sources.stem(path)
        for _, div in ipairs(divs.of_chapter(stem, "claim")) do
            local fault = fault_of(div, stem, claims, seen)
            if fault then
                table.insert(faults, ("%s:%d: #%s: %s"):format(path, div.first,
                                                               div.id or "", fault))
            end
        end
    end
    return faults
end

-- ---- Concordance --------------------------------------------------------------------

-- The names that ref/ defines, as a set.
local function defined_names()
    local names, paths = {}, table.concat(sources.below("ref", "[ch]"), " ")
    if paths == "" then return names end
    local tags = files.output("ctags --options=tools/book.ctags " ..
                              "--kinds-C=defgstu -f - %s", paths)
    for line in tags:gmatch("[^\n]+") do names[json.decode(line).name] = true end
    return names
end

local function has_figure(name)
    local script = "figures/" .. name
    return files.exists(script .. ".gp") or files.exists(script .. ".dot")
end

-- What is wrong with a name that answers an assertion; nil if nothing is.
local function fault_in(name, claims, defined)
    if claims[name] then
        return claims[name].verdict == "failed" and "is a claim that is not verified"
    end
    if not (defined[name] or has_figure(name)) then
        return "is no claim, no definition of ref/ and no figure"
    end
end

-- What is wrong with the rows, and how many of them are in each state.
local function check_rows(claims)
    local faults, count = {}, {answered = 0, open = 0, aside = 0}
    local defined = defined_names()
    for _, row in ipairs(concordance.rows()) do
        local place = ("%s:%d: "):format(row.path, row.line)
        local state = concordance.state(row)
        if state then
            count[state] = count[state] + 1
        else
            table.insert(faults, place .. "names nothing, not even `open`")
        end
        for _, name in ipairs(concordance.answers(row)) do
            local fault = fault_in(name, claims, defined)
            if fault then table.insert(faults, place .. name .. " " .. fault) end
        end
    end
    return faults, count
end

local claims = read_verdicts(arg[1])
tap.faultless("every claim div has its claim", stray_divs(claims))
local faults, count = check_rows(claims)
tap.faultless("what answers an assertion is there, and verified", faults)
print(("# lectures: %d assertions answered, %d open"):format(count.answered,
                                                            count.open))
tap.finish()
