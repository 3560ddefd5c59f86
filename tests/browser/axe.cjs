// axe.cjs -- is a page accessible?  What axe-core finds, as faults.

const fs = require("fs");

const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const LEVELS = {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
                                      "best-practice"]};

// The faults of the page in a tab.  Most of axe's time goes by the number of elements.
async function faults(tab) {
    await tab.evaluate(AXE);
    const {violations} = await tab.evaluate(
        levels => axe.run({resultTypes: ["violations"], preload: false, runOnly: levels}),
        LEVELS);
    return violations.flatMap(({id, help, nodes}) => nodes.map(({target}) =>
        ({selector: target.join(" "), rule: `axe, ${id}: ${help}`})));
}

module.exports = {faults};
