-- chapter.lua -- writes a room on every floor from template/: for `make chapter`.
--
--   STEM=batch_norm PREFIX=bn [TITLE="Batch normalization"] lua5.4 tools/chapter.lua
--
-- What it writes compiles and passes as it is; what is to be replaced says REPLACE.

dofile(arg[0]:match("^(.-)[^/]*$") .. "path.lua")
local files = require "files"
local spine = require "spine"

files.program = "chapter"

local STEM, PREFIX = os.getenv("STEM") or "", os.getenv("PREFIX") or ""
local TITLE = os.getenv("TITLE") or ""
if TITLE == "" then TITLE = (STEM:gsub("_", " "):gsub("^%l", string.upper)) end

-- What is written: a template, and where it goes.
local PLACES = {{"ref.h", "ref/STEM.h"}, {"ref.c", "ref/STEM.c"},
                {"test.c", "tests/test_STEM.c"}, {"proofs.c", "proofs_numeric/STEM.c"},
                {"figure.gp", "figures/STEM_course.gp"},
                {"chapter.md", "chapters/STEM.md"}}

local function filled(text)
    local words = {STEM = STEM, PREFIX = PREFIX, TITLE = TITLE}
    text = text:gsub("REF_STEM_H", ("REF_%s_H"):format(STEM:upper()))
    return (text:gsub("%f[%u](%u+)%f[%U]", words))
end

local function check_names()
    if not STEM:match("^%l[%l%d_]*$") or not PREFIX:match("^%l[%l%d]*$") then
        files.fail("say both in small letters: make chapter STEM=batch_norm PREFIX=bn")
    end
    for stem, prefix in pairs(spine.prefixes()) do
        if prefix == PREFIX then files.fail("%s is the prefix of %s", PREFIX, stem) end
    end
    for _, place in ipairs(PLACES) do
        local path = filled(place[2])
        if files.exists(path) then files.fail("%s is there", path) end
    end
end

-- book.md with the chapter at the end of its last part, and in the table of prefixes.
local function with_chapter(text)
    local lines, is_appendix, last, row = files.lines(text), false, nil, nil
    for number, line in ipairs(lines) do
        is_appendix = is_appendix or line:match("^# Appendi") ~= nil
        local is_link = line:match("%(chapters/[%w_]+%.md%)")
        if is_link and not is_appendix then last = number end
        if line:match("^|%s*stem%s*|%s*prefix%s*|") then row = number + 1 end
    end
    if not last then files.fail("book.md names no chapter to come after") end
    local count = tonumber(lines[last]:match("^(%d+)%.")) or 0
    while (lines[last + 1] or ""):match("^%s+%S") do last = last + 1 end
    while row and (lines[row + 1] or ""):match("^|") do row = row + 1 end
    local entry = {("%d. [%s](chapters/%s.md)\\"):format(count + 1, TITLE, STEM),
                   "   REPLACE: what it shows, in a sentence."}
    lines[last] = lines[last] .. "\n" .. table.concat(entry, "\n")
    if row then
        lines[row] = lines[row] .. ("\n| `%s` | `%s` |"):format(STEM, PREFIX)
    end
    return table.concat(lines, "\n") .. "\n"
end

check_names()
local book = with_chapter(files.read("book.md"))
for _, place in ipairs(PLACES) do
    files.write(filled(place[2]), filled(files.read("template/" .. place[1])))
end
files.write("book.md", book)
files.run("! command -v clang-format >/dev/null || clang-format -i ref/%s.[ch] " ..
          "tests/test_%s.c proofs_numeric/%s.c", STEM, STEM, STEM)
print("wrote the rooms of " .. STEM .. ", and its lines in book.md, where you may move")
print("it; what to replace:")
files.run("grep -n REPLACE ref/%s.[ch] tests/test_%s.c proofs_numeric/%s.c " ..
          "figures/%s_course.gp chapters/%s.md book.md >&2", STEM, STEM, STEM, STEM, STEM)
print(("now: make check CHAPTER=%s, make book, make doctor STEM=%s"):format(STEM, STEM))
