-- class_of.lua -- a class that hands in a sheet of six, to measure `make grade` by.
--
--   lua5.4 tests/kit/class_of.lua FOLDER COUNT
--
-- FOLDER/sheet.md, roster.csv and submissions/: of every thirty, ten are equal, three
-- cheat, three are archives that cannot be read, and the others are each like nobody
-- else's: sound, or wrong in one exercise.

dofile(arg[0]:match("^(.-)[^/]*$") .. "../../tools/path.lua")
local bodies = require "kit.bodies"
local chapters = require "kit.chapters"
local files = require "files"

local FOLDER, COUNT = arg[1], tonumber(arg[2])

local IDS = {"ex_gd_step", "ex_quadratic_cost", "ex_nesterov_step", "ex_chebyshev_step",
             "ex_mlp_gradient", "ex_sgd_share"}

local _, by_id = chapters.exercises()
local hostile = files.lines(files.output("ls tests/kit/hostile/*.c"))

local function write(path, text)
    files.run("mkdir -p %s", files.quote(path:match("^(.*)/")))
    files.write(path, text)
end

-- A body of its own: what it does is the same, or, where it is wrong, it does nothing to
-- what it was lent for its result.
local function changed(text, name, number, is_wrong)
    local body = {name = name, line = select(2, text:sub(1, text:find(
        "\n[%w_ *]+%f[%w_]" .. name .. "%([^;{}]*%)\n?%s?{")):gsub("\n", "")) + 1}
    local code = bodies.text(text, body)
    local own = ("{\n    int student_%d = %d;\n    (void)student_%d;"):format(number, number,
                                                                         number)
    if is_wrong then own = own .. " if (student_" .. number .. " >= 0) REQUIRE(0, \"no\");" end
    return bodies.replaced(text, body, own .. code:sub(2))
end

local function sound(folder)
    for _, id in ipairs(IDS) do
        local path = by_id[id].file
        write(folder .. "/" .. path, files.read(path))
    end
end

local function own(folder, number)
    sound(folder)
    for i, id in ipairs(IDS) do
        local path = folder .. "/" .. by_id[id].file
        local is_wrong = number % 4 == 1 and i == number % 6 + 1
        files.write(path, changed(files.read(path), by_id[id].name, number, is_wrong))
    end
end

local function cheating(folder, number)
    sound(folder)
    local path = folder .. "/ref/gradient_descent.c"
    local text = files.read(path):gsub("void gd_step%b()\n%b{}\n", "")
    files.write(path, text .. files.read(hostile[number % #hostile + 1]))
end

local function broken(path, number)
    local kinds = {"not an archive", "\31\139\8" .. ("x"):rep(100), "PK\3\4" .. ("y"):rep(50)}
    files.write(path .. ".tar.gz", kinds[number % 3 + 1])
end

files.run("rm -rf %s && mkdir -p %s/submissions", FOLDER, FOLDER)
local sheet = {'# A sheet of six {#sheet_of_six roster="roster.csv"}\n'}
for _, id in ipairs(IDS) do table.insert(sheet, ("::: {.exercise #%s}\n:::\n"):format(id)) end
files.write(FOLDER .. "/sheet.md", table.concat(sheet, "\n"))
local class = {"id,first_name,last_name,email"}
for number = 1, COUNT do
    local name, kind = ("student%03d"):format(number), number % 30
    local folder = FOLDER .. "/submissions/" .. name
    table.insert(class, ("%s,Ada %d,Lovelace,%s@example.org"):format(name, number, name))
    if kind < 10 then sound(folder)
    elseif kind < 13 then cheating(folder, number)
    elseif kind < 16 then broken(folder, number)
    else own(folder, number) end
end
files.write(FOLDER .. "/roster.csv", table.concat(class, "\n") .. "\n")
