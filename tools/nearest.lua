-- nearest.lua -- the name that was probably meant.

-- [Wagner, Fischer 1974], one row at a time.
local function edit_distance(a, b)
    local row = {}
    for j = 0, #b do row[j] = j end
    for i = 1, #a do
        local diagonal = row[0]
        row[0] = i
        for j = 1, #b do
            local replaced = diagonal + (a:byte(i) == b:byte(j) and 0 or 1)
            diagonal = row[j]
            row[j] = math.min(replaced, row[j] + 1, row[j - 1] + 1)
        end
    end
    return row[#b]
end

-- The nearest of the names, or nil if there are none.
return function(wanted, names)
    local best, least
    for _, name in ipairs(names) do
        local distance = edit_distance(name, wanted)
        if not least or distance < least or distance == least and name < best then
            best, least = name, distance
        end
    end
    return best
end
