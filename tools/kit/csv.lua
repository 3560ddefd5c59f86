-- csv.lua -- tables with commas between (RFC 4180), or with tabs, as others make them and
-- want them.

local files = require "files"

local csv = {}

local number = "^%-?[%d.]+$"

-- A field that begins like a formula is made none, for what calculates with it.
function csv.field(value)
    local text = tostring(value or "")
    if not text:find(number) then text = text:gsub("^[=+@-]", "'%0") end
    return text:find('[,"\r\n]') and '"' .. text:gsub('"', '""') .. '"' or text
end

-- What it was before.
function csv.unformula(text)
    return (text:gsub("^'([=+@-])", "%1"))
end

function csv.line(fields)
    local list = {}
    for i = 1, #fields do list[i] = csv.field(fields[i]) end
    return table.concat(list, ",")
end

-- Points, as tables have them.
function csv.number(value)
    return ("%.10g"):format(value)
end

-- One field, and where the next one begins; then whether the line goes on.
local function field_at(text, at, mark)
    if text:sub(at, at) ~= '"' then
        local field, last = text:match("^([^" .. mark .. "\n]*)()", at)
        return field, last
    end
    local parts, from = {}, at + 1
    repeat
        local close = text:find('"', from, true) or #text + 1
        table.insert(parts, text:sub(from, close - 1))
        from = close + 2
        local is_doubled = text:sub(close + 1, close + 1) == '"'
        if is_doubled then table.insert(parts, '"') end
    until not is_doubled
    return table.concat(parts), from - 1
end

local function rows_of(text)
    text = text:gsub("^\u{feff}", ""):gsub("\r\n?", "\n")
    local mark = text:match("^[^\n]*"):find("\t") and "\t" or ","
    local rows, row, at = {}, {}, 1
    while at <= #text do
        local field, last = field_at(text, at, mark)
        table.insert(row, (field:gsub("^%s+", ""):gsub("%s+$", "")))
        if text:sub(last, last) ~= mark then
            if #row > 1 or row[1] ~= "" then table.insert(rows, row) end
            row = {}
        end
        at = last + 1
    end
    if #row > 0 then table.insert(rows, row) end
    return rows
end

-- The rows of a table by the names in its first line, which must have those: a list of
-- {name = text}, and the names.
function csv.read(path, must)
    if not files.exists(path) then files.fail("there is no %s", path) end
    local rows, list = rows_of(files.read(path)), {}
    local names = table.remove(rows, 1) or {}
    for _, wanted in ipairs(must) do
        local found = false
        for _, name in ipairs(names) do found = found or name == wanted end
        if not found then
            files.fail("%s has no column %s; it has %s", path, wanted,
                       table.concat(names, ", "))
        end
    end
    for i, row in ipairs(rows) do
        list[i] = {}
        for n, name in ipairs(names) do list[i][name] = row[n] or "" end
    end
    return list, names
end

return csv
