// search_page.js -- the page of search: shows while the reader types what search.js finds.
"use strict";

const MOST = 40; // results that are shown
const form = document.getElementById("search");
const list = document.getElementById("found");

function element(name, ...content) {
    const made = document.createElement(name);
    made.append(...content);
    return made;
}

// The words of the query in a text are marked.
function marked(text, pattern) {
    const pieces = [];
    let at = 0;
    for (const hit of text.matchAll(pattern)) {
        pieces.push(text.slice(at, hit.index), element("mark", hit[0]));
        at = hit.index + hit[0].length;
    }
    return [...pieces, text.slice(at)];
}

// The same with indices and powers, "w_{t+1}", set as such.
function set(text, pattern) {
    return text.split(/([_^]\{[^{}]*\})/).flatMap((piece, i) => i % 2 === 0
        ? marked(piece, pattern)
        : element(piece[0] === "_" ? "sub" : "sup", ...marked(piece.slice(2, -1), pattern)));
}

// Some words of a text around the first hit.
function excerpt(text, pattern) {
    const hit = Math.max(0, text.search(pattern));
    const start = hit < 60 ? 0 : text.indexOf(" ", hit - 60) + 1;
    const end = start + 220 < text.length ? text.lastIndexOf(" ", start + 220) : text.length;
    return (start ? "… " : "") + text.slice(start, end) + (end < text.length ? " …" : "");
}

function result([kind, title, address, where, text], pattern) {
    const link = element("a", ...set(title, pattern));
    link.href = address;
    return element("li", link, " ", element("small", `${kind} · ${where}`),
        element("p", ...set(excerpt(text, pattern), pattern)));
}

function status(query, count) {
    if (!query) return "";
    if (!count) return "Nothing was found. Another word may find it.";
    if (count > MOST) return `${count} places; these ${MOST} fit best.`;
    return count === 1 ? "1 place" : `${count} places`;
}

function show() {
    const query = form.q.value.trim(), found = search(query);
    const starts = wordsOf(query).map(
        word => patterns(word, false).start.source + "\\p{L}*"); // to the end of the word
    const pattern = new RegExp(starts.join("|") || "(?!)", "giu");
    document.getElementById("status").textContent = status(query, found.length);
    list.replaceChildren(...found.slice(0, MOST).map(one => result(one, pattern)));
    history.replaceState(null, "", query ? `?q=${encodeURIComponent(query)}` : "?");
}

// The arrows lead from the field to the results, and through them.
function move(event) {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    const stops = [form.q, ...list.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement);
    if (!step || at < 0 || !stops[at + step]) return;
    event.preventDefault();
    stops[at + step].focus();
}

form.q.value = new URLSearchParams(location.search).get("q") ?? "";
form.addEventListener("input", show);
form.addEventListener("submit", event => {
    event.preventDefault();
    list.querySelector("a")?.focus();
});
addEventListener("keydown", move);
show();
