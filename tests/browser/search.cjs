// search.cjs -- does search find what readers look for?
//
//   node tests/browser/search.cjs build/book
//
// Each question has a pattern of an address or a title that answers it: nearly all are to
// be found first, and each among the first ten.
"use strict";
const fs = require("fs");
const path = require("path");
const vm = require("vm");

const book = process.argv[2] ?? "build/book";
const FIRST = 0.75; // of the answers stand first

const questions = JSON.parse(fs.readFileSync(path.join(__dirname, "questions.json")));
const scripts = ["search-index.js", "search.js"]
    .map(name => fs.readFileSync(path.join(book, name), "utf8"));
const search = vm.runInNewContext(`${scripts.join("\n")}; search`);

// The place of the first result that answers, counted from 1; 0 if none does.
function place(question, answer) {
    const pattern = new RegExp(answer);
    return 1 + search(question).findIndex(
        ([, title, address]) => pattern.test(address) || pattern.test(title));
}

let firsts = 0, lost = 0;
for (const [question, answer] of questions) {
    const found = place(question, answer);
    if (found === 1) firsts++;
    if (found < 1 || found > 10) {
        lost++;
        console.log(`search: "${question}" finds ${answer} at ${found || "no place"}`);
    }
}
console.log(`search: of ${questions.length} answers ${firsts} stand first, ${lost} are lost`);
process.exitCode = lost || firsts < FIRST * questions.length ? 1 : 0;
