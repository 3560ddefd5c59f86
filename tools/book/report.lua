-- report.lua -- where a reader reports an error: the issues of the repository, if its
-- address is on the web, or what book.md says in its field `report`, an address of a
-- repository or of mail.

local report = {}

-- The page of a repository from the address that Git has for it, without a name or a
-- password; nil for what is on this machine alone.
local function web_address(remote)
    remote = remote:gsub("%s+$", ""):gsub("/+$", ""):gsub("%.git$", "")
    local host, path = remote:match("^https?://([^/]+)/(.+)$")
    if not host then
        host, path = remote:gsub("^ssh://", ""):match("^([%w._-]+@[%w.-]+)[:/](.+)$")
    end
    host = host and host:gsub("^.*@", "")
    if host and host:match("%.%a+$") then return "https://" .. host .. "/" .. path end
end

local function remote()
    local is_there, address = pcall(pandoc.pipe, "git",
                                    {"config", "--get", "remote.origin.url"}, "")
    return is_there and web_address(address) or nil
end

-- Where errors of the book are reported, by the metadata of book.md; nil if nowhere.  A
-- tree of exercises may be anybody's, and has no repository but the one it names.
function report.home(meta)
    if meta.report then return pandoc.utils.stringify(meta.report) end
    return not meta.unsolved and remote() or nil
end

local function encoded(text)
    return (text:gsub("[^%w._~-]", function(byte)
        return ("%%%02X"):format(byte:byte())
    end))
end

-- The fields of a new issue, or of a letter: its title and its text.
local function fields(home)
    if home:match("^mailto:") then
        return "?subject=%s&body=%s"
    elseif home:match("^https://gitlab%.") then
        return "/-/issues/new?issue%%5Btitle%%5D=%s&issue%%5Bdescription%%5D=%s"
    end
    return "/issues/new?title=%s&body=%s"
end

-- The address at which to report an error at a place of the book.
function report.address(home, place, commit)
    local title, text = place .. ": ", "In the book of commit " .. commit .. ": "
    return home .. fields(home):format(encoded(title), encoded(text))
end

return report
