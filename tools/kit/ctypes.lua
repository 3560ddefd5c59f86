-- ctypes.lua -- what types of ref/ are made of, as ctags reads them.
--
-- A type is a string: "vec", "const struct mlp *", "mat[]", "void (*)(void * cost,vec w)".

local files = require "files"
local json = require "dkjson"

local ctypes = {}

local function type_of(tag)
    local kind, name = tag.typeref:match("^(%a+):(.*)$")
    return kind == "typename" and name or kind .. " " .. name
end

-- {members = of each struct a list of {name, type}, functions = types of functions that
-- have a name, as "double (*)(mat T,mat F,mat G)", structs = the functions that return one,
-- as a set}.
function ctypes.read(paths)
    local found = {members = {}, functions = {}, structs = {}}
    local tags = files.output("ctags --options=tools/book.ctags --kinds-C=mtpf -f - %s",
                              table.concat(paths, " "))
    for _, line in ipairs(files.lines(tags)) do
        local tag = json.decode(line)
        if tag and tag.kind == "member" and tag.typeref then
            local members = found.members[tag.scope] or {}
            found.members[tag.scope] = members
            table.insert(members, {name = tag.name, type = type_of(tag)})
        elseif tag and (tag.kind == "prototype" or tag.kind == "function") then
            local is_struct = tag.typeref and tag.typeref:match("^struct:[%w_]+$")
            found.structs[tag.name] = is_struct and true
        elseif tag and tag.kind == "typedef" and tag.typeref then
            local returned, arguments = type_of(tag):match("^(.-) %(%)(%b())$")
            if returned then
                found.functions[tag.name] = returned .. " (*)" .. arguments
            end
        end
    end
    return found
end

-- The parts of a list at its own commas.
local function split(list)
    local parts, depth, from = {}, 0, 1
    for at = 1, #list + 1 do
        local sign = list:sub(at, at)
        depth = depth + (sign:find("[%(%[]") and 1 or sign:find("[%)%]]") and -1 or 0)
        if depth == 0 and (sign == "," or sign == "") then
            table.insert(parts, (list:sub(from, at - 1):gsub("^%s+", ""):gsub("%s+$", "")))
            from = at + 1
        end
    end
    return parts
end

-- An argument, "const vec *k" for example, as {name, type}.  One of an array is a pointer.
local function argument(text)
    text = text:gsub("%f[%w_]restrict%f[^%w_]", ""):gsub("%s+", " ")
    local before, name, after = text:match("^(.-%(%*%s*)([%a_][%w_]*)(%).*)$")
    if name then return {name = name, type = before .. after} end
    before, name, after = text:match("^(.-)([%a_][%w_]*)%s*(%[.-%])$")
    if name then return {name = name, type = before .. "*"} end
    before, name = text:match("^(.*[%s%*])([%a_][%w_]*)$")
    return name and {name = name, type = (before:gsub("%s+$", ""))}
end

-- The arguments of "(void *cost, vec w)"; nil if one of them is not understood.
function ctypes.arguments(list)
    local found = {}
    local inner = list:match("^%s*%((.*)%)%s*$")
    if inner == "void" or inner == "" then return found end
    for i, text in ipairs(split(inner)) do
        found[i] = argument(text)
        if not found[i] then return nil end
    end
    return found
end

return ctypes
