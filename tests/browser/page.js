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

    // All lines of text that can be seen: {element, text, box}.
    function lines() {
        const found = [], shown = windows(), range = document.createRange();
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const node = walker.currentNode, element = node.parentElement;
            if (!node.data.trim() || !element.checkVisibility({visibilityProperty: true}))
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
            .filter(math => math.checkVisibility() && !is_seen(math.getBoundingClientRect()))
            .map(math => fault(math.parentElement, "a formula is not to be seen"));
        const raw = [...document.querySelectorAll("merror, .math")]
            .map(element => fault(element, `a formula is not set: ${words(element.textContent)}`));
        return empty.concat(raw);
    }

    // ---- Colours --------------------------------------------------------------------

    // What is painted behind an element, from the nearest ground to the first solid one.
    function grounds() {
        const known = new Map([[null, ""]]);
        return function behind(element) {
            if (!known.has(element)) {
                const {backgroundColor: ground, opacity} = getComputedStyle(element);
                const is_clear = /, 0\)$/.test(ground) && opacity === "1";
                const beyond = behind(element.parentElement);
                known.set(element, is_clear ? beyond : `${ground} ${opacity} ${beyond}`);
            }
            return known.get(element);
        };
    }

    // Some elements with text for each colour, ground and size of letters.
    function inks() {
        const kinds = new Map(), behind = grounds();
        for (const {element} of lines()) {
            const {color, fontSize, fontWeight} = getComputedStyle(element);
            const kind = [color, behind(element), fontSize, fontWeight].join();
            if (!kinds.has(kind)) kinds.set(kind, new Set());
            if (kinds.get(kind).size < 3) kinds.get(kind).add(element);
        }
        return [...kinds.values()].flatMap(elements => [...elements]);
    }

    // These, what can be pressed, and what scrolls.
    function parts() {
        return [...inks(), ...document.querySelectorAll(
            "a, button, input, summary, pre, math, table, .long, .wide, .beside > *")]
            .filter(element => element.checkVisibility({visibilityProperty: true}));
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

    function unfold() {
        for (const details of document.querySelectorAll("details")) details.open = true;
    }

    return {layout, pictures, formulas, inks, parts, links, unfold};
})();
