// A feed of Server-Sent Events that comes back by itself.

const SILENT_MS = 12_000; // the server sends a beat every 5 s

export function follow(address, handlers, onLink) {
  const ended = new AbortController();
  let source, timer;
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
    if (!ended.signal.aborted) timer = setTimeout(open, 2000);
  }
  function shut() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }
  // A browser has six connections to a server. Tabs in the background would use them up.
  function open() {
    shut();
    if (ended.signal.aborted || document.hidden) return;
    source = new EventSource(address);
    // The browser connects again by itself, with Last-Event-ID, unless the server refuses.
    source.onerror = (event) => event.target.readyState === EventSource.CLOSED ? retry() : onLink(false);
    // Only a message shows that the way is open: some proxies hold all of them back.
    for (const name of ["beat", ...Object.keys(handlers)]) {
      source.addEventListener(name, (event) => {
        alive();
        onLink(true);
        handlers[name]?.(JSON.parse(event.data));
      });
    }
    alive();
  }
  document.addEventListener("visibilitychange", open, { signal: ended.signal });
  open();
  return () => { ended.abort(); shut(); };
}
