// plants.cjs -- do the tests find what they are for?  A page of the book is copied, each
// time with one fault in it, and the fault must be among those found.

const fs = require("fs");
const os = require("os");
const path = require("path");
const {blank} = require("./browser.cjs");
const links = require("./links.cjs");
const visit = require("./visit.cjs");

const PAGE = "gradient_descent.html"; // of which its beginning will do, to its first figure

const LINES = Array.from({length: 50}, (_, i) => `M0,${4 * i} h400`).join(" ");

const body = addition => text => text.replace("</main>", addition + "</main>");

// What each fault is called, how it is planted, and what the test says of it.
const PLANTS = [
    ["a dead anchor", body('<a href="#nowhere">there</a>'), /no such place/],
    ["a dead link", body('<a href="nowhere.html">there</a>'), /no file/],
    ["a graph over the text",
     text => text.replace(/(class="figure">\s*<svg) /, '$1 style="position: relative; top: 6rem" '),
     /overlaps the text/],
    ["words in a figure that a line strikes through",
     text => text.replace(/(class="figure">[^]*?)(?=<\/svg>)/,
                          `$1<path stroke="red" d="${LINES}"/>`),
     /drawn over its own words/],
    ["a picture without alternative text",
     text => text.replace(/ aria-label="[^"]*"(?=[^>]*viewBox)/, ""), /no alternative text/],
    ["a formula that is not set",
     body("<span class='math'>\\frac{1}{2}</span>"), /a formula is not set/],
    ["an error on the console", body("<script>console.error('planted')</script>"), /^planted/],
    ["a script that breaks", body("<script>planted()</script>"), /planted is not defined/],
    ["a file that is not there", body("<img src='nowhere.png' alt=''>"), /^failed/],
    ["a page that scrolls sideways", body("<hr style='width: 2000px'>"), /scrolls sideways/],
    ["text that sticks out", body("<p style='margin-left: 99vw'>planted</p>"), /sticks out/],
    ["lines of text over each other",
     body("<p>planted</p><p style='margin-top: -2.4rem'>planted</p>"), /overlap/],
    ["a button without a label", body("<button></button>"), /button-name/],
    ["grey on grey", body("<p style='color: #888; background: #999'>planted</p>"),
     /^has a contrast/],
    ["buttons too small for fingers",
     body("<button style='float: left; padding: 0; width: 9px; height: 9px'>a</button>"
          .repeat(2)),
     /hard to hit/],
    ["a box that only a mouse scrolls",
     body("<div style='width: 9rem; overflow: scroll; white-space: pre'>"
          + "planted ".repeat(99) + "</div>"), /no key reaches it/],
];

// The page to the end of the first paragraph after its first figure.
function beginning(text) {
    const figure = text.indexOf("</svg>", text.indexOf('class="figure"'));
    return text.slice(0, text.indexOf("</p>", figure)) + "</p>"
        + text.slice(text.indexOf("</main>"));
}

// A folder like the book's, in which other pages are found.
function beside(book) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "planted-"));
    for (const name of fs.readdirSync(book))
        if (name !== PAGE) fs.symlinkSync(path.join(book, name), path.join(folder, name));
    return folder;
}

async function look(page, file) {
    const found = await visit.whole(page, file);
    return [...found.faults, ...links.faults(new Map([[file, found.links]])).get(file)];
}

async function all(browser, book, test) {
    const folder = beside(book), file = path.join(folder, PAGE);
    const text = beginning(fs.readFileSync(path.join(book, PAGE), "utf8"));
    fs.writeFileSync(file, text);
    const told = ({selector, rule}) => selector + "\n" + rule;
    const page = await blank(browser);
    const before = new Set((await look(page, file)).map(told)); // of what was cut off
    for (const [name, plant, rule] of PLANTS) {
        fs.writeFileSync(file, plant(text));
        const found = (await look(page, file))
            .some(fault => rule.test(fault.rule) && !before.has(told(fault)));
        test(`${name} is found`, found ? [] : [{where: PAGE, selector: rule, rule: "is not"}]);
    }
    await page.close();
    fs.rmSync(folder, {recursive: true});
}

module.exports = {all};
