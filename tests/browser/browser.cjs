// browser.cjs -- starts Chromium and opens pages of the book in it, from the disk.

const fs = require("fs");
const path = require("path");
const {pathToFileURL} = require("url");
const {chromium} = require("playwright-core");

// It neither asks for a graphics card nor calls home; root's has no sandbox to start in.
const SWITCHES = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    ...process.getuid() === 0 ? ["--no-sandbox"] : [],
];

const HEIGHT = 900;

function start() {
    return chromium.launch({executablePath: process.env.CHROMIUM, args: SWITCHES});
}

// What the page complains of, or asks anybody but the disk for, is a fault of it; what is
// heard of an empty tab is of the page before, as when its icon came too late.
function listen(tab, faults) {
    const add = (selector, rule) => {
        if (tab.url() !== "about:blank") faults.push({selector, rule});
    };
    tab.on("console", message => {
        if (message.type() === "error") add("console", message.text());
    });
    tab.on("pageerror", error => add("script", error.message));
    tab.on("requestfailed", request => add("request", `failed: ${request.url()}`));
    tab.on("request", request => {
        if (!/^(file|data|blob):/.test(request.url()))
            add("request", `is not for the disk: ${request.url()}`);
    });
}

// An empty tab, and a list of the faults that are heard of in it.
async function blank(browser, options = {}) {
    const context = await browser.newContext(options);
    await context.addInitScript({path: path.join(__dirname, "page.js")});
    const tab = await context.newPage(), faults = [];
    listen(tab, faults);
    return {tab, faults, close: () => context.close()};
}

// Shows the tab's page at another `place`, which is {width, scheme}.
async function place(tab, {width, scheme}) {
    await tab.setViewportSize({width, height: HEIGHT});
    await tab.emulateMedia({colorScheme: scheme});
}

// Opens another file in a tab, of which nothing was heard yet.
async function turn({tab, faults}, file, where) {
    await tab.goto("about:blank"); // which breaks off what the page still asks for
    await place(tab, where);
    faults.length = 0;
    await tab.goto(pathToFileURL(file).href);
}

// A tab of its own with a file in it; `options` are Playwright's.
async function open(browser, file, where, options = {}) {
    const page = await blank(browser, options);
    await turn(page, file, where);
    return page;
}

// The pages below a folder, by their names from there, the largest first.
function pages(folder) {
    const size = name => fs.statSync(path.join(folder, name)).size;
    return fs.readdirSync(folder, {recursive: true})
        .filter(name => name.endsWith(".html"))
        .sort((a, b) => size(b) - size(a));
}

module.exports = {blank, open, pages, place, start, turn};
