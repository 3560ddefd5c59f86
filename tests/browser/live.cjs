// live.cjs -- the figures that move.  Every slider of the book is moved by its keys, and
// what the page shows then must be what a program for this machine computes at the same
// values: bit for bit where there is one that is linked to musl, whose mathematics the
// page has; else as they begin, to 1e-9, since other libraries round otherwise.

const {execFileSync} = require("child_process");
const fs = require("fs");
const path = require("path");
const {open, pages} = require("./browser.cjs");

const DAY = {width: 1280, scheme: "light"};
const KEYS = ["End", "PageDown", "ArrowLeft", "Home", "ArrowRight"];
const NEAR = 1e-9;
// The book rounds gnuplot's places to tenths of a pixel, the page its own to hundredths.
const ROUNDING = Math.hypot(0.055, 0.055);

const fault = (figure, rule) => ({where: figure, selector: "#" + figure, rule});

// ---- The page ---------------------------------------------------------------------------

const is_live = file => fs.readFileSync(file, "utf8").includes("data-live=");

// Runs before the page, which therefore is opened twice: keeps what each figure showed
// last, its numbers as 64 bits.
function remember() {
    window.shown = {};
    addEventListener("live", ({target, detail: {values, rows}}) => {
        const bits = rows.map(row => [...new BigUint64Array(row.buffer)].map(String));
        window.shown[target.id] = {values, bits, times: (window.shown[target.id]?.times ?? 0) + 1};
    });
}

async function opened(browser, file, prepare, options) {
    const page = await open(browser, file, DAY, options);
    await page.tab.addInitScript(remember);
    if (prepare) await page.tab.addInitScript(prepare);
    const url = page.tab.url();
    await page.tab.goto("about:blank"); // which breaks off what the page still asks for
    page.faults.length = 0;
    await page.tab.goto(url);
    return page;
}

const figures = tab => tab.$$eval("[data-live]", all => all.map(figure => figure.id));

const moving = (tab, figure) =>
    tab.waitForFunction(figure => window.shown[figure], figure, {timeout: 10000});

// What a figure shows after something was done to it.
async function after(tab, figure, act) {
    const times = await tab.evaluate(figure => window.shown[figure].times, figure);
    await act();
    await tab.waitForFunction(([figure, times]) => window.shown[figure].times > times,
                              [figure, times], {timeout: 10000});
    return tab.evaluate(figure => window.shown[figure], figure);
}

// The places that are drawn for each plot inside of the axes, and not on their edge, where
// gnuplot cuts a line off that the page hides.
const drawn = (tab, figure) => tab.$eval("#" + figure, figure => {
    const [x, y] = figure.dataset.axes.split(";").map(axis => axis.split(" ").map(Number));
    const within = (at, [from, to]) => (at - from) * (at - to) < -1;
    const places = shape => [...(shape.getAttribute("transform") ?? shape.getAttribute("d"))
        .matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, a, b]) => [Number(a), Number(b)]);
    return [...figure.querySelectorAll("[id*=gnuplot_plot]")].map(plot =>
        [...plot.querySelectorAll("use, path")].flatMap(places)
            .filter(([a, b]) => within(a, x) && within(b, y)));
});

// ---- Numbers ----------------------------------------------------------------------------

function number(bits) {
    return new Float64Array(new BigUint64Array([bits]).buffer)[0];
}

// The rows that a program computes at these values, or where its sliders begin.
function computed(program, values) {
    const text = execFileSync(program, ["--bits", ...values.map(String)], {encoding: "utf8"});
    return text.trim().split("\n").filter(line => !line.startsWith("#")).slice(1)
        .map(line => line.split("\t").map(hex => BigInt("0x" + hex)));
}

// Whether two numbers agree; what is no number has more than one pattern of bits.
const same = (a, b) => a === b || Number.isNaN(number(a)) && Number.isNaN(number(b));

function near(a, b, largest) {
    return same(a, b) || Math.abs(number(a) - number(b)) <= NEAR * largest;
}

// The first number that a figure shows and the program does not, in words; or nothing.
function difference({values, bits}, rows, is_exact) {
    const all = bits.map(row => row.map(BigInt));
    for (let j = 0; j < rows[0].length; j++) {
        const sizes = rows.map(row => Math.abs(number(row[j]))).filter(Number.isFinite);
        const agree = is_exact ? same : (a, b) => near(a, b, Math.max(...sizes));
        const i = rows.findIndex((row, i) => !agree(row[j], all[i][j]));
        if (i >= 0)
            return `at ${values} shows ${number(all[i][j])} in row ${i}, column ${j},`
                + ` where ${number(rows[i][j])} was computed`;
    }
    return null;
}

// ---- What is tested ---------------------------------------------------------------------

// A figure as it begins, and after each key on each slider.
async function numbers(tab, figure, build) {
    const exact = path.join(build, "live", "musl", figure), faults = [];
    const is_exact = fs.existsSync(exact);
    const program = is_exact ? exact : path.join(build, "live", figure);
    const compare = shown => {
        const what = difference(shown, computed(program, shown.values), is_exact);
        if (what) faults.push(fault(figure, what));
    };
    compare(await tab.evaluate(figure => window.shown[figure], figure));
    for (const slider of is_exact ? await tab.$$(`#${figure} input`) : []) {
        await slider.focus();
        for (const key of KEYS) compare(await after(tab, figure, () => slider.press(key)));
    }
    return faults;
}

// As it begins the page draws what gnuplot drew.
async function drawing(tab, still, figure) {
    const [is, was] = [await drawn(tab, figure), await drawn(still, figure)];
    const differs = (a, b) => a.length !== b.length
        || a.some((place, i) => Math.hypot(place[0] - b[i][0], place[1] - b[i][1]) > ROUNDING);
    return is.some((plot, j) => differs(plot, was[j]))
        ? [fault(figure, "begins with another drawing than gnuplot's")] : [];
}

// The sliders say what they are at, and can all be put back.
async function sliders(tab, figure) {
    const read = () => tab.$$eval(`#${figure} .sliders label`, labels => labels.map(label => {
        const [input, output] = label.querySelectorAll("input, output");
        return [input.value, output.value, input.getAttribute("aria-valuetext")].join();
    }));
    const begin = await read();
    const [slider] = await tab.$$(`#${figure} input`);
    const {width, height} = await slider.boundingBox();
    const position = {x: width * 0.9, y: height / 2};
    await after(tab, figure, () => slider.click({position}));
    const moved = await read();
    await after(tab, figure, () => tab.click(`#${figure} button[type=reset]`));
    const faults = [];
    if (moved[0] === begin[0]) faults.push(fault(figure, "has a slider that does not move"));
    if ((await read()).join() !== begin.join()) faults.push(fault(figure, "is not put back"));
    return faults;
}

// For who wants less motion a figure waits until its slider is let go.
async function calm(browser, file) {
    const page = await opened(browser, file, null, {reducedMotion: "reduce"});
    const [figure] = await figures(page.tab);
    await moving(page.tab, figure);
    const times = event => page.tab.$eval(`#${figure} input`, async (input, event) => {
        input.value = input.value == 0 ? 1 : 0;
        input.dispatchEvent(new Event(event, {bubbles: true}));
        await new Promise(done => setTimeout(done, 200));
        return window.shown[input.closest("[data-live]").id].times;
    }, event);
    const [dragged, let_go] = [await times("input"), await times("change")];
    await page.close();
    return dragged === 1 && let_go === 2 ? [] : [fault(figure, "moves on the way")];
}

// Without WebAssembly, or without scripts, there is the picture and nothing to drag.
async function without(browser, file) {
    const faults = [];
    for (const [prepare, options] of [[() => delete window.WebAssembly, {}],
                                      [null, {javaScriptEnabled: false}]]) {
        const {tab, close} = await opened(browser, file, prepare, options);
        for (const figure of await figures(tab)) {
            const [svg, sliders] = [await tab.$(`#${figure} svg`), await tab.$(`#${figure} input`)];
            if (!svg || sliders) faults.push(fault(figure, "does not stand still"));
            for (const words of await tab.$$(`#${figure} .try`))
                if (await words.isVisible()) faults.push(fault(figure, "asks to be dragged"));
        }
        await close();
    }
    return faults;
}

// A page of which one number in a million is wrong must be found out.
function mistaken() {
    addEventListener("live", ({detail: {rows}}) => {
        const at = rows.at(-1).findIndex((x, j) => j > 0 && Number.isFinite(x) && x !== 0);
        const row = rows.findLast(row => Number.isFinite(row[at]) && row[at] !== 0);
        row[at] *= 1 + 1e-6;
    }, true);
}

async function figure_tests(browser, file, build, test) {
    const page = await opened(browser, file);
    const still = await open(browser, file, DAY, {javaScriptEnabled: false});
    for (const figure of await figures(page.tab)) {
        await moving(page.tab, figure);
        test(`${figure} begins as gnuplot drew it`, await drawing(page.tab, still.tab, figure));
        test(`${figure} is put back`, await sliders(page.tab, figure));
        test(`${figure} shows what is computed`, await numbers(page.tab, figure, build));
    }
    test(`${path.basename(file)} complains of nothing when its figures move`, page.faults);
    await Promise.all([page.close(), still.close()]);
}

async function all(browser, book, test) {
    const build = path.dirname(book);
    const files = pages(book).map(name => path.join(book, name)).filter(is_live).sort();
    if (files.length === 0) {
        console.log("# no figure moves: there was no compiler for pages");
        return;
    }
    if (!fs.existsSync(path.join(build, "live", "musl")))
        console.log(`# no musl-gcc: figures are compared as they begin, to ${NEAR}`);
    for (const file of files) await figure_tests(browser, file, build, test);
    test("less motion, if the reader wants less", await calm(browser, files[0]));
    test("a figure without its module stands still", await without(browser, files[0]));
    const {tab, close} = await opened(browser, files[0], mistaken);
    const [figure] = await figures(tab);
    await moving(tab, figure);
    const found = await numbers(tab, figure, build);
    await close();
    test("a number that is wrong by 1e-6 is found",
         found.length ? [] : [fault(figure, "is not found out")]);
}

module.exports = {all};
