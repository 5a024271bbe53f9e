// A strip of time: moods in colours, statuses in patterns, gaps empty.
import { clock, drawn, node, set, span, swatch, word } from "./words.js";

export const isMood = (key) => key in MOODS;
const MOODS = Object.fromEntries(
  ["neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"].map((m) => [m, true]));

export class Strip {
  constructor(svg, readout, legend) {
    Object.assign(this, { svg, readout, legend, pieces: [], hand: null });
    this.begin = 0;
    this.end = 1;
    svg.addEventListener("pointermove", (event) => this.#point(event));
    svg.addEventListener("pointerdown", (event) => this.#point(event));
    svg.addEventListener("pointerleave", () => this.#leave());
    svg.addEventListener("blur", () => this.#leave());
    svg.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#draw()).observe(svg);
  }

  // Changes are pairs of a time and a key, in order; each key holds until the next.
  show(changes, begin, end) {
    this.begin = begin;
    this.end = end;
    this.pieces = changes.map(([time, key], i) => ({
      key, begin: Math.max(begin, time), end: Math.min(end, changes[i + 1]?.[0] ?? end),
    })).filter((piece) => piece.end > piece.begin);
    this.#draw();
    this.#total();
    this.#say();
  }

  #draw() {
    const width = this.svg.clientWidth, height = this.svg.clientHeight;
    if (!width) return;
    const scale = width / (this.end - this.begin);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const shapes = [], labels = [];
    for (const { key, begin, end } of this.pieces) {
      const x = (begin - this.begin) * scale, w = Math.max((end - begin) * scale, .6);
      shapes.push(drawn("rect", { x: x.toFixed(1), width: w.toFixed(1), y: 0, height, class: `k-${key}` }));
      const text = word(key), needs = text.length * 7.4 + 16;
      if (w > needs && key !== "unknown") {
        const kind = isMood(key) ? (key === "sad" ? "sad-label" : "") : "status-label";
        labels.push(drawn("text", { x: (x + w / 2).toFixed(1), y: height / 2 + 4.5, "text-anchor": "middle", class: kind }, text));
      }
    }
    if (this.hand != null) {
      const x = Math.min(width - 1, Math.max(1, this.hand * width));
      labels.push(drawn("path", { d: `M${x} 0V${height}`, class: "hand" }));
    }
    const clip = drawn("clipPath", { id: `${this.svg.id}-clip` }, drawn("rect", { width, height, rx: 12 }));
    const group = drawn("g", { "clip-path": `url(#${this.svg.id}-clip)` }, ...shapes, ...labels);
    this.svg.replaceChildren(clip, group);
  }

  #total() {
    const sums = new Map();
    for (const { key, begin, end } of this.pieces) sums.set(key, (sums.get(key) ?? 0) + end - begin);
    const rows = [...sums].filter(([, s]) => s >= 1).sort((a, b) => b[1] - a[1]);
    const text = rows.map(([key, s]) => `${key} ${span(s)}`).join();
    if (text === this.told) return;
    this.told = text;
    this.legend.replaceChildren(...rows.map(([key, s]) =>
      node("li", {}, swatch(key), node("b", {}, word(key)), span(s))));
  }

  #say() {
    const at = this.hand ?? 1, time = this.begin + at * (this.end - this.begin);
    const piece = this.pieces.findLast((p) => p.begin <= time && time <= p.end);
    const text = piece ? `${clock(time)} · ${word(piece.key)} for ${span(piece.end - piece.begin)}` : "";
    this.svg.setAttribute("aria-valuenow", Math.round(at * 3600));
    this.svg.setAttribute("aria-valuetext", text || "nothing is known");
    set(this.readout, this.hand == null ? "" : text);
  }

  #move(to) {
    this.hand = Math.min(1, Math.max(0, to));
    this.#draw();
    this.#say();
  }

  #leave() {
    this.hand = null;
    this.#draw();
    this.#say();
  }

  #point(event) {
    const box = this.svg.getBoundingClientRect();
    this.#move((event.clientX - box.left) / box.width);
  }

  #key(event) {
    const at = this.hand ?? 1, step = event.shiftKey ? 1 / 12 : 1 / 120;
    const to = { ArrowLeft: at - step, ArrowRight: at + step, Home: 0, End: 1,
      PageUp: at + 1 / 12, PageDown: at - 1 / 12 }[event.key];
    if (event.key === "Escape") this.#leave();
    if (to === undefined) return;
    event.preventDefault();
    this.#move(to);
  }
}
