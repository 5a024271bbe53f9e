// The plane of valence and arousal, with the trail of the last minutes.
import { drawn, signed } from "./words.js";

const PIECES = 6; // of the trail, each fainter than the next

export class Plane {
  constructor(svg, moods) {
    this.svg = svg;
    this.names = {};
    const ends = [["low energy", .04, .88, "start"], ["high energy", .04, -.78, "start"],
      ["unpleasant", -.95, .085, "start"], ["pleasant", .95, .085, "end"]];
    svg.append(
      drawn("circle", { r: 1, class: "rim" }),
      drawn("path", { d: "M-1 0H1M0 -1V1", class: "axis" }));
    for (const [text, x, y, anchor] of ends) {
      svg.append(drawn("text", { x, y, "text-anchor": anchor, class: "end" }, text));
    }
    for (const [mood, [valence, arousal]] of Object.entries(moods)) this.#name(mood, valence, arousal);
    this.trail = drawn("g");
    this.place = drawn("g", { class: "place", visibility: "hidden" },
      drawn("circle", { r: .13, class: "halo" }), drawn("circle", { r: .05, class: "core" }));
    svg.append(this.trail, this.place);
  }

  #name(mood, valence, arousal) {
    const anchor = Math.abs(valence) < .3 ? "middle" : valence > 0 ? "start" : "end";
    const dot = drawn("circle", { cx: valence, cy: -arousal, r: .022, class: `k-${mood}` });
    const text = mood === "neutral"
      ? drawn("text", { x: .05, y: .115, "text-anchor": "start" }, mood)
      : drawn("text", { x: valence * 1.09, y: -arousal * 1.09 + .025, "text-anchor": anchor }, mood);
    this.names[mood] = { dot, text };
    this.svg.append(dot, text);
  }

  show(state, trail, live, now) {
    for (const [mood, { dot, text }] of Object.entries(this.names)) {
      const score = live ? state?.scores?.[mood] ?? 0 : 0;
      dot.setAttribute("r", (.022 + .05 * Math.sqrt(score)).toFixed(3));
      text.classList.toggle("now", live && state?.mood === mood);
    }
    this.#draw(trail, now);
    const here = state?.valence != null;
    this.place.setAttribute("visibility", here ? "visible" : "hidden");
    this.place.classList.toggle("past-place", !live);
    if (!here) {
      this.svg.setAttribute("aria-label", "No place on the plane: no mood is heard");
      return;
    }
    this.place.style.transform = `translate(${state.valence}px, ${-state.arousal}px)`;
    this.svg.setAttribute("aria-label",
      `${live ? "Now" : "Last"} at valence ${signed(state.valence)}, arousal ${signed(state.arousal)}`);
  }

  #draw(trail, now) {
    const runs = [];
    for (const [time, valence, arousal] of trail) {
      const age = Math.min(PIECES - 1, Math.floor((now - time) / 600 * PIECES));
      const last = runs.at(-1);
      if (last && time - last.time < 20 && last.age === age) last.points.push([valence, -arousal]);
      else {
        // A piece begins where the one before it ends, unless nothing was heard meanwhile.
        const joined = last && time - last.time < 20 ? [last.points.at(-1)] : [];
        runs.push({ age, points: [...joined, [valence, -arousal]] });
      }
      runs.at(-1).time = time;
    }
    this.trail.replaceChildren(...runs.map(({ age, points }) => drawn("path", {
      class: "trail", opacity: (.62 * (1 - age / PIECES) ** 1.5).toFixed(2),
      d: "M" + points.map((p) => p.map((v) => v.toFixed(3)).join(" ")).join("L"),
    })));
  }
}
