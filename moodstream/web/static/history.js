// Days, weeks and years.
import { clock, drawn, node, percent, set, signed, span, swatch, word } from "./words.js";

const $ = (id) => document.getElementById(id);
const DAY_S = 86400, QUIET_DB = -60;
const WIDE = 700; // pixels from which marks of time are close together
const AXIS = 48; // pixels of the charts' left axis; --axis in the style sheet
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export class History {
  constructor(about) {
    this.keys = about.keys;
    this.has = about.history;
    this.view = "day";
    this.charts = [];
    $("first").value = iso(new Date());
    for (const button of document.querySelectorAll("[data-span]")) {
      button.addEventListener("click", () => { this.view = button.dataset.span; this.#load(); });
    }
    $("earlier").addEventListener("click", () => this.#step(-1));
    $("later").addEventListener("click", () => this.#step(1));
    for (const id of ["first", "other"]) $(id).addEventListener("change", () => this.#load());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.room && this.#draw());
    new ResizeObserver(() => {
      const width = $("past-charts").clientWidth;
      if (!width || !this.charts.length) return;
      if (this.wide !== width > WIDE) this.#draw();
      else for (const chart of this.charts) chart.setSize({ width, height: 220 });
    }).observe($("past-charts"));
  }

  open(room) {
    this.room = room;
    this.#load();
  }

  close() { this.room = null; }

  #step(sign) {
    const day = parsed($("first").value);
    if (this.view === "year") day.setFullYear(day.getFullYear() + sign);
    else day.setDate(day.getDate() + sign * (this.view === "week" ? 7 : 1));
    $("first").value = iso(day);
    this.#load();
  }

  #first(value) {
    const day = parsed(value);
    if (this.view === "week") day.setDate(day.getDate() - (day.getDay() + 6) % 7);
    if (this.view === "year") day.setMonth(0, 1);
    return iso(day);
  }

  async #load() {
    for (const button of document.querySelectorAll("[data-span]")) {
      button.setAttribute("aria-pressed", button.dataset.span === this.view);
    }
    if (!this.has) return this.#empty("There is no place for a history: set XDG_STATE_HOME or HOME.");
    if (!$("first").value || !this.room) return;
    const asked = [$("first").value, $("other").value].filter(Boolean);
    try {
      this.found = await Promise.all(asked.map(async (value) => {
        const query = new URLSearchParams({ room: this.room, view: this.view, first: this.#first(value) });
        const answer = await fetch(`history?${query}`);
        if (answer.status === 401) location.assign("login");
        if (!answer.ok) throw new Error(await answer.text());
        return answer.json();
      }));
    } catch (error) {
      return this.#empty(`The history cannot be loaded: ${error.message}`);
    }
    this.#draw();
  }

  #empty(text) {
    this.#clear();
    set($("past-title"), "Nothing to show");
    set($("past-sub"), text);
  }

  #clear() {
    for (const chart of this.charts) chart.destroy();
    this.charts = [];
    $("past-charts").replaceChildren();
  }

  #draw() {
    this.#clear();
    this.wide = $("past-charts").clientWidth > WIDE;
    const [main] = this.found;
    set($("past-title"), title(this.view, main.begin));
    const known = total(main.rows, this.keys), most = known.filter(([, s]) => s > 0)[0];
    const text = most ? `Mostly ${word(most[0])}. ${span(sum(main.rows))} known of ${span(elapsed(main))}.`
      : "Nothing was recorded then.";
    set($("past-sub"), main.problem ? `${text} The last minutes were not written: ${main.problem}.` : text);
    const place = $("past-charts");
    for (const data of this.found) {
      if (this.found.length > 1) place.append(node("h2", { class: "later" }, title(this.view, data.begin)));
      place.append(this.#shares(data), scale(data, this.view, this.wide), legend(data, this.keys));
    }
    if (!main.rows.length) return;
    this.#lines("Valence and arousal", [["valence", 0, "--word"], ["arousal", 1, "--mark"]], [-1, 1], signed);
    this.#lines("Level in dBFS", [["level", 2, "--word"]], (u, low, high) => [Math.min(low, QUIET_DB), Math.max(high, 0)], (v) => v == null ? "–" : `${v.toFixed(0)} dBFS`);
    this.#lines("Heard", [["voice", 3, "--word"], ["music", 4, "--mark"]], [0, 1], percent);
    place.append(changes(main));
  }

  // Stacked columns; a path for each key holds all of its rectangles.
  #shares(data) {
    const width = data.end - data.begin, paths = this.keys.map(() => "");
    for (const [begin, end, seconds] of data.rows) {
      let top = 0;
      const x = begin - data.begin, w = end - begin;
      seconds.forEach((s, i) => {
        const h = 100 * s / w;
        if (s) paths[i] += `M${x} ${(100 - top).toFixed(2)}h${w}v${(-h).toFixed(2)}h${-w}z`;
        top += h;
      });
    }
    const svg = drawn("svg", { class: "strip tall", preserveAspectRatio: "none", viewBox: `0 0 ${width} 100`, role: "img",
      "aria-label": total(data.rows, this.keys).filter(([, s]) => s).map(([k, s]) => `${word(k)} ${span(s)}`).join(", ") || "empty" });
    // Patterns keep their size only in the units of the screen, so the paths are scaled by hand.
    const draw = () => {
      const wide = svg.clientWidth, high = svg.clientHeight;
      if (!wide) return;
      svg.setAttribute("viewBox", `0 0 ${wide} ${high}`);
      svg.replaceChildren(...paths.map((d, i) => d && drawn("path", {
        class: `k-${this.keys[i]}`, d: scaled(d, wide / width, high / 100),
      })).filter(Boolean));
    };
    new ResizeObserver(draw).observe(svg);
    return svg;
  }

  #lines(name, series, range, shown) {
    if (!this.found.some((data) => data.rows.some((row) => series.some(([, i]) => row[3][i] != null)))) return;
    const times = [], columns = [], [main, other] = this.found;
    const step = main.rows[0][1] - main.rows[0][0];
    const place = new Map();
    for (let t = main.begin; t < main.end; t += step) { place.set(Math.round((t - main.begin) / step), times.length); times.push(t); }
    const lines = [{ value: (_, t) => t == null ? "" : moment(t, this.view) }];
    for (const [data, dash] of [[main, null], [other, [4, 5]]]) {
      if (!data) continue;
      for (const [label, index, colour] of series) {
        const values = Array(times.length).fill(null);
        for (const row of data.rows) {
          const at = place.get(Math.round((row[0] - data.begin) / step));
          if (at !== undefined) values[at] = row[3][index];
        }
        columns.push(values);
        lines.push({ label: dash ? `${label}, compared` : label, stroke: css(colour), width: 2, dash, spanGaps: false,
          points: { show: times.length < 60 }, value: (_, v) => shown(v) });
      }
    }
    const box = node("div", { class: "chart", role: "img", "aria-label": `${name} over time` });
    $("past-charts").append(node("h2", { class: "later" }, name), box);
    const width = $("past-charts").clientWidth, found = marks(main, this.view, this.wide);
    const axis = { stroke: css("--soft"), grid: { stroke: css("--hair"), width: 1 }, ticks: { show: false }, size: AXIS, gap: 8,
      font: `12px ${getComputedStyle(document.body).fontFamily}` };
    this.charts.push(new uPlot({
      width, height: 220, padding: [8, 0, 0, 0], cursor: { drag: { x: false, y: false }, points: { size: 8 } },
      scales: { x: { time: true, range: [main.begin, main.end] }, y: { range } },
      axes: [{ ...axis, size: 32, splits: () => found.map(([t]) => t), values: () => found.map(([, text]) => text) }, axis],
      series: lines, legend: { markers: { fill: (u, i) => u.series[i].dash ? "transparent" : u.series[i].stroke() } },
    }, [times, ...columns], box));
  }
}

const parsed = (value) => new Date(`${value}T12:00:00`);
const iso = (day) => `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
const sum = (rows) => rows.reduce((all, row) => all + row[2].reduce((a, b) => a + b, 0), 0);
const elapsed = ({ begin, end }) => Math.max(0, Math.min(Date.now() / 1000, end) - begin);
const scaled = (d, x, y) => d.replace(/M([\d.]+) ([\d.-]+)h([\d.]+)v([\d.-]+)h([\d.-]+)z/g,
  (_, a, b, w, h) => `M${(a * x).toFixed(2)} ${(b * y).toFixed(2)}h${(w * x + .3).toFixed(2)}v${(h * y).toFixed(2)}h${(-w * x - .3).toFixed(2)}z`);

function total(rows, keys) {
  return keys.map((key, i) => [key, rows.reduce((all, row) => all + row[2][i], 0)]).sort((a, b) => b[1] - a[1]);
}

function title(view, begin) {
  const day = new Date((begin + DAY_S / 2) * 1000);
  if (view === "year") return `${day.getFullYear()}`;
  const text = day.toLocaleDateString([], { weekday: view === "day" ? "long" : undefined, day: "numeric", month: "long", year: "numeric" });
  return view === "week" ? `Week of ${text}` : text;
}

// Times of marks on the axis, and their texts.
function marks({ begin, end }, view, wide) {
  const found = [], at = new Date(begin * 1000);
  while (at / 1000 < end) {
    found.push([at / 1000, mark(at, view, wide)]);
    if (view === "day") at.setHours(at.getHours() + (wide ? 2 : 6));
    else if (view === "week") at.setDate(at.getDate() + 1);
    else at.setMonth(at.getMonth() + (wide ? 1 : 3));
  }
  return found;
}

function mark(at, view, wide) {
  if (view === "day") return at.toLocaleTimeString([], { hour: "numeric" });
  if (view === "week") return at.toLocaleDateString([], wide ? { weekday: "short", day: "numeric" } : { weekday: "short" });
  return at.toLocaleDateString([], { month: "short" });
}

function moment(time, view) {
  const at = new Date(time * 1000), day = { weekday: "short", day: "numeric", month: "short" };
  if (view === "day") return clock(time);
  return view === "week" ? `${at.toLocaleDateString([], day)}, ${clock(time)}` : at.toLocaleDateString([], day);
}

function scale(data, view, wide) {
  return node("div", { class: "scale exact", "aria-hidden": "true" }, ...marks(data, view, wide).map(([time, text]) => {
    const shown = node("span", {}, text);
    shown.style.left = `${100 * (time - data.begin) / (data.end - data.begin)}%`;
    return shown;
  }));
}

function legend(data, keys) {
  const all = sum(data.rows);
  return node("ul", { class: "legend" }, ...total(data.rows, keys).filter(([, s]) => s > 0).map(([key, s]) =>
    node("li", {}, swatch(key), node("b", {}, word(key)), `${span(s)} · ${s / all < .005 ? "< 1 %" : percent(s / all)}`)));
}

function changes({ events }) {
  const list = node("ol", { class: "changes" }, ...events.slice(-200).reverse().map(([time, key, missing]) => node("li", {},
    node("time", {}, clock(time / 1000)), swatch(key), node("span", {}, word(key)),
    node("span", { class: "took" }, missing ? `${missing} missing before` : ""))));
  return events.length ? node("details", { class: "panel" }, node("summary", {}, `Changes (${events.length})`), list) : "";
}
