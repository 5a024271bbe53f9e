// The list of all rooms, the silent ones first.
import { follow } from "./stream.js";
import { decibels, node, set, signed, span, swatch, word } from "./words.js";

const RANK = { no_broker: 0, offline: 1, unheard: 2, no_audio: 3 };
const $ = (id) => document.getElementById(id);

export class Rooms {
  constructor() {
    this.rows = new Map();
    $("find").addEventListener("input", () => this.#sort());
    setInterval(() => this.#ages(), 1000);
  }

  open(onNames) {
    this.close();
    const take = ({ now, problem, rooms }) => {
      this.ahead = now - Date.now() / 1000;
      this.problem = problem;
      let sort = false;
      for (const row of rooms) sort = this.#row(row) || sort;
      if (sort) { this.#sort(); onNames([...this.rows.keys()].sort()); }
      this.#ages();
    };
    this.stop = follow("rooms", {
      snapshot: (all) => { this.rows.clear(); $("rows").replaceChildren(); take(all); }, rooms: take,
    }, (linked) => {
      $("banner").hidden = linked;
      if (!linked) set($("banner"), "The page has lost its server, and is trying again.");
    });
  }

  close() {
    this.stop?.();
    this.stop = null;
  }

  #row(row) {
    const [prefix, key, heard, valence, arousal, level, missing, , version] = row;
    let known = this.rows.get(prefix);
    const moved = !known || known.key !== key;
    if (!known) {
      const cells = ["", "", "number", "number wide", "number wide", "number wide", "number wide", "wide"]
        .map((kind) => node("td", kind ? { class: kind } : {}));
      cells[0].append(node("a", { href: `#now=${encodeURIComponent(prefix)}` }, prefix));
      cells[0].title = prefix;
      known = { cells, element: node("tr", {}, ...cells) };
      this.rows.set(prefix, known);
    }
    const { cells } = known;
    if (known.key !== key) cells[1].replaceChildren(swatch(key), word(key));
    Object.assign(known, { key, heard });
    known.element.className = key in RANK ? "quiet-room" : "";
    set(cells[3], signed(valence));
    set(cells[4], signed(arousal));
    set(cells[5], decibels(level));
    set(cells[6], `${missing}`);
    set(cells[7], version || "–");
    return moved;
  }

  #ages() {
    if (!this.stop) return;
    const now = Date.now() / 1000 + (this.ahead ?? 0);
    let silent = 0;
    for (const { key, heard, cells } of this.rows.values()) {
      set(cells[2], heard == null ? "never" : now - heard < 15 ? "now" : `${span(now - heard)} ago`);
      silent += key in RANK;
    }
    const count = `${this.rows.size} room${this.rows.size === 1 ? "" : "s"}`;
    set($("rooms-sub"), this.problem ? `Broker: ${this.problem}`
      : silent ? `${count}, ${silent} of them away or without audio.` : `${count}, all heard from.`);
  }

  #sort() {
    const sought = $("find").value.toLowerCase();
    const shown = [...this.rows].filter(([prefix]) => prefix.toLowerCase().includes(sought));
    shown.sort(([a, x], [b, y]) => (RANK[x.key] ?? 9) - (RANK[y.key] ?? 9) || (a < b ? -1 : 1));
    $("rows").replaceChildren(...shown.map(([, known]) => known.element));
  }
}
