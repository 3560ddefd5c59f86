// search.js -- finds the places of the book that speak of what is asked: `records`, each
// [kind, title, address, where, text], are looked through one by one.  A megabyte of them
// takes some hundredths of a second, and needs no index.
"use strict";

// How much a hit is worth by the kind of the place.
const worth = {
    chapter: 1.8, section: 1.6, subject: 1.5, claim: 1.3, function: 1.1, symbol: 1.1,
    erratum: 1, figure: 0.9, exercise: 0.7, slide: 0.6, sources: 0.4, work: 0.4,
};

const greek = {
    alpha: "α", beta: "β", gamma: "γ", delta: "δ", epsilon: "[εϵ]", eta: "η", theta: "θ",
    kappa: "κ", lambda: "λ", mu: "μ", nu: "ν", xi: "ξ", pi: "π", rho: "ρ", sigma: "σ",
    tau: "τ", phi: "[φϕ]", psi: "ψ", omega: "ω",
};

// Words that say nothing of what is sought.
const idle = new Set(("a an and are do does how in is of the to we what when why"
    ).split(" "));

// Letters without case and accents.
function fold(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

// A word as a pattern; the index in a formula stands in braces, "w_{t}".
function quote(text) {
    return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("_", "_\\{?");
}

// A word without its ending, so that one form of it finds another.
function stem(word) {
    return word.length > 6 ? word.replace(/(ation|ing|ion|ed|es|e|s)$/, "")
        : word.length > 3 ? word.replace(/s$/, "") : word;
}

// A word with one letter wrong, missing or too many, but for the first.
function nearly(word) {
    const spots = [...word].slice(1).map((_, i) =>
        quote(word.slice(0, i + 1)) + "\\p{L}{0,2}" + quote(word.slice(i + 2)));
    return `(?:${spots.join("|")})`;
}

// What begins, or is, a word of the query.
function patterns(word, isLoose) {
    const name = greek[word] ? `(?:${word}|${greek[word]})` : quote(word);
    const start = isLoose && word.length > 4 ? nearly(word)
        : greek[word] ? name : quote(stem(word));
    return {
        start: new RegExp(`(?<![\\p{L}\\p{N}])${start}`, "gu"),
        whole: new RegExp(`(?<![\\p{L}\\p{N}_])${name}(?![\\p{L}\\p{N}_])`, "u"),
    };
}

// A name of the code is found by its parts as well, and a page by the name of its file.
const places = records.map(record => ({
    record,
    title: fold(`${record[1]} ${record[1].replaceAll("_", " ")}`),
    text: fold(`${record[3]} ${record[4]} ${record[2].replace(/[.#].*/, "").replaceAll("_", " ")}`),
}));

function count(text, pattern) {
    return text.match(pattern)?.length ?? 0;
}

// How well a place fits one word: the title counts most, and then how often, for its
// length, the text has it.
function fit(place, pattern) {
    const inTitle = count(place.title, pattern.start);
    const inText = count(place.text, pattern.start);
    if (!inTitle && !inText) return 0;
    return (inTitle ? 3 : 0) + (pattern.whole.test(place.title) ? 3 : 0)
        + inText / (inText + 1 + place.text.length / 800);
}

// A word that few places have says more than one that many have; a place that lacks some
// of the words falls behind; one that has all of them side by side comes first.
function score(place, fits, rarity, phrase) {
    const share = fits.filter(Boolean).length / fits.length;
    const sum = fits.reduce((total, value, i) => total + value * rarity[i], 0);
    const isPhrase = fits.length > 1 && `${place.title} ${place.text}`.includes(phrase);
    return sum * share * share * worth[place.record[0]] * (isPhrase ? 1.7 : 1)
        * (`${place.title} `.startsWith(`${phrase} `) ? 1.5 : 1);
}

// The records that fit, the best first.
function rank(words, isLoose) {
    const sought = words.map(word => patterns(word, isLoose));
    const found = places.map(place => ({place, fits: sought.map(one => fit(place, one))}))
        .filter(({fits}) => fits.some(Boolean));
    const rarity = words.map((_, i) => Math.log(
        1 + places.length / (1 + found.filter(({fits}) => fits[i]).length)));
    for (const one of found) one.score = score(one.place, one.fits, rarity, words.join(" "));
    return found.sort((a, b) => b.score - a.score).map(({place}) => place.record);
}

// The words of a query that say something, or all if none does.
function wordsOf(query) {
    const words = fold(query).match(/[\p{L}\p{N}_]+(\.\d+)?/gu) ?? [];
    const telling = words.filter(word => !idle.has(word));
    return telling.length ? telling : words;
}

// The records that fit a query; where hardly any does, also those that nearly do.
function search(query) {
    const words = wordsOf(query);
    if (!words.length) return [];
    const exact = rank(words, false);
    return exact.length > 2 ? exact : [...new Set([...exact, ...rank(words, true)])];
}
