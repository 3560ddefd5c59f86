// links.cjs -- does every link of the book lead to a file, and to a place in it?

const fs = require("fs");
const path = require("path");
const {fileURLToPath, pathToFileURL} = require("url");

// What is amiss with a link to `target`, or null; `places` has the names on each page.
function fault(target, places) {
    const [address, place] = target.split("#");
    if (!address.startsWith("file:")) return null;
    const file = fileURLToPath(address.split("?")[0]);
    if (!fs.existsSync(file)) return `there is no file ${file}`;
    const is_known = !place || !places.has(file)
        || places.get(file).has(decodeURIComponent(place));
    return is_known ? null : `there is no such place in ${file}`;
}

// The faults of all pages, a list for each; `links` has for each file what page.js found.
function faults(links) {
    const places = new Map([...links].map(([file, page]) => [file, new Set(page.places)]));
    return new Map([...links].map(([file, page]) => [file, page.targets.flatMap(target => {
        const rule = fault(target, places);
        const shown = target.replace(pathToFileURL(file).href, "");
        return rule ? [{where: path.basename(file), selector: shown, rule}] : [];
    })]));
}

module.exports = {faults};
