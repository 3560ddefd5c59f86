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

// What the page complains of, or asks anybody but the disk for, is a fault of it.
function listen(tab, faults) {
    const add = (selector, rule) => faults.push({selector, rule});
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

// A tab with a file in it; `place` is {width, scheme}, and `options` are Playwright's.
async function open(browser, file, place, options = {}) {
    const context = await browser.newContext({
        viewport: {width: place.width, height: HEIGHT}, colorScheme: place.scheme,
        ...options,
    });
    await context.addInitScript({path: path.join(__dirname, "page.js")});
    const tab = await context.newPage(), faults = [];
    listen(tab, faults);
    await tab.goto(pathToFileURL(file).href);
    return {tab, faults, close: () => context.close()};
}

// The pages below a folder, by their names from there, the largest first.
function pages(folder) {
    const size = name => fs.statSync(path.join(folder, name)).size;
    return fs.readdirSync(folder, {recursive: true})
        .filter(name => name.endsWith(".html"))
        .sort((a, b) => size(b) - size(a));
}

module.exports = {HEIGHT, open, pages, start};
