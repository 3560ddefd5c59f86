// live.js -- moves a figure: its sliders call the book's own C code, compiled to
// WebAssembly, and what it returns is drawn into the picture that gnuplot made.
//
// The figure, which is complete without this script, says what to do:
//
//     data-live="NAME"      which module, that live/NAME.js hands over
//     data-sliders="name|from|to|begin|steps|scale;..."
//     data-axes="left right from to logarithmic;bottom top from to logarithmic"
//     data-plots="0:1 0:2"  for each plot its columns of x and y, counted from 0
//
// Of what gnuplot drew for a plot, that which lies within the axes is replaced; what is
// outside is its sample in the key.
"use strict";

const live = {modules: {}};

// Called by live/NAME.js, since a page that comes from the disk may fetch nothing.
live.module = (name, base64) => {
    const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
    live.modules[name] = WebAssembly.instantiate(bytes);
};

// ---- The module -----------------------------------------------------------------------

// The name of the function that REQUIRE stopped in.
live.stopped = code => {
    const at = new Uint32Array(code.memory.buffer, code.failed.value, 1)[0];
    const bytes = new Uint8Array(code.memory.buffer, at, 80);
    return String.fromCharCode(...bytes.subarray(0, bytes.indexOf(0)));
};

// The rows of the table at these values.  The memory of a module never grows.
live.curves = (code, values) => {
    const memory = code.memory.buffer;
    new Float64Array(memory, code.sliders.value, values.length).set(values);
    try {
        code.redraw(values.length);
    } catch (trap) {
        throw new Error(`${live.stopped(code)} stopped at ${values}`, {cause: trap});
    }
    const [rows, columns, at] = new Uint32Array(memory, code.curves.value, 3);
    const all = new Float64Array(memory, at, rows * columns);
    return Array.from({length: rows}, (_, i) => all.slice(i * columns, (i + 1) * columns));
};

// ---- The drawing ----------------------------------------------------------------------

live.axis = line => {
    const [low, high, from, to, logarithmic] = line.split(" ").map(Number);
    const f = logarithmic ? Math.log10 : Number;
    return {
        low, high,
        place: x => low + (high - low) * (f(x) - f(from)) / (f(to) - f(from)),
        within: at => (at - low) * (at - high) <= 0.01,
    };
};

live.element = (name, attributes, parent) => {
    const drawn = parent instanceof SVGElement;
    const made = drawn ? document.createElementNS(parent.namespaceURI, name)
                       : document.createElement(name);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    return parent.appendChild(made);
};

live.clip = (figure, [x, y]) => {
    const id = figure.id + "-axes";
    const clip = live.element("clipPath", {id}, figure.querySelector("svg"));
    live.element("rect", {x: x.low, y: y.high, width: x.high - x.low,
                          height: y.low - y.high}, clip);
    return `url(#${id})`;
};

live.numbers = text => text.match(/-?[\d.]+/g).map(Number);

// What draws places as a line: the pieces between the gaps, cut off at the axes.
live.line = (paths, inside, clip) => {
    const path = paths[0];
    const pieces = paths.flatMap(p => p.getAttribute("d").split(/(?=M)/))
        .filter(piece => /\d/.test(piece));
    const key = path.cloneNode();
    key.setAttribute("d", pieces.filter(p => !inside(live.numbers(p))).join(""));
    path.before(key);
    paths.slice(1).forEach(other => other.remove());
    path.setAttribute("clip-path", clip);
    return places => path.setAttribute("d", places.map((at, i) => !at ? ""
        : (places[i - 1] ? "L" : "M") + at.map(p => p.toFixed(2)).join()).join(" "));
};

// What draws places as points, with the mark that gnuplot took.
live.points = (marks, inside) => {
    const mark = marks[0].cloneNode();
    const [, , size] = live.numbers(mark.getAttribute("transform"));
    const box = live.element("g", {}, marks[0].parentNode);
    marks.filter(m => inside(live.numbers(m.getAttribute("transform"))))
        .forEach(m => m.remove());
    return places => box.replaceChildren(...places.filter(at => at && inside(at))
        .map(at => {
            const point = mark.cloneNode();
            const place = at.map(p => p.toFixed(2)).join();
            point.setAttribute("transform", `translate(${place}) scale(${size})`);
            return point;
        }));
};

// What draws plot number j, of these columns, from the rows of the table.
live.plot = (figure, axes, clip, columns, j) => {
    const [x, y] = axes, [of_x, of_y] = columns.split(":");
    const group = figure.querySelector(`[id$="-gnuplot_plot_${j + 1}"]`);
    const inside = ([a, b]) => x.within(a) && y.within(b);
    const marks = [...group.querySelectorAll("use")];
    const draw = marks.length > 0 ? live.points(marks, inside)
        : live.line([...group.querySelectorAll("path")], inside, clip);
    return rows => draw(rows.map(row => [x.place(row[of_x]), y.place(row[of_y])])
        .map(at => at.every(Number.isFinite) && at));
};

// ---- The sliders ----------------------------------------------------------------------

live.raised = power => [...power]
    .map(c => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("");
live.text = value => {
    const is_small = value !== 0 && Math.abs(value) < 1e-3;
    const [digits, power] = (is_small ? value.toExponential() : String(value)).split("e");
    if (!power) return digits.replace("-", "−");
    return (digits === "1" ? "" : digits.replace("-", "−") + "·") + "10" + live.raised(power);
};

// A native range input brings its keys and its role.  At each of its positions it shows
// and hands over a number of three digits: what is read is what is computed.
live.slider = (line, box) => {
    const [name, from, to, begin, steps, scale] = line.split("|");
    const [f, g] = scale === "even" ? [Number, Number] : [Math.log10, p => 10 ** p];
    const rounded = x => scale === "count" ? Math.round(x) : Number(x.toPrecision(3));
    const a = f(from), b = f(to);
    const label = live.element("label", {}, box);
    label.append(name);
    const input = live.element("input", {type: "range", min: 0, max: steps,
        value: Math.round(steps * (f(begin) - a) / (b - a))}, label);
    const output = live.element("output", {}, label);
    const value = () => rounded(g(a + (b - a) * input.value / steps));
    const show = () => {
        output.value = live.text(value());
        input.setAttribute("aria-valuetext", output.value);
    };
    return {value, show};
};

// Calls draw for what happens to the sliders, at most once for a frame of the screen; for
// who wants less motion, only when a slider is let go.
live.listen = (box, show, draw) => {
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    let waiting = false;
    const soon = () => {
        show();
        if (!waiting) requestAnimationFrame(() => { waiting = false; draw(); });
        waiting = true;
    };
    box.addEventListener("input", () => still.matches ? show() : soon());
    box.addEventListener("change", soon);
    box.addEventListener("reset", () => setTimeout(soon)); // once the values are back
};

// ---- A figure -------------------------------------------------------------------------

live.start = async figure => {
    const {instance} = await live.modules[figure.dataset.live];
    const axes = figure.dataset.axes.split(";").map(live.axis);
    const clip = live.clip(figure, axes);
    const plots = figure.dataset.plots.split(" ")
        .map((columns, j) => live.plot(figure, axes, clip, columns, j));
    const box = document.createElement("form");
    box.className = "sliders";
    const sliders = figure.dataset.sliders.split(";").map(line => live.slider(line, box));
    live.element("button", {type: "reset"}, box).append("As it was");
    const draw = () => {
        const values = sliders.map(slider => slider.value());
        const rows = live.curves(instance.exports, values);
        plots.forEach(plot => plot(rows));
        figure.dispatchEvent(new CustomEvent("live", {bubbles: true, detail: {values, rows}}));
    };
    const show = () => sliders.forEach(slider => slider.show());
    show();
    draw();
    live.listen(box, show, draw);
    figure.querySelector("svg").after(box);
    figure.classList.add("moving");
};

addEventListener("DOMContentLoaded", () => {
    for (const figure of document.querySelectorAll("[data-live]"))
        live.start(figure).catch(reason => console.error(figure.id, reason));
});
