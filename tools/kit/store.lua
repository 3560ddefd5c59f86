-- store.lua -- results that are kept by what they depend on: a folder in which each has
-- its key for a name.  It is whole or it is not there, and who finds it need not ask how
-- old it is.

local canonical = require "kit.canonical"
local files = require "files"
local json = require "dkjson"

local store = {}

-- A key, from all that a result depends on: strings.
function store.key(...)
    local path = files.temporary()
    files.write(path, table.concat({...}, "\0"))
    local hash = files.output("sha256sum <%s", path):sub(1, 40)
    os.remove(path)
    return hash
end

local function path_of(folder, key)
    return folder .. "/" .. key .. ".json"
end

function store.has(folder, key)
    return files.exists(path_of(folder, key))
end

-- What is kept under a key, nil if nothing is.
function store.get(folder, key)
    return store.has(folder, key) and json.decode(files.read(path_of(folder, key))) or nil
end

-- Kept whole at once: files.write gives a name only to what is written.
function store.put(folder, key, value)
    files.write(path_of(folder, key), canonical.encode(value))
end

return store
