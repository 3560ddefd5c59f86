// report.cjs -- what the tests say, as TAP: a line each, and of a failure its faults.

const MOST = 12; // faults that are told of one test

let passed = 0, failed = 0;

const told = ({where, selector, rule}) => `#   ${where}: ${selector}: ${rule}`;

// One test; it passes if it has no faults {where, selector, rule}.
function test(name, faults) {
    const status = faults.length ? "not ok" : "ok";
    if (faults.length) failed++; else passed++;
    console.log(`${status} ${passed + failed} - ${name}`);
    for (const fault of faults.slice(0, MOST)) console.log(told(fault));
    if (faults.length > MOST) console.log(`#   and ${faults.length - MOST} more`);
}

// The last line, and the status of the program.
function end() {
    console.log(`1..${passed + failed}\n${passed} passed, ${failed} failed`);
    process.exitCode = failed || !passed ? 1 : 0;
}

module.exports = {end, test};
