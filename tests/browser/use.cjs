// use.cjs -- what a page offers is used as a reader would: by mouse and by keys.

const path = require("path");
const {open} = require("./browser.cjs");

const PAGE = "gradient_descent.html";
const WIDE = {width: 1280, scheme: "light"}, NARROW = {width: 390, scheme: "light"};

const fault = (selector, rule) => ({where: PAGE, selector, rule});
const unless = (holds, selector, rule) => holds ? [] : [fault(selector, rule)];

// ---- One test each: a page in a tab, and its faults -------------------------------------

// Beside the text where there is room; else it comes when asked for, and Escape closes it.
async function contents(tab, {width}) {
    const nav = tab.locator("#contents");
    if (width >= WIDE.width)
        return unless(await nav.isVisible(), "#contents", "is not beside the text");
    const faults = unless(!await nav.isVisible(), "#contents", "lies over the text");
    await tab.click("[popovertarget=contents]");
    faults.push(...unless(await nav.isVisible(), "#contents", "does not open"));
    await tab.keyboard.press("Escape");
    return [...faults, ...unless(!await nav.isVisible(), "#contents", "is not closed by Escape")];
}

// Of the sections of the page, the one that is read is marked.
async function section(tab) {
    const link = tab.locator('#contents a[href^="#"]').nth(2);
    const address = await link.getAttribute("href");
    await link.click();
    const marked = `#contents a[href="${address}"][aria-current]`;
    await tab.waitForSelector(marked, {timeout: 5000});
    return [];
}

// The colours are the reader's, and are still his on the next page.
async function theme(tab) {
    const paper = () => tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await paper();
    await tab.click("#theme");
    await tab.click("#theme");
    const faults = unless(await paper() !== light, "#theme", "does not darken the page");
    const dark = await paper();
    await tab.reload();
    return [...faults, ...unless(await paper() === dark, "#theme", "is forgotten")];
}

// What is copied is the code, and not the numbers of its lines.
async function copy(tab) {
    const shown = (await tab.locator("pre > code").first().textContent()).trim();
    await tab.locator(".copy").first().click();
    await tab.waitForFunction(() => document.querySelector(".copy").textContent === "Copied");
    const copied = (await tab.evaluate(() => navigator.clipboard.readText())).trim();
    return unless(copied === shown, ".copy", "copies something else than the code");
}

// The card of a claim or a function comes, and goes with Escape.
async function card(tab) {
    const card = tab.locator("#card");
    const link = tab.locator("main p a[href*='.html#']:has(code)").first();
    await link.focus();
    await link.hover();
    await card.waitFor({state: "visible", timeout: 5000});
    const faults = unless((await card.textContent()).trim(), "#card", "is empty");
    await tab.keyboard.press("Escape");
    await card.waitFor({state: "hidden", timeout: 5000});
    return faults;
}

// The arrows turn the page, and back.
async function arrows(tab) {
    const here = tab.url();
    for (const [key, relation] of [["ArrowRight", "next"], ["ArrowLeft", "prev"]]) {
        const there = await tab.locator(`a[rel=${relation}]`).first().evaluate(link => link.href);
        await Promise.all([tab.waitForURL(there), tab.keyboard.press(key)]);
    }
    return unless(tab.url() === here, "a[rel=prev]", "does not lead back");
}

// The first key leads past the head of the page.
async function skip(tab) {
    await tab.keyboard.press("Tab");
    await tab.keyboard.press("Enter");
    return unless(new URL(tab.url()).hash === "#main", ".skip", "is not what Tab comes to first");
}

// A permalink is the address of what it stands in.
async function permalink(tab) {
    const link = tab.locator("main h2 .permalink, main h2.permalink, .claim .permalink").first();
    const place = await link.evaluate(link => link.hash.slice(1));
    const is_there = await tab.evaluate(place => document.getElementById(place) !== null, place);
    return unless(is_there, ".permalink", "is the address of nothing");
}

// What is typed into the field of any page is found, and a result leads to its place.
async function search(tab) {
    const field = tab.locator("input[type=search]:visible").first();
    await field.fill("condition number");
    await Promise.all([tab.waitForURL(/search\.html\?q=condition/), field.press("Enter")]);
    const found = tab.locator("#found a").first();
    await found.waitFor();
    const there = await found.evaluate(link => link.href);
    await Promise.all([tab.waitForURL(there), found.click()]);
    const place = decodeURIComponent(new URL(there).hash.slice(1));
    const is_there = await tab.evaluate(place => document.getElementById(place) !== null, place);
    return unless(is_there, there, "is found, and is not there");
}

// ---- All of them ------------------------------------------------------------------------

const TESTS = [
    ["the contents stand beside the text", contents, WIDE],
    ["the contents open and close on a narrow screen", contents, NARROW],
    ["the section that is read is marked", section, WIDE],
    ["the colours are the reader's to choose", theme, WIDE],
    ["code is copied without the numbers of its lines", copy, WIDE],
    ["a link shows a card of what it leads to", card, WIDE],
    ["the arrows turn the page", arrows, WIDE],
    ["what Tab comes to first leads to the text", skip, WIDE],
    ["a permalink leads to its place", permalink, WIDE],
    ["the book is searched", search, WIDE],
    ["the book is searched on a narrow screen", search, NARROW],
];

// What takes too long does not work: the error of the driver is its fault.
async function used(browser, file, place, use) {
    const {tab, faults, close} = await open(browser, file, place,
                                            {permissions: ["clipboard-read", "clipboard-write"]});
    tab.setDefaultTimeout(10000);
    try {
        faults.push(...await use(tab, place));
    } catch (error) {
        faults.push(fault("driver", error.message.split("\n")[0]));
    }
    await close();
    return faults.map(found => ({where: PAGE, ...found}));
}

async function all(browser, book, test) {
    for (const [name, use, place] of TESTS)
        test(name, await used(browser, path.join(book, PAGE), place, use));
}

module.exports = {all};
