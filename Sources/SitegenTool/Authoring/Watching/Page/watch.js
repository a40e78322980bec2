// What `sitegen watch` puts into every page: it hears of changes and brings them into the page.
//
// docs/architecture/watching.md tells the events. The server tells what this tab does not have,
// from the page and the styles that it says it has: nothing is lost with a connection.

import { fields, fill, morph, positions } from "./morph.js";
import { makeOverlay } from "./overlay.js";

const own = document.querySelector("script[data-sitegen='watch']").dataset;
const path = decodeURIComponent(location.pathname);
const sheets = new Map(Object.entries(JSON.parse(own.sheets || "{}")));
const storage = "sitegen-watch " + path;
let shown = own.page;
let base = null;
let work = Promise.resolve();

const url = (name, parameters = {}) =>
  "/-/" + name + "?" + new URLSearchParams({ token: own.token, ...parameters });
const ui = makeOverlay(url);

// Says that the next frame shows something: the terminal tells how long that took.
const paint = (what) => requestAnimationFrame(() => setTimeout(() => {
  fetch(url("painted", { what }), { method: "POST", keepalive: true }).catch(() => {});
}));

// ---- Pages

// The document of a digest, parsed and not run; null if the server has it no more.
const load = (digest) => new Promise((resolve) => {
  if (!digest) return resolve(null);
  const request = new XMLHttpRequest();
  request.open("GET", url("page", { digest }));
  request.responseType = "document";
  request.onload = () => resolve(request.status === 200 ? request.response : null);
  request.onerror = () => resolve(null);
  request.send();
});

const change = async ({ page, why }) => {
  if (page === shown) return;
  const old = base ?? await load(shown);
  const next = await load(page);
  // A newer page has come meanwhile, and is told of by itself.
  if (!next) return;
  const reason = old ? morph(old, next) : "the page before is not known any more";
  if (reason) return full(reason);
  base = next;
  shown = page;
  paint(page);
  document.dispatchEvent(new CustomEvent("sitegen-watch", { detail: why }));
};

const full = (why) => {
  console.info("sitegen: the page is loaded again, since " + why);
  const scrolled = positions().filter(([element]) => element.id)
    .map(([element, left, top]) => [element.id, left, top]);
  sessionStorage.setItem(storage, JSON.stringify({
    window: [scrollX, scrollY], scrolled, fields: fields(document),
    focus: document.activeElement?.id ?? "",
  }));
  fetch(url("reloads", { page: path, why }), { method: "POST", keepalive: true })
    .finally(() => location.reload());
};

const restore = () => {
  const text = sessionStorage.getItem(storage);
  sessionStorage.removeItem(storage);
  if (!text) return;
  const kept = JSON.parse(text);
  fill(document, kept.fields);
  for (const [id, left, top] of kept.scrolled) document.getElementById(id)?.scrollTo(left, top);
  if (kept.focus) document.getElementById(kept.focus)?.focus({ preventScroll: true });
  scrollTo(...kept.window);
};

// ---- Styles

const style = ({ name, href, version }) => {
  if (sheets.get(name) === version) return;
  sheets.set(name, version);
  const links = Array.from(document.querySelectorAll('link[rel="stylesheet"]'))
    .filter((link) => new URL(link.href).pathname === href);
  const old = links.at(-1);
  if (!old) return;
  const link = document.createElement("link");
  for (const { name, value } of Array.from(old.attributes)) link.setAttribute(name, value);
  link.href = href + "?" + new URLSearchParams({ v: version });
  delete link.dataset.sitegen;
  links.forEach((other) => { other.dataset.sitegen = "old"; });
  link.onload = () => {
    links.forEach((other) => other.remove());
    paint(version);
  };
  link.onerror = () => {
    link.remove();
    delete old.dataset.sitegen;
  };
  old.after(link);
};

// ---- The stream

let stream = null;
let polling = null;
let awaySince = null;

const handlers = {
  state: (state) => {
    if (state.program !== own.program) return full("sitegen watch was started again");
    ui.problems(state.problems);
    ui.busy(state.busy);
  },
  problems: (list) => ui.problems(list),
  busy: (busy) => ui.busy(busy),
  css: (sheet) => style(sheet),
  morph: (event) => { work = work.then(() => change(event)); },
};

const parameters = () => ({
  page: path, shown, sheets: JSON.stringify(Object.fromEntries(sheets)) });

const isHere = () => {
  awaySince = null;
  ui.away(false);
};
const isAway = () => {
  awaySince ??= Date.now();
  if (Date.now() - awaySince > 2000) ui.away(true);
};

const connect = () => {
  if (stream || polling || document.visibilityState === "hidden") return;
  const mine = new EventSource(url("events", parameters()));
  stream = mine;
  for (const [name, handle] of Object.entries(handlers)) {
    mine.addEventListener(name, (event) => {
      isHere();
      handle(JSON.parse(event.data));
    });
  }
  mine.onerror = () => {
    const isRefused = mine.readyState === EventSource.CLOSED;
    disconnect();
    isAway();
    if (isRefused) poll();
    else setTimeout(connect, 1000);
  };
};

// For the tabs of a browser that has no connection left for another stream.
const poll = async () => {
  if (stream || polling || document.visibilityState === "hidden") return;
  polling = setTimeout(() => {
    polling = null;
    poll();
  }, 1000);
  try {
    const answer = await fetch(url("state", parameters()), { cache: "no-store" });
    // Another run of the server, which does not know this page's token.
    if (answer.status === 403) return await startAnew();
    const { events } = await answer.json();
    isHere();
    for (const { event, data } of events) handlers[event]?.(data);
  } catch {
    isAway();
  }
};

// Loads the page again as soon as the server has it: until then what is there stays.
const startAnew = async () => {
  const answer = await fetch(location.href, { cache: "no-store" });
  if (answer.status !== 503) full("sitegen watch was started again");
};

const disconnect = () => {
  stream?.close();
  clearTimeout(polling);
  stream = polling = null;
};
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") disconnect();
  else connect();
});
addEventListener("pagehide", disconnect);
addEventListener("pageshow", connect);

restore();
connect();
