// The views, and which of them is shown: #now=PREFIX, #history=PREFIX or #rooms.
import { History } from "./history.js";
import { Live } from "./live.js";
import { Rooms } from "./rooms.js";
import { node } from "./words.js";

const VIEWS = ["now", "history", "rooms"];
const $ = (id) => document.getElementById(id);

async function start() {
  let about;
  try {
    const answer = await fetch("about", { cache: "no-store" });
    if (answer.status === 401) { location.assign("login"); return; }
    about = await answer.json();
  } catch {
    $("banner").hidden = false;
    $("banner").textContent = "The page does not reach its server, and is trying again.";
    setTimeout(start, 2000);
    return;
  }
  $("banner").hidden = true;
  $("logout").hidden = !about.password;
  const views = { now: new Live(about), history: new History(about), rooms: new Rooms() };
  let names = about.rooms, room = names[0] ?? "";

  function list(found) {
    names = found;
    $("room").replaceChildren(...names.map((name) => node("option", { value: name }, name)));
    $("room").value = room;
    document.querySelector("[data-view=rooms]").hidden = names.length < 2;
  }

  function show() {
    const [asked, wanted] = location.hash.slice(1).split("=");
    const view = VIEWS.includes(asked) ? asked : names.length > 1 ? "rooms" : "now";
    if (wanted) room = decodeURIComponent(wanted);
    if (!names.includes(room) && wanted) list([...names, room].sort());
    room ||= names[0] ?? "";
    for (const name of VIEWS) {
      $(name).hidden = name !== view;
      views[name].close();
      const link = document.querySelector(`[data-view=${name}]`);
      if (name === view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
      link.href = name === "rooms" ? "#rooms" : `#${name}=${encodeURIComponent(room)}`;
    }
    $("room-choice").hidden = view === "rooms" || names.length < 2;
    $("room").value = room;
    if (view !== "now") { delete document.documentElement.dataset.key; document.title = `${view} · moodstream`; }
    if (view === "rooms") views.rooms.open(list);
    else views[view].open(room);
    window.scrollTo(0, 0);
  }

  $("room").addEventListener("change", () => {
    const view = location.hash.startsWith("#history") ? "history" : "now";
    location.hash = `#${view}=${encodeURIComponent($("room").value)}`;
  });
  addEventListener("hashchange", () => location.hash === "#content" || show());
  list(names);
  show();
}

start();
