// book.js -- what a page gains where scripts run; without them it is complete.
"use strict";

const home = new URL(".", document.currentScript.src).href; // the folder of the book
const contents = document.getElementById("contents");

// ---- Light or dark, as the reader says, else as the system does -----------------------

function offerThemes(button) {
    const themes = ["auto", "light", "dark"];
    const show = theme => {
        document.documentElement.dataset.theme = theme;
        button.textContent = `◐ ${theme}`;
        button.ariaLabel = `Colours: ${theme}`;
    };
    show(document.documentElement.dataset.theme || "auto");
    button.hidden = false;
    button.onclick = () => {
        const now = themes.indexOf(document.documentElement.dataset.theme);
        show(themes[(now + 1) % themes.length]);
        try {
            localStorage.theme = document.documentElement.dataset.theme;
        } catch { /* A browser may keep nothing for files: then it is for this page. */ }
    };
}

// ---- The contents: the section that is being read is marked and in view ---------------

function followSections() {
    const links = [...contents.querySelectorAll('a[href^="#"]')];
    const places = links.map(link => document.getElementById(
        decodeURIComponent(link.hash.slice(1))));
    let marked;
    const follow = () => {
        const passed = places.findLastIndex(
            place => place?.getBoundingClientRect().top < innerHeight / 3);
        if (links[passed] === marked) return;
        marked?.removeAttribute("aria-current");
        marked = links[passed];
        marked?.setAttribute("aria-current", "location");
        bringIntoView(marked);
    };
    addEventListener("scroll", () => requestAnimationFrame(follow), {passive: true});
    follow();
}

// Scrolls the contents alone, and only if the link is out of their sight.
function bringIntoView(link) {
    if (!link?.offsetParent) return;
    const at = link.getBoundingClientRect(), frame = contents.getBoundingClientRect();
    if (at.top < frame.top) contents.scrollTop += at.top - frame.top - 40;
    if (at.bottom > frame.bottom) contents.scrollTop += at.bottom - frame.bottom + 40;
}

// ---- Code: a button that copies it, without the numbers of its lines ------------------

function offerCopy(code) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.onclick = async () => {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 1500);
    };
    code.closest(".sourceCode, pre").before(button);
}

// ---- Cards: what a link leads to, shown beside it -------------------------------------

const card = document.createElement("div");
card.id = "card";
card.popover = "manual";
document.querySelector("main").append(card);

// The cards of claims and functions are in a file of their own, read when first needed.
let reading;
function readCards() {
    reading ??= new Promise(resolve => {
        const script = document.createElement("script");
        script.src = `${home}cards.js`;
        script.onload = script.onerror = () => resolve(window.cards ?? {});
        document.head.append(script);
    });
    return reading;
}

async function cardOf(link) {
    const isHere = link.href.split("#")[0] === location.href.split("#")[0];
    const place = isHere ? document.getElementById(link.hash.slice(1)) : null;
    if (place?.matches(".source")) return place.innerHTML;
    return (await readCards())[link.href.slice(home.length)];
}

async function showCard(link) {
    const asked = waiting, html = await cardOf(link);
    if (!html || asked !== waiting) return; // The reader has gone on meanwhile.
    card.innerHTML = html;
    card.showPopover();
    const at = link.getClientRects()[0], room = innerWidth - card.offsetWidth - 8;
    const isBelow = at.bottom + card.offsetHeight + 8 < innerHeight;
    card.style.left = `${Math.max(8, Math.min(at.left, room))}px`;
    card.style.top = `${isBelow ? at.bottom + 4 : at.top - card.offsetHeight - 4}px`;
}

// A card waits a little before it comes, and before it goes, so that the mouse can
// enter it.
let waiting;
function later(action, delay) {
    clearTimeout(waiting);
    waiting = setTimeout(action, delay);
}
const hideCard = () => card.hidePopover();

function offerCards() {
    const linkOf = event => event.target.closest?.("main a[href*='#']:not(.permalink)");
    addEventListener("pointerover", event => {
        if (event.pointerType !== "mouse") return;
        const link = linkOf(event);
        if (link) later(() => showCard(link), 300);
        else if (card.contains(event.target)) clearTimeout(waiting);
        else later(hideCard, 200);
    });
    addEventListener("focusin", event => {
        const link = linkOf(event);
        if (link?.matches(":focus-visible")) later(() => showCard(link), 300);
        else later(hideCard, 0);
    });
    addEventListener("keydown", event => event.key === "Escape" && later(hideCard, 0));
    addEventListener("scroll", () => later(hideCard, 0), {passive: true});
}

// ---- The keyboard ---------------------------------------------------------------------

// Arrows turn the page, where they do not move a cursor or scroll a box.
function turn(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target !== document.body) return;
    const relation = {ArrowLeft: "prev", ArrowRight: "next"}[event.key];
    if (relation) document.querySelector(`a[rel=${relation}]`)?.click();
}

// What scrolls sideways can be reached, and then moved by arrows: now, or once the window
// is narrower, or the box unfolded.
function reachBoxes() {
    const observer = new ResizeObserver(entries => {
        for (const {target: box} of entries) {
            if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
            else box.removeAttribute("tabindex");
        }
    });
    document.querySelectorAll("pre, math, .long, .wide, .beside > *, table")
        .forEach(box => observer.observe(box));
}

if (contents) {
    offerThemes(document.getElementById("theme"));
    followSections();
    offerCards();
}
if (navigator.clipboard) document.querySelectorAll("pre > code").forEach(offerCopy);
addEventListener("keydown", turn);
reachBoxes();
