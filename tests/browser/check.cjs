// check.cjs -- the book in a real browser.
//
//     CHROMIUM=/usr/bin/chromium node check.cjs BOOK
//
// Every page of the folder BOOK is opened from the disk and looked at (page.js, axe.cjs),
// all links are followed, and what there is to use is used (use.cjs).  In the end faults
// are planted into a page (plants.cjs), which must all be found.

const path = require("path");
const {blank, pages, start} = require("./browser.cjs");
const links = require("./links.cjs");
const live = require("./live.cjs");
const plants = require("./plants.cjs");
const report = require("./report.cjs");
const use = require("./use.cjs");
const visit = require("./visit.cjs");

const AT_ONCE = 2;

// Calls `work` for each thing, in one of two tabs; what it returned, by the thing.
async function each(browser, things, work) {
    const results = new Map(), left = [...things];
    const worker = async () => {
        const page = await blank(browser);
        while (left.length) {
            const thing = left.shift();
            results.set(thing, await work(page, thing));
        }
        await page.close();
    };
    await Promise.all(Array.from({length: AT_ONCE}, worker));
    return results;
}

async function main(book) {
    const browser = await start();
    const all = pages(book).map(name => path.join(book, name));
    const is_source = file => file.startsWith(path.join(book, "source") + path.sep);
    const seen = await each(browser, all, async (page, file) => {
        const {faults, links} = await (is_source(file) ? visit.source : visit.whole)(page, file);
        report.test(path.relative(book, file), faults);
        return links;
    });
    report.test("every link leads to a place", [...links.faults(seen).values()].flat());
    await use.all(browser, book, report.test);
    await live.all(browser, book, report.test);
    await plants.all(browser, book, report.test);
    await browser.close();
    report.end();
}

main(path.resolve(process.argv[2]));
