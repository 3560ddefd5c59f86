// axe.cjs -- is a page accessible?  What axe-core finds, as faults.

const fs = require("fs");

const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const ALL = {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
                                   "best-practice"]};
// What depends on the colours, or on the width.
const AGAIN = {type: "rule", values: ["color-contrast", "target-size",
                                      "scrollable-region-focusable"]};

// The faults of the page in a tab, by the rules `only`: one of the above.
async function faults(tab, only) {
    await tab.evaluate(AXE);
    const options = {runOnly: only, resultTypes: ["violations"], preload: false};
    const {violations} = await tab.evaluate(options => axe.run(document, options), options);
    return violations.flatMap(({id, help, nodes}) => nodes.map(({target}) =>
        ({selector: target.join(" "), rule: `axe, ${id}: ${help}`})));
}

module.exports = {AGAIN, ALL, faults};
