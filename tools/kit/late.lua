-- late.lua -- what being late costs, by the rule of a sheet: so many days are free, each
-- further one that has begun takes so many percent of what was earned, and after so many
-- days nothing is left.

local sheet = require "kit.sheet"

local late = {}

local DAY = 86400

-- How many days late, each that has begun counting; 0 without a deadline.
function late.days(rule, timestamp)
    if not rule.deadline then return 0 end
    local handed_in = sheet.moment(timestamp or "")
    local seconds = handed_in and handed_in - sheet.moment(rule.deadline) or 0
    return math.max(0, math.ceil(seconds / DAY))
end

-- What is taken away of the points, after so many days.
function late.penalty(rule, days, points)
    if days == 0 then return 0 end
    if days > rule.late_days then return points end
    local charged = math.max(0, days - rule.late_free)
    return points * math.min(1, charged * rule.late_penalty / 100)
end

return late
