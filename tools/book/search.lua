-- search.lua -- the page of search: a field, and where scripts run what was found.

local search = {}

local page = [[
<form action="search.html" role="search" id="search" aria-label="The whole book">
<input type="search" name="q" aria-label="Search the book" autocomplete="off" autofocus>
</form>
<p id="status" role="status"></p>
<ol id="found"></ol>
<noscript><p>Search needs JavaScript. Without it there are lists of
<a href="subjects.html">subjects</a>, of <a href="claims.html">claims</a>, of
<a href="names.html">functions and types</a> and of <a href="errata.html">errata</a>.
</p></noscript>
<script defer src="search-index.js"></script>
<script defer src="search.js"></script>
<script defer src="search_page.js"></script>]]

function search.page()
    return {pandoc.RawBlock("html", page)}, "Search"
end

return search
