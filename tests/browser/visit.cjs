// visit.cjs -- opens a page as its readers do, at each width, by day and by night, and
// gathers its faults.

const axe = require("./axe.cjs");
const {place, turn} = require("./browser.cjs");

const WIDTHS = [390, 820, 1280];

// Gathers faults {where, selector, rule}, each where it was seen first.
class Faults {
    found = new Map();

    add(where, faults) {
        for (const {selector, rule} of faults) {
            const key = selector + "\n" + rule;
            if (!this.found.has(key)) this.found.set(key, {where, selector, rule});
        }
    }

    list() {
        return [...this.found.values()];
    }
}

const look = (tab, name) => tab.evaluate(name => looks[name](), name);

// What depends on the width, what matters most on a phone, and what on the colours alone.
const BY_WIDTH = ["layout"], ON_PHONES = ["layout", "scrollers", "targets"];

async function by_day_or_night(tab, faults, scheme) {
    for (const width of WIDTHS) {
        await place(tab, {width, scheme});
        for (const name of width === WIDTHS[0] ? ON_PHONES : BY_WIDTH)
            faults.add(`${width} px, ${scheme}`, await look(tab, name));
    }
    faults.add(scheme, await look(tab, "contrast"));
}

// All looks at a page, as it comes and with all unfolded: its faults, and its links.
async function whole(page, file) {
    const {tab} = page, faults = new Faults();
    await turn(page, file, {width: WIDTHS[0], scheme: "light"});
    const links = await look(tab, "links");
    for (const name of ["pictures", "formulas"])
        faults.add("all widths", await look(tab, name));
    await by_day_or_night(tab, faults, "light");
    await look(tab, "unfold");
    await by_day_or_night(tab, faults, "dark");
    await look(tab, "thin");
    faults.add(`${WIDTHS.at(-1)} px, dark`, await axe.faults(tab));
    faults.add("all widths", page.faults);
    return {faults: faults.list(), links};
}

// A page of code, of which there are many and all alike: on the narrowest screen.
async function source(page, file) {
    const faults = new Faults(), width = WIDTHS[0];
    await turn(page, file, {width, scheme: "light"});
    const links = await look(page.tab, "links");
    faults.add(`${width} px`, await look(page.tab, "layout"));
    faults.add(`${width} px`, page.faults);
    return {faults: faults.list(), links};
}

module.exports = {source, whole};
