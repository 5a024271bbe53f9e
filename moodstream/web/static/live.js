// The view of one room, live.
import { Plane } from "./plane.js";
import { follow } from "./stream.js";
import { Strip } from "./strip.js";
import { MEANINGS, clock, decibels, drawn, node, percent, set, span, swatch, word } from "./words.js";

const STALE_S = 15, HOUR_S = 3600, TRAIL_S = 600, TRAIL_STEP_S = 2, QUIETEST_DB = -80, ANSWER_MS = 6000;
const $ = (id) => document.getElementById(id);

export class Live {
  constructor(about) {
    this.plane = new Plane($("plane"), about.moods);
    this.strip = new Strip($("hour"), $("hour-readout"), $("hour-legend"));
    this.scores = bars($("scores"), Object.keys(about.moods), (mood) => mood);
    this.heard = bars($("heard"), ["voice", "music", "other", "level"], () => null);
    this.moods = about.moods;
    $("pause").addEventListener("click", () => this.#ask());
    setInterval(() => this.#draw(), 1000);
  }

  open(room) {
    this.close();
    this.room = room;
    this.data = null;
    this.asked = null;
    const merge = (news) => { Object.assign(this.data, news); this.#clock(news.now); };
    this.stop = follow(`events?room=${encodeURIComponent(room)}`, {
      snapshot: (all) => { this.data = all; this.#clock(all.now); this.#draw(); },
      state: (news) => { if (this.data) { merge(news); this.#state(news); this.#draw(); } },
      link: (news) => { if (this.data) { merge(news); this.#change(news); this.#draw(); } },
      health: (news) => { if (this.data) { merge(news); this.#draw(); } },
    }, (linked) => { this.linked = linked; this.#banner(); });
  }

  close() {
    this.stop?.();
    this.stop = null;
  }

  // The server's clock counts: that of the browser may be wrong.
  #clock(now) { this.ahead = now - Date.now() / 1000; }
  get #now() { return Date.now() / 1000 + (this.ahead ?? 0); }

  #change({ now, key }) {
    if (this.data.changes.at(-1)?.[1] !== key) this.data.changes.push([now, key]);
    while (this.data.changes[1]?.[0] < now - HOUR_S) this.data.changes.shift();
  }

  #state(news) {
    this.data.heard = news.now;
    this.#change(news);
    const { valence, arousal } = news.state ?? {}, trail = this.data.trail;
    if (valence != null && !(news.now - trail.at(-1)?.[0] < TRAIL_STEP_S)) trail.push([news.now, valence, arousal]);
    while (trail[0]?.[0] < news.now - TRAIL_S) trail.shift();
  }

  #draw() {
    if (!this.data || !this.stop || document.hidden) return;
    const { state, changes, heard } = this.data, now = this.#now, age = now - heard;
    let key = this.data.key;
    if (!["offline", "no_broker"].includes(key) && (age > STALE_S || !state)) key = "unheard";
    const live = !["offline", "no_broker", "unheard"].includes(key) && this.linked !== false;
    const root = document.documentElement;
    root.dataset.key = key;
    root.dataset.live = live;
    this.#say(key, state, live, age, now);
    this.plane.show(state, this.data.trail, live, now);
    const shown = key === "unheard" && changes.at(-1)?.[1] !== "unheard" && state
      ? [...changes, [heard + STALE_S, "unheard"]] : changes;
    this.strip.show(shown, now - HOUR_S, now);
    this.#bars(state, live, key);
    this.#changes(shown, now);
    this.#health();
    this.#button(key);
    this.#banner();
  }

  #say(key, state, live, age, now) {
    const text = key === "unheard" && !state ? "nothing heard yet" : word(key);
    set($("word"), text);
    $("word").classList.toggle("long", text.length > 9);
    set($("source"), state?.source ? state.source : this.room);
    document.title = `${text} · ${state?.source ?? this.room}`;
    let sub = MEANINGS[key] ?? "";
    if (live && state?.mood) sub = `${percent(state.confidence)} sure, for ${span(now - Date.parse(state.since) / 1000)}`;
    else if (live && state) sub += ` For ${span(now - Date.parse(state.since) / 1000)}.`;
    else if (state) sub = `${key === "unheard" ? "" : sub + " "}Last heard ${span(age)} ago: ${word(state.mood ?? state.status)}.`;
    else if (key === "unheard") sub = "No daemon has published here. Start one with “moodstream run”.";
    set($("sub"), sub);
  }

  #bars(state, live, key) {
    for (const [mood, bar] of Object.entries(this.scores)) {
      const score = state?.scores?.[mood];
      bar.show(live ? score : null, percent(live ? score : null), live && key === mood);
    }
    const heard = live ? state?.heard : null;
    for (const kind of ["voice", "music", "other"]) this.heard[kind].show(heard?.[kind], percent(heard?.[kind]));
    const level = live ? state?.level : null;
    this.heard.level.show(level == null ? null : 1 - level / QUIETEST_DB, decibels(level));
    set($("heard-note"), live && state?.scores && !state.heard ? "These models do not tell voice from music." : "");
  }

  #changes(changes, now) {
    const rows = changes.map(([time, key], i) => ({ time, key, end: changes[i + 1]?.[0] ?? now }))
      .filter(({ time, end }, i) => end - time >= 1 || i === changes.length - 1).slice(-6);
    const text = rows.map((r) => `${r.time}${r.key}${span(r.end - r.time)}`).join();
    if (text === this.toldChanges) return;
    this.toldChanges = text;
    $("changes").replaceChildren(...rows.reverse().map(({ time, key, end }) => node("li", {},
      node("time", {}, clock(time)), swatch(key), node("span", {}, word(key)),
      node("span", { class: "took" }, span(end - time)))));
  }

  #health() {
    const { health, missing, unreadable } = this.data, at = Date.parse(health.time) / 1000;
    const facts = {
      Version: health.version, Running: health.uptime_s && span(+health.uptime_s),
      Memory: health.memory_mb && `${health.memory_mb} MB`,
      Processor: health.cpu_s && +health.uptime_s ? `${(100 * health.cpu_s / health.uptime_s).toFixed(1)} % of a core` : null,
      Classification: health.inference_p95_ms && `${health.inference_p95_ms} ms (95 %)`,
      "Audio lost": health.lost_samples && `${health.lost_samples} samples`,
      "Events lost": health.lost_events, "Events waiting": health.waiting_events,
      "Connected again": health.reconnects && `${health.reconnects} times`,
      "Events missing here": `${missing}`, "Unreadable messages": `${unreadable}`,
      Reported: at ? `${clock(at)}` : null,
    };
    const rows = Object.entries(facts).filter(([, value]) => value != null && value !== "");
    const text = JSON.stringify(rows);
    if (text === this.toldHealth) return;
    this.toldHealth = text;
    $("health").replaceChildren(...rows.map(([name, value]) =>
      node("div", {}, node("dt", {}, name), node("dd", {}, value))));
  }

  #button(key) {
    const command = key === "paused" ? "resume" : "pause", button = $("pause");
    button.disabled = ["offline", "no_broker", "unheard"].includes(key) || this.linked === false;
    button.dataset.command = command;
    set(button, command === "pause" ? "Pause listening" : "Resume listening");
    if (!this.asked) return;
    const done = (this.asked.command === "pause") === (key === "paused");
    if (done) { this.asked = null; set($("asked"), ""); }
    else if (Date.now() - this.asked.at > ANSWER_MS) { this.asked = null; set($("asked"), "No answer from the daemon."); }
  }

  async #ask() {
    const command = $("pause").dataset.command;
    this.asked = { command, at: Date.now() };
    set($("asked"), "Asked …");
    try {
      const answer = await fetch("command", {
        method: "POST", headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ room: this.room, command }),
      });
      if (!answer.ok) throw new Error(await answer.text());
    } catch (error) {
      this.asked = null;
      set($("asked"), `Not sent: ${error.message}`);
    }
  }

  #banner() {
    let text = "";
    if (this.linked === false) text = "The page has lost its server, and is trying again.";
    else if (this.data?.problem) text = sentence(this.data.problem);
    const banner = $("banner");
    set(banner, text);
    banner.hidden = !text;
    if (this.linked === false) document.documentElement.dataset.live = false;
  }
}

// "broker not reached: …" begins with its subject, "disconnected: …" does not.
const sentence = (text) => `Broker ${text.replace(/^broker /, "")}`;

function bars(list, names, colour) {
  const found = {};
  list.replaceChildren();
  for (const name of names) {
    const fill = drawn("rect", { width: "100%", height: "100%", rx: 4, class: colour(name) ? `k-${name}` : "dot" });
    const ground = drawn("rect", { width: "100%", height: "100%", class: "ground" });
    const name_ = node("dt", {}, name), value = node("dd", {}, "–");
    const bar = node("dd", { class: "graph", "aria-hidden": "true" }, drawn("svg", {}, ground, fill));
    list.append(name_, bar, value);
    found[name] = { show(part, text, first = false) {
      fill.setAttribute("width", `${Math.round(1000 * Math.min(1, Math.max(0, part ?? 0))) / 10}%`);
      set(value, text);
      name_.classList.toggle("first", first);
      value.classList.toggle("first", first);
    } };
  }
  return found;
}
