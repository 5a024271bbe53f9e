// Words, numbers and elements that all views share.

export const WORDS = {
  no_audio: "no audio", warming_up: "listening…", no_broker: "broker away", offline: "switched off",
  unheard: "not heard from", unknown: "page not running",
};
export const MEANINGS = {
  silence: "Nothing is heard but silence or steady noise.",
  other: "There is sound, but neither voice nor music.",
  uncertain: "Something is heard, but its mood is not clear.",
  warming_up: "Three seconds of sound are needed first.",
  no_audio: "No sound arrives from the microphone.",
  paused: "Nobody listens until you resume.",
  no_broker: "The page waits for the MQTT broker.",
  offline: "The daemon was stopped, or it lost the broker.",
};

export const word = (key) => WORDS[key] ?? key;

export function node(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function drawn(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function swatch(key) {
  return drawn("svg", { class: "swatch", "aria-hidden": "true" },
    drawn("rect", { width: "100%", height: "100%", class: `k-${key}` }));
}

export function span(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.round(s / 60)} min`;
  const minutes = Math.floor(s % 3600 / 60);
  if (s < 2 * 86400) return `${Math.floor(s / 3600)} h${minutes ? ` ${String(minutes).padStart(2, "0")} min` : ""}`;
  const hours = Math.floor(s % 86400 / 3600);
  return `${Math.floor(s / 86400)} d${hours ? ` ${hours} h` : ""}`;
}

export const clock = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
export const percent = (value) => value == null ? "–" : `${Math.round(value * 100)} %`;
export const signed = (value) =>
  value == null ? "–" : `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
export const decibels = (value) => value == null ? "–" : `${value < 0 ? "−" : ""}${Math.abs(value).toFixed(0)} dB`;

export function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
