-- gate.lua -- what no submission may do, looked for before anything runs.
--
-- A claim calls the student's function in its own process.  The function may compute,
-- and may call what ref/ and <math.h> offer; it has no name by which to reach a file, a
-- process or a descriptor.  One gate looks at the text, since what the preprocessor or
-- the assembler could do is not seen later; the other looks at the names that the
-- compiled object asks for and gives.  Behind both stand sandbox.lua, and the fence, which
-- looks at each address: see fence.h.

local fences = require "kit.fences"
local files = require "files"
local lexer = require "kit.lexer"

local gate = {}

local FORBIDDEN = {["#"] = "a preprocessor line", ["%:"] = "a digraph",
                   ["<%"] = "a digraph", ["<:"] = "a digraph", ["%>"] = "a digraph",
                   [":>"] = "a digraph", ["\\"] = "a backslash outside of a literal",
                   _Complex = "a complex number", complex = "a complex number",
                   asm = "asm", extern = "extern", _Pragma = "_Pragma"}

-- What ref/ itself says to the vectorizer.
local SIMD = "^#pragma omp simd[%w ()+:,_]*\n"

-- What an honest student writes as well: a refusal of it accuses nobody.
local DIRECTIVES = {["if"] = true, ifdef = true, ifndef = true, ["else"] = true,
                    elif = true, endif = true, define = true, undef = true}
local INNOCENT = {}
for name in ("rand srand rand_r random srandom drand48 time clock clock_gettime " ..
             "gettimeofday __assert_fail stderr stdout fprintf fflush fputs fputc " ..
             "sprintf snprintf perror scanf sscanf getchar strcmp strncmp strcpy " ..
             "strcat strdup bsearch alloca atoi atof strtol strtod"):gmatch("%S+") do
    INNOCENT[name] = true
end

local function at_line(line)
    return line and ("line %d: "):format(line) or ""
end

-- line: of the student's file.
local function refused(what, line)
    return ("integrity: %s%s has no place in an exercise"):format(at_line(line), what)
end

local function not_offered(what, line)
    return ("%s%s cannot be used here: a body is C alone, and calls its own static " ..
            "functions, what ref/ and <math.h> have, malloc, qsort and printf"):format(
            at_line(line), what)
end

-- The directive of a preprocessor line that does no harm, if that is one.
local function directive(text, at)
    local word = text:match("^#[ \t]*(%l+)", at)
    return DIRECTIVES[word] and "#" .. word
end

local function breaks(text)
    return ("\n"):rep(select(2, text:gsub("\n", "")))
end

-- Of a guarded name: whoever mentions it calls it.  See fences.returning.
gate.CALLED = "called"

-- What is wrong with a token, in a word or two, and whether that is innocent; nil if
-- nothing is.
local function fault(token, last_token, guarded)
    if FORBIDDEN[token] then return FORBIDDEN[token] end
    if token:match("^__") and token ~= "__func__" or guarded[token] == true then
        return token
    end
    if guarded[last_token] == gate.CALLED and token ~= "(" then
        return last_token .. " without its arguments", true
    end
    if token == "[" and last_token == "[" then return "an attribute" end
    if token:match("^[\"']") and token:find("%c") then
        return "a control character in quotes"
    end
end

-- The tokens of a text, written out, each in its line, and nothing that stood between
-- them: so what is compiled is what was looked at.  Or nil and what is wrong.
-- guarded: names that the rest of the file may use, and an exercise only if its solution
-- does.  line: where the text begins.
function gate.tokens(text, guarded, line)
    local parts, last, last_token, simd_end = {}, 0, nil, 0
    for token, first, token_last in lexer.each(text) do
        local between = text:sub(last + 1, first - 1)
        line = line + #breaks(between)
        simd_end = select(2, text:find(SIMD, first)) or simd_end
        if first > simd_end then
            local what, is_innocent = fault(token, last_token, guarded)
            local innocent = directive(text, first) or INNOCENT[token] and token or
                             is_innocent and what
            if what then
                return nil, innocent and not_offered(innocent, line) or refused(what, line)
            end
        end
        local gap = breaks(between)
        table.insert(parts, gap == "" and between ~= "" and " " or gap)
        table.insert(parts, token)
        last, last_token = token_last, last_token ~= "struct" and token or nil
    end
    local rest = text:match("^(.-)[\"']", last + 1)
    if rest then
        return nil, ("line %d: a literal has no end"):format(line + #breaks(rest))
    end
    local written = table.concat(parts)
    if written:find("%?%?[=/'()!<>%-]") then return nil, refused("a trigraph") end
    return written
end

-- The guarded names, and those of helpers whose struct goes by a variable.
local function with_helpers(guarded, helpers)
    local all = setmetatable({}, {__index = guarded})
    for _, helper in ipairs(helpers) do
        local name = fences.returning_helper(helper.text)
        if name then all[name] = gate.CALLED end
    end
    return all
end

-- The same of all that was taken of a submission: see transplant.take.
function gate.tokens_of(taken, guarded)
    guarded = with_helpers(guarded, taken.helpers)
    local body, problem = gate.tokens(taken.body, guarded, taken.line)
    local written = {body = body, line = taken.line, helpers = {}}
    for i, helper in ipairs(taken.helpers) do
        local text, fault = gate.tokens(helper.text, guarded, helper.line)
        written.helpers[i] = {text = text, line = helper.line}
        problem = problem or fault
    end
    return not problem and written or nil, problem
end

-- How that is compiled.  A student's own file, of which functions alone are taken, may
-- well have included the standard library: its names are known, and an assert does
-- nothing.  And ISO C alone, as all of ref/ is: an array of computed length would have
-- no bound.  What some systems' compilers add by themselves would ask for functions that
-- the student did not call.
gate.AS_GIVEN = "-include stdio.h -include stdlib.h -include string.h " ..
    "-include stdbool.h -include assert.h -DNDEBUG -pedantic-errors -Werror=vla " ..
    "-U_FORTIFY_SOURCE -fno-stack-protector"

-- What the compiler says where a body leans on something of its file that is not taken.
local NOT_TAKEN = {"undeclared", "unknown type name", "incomplete type", "implicit decl",
                   "lvalue required"}

-- Why it did not compile: the first line in which the compiler names an error.
function gate.why_not(log)
    local line = log:match("[^\n]*error: [^\n]*") or log:match("[^\n]+") or "no message"
    local said = "it does not compile: " .. files.plain(line)
    for _, words in ipairs(NOT_TAKEN) do
        if line:find(words, 1, true) then
            return said .. " (of a file only the body is taken, with the static functions " ..
                   "that it calls, and the head is that of the book: no variables, types " ..
                   "or macros of your own beside it)"
        end
    end
    return said
end

-- ---- Objects ------------------------------------------------------------------------

-- The names that objects leave undefined or define for others, as a set.
local function symbols(which, objects)
    local set = {}
    for line in files.output("nm -P %s %s", which, objects):gmatch("[^\n]+") do
        local name = line:match("^([^%s@]+)%S* %a")
        if name then set[name] = true end
    end
    return set
end

-- What a look at a variable leaves behind does no harm: nobody reads what is printed.
local HARMLESS = "memcpy memmove memset memcmp strlen qsort malloc calloc realloc " ..
                 "free printf puts putchar"

-- What of libm goes by an address, and what else of it no fence looks after: see
-- fence_calls.c for those that may be called all the same.
local BY_ADDRESS = {"^fe", "^frexp", "^modf", "^remquo", "^lgamma", "^gamma", "sincos", "^nan",
                    "payload", "^totalorder", "^canonicalize", "^signgam", "^__"}
local LOOKED_AFTER = {"frexp", "modf", "remquo", "lgamma"}

local function is_by_address(name)
    for _, pattern in ipairs(BY_ADDRESS) do
        if name:find(pattern) then return true end
    end
    return false
end

-- What tells that an object of ref/ works on files.
local FILES = {"fopen", "gzopen", "open", "rename", "remove", "checkpoint_load"}

local function touches_files(object)
    local asked = symbols("-u", object)
    for _, name in ipairs(FILES) do
        if asked[name] then return true end
    end
    return false
end

-- The functions that a solution may call: those of ref/, but for what works on files,
-- those of libm, and what the compiler itself calls.  names: a file of those that the
-- fence looks after, if there is one: see fence.mk.
function gate.offered(objects, names)
    local harmless, behind = {}, {}
    for object in objects:gmatch("%S+") do
        if object:match("/ref/") and not touches_files(object) then
            table.insert(harmless, object)
        end
    end
    local set = symbols("--defined-only -g", table.concat(harmless, " "))
    for name in HARMLESS:gmatch("%S+") do set[name] = true end
    for _, line in ipairs(names and files.lines(files.read(names)) or {}) do
        behind[line:match("^%S+")] = true
    end
    for name in pairs(names and set or {}) do set[name] = behind[name] end
    local libm = files.output("cc -print-file-name=libm.so.6"):gsub("%s+$", "")
    for name in pairs(symbols("-D --defined-only", libm)) do
        set[name] = set[name] or not is_by_address(name) or nil
    end
    for _, name in ipairs(LOOKED_AFTER) do set[name] = true end
    set._GLOBAL_OFFSET_TABLE_ = true
    return set
end

-- The names that an object leaves undefined, as a set.
function gate.asked(object) return symbols("-u", object) end

-- What the book's own object asks for and nobody else may, but for what the solution
-- itself mentions.
function gate.guarded(sound_object, offered, solution)
    local set = gate.asked(sound_object)
    for name in pairs(offered) do set[name] = nil end
    for token in lexer.each(solution) do set[token] = nil end
    return set
end

-- The names that an object defines for others, one by one.
function gate.defined(object)
    return pairs(symbols("--defined-only -g", object))
end

local function has_section(object, name)
    return files.output("readelf -SW %s", object):find(name) ~= nil
end

-- What only the compiler and the fence's own lines ask for: no token may begin so.
local function is_of_fence(name)
    return name:match("^__asan_") or name:match("^__fence_") or
           name:match("^__x86_indirect_thunk_")
end

-- What is wrong with the names that an object asks for beside those of the book's own,
-- sound: that of one that nobody asks for innocently, if there is one.
function gate.of_names(object, sound, offered)
    local innocent = nil
    for name in pairs(gate.asked(object)) do
        local is_vector = name:match("^_ZGV") -- of libmvec
        if not (sound[name] or offered[name] or is_vector or is_of_fence(name)) then
            if not INNOCENT[name] then return refused("a call of " .. name) end
            innocent = not_offered(name == "__assert_fail" and "assert" or name)
        end
    end
    return innocent
end

-- What is wrong with a compiled submission beside the book's own object; nil if nothing
-- is.
function gate.of_object(object, sound_object, offered)
    local fault = gate.of_names(object, gate.asked(sound_object), offered)
    if fault then return fault end
    local defined = symbols("--defined-only -g", sound_object)
    for name in pairs(symbols("--defined-only -g", object)) do
        if not defined[name] then return refused("a definition of " .. name) end
    end
    for _, name in ipairs({"%.init_array", "%.fini_array", "%.ctors", "%.dtors"}) do
        if has_section(object, name) and not has_section(sound_object, name) then
            return refused("code that runs by itself")
        end
    end
end

return gate
