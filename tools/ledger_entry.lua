-- ledger_entry.lua -- prints what a report of a failing claim has to say: the machine, and
-- what the last complete run found of the claim.
--
--   lua5.4 tools/ledger_entry.lua CLAIM [build/ledger.json]

dofile(arg[0]:match("^(.-)[^/]*$") .. "path.lua")
local files = require "files"
local json = require "dkjson"
files.program = "ledger_entry"

local path = arg[2] or "build/ledger.json"
if not arg[1] then files.fail("of which claim?  lua5.4 tools/ledger_entry.lua gd_rate") end
if not files.exists(path) then 
    files.fail("there is no %s; make check leaves it, without CLAIM= and CHAPTER=", path)
end
local run = json.decode(files.read(path))
if type(run) ~= "table" or type(run.claims) ~= "table" then
    files.fail("%s is no ledger", path)
end
for _, claim in ipairs(run.claims) do
    if claim.id == arg[1] then
        local entry = {claim = claim}
        local about = {"schema", "seed", "commit", "compiler", "blas", "cpu", "date"}
        for _, key in ipairs(about) do entry[key] = run[key] end
        table.insert(about, "claim")
        print(json.encode(entry, {indent = true, keyorder = about}))
        os.exit(0)
    end
end
files.fail("the ledger has no claim %s", arg[1])
