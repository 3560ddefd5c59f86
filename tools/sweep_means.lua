-- sweep_means.lua -- the means of a sweep, small enough to keep: of its table, a line
-- for all cells that differ in data and start alone.
--
--   lua5.4 tools/sweep_means.lua figures/NAME.grid
--
-- reads figures/NAME.table and writes figures/NAME.means.
--
-- For each result x there are x, its mean, and x_se, the standard error of that; where
-- all are positive also x_geo, the geometric mean, and x_ln_se, the standard error of
-- its logarithm.  Starts on the same data are not independent: they are averaged first,
-- and the standard errors are those of means over data sets.  var is the variance over
-- starts of an output (the columns probe_0, ...), a mean over outputs and data sets;
-- ln_var is the mean of its logarithm.  Cells whose training did not come to its end are
-- counted as unfitted and left out.

dofile(arg[0]:match("^(.-)[^/]*$") .. "path.lua")
local files = require "files"
files.program = "sweep"

local FITTED = 1 -- the status of a cell, of enum feat_status
local WITHIN = {data = true, start = true}

-- ---- Reading ------------------------------------------------------------------------

-- The head of a table, the names of its columns, and its rows as lists of strings.
local function read_table(path)
    local head, names, rows = nil, nil, {}
    for line in files.read(path):gmatch("([^\n]*)\n") do
        local fields = {}
        for field in line:gmatch("[^\t]+") do table.insert(fields, field) end
        if line:match("^#") then
            head = head or line
        elseif not names then
            names = fields
        elseif #fields ~= #names then
            files.fail("%s: a row has %d of %d columns", path, #fields, #names)
        else
            table.insert(rows, fields)
        end
    end
    if not (head and names) then files.fail("%s is no table of a sweep", path) end
    return head, names, rows
end

local function number(text) return tonumber(text) or 0 / 0 end

-- ---- Statistics ---------------------------------------------------------------------

local function mean(list)
    local sum = 0
    for _, x in ipairs(list) do sum = sum + x end
    return sum / #list
end

-- The sample variance; no number for less than two.
local function variance(list)
    local center, sum = mean(list), 0
    for _, x in ipairs(list) do sum = sum + (x - center) ^ 2 end
    return sum / (#list - 1)
end

local function standard_error(list) return math.sqrt(variance(list) / #list) end

local function map(list, f)
    local images = {}
    for _, x in ipairs(list) do table.insert(images, f(x)) end
    return images
end

-- ---- Groups -------------------------------------------------------------------------

-- The groups of rows in the order of the table: {axes, data = {rows of one data set}}.
local function group(names, rows, axes)
    local groups, by_name, at = {}, {}, {}
    for i, name in ipairs(names) do at[name] = i end
    for _, fields in ipairs(rows) do
        local values = map(axes, function(axis) return fields[at[axis]] end)
        local key = table.concat(values, "\t")
        local one = by_name[key]
        if not one then
            one = {axes = values, cells = 0, unfitted = 0, data = {}, of_data = {}}
            by_name[key] = one
            table.insert(groups, one)
        end
        one.cells = one.cells + 1
        if number(fields[at.status]) == FITTED then
            local set = one.of_data[fields[at.data]]
            if not set then
                set = {}
                one.of_data[fields[at.data]] = set
                table.insert(one.data, set)
            end
            table.insert(set, fields)
        else
            one.unfitted = one.unfitted + 1
        end
    end
    return groups
end

-- The values of a column, a list for each data set.
local function column(one, i)
    return map(one.data, function(set)
        return map(set, function(fields) return number(fields[i]) end)
    end)
end

local function all_positive(groups, i)
    for _, one in ipairs(groups) do
        for _, set in ipairs(column(one, i)) do
            for _, x in ipairs(set) do
                if not (x > 0) then return false end
            end
        end
    end
    return true
end

-- The variance over starts for each output, a list for each data set of more than one.
local function spreads(one, probes)
    local list = {}
    for _, set in ipairs(one.data) do
        if #set > 1 then
            table.insert(list, map(probes, function(i)
                return variance(map(set, function(fields) return number(fields[i]) end))
            end))
        end
    end
    return list
end

-- ---- Writing ------------------------------------------------------------------------

local function put(line, name, values)
    table.insert(line.names, name)
    table.insert(line.names, name .. "_se")
    table.insert(line.values, mean(values))
    table.insert(line.values, standard_error(values))
end

local function line_of(one, names, results, probes)
    local line = {names = {}, values = {}}
    for _, result in ipairs(results) do
        local sets = column(one, result.at)
        put(line, names[result.at], map(sets, mean))
        if result.positive then
            local logs = map(sets, function(set) return mean(map(set, math.log)) end)
            table.insert(line.names, names[result.at] .. "_geo")
            table.insert(line.names, names[result.at] .. "_ln_se")
            table.insert(line.values, math.exp(mean(logs)))
            table.insert(line.values, standard_error(logs))
        end
    end
    if #probes > 0 then
        local list = spreads(one, probes)
        put(line, "var", map(list, mean))
        put(line, "ln_var", map(list, function(set) return mean(map(set, math.log)) end))
    end
    return line
end

local grid = arg[1] or ""
local stem = grid:match("^(.+)%.grid$")
if not stem then files.fail("GRID must be a file that ends in .grid, got %q", grid) end
local head, names, rows = read_table(stem .. ".table")

local axes, results, probes, seen_status = {}, {}, {}, false
for i, name in ipairs(names) do
    if name == "status" then
        seen_status = true
    elseif not seen_status then
        if not WITHIN[name] then table.insert(axes, name) end
    elseif name:match("^probe_") then
        table.insert(probes, i)
    else
        table.insert(results, {at = i})
    end
end
if not seen_status then files.fail("%s.table has no column status", stem) end
local groups = group(names, rows, axes)
for _, result in ipairs(results) do result.positive = all_positive(groups, result.at) end

local text = {}
local function say(...) table.insert(text, string.format(...)) end

local base = grid:match("[^/]+$")
say("%s", head)
say("# means over its %d cells; made by `make sweep GRID=figures/%s` and", #rows, base)
say("# `make sweep-means GRID=figures/%s`; tools/sweep_means.lua says what a column is",
    base)
for i, one in ipairs(groups) do
    local line = line_of(one, names, results, probes)
    if i == 1 then
        say("%s\tdata_sets\tcells\tunfitted\t%s", table.concat(axes, "\t"),
            table.concat(line.names, "\t"))
    end
    local values = map(line.values, function(x)
        return x == x and ("%.6g"):format(x) or "nan"
    end)
    say("%s\t%d\t%d\t%d\t%s", table.concat(one.axes, "\t"), #one.data, one.cells,
        one.unfitted, table.concat(values, "\t"))
end
files.write(stem .. ".means", table.concat(text, "\n") .. "\n")
