// A feed of Server-Sent Events that comes back by itself.

const SILENT_MS = 12_000; // the server sends a beat every 5 s

export function follow(address, handlers, onLink) {
  let source, timer, closed = false;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => { onLink(false); open(); }, SILENT_MS);
  };
  async function retry() {
    onLink(false);
    clearTimeout(timer);
    try {
      const answer = await fetch("about", { cache: "no-store" });
      if (answer.status === 401) location.assign("login");
    } catch { /* the server is away */ }
    if (!closed) timer = setTimeout(open, 2000);
  }
  function open() {
    source?.close();
    if (closed) return;
    source = new EventSource(address);
    source.onopen = () => { onLink(true); alive(); };
    // The browser connects again by itself, with Last-Event-ID, unless the server refuses.
    source.onerror = () => source.readyState === EventSource.CLOSED ? retry() : onLink(false);
    for (const name of ["beat", ...Object.keys(handlers)]) {
      source.addEventListener(name, (event) => {
        alive();
        onLink(true);
        handlers[name]?.(JSON.parse(event.data));
      });
    }
    alive();
  }
  open();
  return () => { closed = true; clearTimeout(timer); source?.close(); };
}
