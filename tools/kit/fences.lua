-- fences.lua -- writes, from the prototype of a function, the C that lends a student's
-- function what its arguments give it: see fence.h.

local ctypes = require "kit.ctypes"
local lexer = require "kit.lexer"
local sources = require "sources"

local fences = {}

-- Of a function that does not ask: it belongs to the fence itself.
local NOT_FENCED = '__attribute__((noinline, no_sanitize("kernel-address")))'

local SCALARS = {}
for name in ("int unsigned bool real double float char long size_t uint64_t int64_t uint32_t " ..
             "uint8_t unsigned_int"):gmatch("%S+") do
    SCALARS[name] = true
end

-- What has a type of no use here is not understood, and its function has no fence.
local function give_up(type) error({not_understood = type}) end

-- ---- Walking through a type ----------------------------------------------------------

-- to: {name = of the exercise, mode = its functions, text = list of lines, types, loops,
-- checkers}.
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
        made = ("__fence_checked_%s_%d"):format(to.name, #list + 1)
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

-- "$name" of a template is what a table has under that name.
local function filled(template, values)
    return (template:gsub("%$([a-z]+)", values))
end

-- What there is to say of a function: its names for itself and its arguments, and how its
-- result is kept and given.
local function signature(name, returned, list, arguments)
    local names = {}
    for i, argument in ipairs(arguments) do names[i] = argument.name end
    local is_void = returned == "void"
    return {attribute = NOT_FENCED, name = name, returned = returned, list = list,
            names = table.concat(names, ", "),
            keep = is_void and "" or returned .. " __fence_result = ",
            give = is_void and "" or "return __fence_result;"}
end

local CHECKED = [[
static $attribute $returned $name$list
{
    $returned (*__fence_call)$list = ($returned (*)$list)(uintptr_t)__fence_callee();
    $lines
    __fence_out();
    $keep__fence_call($names);
    __fence_back();
    $give
}
]]

-- A function that calls another of the type, "double (*)(void * cost,vec w)" for example,
-- and asks before.
local function checked_function(types, checkers, exercise, name, type)
    local returned, list = type:match("^(.-)%s*%(%*%)%s*(%b())$")
    local arguments = ctypes.arguments(list) or give_up(type)
    local to = {name = exercise, mode = ask, text = {}, types = types, loops = 0,
                checkers = checkers}
    for _, argument in ipairs(arguments) do
        walk(to, argument.name, argument.name, argument.type, false)
    end
    local values = signature(name, returned, list, arguments)
    values.lines = table.concat(to.text, "\n    ")
    return filled(CHECKED, values)
end

-- All that were mentioned, and those that they come to.
local function checked_functions(types, checkers, exercise)
    local parts, i = {}, 1
    while checkers[i] do
        local name, type = table.unpack(checkers[i])
        table.insert(parts, 1, checked_function(types, checkers, exercise, name, type))
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

local cached = {}

local function types_of(path)
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

-- The file of names that the fence looks after, where there is one.
function fences.names(build)
    return (os.getenv("FENCE") or "") ~= "" and build .. "/kit/names" or nil
end

-- The functions that return a struct, of ref/ and of a file of it, as a set.  What they
-- return goes by way of a variable: newer compilers do not ask for where it is stored
-- else.
function fences.returning(path) return types_of(path).structs end

-- The name of a helper that returns a struct.
function fences.returning_helper(text)
    local head = table.concat(lexer.tokens(text), " "):match("^[^{(]*%(") or ""
    return head:match("%f[%w]struct [%w_]+ ([%w_]+) %($")
end

local BY_VARIABLE = "#define $name(...) __extension__({__typeof__(($name)(__VA_ARGS__)) " ..
                    "__fence_returned = ($name)(__VA_ARGS__); __fence_returned;})\n"

-- What stands before and behind the student's functions for that.
local function by_variable(names)
    local define, undefine = {}, {}
    for name in pairs(names) do
        table.insert(define, filled(BY_VARIABLE, {name = name}))
        table.insert(undefine, "#undef " .. name .. "\n")
    end
    table.sort(define)
    return table.concat(define), table.concat(undefine)
end

local BEFORE = "$checked$static$attribute $returned $name$list;\n"

local GIVEN = [[
#define __func__ "$name"
static __attribute__((noipa)) $returned __fence_given_$name$list
]]

local AFTER = [[
#undef __func__
$static$attribute $returned $name$list
{
    bool __fence_entered = __fence_enter("$name", __builtin_frame_address(0));
    if (__fence_entered) {
    $lines
    }
    $keep__fence_given_$name($names);
    if (__fence_entered)
        __fence_leave();
    $give
}
]]

-- The lines that lend what the arguments give, and the functions that these name.
local function lending(exercise, arguments, body)
    local types = types_of(exercise.file)
    local to = {name = exercise.name, mode = lend, text = {}, types = types, loops = 0,
                checkers = {}}
    for _, argument in ipairs(arguments) do
        local at = argument
        if at.type == "void *" then at = context_type(at, body) or give_up("void *") end
        walk(to, at.name, at.what or at.name, at.type, false)
    end
    return table.concat(to.text, "\n    "),
           checked_functions(types, to.checkers, exercise.name)
end

local function around(exercise, head, body)
    local returned, list = parts_of(head, exercise.name)
    local arguments = list and ctypes.arguments(list) or give_up(head)
    local values = signature(exercise.name, returned, list, arguments)
    values.static = head:find("%f[%w]static%f[%W]") and "static " or ""
    values.lines, values.checked = lending(exercise, arguments, body)
    return {before = filled(BEFORE, values), given = filled(GIVEN, values),
            after = filled(AFTER, values)}
end

-- The helpers of a student's, whose names are no calls where they are defined.
function fences.helpers(exercise, helpers)
    local names, texts = {}, {}
    for name in pairs(fences.returning(exercise.file)) do names[name] = true end
    for i, helper in ipairs(helpers) do
        local name = fences.returning_helper(helper.text)
        names[name or ""] = name and true
        texts[i] = name and helper.text:gsub(name .. "(%s*%()", "(" .. name .. ")%1", 1) or
                   helper.text
    end
    local define, undefine = by_variable(names)
    return {define = define, texts = texts, undefine = undefine}
end

-- What stands around a student's body: {before = in front of it and of its helpers, given =
-- its head, after = the function that calls it}.  nil and a type that is not understood,
-- where there is one.  head, body: of the book's own.
function fences.of(exercise, head, body)
    local well, made = pcall(around, exercise, head, body)
    if well then return made end
    if type(made) ~= "table" then error(made, 0) end
    return nil, made.not_understood
end

return fences
