// page.js -- looks at the page in which it runs; every page of the book gets it.
//
// A look returns its faults, each {selector, rule}.  What is folded or hidden is not
// looked at, and what scrolls in a box of its own counts as far as the box shows it.

globalThis.looks = (() => {
    const fault = (element, rule) => ({selector: path(element), rule});

    // A short selector that a reader finds again: from the nearest name downwards.
    function path(element) {
        if (element.id) return "#" + element.id;
        const name = element.localName + [...element.classList].map(c => "." + c).join("");
        const parent = element.parentElement;
        return parent && parent !== document.body ? path(parent) + " > " + name : name;
    }

    // The words of an element, as many as tell which it is.
    const words = text => `"${text.trim().replace(/\s+/g, " ").slice(0, 30)}"`;

    // ---- Where the text is ----------------------------------------------------------

    const overlap = (a, b) => ({
        left: Math.max(a.left, b.left), right: Math.min(a.right, b.right),
        top: Math.max(a.top, b.top), bottom: Math.min(a.bottom, b.bottom),
    });
    const is_seen = box => box.right - box.left > 2 && box.bottom - box.top > 2;
    const meet = (a, b) => is_seen(overlap(a, b));

    // The box that an element's scrolling ancestors leave of the page, or null.
    function windows() {
        const known = new Map([[document.body, null], [document.documentElement, null]]);
        return function shown(element) {
            if (!known.has(element)) {
                const outer = shown(element.parentElement);
                const clips = getComputedStyle(element).overflowX !== "visible"
                    && !(element instanceof SVGElement);
                const box = clips && element.getBoundingClientRect();
                known.set(element, box ? overlap(box, outer || box) : outer);
            }
            return known.get(element);
        };
    }

    const is_shown = element => element.checkVisibility(
        {visibilityProperty: true, opacityProperty: true});

    // All lines of text that can be seen: {element, text, box}.
    function lines() {
        const found = [], shown = windows(), range = document.createRange();
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const node = walker.currentNode, element = node.parentElement;
            if (!node.data.trim() || !is_shown(element))
                continue;
            const window = shown(element);
            range.selectNodeContents(node);
            for (const rect of range.getClientRects()) {
                const box = window ? overlap(rect, window) : rect;
                if (is_seen(box)) found.push({element, text: node.data, box});
            }
        }
        return found;
    }

    // ---- Layout ---------------------------------------------------------------------

    function sideways() {
        const wide = document.scrollingElement.scrollWidth - innerWidth;
        return wide > 0 ? [fault(document.body, `scrolls sideways by ${wide} px`)] : [];
    }

    // What stands wholly to the left waits there until it is focused.
    function cut_off(text) {
        return text.filter(({box}) => box.right > innerWidth + 1
                || box.left < -1 && box.right > 0)
            .map(line => fault(line.element, `sticks out of the page: ${words(line.text)}`));
    }

    // What no text may run over: figures, and columns that stay while the page scrolls.
    function obstacles() {
        const figures = [...document.querySelectorAll(".figure svg, img")]
            .map(element => ({element, box: element.getBoundingClientRect()}));
        const columns = [...document.querySelectorAll("body, body > *, main > *")]
            .filter(element => getComputedStyle(element).position === "fixed")
            .map(element => ({element, box: element.getBoundingClientRect()}))
            .filter(({box}) => box.height > innerHeight / 2)
            .map(({element, box}) => ({element, box: {
                left: box.left, right: box.right, top: -Infinity, bottom: Infinity}}));
        return figures.concat(columns).filter(({box}) => is_seen(box));
    }

    function over_figures(text) {
        return obstacles().flatMap(({element, box}) => text
            .filter(line => meet(line.box, box) && !element.contains(line.element))
            .map(line => fault(element, `overlaps the text ${words(line.text)}`)));
    }

    // The element whose lines of text keep clear of each other by themselves.
    const block = element => element.closest(
        "math, pre, p, li, td, th, dt, dd, summary, h1, h2, h3, h4, figcaption, svg, div, nav");

    // Lines of the text that run over each other; sorted, so that only neighbours meet.
    function overprinted(text) {
        const faults = [];
        const sorted = text.filter(line => !line.element.closest("svg, math"))
            .map(({element, text, box}) => ({element, text, block: block(element), box: {
                left: box.left, right: box.right,
                top: box.top + (box.bottom - box.top) / 4,
                bottom: box.bottom - (box.bottom - box.top) / 4}}))
            .sort((a, b) => a.box.top - b.box.top);
        sorted.forEach((a, i) => {
            for (let j = i + 1; j < sorted.length && sorted[j].box.top < a.box.bottom; j++) {
                const b = sorted[j];
                if (a.block !== b.block && meet(a.box, b.box))
                    faults.push(fault(a.element,
                                      `${words(a.text)} and ${words(b.text)} overlap`));
            }
        });
        return faults;
    }

    function layout() {
        const text = lines();
        return [...sideways(), ...cut_off(text), ...over_figures(text),
                ...overprinted(text)];
    }

    // ---- Figures --------------------------------------------------------------------

    // The middle of the letters of a label, without the room above and below them.
    function letters(label) {
        const box = label.getBoundingClientRect(), height = box.bottom - box.top;
        return {label, box: {left: box.left, right: box.right,
                             top: box.top + 0.3 * height, bottom: box.bottom - 0.3 * height}};
    }

    // Does a line pass through the box?  Looked at in steps of two pixels.
    function crosses(shape, box) {
        if (!meet(shape.getBoundingClientRect(), box)) return false;
        const inverse = shape.getScreenCTM().inverse();
        for (let x = box.left; x <= box.right; x += 2)
            for (let y = box.top; y <= box.bottom; y += 2)
                if (shape.isPointInStroke(new DOMPoint(x, y).matrixTransform(inverse)))
                    return true;
        return false;
    }

    function struck_through(svg) {
        const labels = [...svg.querySelectorAll("text")].map(letters);
        const shapes = [...svg.querySelectorAll("path, polygon, polyline, line, ellipse")]
            .filter(shape => !shape.closest("defs"));
        const points = [...svg.querySelectorAll("use")]
            .filter(use => !use.closest("defs")).map(use => use.getBoundingClientRect());
        return labels.filter(({label, box}, i) =>
            shapes.some(shape => crosses(shape, box))
            || points.some(point => meet(point, box))
            || labels.some((other, j) => j < i && meet(other.box, box)))
            .map(({label}) => fault(svg.closest("[id]"),
                                    `is drawn over its own words ${words(label.textContent)}`));
    }

    // A picture's name for who does not see it: words, and not the name of a file.
    function unnamed(picture) {
        const name = picture.getAttribute("aria-label") ?? picture.getAttribute("alt");
        const is_named = picture.closest("[aria-hidden=true]") || name === ""
            || name?.includes(" ");
        return is_named ? [] : [fault(picture, `has no alternative text but "${name}"`)];
    }

    function pictures() {
        const figures = [...document.querySelectorAll(".figure svg")];
        return figures.flatMap(struck_through)
            .concat([...document.querySelectorAll("svg:not(svg svg), img")].flatMap(unnamed));
    }

    // ---- Formulas -------------------------------------------------------------------

    function formulas() {
        const empty = [...document.querySelectorAll("math")]
            .filter(math => is_shown(math) && !is_seen(math.getBoundingClientRect()))
            .map(math => fault(math.parentElement, "a formula is not to be seen"));
        const raw = [...document.querySelectorAll("merror, .math")]
            .map(element => fault(element, `a formula is not set: ${words(element.textContent)}`));
        return empty.concat(raw);
    }

    // ---- Colours --------------------------------------------------------------------

    const canvas = Object.assign(document.createElement("canvas"), {width: 1, height: 1});
    const pen = canvas.getContext("2d", {willReadFrequently: true});
    const known_colours = new Map();

    // A colour of CSS as [red, green, blue, opacity], each from 0 to 1.
    function channels(colour) {
        if (!known_colours.has(colour)) {
            pen.clearRect(0, 0, 1, 1);
            pen.fillStyle = colour;
            pen.fillRect(0, 0, 1, 1);
            known_colours.set(colour, [...pen.getImageData(0, 0, 1, 1).data]
                .map(byte => byte / 255));
        }
        return known_colours.get(colour);
    }

    // One colour painted over another.
    function over(top, below) {
        const opacity = top[3] + below[3] * (1 - top[3]);
        const mix = i => (top[i] * top[3] + below[i] * below[3] * (1 - top[3])) / opacity;
        return opacity === 0 ? below : [mix(0), mix(1), mix(2), opacity];
    }

    // The grounds that an element stands on, from its own outwards, as [colour, opacity].
    function grounds() {
        const known = new Map([[null, []]]);
        return function under(element) {
            if (!known.has(element)) {
                const {backgroundColor: colour, opacity} = getComputedStyle(element);
                const beyond = under(element.parentElement);
                const is_clear = channels(colour)[3] === 0 && opacity === "1";
                known.set(element, is_clear ? beyond : [[colour, opacity], ...beyond]);
            }
            return known.get(element);
        };
    }

    // What the eye gets of a colour that is painted over grounds.
    function seen(colour, grounds) {
        for (const [ground, opacity] of grounds) {
            const painted = over(colour, channels(ground));
            colour = [...painted.slice(0, 3), painted[3] * opacity];
        }
        return over(colour, [1, 1, 1, 1]);
    }

    // Relative luminance and the ratio of two: WCAG 2.2, "contrast ratio".
    function luminance([red, green, blue]) {
        const linear = c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    }
    function ratio(ink, ground) {
        const [dark, light] = [luminance(ink), luminance(ground)].sort((a, b) => a - b);
        return (light + 0.05) / (dark + 0.05);
    }

    // The ratio that text of an element has, and the one that level AA asks of it: 4.5, or
    // 3 where the letters are large.
    function legibility({ink, size, weight, grounds}) {
        const found = ratio(seen(channels(ink), grounds), seen([0, 0, 0, 0], grounds));
        return {found, asked: size >= 24 || size >= 18.66 && weight >= 700 ? 3 : 4.5};
    }

    // Text that is too faint.  Most of a page's has one of few looks.
    function contrast() {
        const under = grounds(), known = new Map();
        return [...new Set(lines().map(line => line.element))].flatMap(element => {
            const {color, fill, fontSize, fontWeight} = getComputedStyle(element);
            const look = {ink: element instanceof SVGElement ? fill : color,
                          size: parseFloat(fontSize), weight: fontWeight,
                          grounds: under(element)};
            const key = JSON.stringify(look);
            if (!known.has(key)) known.set(key, legibility(look));
            const {found, asked} = known.get(key);
            return found < asked
                ? [fault(element, `has a contrast of ${found.toFixed(2)}`)] : [];
        });
    }

    // ---- Fingers and keys -----------------------------------------------------------

    const PRESSED = "a[href], button, input, select, summary, [tabindex='0']";
    const TARGET = 24; // pixels: WCAG 2.2, "target size (minimum)"

    // What is pressed, stands in no line of text, and is smaller than a finger needs.
    const is_small = ({element, box}) => getComputedStyle(element).display !== "inline"
        && Math.min(box.right - box.left, box.bottom - box.top) < TARGET;

    // How far a place is from a box.
    const distance = ([x, y], box) => Math.hypot(
        Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));

    // Small ones need room: a circle around each that no other one enters.
    function targets() {
        const all = [...document.querySelectorAll(PRESSED)].filter(is_shown)
            .map(element => ({element, box: element.getBoundingClientRect()}))
            .filter(({box}) => is_seen(box));
        return all.filter(is_small).filter(({element, box}) => {
            const centre = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
            return all.some(other => !element.contains(other.element)
                && !other.element.contains(element)
                && distance(centre, other.box) < TARGET / 2);
        }).map(({element}) => fault(element, "is hard to hit with a finger"));
    }

    // What scrolls in a box of its own must be reached by keys.
    function scrollers() {
        return [...document.querySelectorAll(
            "main *:not(math *, svg *, pre *), nav, aside")]
            .filter(element => element.scrollWidth > element.clientWidth + 1
                && /auto|scroll/.test(getComputedStyle(element).overflowX)
                && is_shown(element)
                && element.tabIndex < 0 && !element.querySelector(PRESSED))
            .map(element => fault(element, "scrolls, but no key reaches it"));
    }

    // ---- Links ----------------------------------------------------------------------

    // Where the page leads to, and the places on it.
    function links() {
        const links = [...document.querySelectorAll("a[href], link[href], form[action]")]
            .map(link => link.getAttribute("href") ?? link.getAttribute("action"));
        const targets = new Set(links.map(link => new URL(link, document.baseURI).href));
        const places = [...document.querySelectorAll("[id], a[name]")]
            .map(element => element.id || element.name);
        return {targets: [...targets], places};
    }

    // ---- Changes --------------------------------------------------------------------

    function unfold() {
        for (const details of document.querySelectorAll("details")) details.open = true;
    }

    const STAND_FOR_ALL = 10;

    // Takes out what a look at roles and names need not see, and most of a page is: what
    // formulas, figures and code consist of, and the numbers of all cards but a few.
    function thin() {
        for (const box of document.querySelectorAll("math, svg")) box.replaceChildren();
        for (const code of document.querySelectorAll("pre > code"))
            code.textContent = code.textContent;
        for (const numbers of [...document.querySelectorAll(".evidence")].slice(STAND_FOR_ALL))
            numbers.remove();
    }

    return {layout, pictures, formulas, contrast, targets, scrollers, links, unfold, thin};
})();
