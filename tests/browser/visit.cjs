// visit.cjs -- opens a page as its readers do, at each width, by day and by night, and
// gathers its faults.

const axe = require("./axe.cjs");
const {place, turn} = require("./browser.cjs");

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

async function layouts(tab, faults, scheme) {
    for (const width of WIDTHS) {
        await place(tab, {width, scheme});
        faults.add(`${width} px, ${scheme}`, await look(tab, "layout"));
    }
}

// Accessible by day and by night, in a wide window and in a narrow one.
async function access(tab, faults) {
    const wide = WIDTHS[0], narrow = WIDTHS.at(-1);
    const at = async (width, scheme, only) => {
        await place(tab, {width, scheme});
        faults.add(`${width} px, ${scheme}`, await only(tab));
    };
    await at(wide, "light", axe.everything);
    await at(wide, "light", axe.colours);
    await at(narrow, "dark", axe.again);
}

// All looks at a page, as it comes and with all unfolded: its faults, and its links.
async function whole(page, file) {
    const {tab} = page, faults = new Faults();
    await turn(page, file, {width: WIDTHS[0], scheme: "light"});
    const links = await look(tab, "links");
    for (const name of ["pictures", "formulas"])
        faults.add("all widths", await look(tab, name));
    await layouts(tab, faults, "light");
    await look(tab, "unfold");
    await access(tab, faults);
    await layouts(tab, faults, "dark");
    faults.add("all widths", page.faults);
    return {faults: faults.list(), links};
}

// A page of code, of which there are many and all alike: on the narrowest screen.
async function source(page, file) {
    const faults = new Faults(), width = WIDTHS.at(-1);
    await turn(page, file, {width, scheme: "light"});
    const links = await look(page.tab, "links");
    faults.add(`${width} px`, await look(page.tab, "layout"));
    faults.add(`${width} px`, page.faults);
    return {faults: faults.list(), links};
}

module.exports = {source, whole};
