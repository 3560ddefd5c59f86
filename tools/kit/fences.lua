-- fences.lua -- writes, from the prototype of a function, the C that lends a student's
-- function what its arguments give it: see fence.h.

local ctypes = require "kit.ctypes"
local lexer = require "kit.lexer"
local sources = require "sources"

local fences = {}

-- Of a function that does not ask: it belongs to the fence itself.
local NOT_FENCED = '__attribute__((noinline, no_sanitize("kernel-address")))'

local SCALARS = {}
for name in ("int unsigned bool double float char long size_t uint64_t int64_t uint32_t " ..
             "uint8_t unsigned_int"):gmatch("%S+") do
    SCALARS[name] = true
end

-- What has a type of no use here is not understood, and its function has no fence.
local function give_up(type) error({not_understood = type}) end

-- ---- Walking through a type ----------------------------------------------------------

-- to: {mode = its functions, text = list of lines, types, loops, checkers}.
-- held: does it lie in memory of the caller, which the function may change?
local walk

local function emit(to, ...) table.insert(to.text, string.format(...)) end

local function walk_array(to, expr, what, type, held)
    if SCALARS[type:match("^[^%[]*")] then return end
    to.loops = to.loops + 1
    local i = "__fence_" .. to.loops
    emit(to, "for (size_t %s = 0; %s < sizeof (%s) / sizeof *(%s); %s++) {", i, i, expr,
         expr, i)
    walk(to, ("%s[%s]"):format(expr, i), what, (type:gsub("%[[^%]]*%]", "", 1)), held)
    emit(to, "}")
end

local function walk_struct(to, expr, what, name, held)
    local dot = what:find("->$") and "" or "."
    for _, member in ipairs(to.types.members[name] or give_up("struct " .. name)) do
        walk(to, expr .. "." .. member.name, what .. dot .. member.name, member.type, held)
    end
end

-- The function of the same type as one that was passed, that asks first.
local function checker(to, type)
    local list, made = to.checkers, to.checkers[type]
    if not made then
        made = "__fence_checked_" .. #list + 1
        list[type] = made
        table.insert(list, false) -- its place, since it may come to others
        list[#list] = {made, type}
    end
    return made
end

local function walk_pointer(to, expr, what, type, held)
    local target = type:match("^(.-)%s*%*$")
    local const = target:find("%f[%w]const%f[%W]") ~= nil
    target = target:gsub("%f[%w]const%f[%W]%s*", ""):gsub("%s+$", "")
    local struct = target:match("^struct ([%w_]+)$")
    if target == "void" then
        return to.mode.opaque(to, expr, what, held)
    elseif target == "struct arena" then
        return to.mode.arena(to, expr, what)
    elseif not (struct or target == "vec" or target == "mat" or SCALARS[target] or
                target:match("^enum [%w_]+$")) then
        give_up(type)
    end
    local number = to.mode.pointer(to, expr, what, const, held)
    if struct or target == "vec" or target == "mat" then
        to.mode.each(to, expr, what, target, not const, number)
    end
end

walk = function(to, expr, what, type, held)
    type = type:gsub("%f[%w]volatile%f[%W]%s*", "")
    local plain = type:gsub("^const%s+", "")
    local named = to.types.functions[plain:match("^([%w_]+)%s*%*$") or ""]
    if type:find("(*)", 1, true) or named then
        return to.mode.call(to, expr, checker(to, named or type), held)
    elseif type:find("%[") then
        return walk_array(to, expr, what, type, held)
    elseif type:find("%*$") then
        return walk_pointer(to, expr, what, type, held)
    elseif plain == "vec" or plain == "mat" then
        return to.mode.view(to, expr, what, plain, held)
    elseif plain:match("^struct ([%w_]+)$") then
        return walk_struct(to, expr, what, plain:match("^struct ([%w_]+)$"), held)
    elseif not (SCALARS[plain] or plain:match("^enum [%w_]+$") or
                plain:find("^double _?[Cc]omplex$")) then
        give_up(type)
    end
end

-- ---- Lending, and asking of what is passed on ----------------------------------------

local MOST = 64 -- of many structs behind one pointer

local lend = {}

function lend.view(to, expr, what, type, held)
    emit(to, '__fence_%s("%s", %s);', type, what, expr)
    if held then emit(to, "__fence_keep_%s(&%s);", type, expr) end
end

local function keep(to, expr, held)
    if held then emit(to, "__fence_keep(&%s, sizeof %s);", expr, expr) end
end

function lend.pointer(to, expr, what, const, held)
    to.loops = to.loops + 1
    local number = "__fence_" .. to.loops
    keep(to, expr, held)
    emit(to, 'size_t %s = __fence_reach("%s", %s, sizeof *%s, %s);', number, what, expr,
         expr, const)
    return number
end

function lend.each(to, expr, what, target, held, number)
    to.loops = to.loops + 1
    local i = "__fence_" .. to.loops
    emit(to, "for (size_t %s = 0; %s < %s && %s < %d; %s++) {", i, i, number, i, MOST, i)
    walk(to, ("%s[%s]"):format(expr, i), what .. "->", target, held)
    emit(to, "}")
end

function lend.opaque(to, expr, _, held)
    keep(to, expr, held)
    emit(to, "__fence_opaque(%s);", expr)
end

function lend.arena(to, expr, what)
    emit(to, '__fence_arena("%s", %s);', what, expr)
end

function lend.call(to, expr, checked, held)
    keep(to, expr, held)
    emit(to, "__fence_function((const void *)(uintptr_t)%s, " ..
             "(const void *)(uintptr_t)%s);", expr, checked)
end

local ask = {}

function ask.view(to, expr, _, type) emit(to, "__fence_ask_%s(%s);", type, expr) end

function ask.pointer(to, expr, _, const)
    emit(to, "if (%s) __fence_ask(%s, sizeof *%s, %s);", expr, expr, expr, not const)
end

function ask.each(to, expr, what, target)
    emit(to, "if (%s) {", expr)
    walk(to, "(*" .. expr .. ")", what, target, false)
    emit(to, "}")
end

function ask.opaque(to, expr) emit(to, "__fence_ask_opaque(%s);", expr) end
function ask.arena(to, expr) emit(to, "__fence_ask_arena(%s);", expr) end

function ask.call(to, expr)
    emit(to, "if (%s) __fence_ask_function((const void *)(uintptr_t)%s);", expr, expr)
end

-- ---- Functions -----------------------------------------------------------------------

local function names(arguments)
    local list = {}
    for i, argument in ipairs(arguments) do list[i] = argument.name end
    return table.concat(list, ", ")
end

-- "double NAME(void * cost,vec w)" calls another of that type, and asks before.
local function checked_function(types, checkers, name, type)
    local returned, list = type:match("^(.-)%s*%(%*%)%s*(%b())$")
    local arguments = ctypes.arguments(list) or give_up(type)
    local to = {mode = ask, text = {}, types = types, loops = 0, checkers = checkers}
    for _, argument in ipairs(arguments) do
        walk(to, argument.name, argument.name, argument.type, false)
    end
    local result = returned ~= "void" and returned .. " __fence_result = " or ""
    return ("static %s %s %s%s\n{\n%s (*__fence_call)%s = (%s (*)%s)(uintptr_t)" ..
            "__fence_callee();\n%s\n__fence_out();\n%s__fence_call(%s);\n" ..
            "__fence_back();\n%s}\n"):format(NOT_FENCED, returned, name, list, returned,
            list, returned, list, table.concat(to.text, "\n"), result, names(arguments),
            result ~= "" and "return __fence_result;\n" or "")
end

-- All that were mentioned, and those that they come to.
local function checked_functions(types, checkers)
    local parts, i = {}, 1
    while checkers[i] do
        table.insert(parts, 1, checked_function(types, checkers, table.unpack(checkers[i])))
        i = i + 1
    end
    return table.concat(parts)
end

-- An argument `void *context` has the type as which the solution takes it.
local function context_type(argument, body)
    local before, type = body:match("([%w_]*)%s+(struct [%w_]+) ?%*[%w_]+ = " ..
                                    argument.name .. ";")
    if before == "const" then type = "const " .. type end
    return type and {name = ("((%s *)%s)"):format(type, argument.name),
                     what = argument.name, type = type .. " *"}
end

local cached

local function types_of(path)
    cached = cached or {}
    if not cached[path] then
        local paths = sources.below("ref", "h")
        table.insert(paths, path)
        cached[path] = ctypes.read(paths)
    end
    return cached[path]
end

-- The head of a function without comments or macros: what it returns, and its arguments.
local function parts_of(head, name)
    local words = lexer.tokens(head)
    while words[1] and (words[1]:match("^%u[%u_]*$") or words[1] == "static" or
                        words[1] == "inline") do
        table.remove(words, 1)
    end
    return table.concat(words, " "):match("^(.-) " .. name .. " (%b())")
end

local function lines(path, head, name, returned, list, body)
    local arguments, types = ctypes.arguments(list) or give_up(list), types_of(path)
    local to = {mode = lend, text = {}, types = types, loops = 0, checkers = {}}
    for _, argument in ipairs(arguments) do
        local at = argument.type:match("^void %*$") and context_type(argument, body)
        at = at or argument
        walk(to, at.name, at.what or at.name, at.type, false)
    end
    local result = returned ~= "void" and returned .. " __fence_result = " or ""
    local is_static = head:find("%f[%w]static%f[%W]") and "static " or ""
    local declared = ("%s%s %s %s%s"):format(is_static, NOT_FENCED, returned, name, list)
    return {
        before = checked_functions(types, to.checkers) .. declared .. ";\n",
        given = ("#define __func__ \"%s\"\nstatic __attribute__((noipa)) %s __fence_given%s"):format(
                name, returned, list),
        after = ("#undef __func__\n%s\n{\nbool __fence_entered = __fence_enter(\"%s\", " ..
                 "__builtin_frame_address(0));\nif (__fence_entered) {\n%s\n}\n" ..
                 "%s__fence_given(%s);\nif (__fence_entered) __fence_leave();\n%s}\n"):format(
                 declared, name, table.concat(to.text, "\n"), result, names(arguments),
                 result ~= "" and "return __fence_result;\n" or "")}
end

-- What stands around a student's body: {before = in front of it and of its helpers, given =
-- its head, after = the function that calls it}.  nil where a type is not understood.
-- head, body: of the book's own.
function fences.of(exercise, head, body)
    local returned, list = parts_of(head, exercise.name)
    if not returned then return nil end
    local well, made = pcall(lines, exercise.file, head, exercise.name, returned, list, body)
    if well then return made end
    if type(made) == "table" and made.not_understood then return nil, made.not_understood end
    error(made, 0)
end

return fences
