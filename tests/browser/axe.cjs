// axe.cjs -- is a page accessible?  What axe-core finds, as faults.

const fs = require("fs");

const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const LEVELS = {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
                                      "best-practice"]};
const COLOURS = {type: "rule", values: ["color-contrast"]};
// What depends on the colours, or on the width.
const AGAIN = {type: "rule", values: ["color-contrast", "target-size",
                                      "scrollable-region-focusable"]};

// The faults of the page in a tab by some rules; where `look` is a look that returns
// elements (page.js), only of these.
async function faults(tab, options, look) {
    if (!await tab.evaluate(() => "axe" in window)) await tab.evaluate(AXE);
    const {violations} = await tab.evaluate(
        ([options, look]) => axe.run(look ? {include: looks[look]()} : document, options),
        [{resultTypes: ["violations"], preload: false, ...options}, look]);
    return violations.flatMap(({id, help, nodes}) => nodes.map(({target}) =>
        ({selector: target.join(" "), rule: `axe, ${id}: ${help}`})));
}

// Everything but contrast: there the same colours need not be looked at a thousand times.
const everything = tab => faults(
    tab, {runOnly: LEVELS, rules: {"color-contrast": {enabled: false}}});
const colours = tab => faults(tab, {runOnly: COLOURS}, "inks");
const again = tab => faults(tab, {runOnly: AGAIN}, "parts");

module.exports = {again, colours, everything};
