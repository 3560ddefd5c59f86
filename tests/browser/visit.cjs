// visit.cjs -- opens a page as its readers do, at each width, by day and by night, and
// gathers its faults.

const axe = require("./axe.cjs");
const {HEIGHT, open} = require("./browser.cjs");

const WIDTHS = [1280, 820, 390];

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

async function layout(tab, faults, scheme) {
    for (const width of WIDTHS) {
        await tab.setViewportSize({width, height: HEIGHT});
        faults.add(`${width} px, ${scheme}`, await look(tab, "layout"));
    }
}

// By day on the widest screen: what depends neither on width nor on colour, too.
async function by_day(browser, file, faults) {
    const {tab, faults: heard, close} = await open(
        browser, file, {width: WIDTHS[0], scheme: "light"});
    const links = await look(tab, "links");
    for (const name of ["pictures", "formulas"])
        faults.add("all widths", await look(tab, name));
    await layout(tab, faults, "light");
    await tab.setViewportSize({width: WIDTHS[0], height: HEIGHT});
    await look(tab, "unfold");
    faults.add(`${WIDTHS[0]} px, light`, await axe.faults(tab, axe.ALL));
    faults.add(`${WIDTHS[0]} px, light`, heard);
    await close();
    return links;
}

// By night on the narrowest one: all that folds is open.
async function by_night(browser, file, faults) {
    const narrow = WIDTHS.at(-1);
    const {tab, faults: heard, close} = await open(
        browser, file, {width: narrow, scheme: "dark"});
    await look(tab, "unfold");
    faults.add(`${narrow} px, dark`, await axe.faults(tab, axe.AGAIN));
    await layout(tab, faults, "dark");
    faults.add(`${narrow} px, dark`, heard);
    await close();
}

// All looks at a page: its faults, and its links.
async function whole(browser, file) {
    const faults = new Faults();
    const links = await by_day(browser, file, faults);
    await by_night(browser, file, faults);
    return {faults: faults.list(), links};
}

// A page of code, of which there are many and all alike: on the narrowest screen.
async function source(browser, file) {
    const faults = new Faults(), place = {width: WIDTHS.at(-1), scheme: "light"};
    const {tab, faults: heard, close} = await open(browser, file, place);
    const links = await look(tab, "links");
    faults.add(`${place.width} px`, await look(tab, "layout"));
    faults.add(`${place.width} px`, heard);
    await close();
    return {faults: faults.list(), links};
}

module.exports = {source, whole};
