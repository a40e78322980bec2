// What `sitegen watch` puts into every page: it hears of changes and brings them into the page.
//
// docs/architecture/watching.md tells the events. The server tells what this tab does not have,
// from the page and the styles that it says it has: nothing is lost with a connection.

import { renewFiles } from "./files.js";
import { fields, fill, isScript, morph, positions } from "./morph.js";
import { makeOverlay } from "./overlay.js";

const own = document.querySelector("script[data-sitegen='watch']").dataset;
const path = own.view ?? decodeURIComponent(location.pathname);
const sheets = new Map(Object.entries(JSON.parse(own.sheets || "{}")));
const storage = "sitegen-watch " + path;
let shown = own.page;
let filesKnown = Number(own.files);
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

const change = async ({ page, why, sheets: versions }) => {
  // What the page brings along is as new as this when it is loaded.
  for (const [name, version] of Object.entries(versions ?? {})) {
    if (!sheets.has(name)) sheets.set(name, version);
  }
  if (page === shown) return;
  // Whether the next page has what was refused can only its loading say.
  if (refused.size) return full("the policy refused something in it");
  const old = base ?? await load(shown);
  const next = await load(page);
  // A newer page has come meanwhile, and is told of by itself.
  if (!next) return;
  const reason = old ? morph(old, next) : "the page before is not known any more";
  if (reason) return full(reason);
  base = next;
  shown = page;
  // What is new in it names files as the server does.
  renewFiles(filesChanged, isScript, swap);
  paint(page);
  document.dispatchEvent(new CustomEvent("sitegen-watch", { detail: why }));
};

const full = (why) => {
  console.info("sitegen: the page is loaded again, since " + why);
  const scrolled = positions().filter(([element]) => element.id)
    .map(([element, left, top]) => [element.id, left, top]);
  // A page that only says what is wrong has nothing of the page that it stands for.
  if (own.page) {
    sessionStorage.setItem(storage, JSON.stringify({
      window: [scrollX, scrollY], scrolled, fields: fields(document),
      focus: document.activeElement?.id ?? "",
    }));
  }
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

// ---- What holds no script

// A frame that is as large as the window.
const makeFrame = () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("iframe { position: fixed; inset: 0; width: 100%; height: 100%; border: 0 }");
  document.adoptedStyleSheets = [sheet];
  const made = document.createElement("iframe");
  made.title = path;
  made.src = url("frame", { of: path });
  document.body.append(made);
  return made;
};
const frame = own.view === undefined ? null : makeFrame();

// Loads again what is in the frame, which stays where it was scrolled to.
const reframe = (page) => {
  shown = page;
  frame.contentWindow.location.reload();
  paint(page);
};

// ---- Styles

const style = ({ name, href, version }) => {
  if (sheets.get(name) === version) return;
  sheets.set(name, version);
  const links = Array.from(document.querySelectorAll('link[rel="stylesheet"]'))
    .filter((link) => new URL(link.href).pathname === href);
  if (!links.length) return;
  swap(links, href + "?" + new URLSearchParams({ v: version }), () => paint(version),
    () => askAgain([name]));
};

// The server tells a sheet once more to who says that it does not have it.
const askAgain = (names) => {
  for (const name of names) sheets.set(name, "");
  disconnect();
  setTimeout(connect, 1000);
};

// A page may come while its sheets cannot be had, such as when its renderer has just ended.
const sheetPath = /^\/-\/style\/(.*)\.css$/;
// What failed has no sheet, or one that says nothing of itself.
const isThere = (link) => {
  try {
    return Boolean(link.sheet?.cssRules);
  } catch {
    return false;
  }
};
addEventListener("load", () => {
  const lost = Array.from(document.querySelectorAll('link[rel="stylesheet"]'))
    .filter((link) => !isThere(link))
    .map((link) => sheetPath.exec(decodeURIComponent(new URL(link.href).pathname))?.[1])
    .filter((name) => name !== undefined);
  if (lost.length) askAgain(lost);
});

// Takes another sheet instead of those of some links, once it is there.
const swap = (links, address, onLoad = () => {}, onError = () => {}) => {
  const old = links.at(-1);
  const link = document.createElement("link");
  for (const { name, value } of Array.from(old.attributes)) link.setAttribute(name, value);
  link.href = address;
  delete link.dataset.sitegen;
  links.forEach((other) => { other.dataset.sitegen = "old"; });
  link.onload = () => {
    links.forEach((other) => other.remove());
    onLoad();
  };
  link.onerror = () => {
    link.remove();
    delete old.dataset.sitegen;
    onError();
  };
  old.after(link);
};

// ---- Files of public/

const filesChanged = {};
const renew = ({ number, files }) => {
  filesKnown = number;
  Object.assign(filesChanged, files);
  if (renewFiles(files, isScript, swap) === null) full("a script of public/ differs");
};

// ---- The policy

// Says what the policy refused, each once: only where from, which is what the policy is about.
const refused = new Set();
const refusedMax = 20;
const extension = /^[a-z-]*extension:/;
const refuse = ({ effectiveDirective, disposition, blockedURL, blockedURI, ...place }) => {
  const blocked = blockedURL ?? blockedURI ?? "";
  // What the author's browser has built in or added is not the page's.
  const isForeign = [blocked, place.sourceFile].some((text) => extension.test(text ?? ""));
  if (disposition !== "enforce" || !own.page || isForeign) return;
  const what = /^(https?|wss?):/.test(blocked) ? new URL(blocked).origin : blocked || "it";
  const key = effectiveDirective + " " + what;
  if (refused.has(key) || refused.size >= refusedMax) return;
  refused.add(key);
  const file = place.sourceFile && new URL(place.sourceFile, location.href).pathname;
  const at = file ? [file, place.lineNumber].join(":") : "";
  fetch(url("refused", { page: path, directive: effectiveDirective, what, at }),
    { method: "POST" }).catch(() => {});
};
// What was refused before this script ran is known to an observer alone.
if (globalThis.ReportingObserver) {
  new ReportingObserver((reports) => reports.forEach(({ body }) => refuse(body.toJSON())),
    { types: ["csp-violation"], buffered: true }).observe();
} else {
  document.addEventListener("securitypolicyviolation", (event) => refuse({
    effectiveDirective: event.effectiveDirective, disposition: event.disposition,
    blockedURI: event.blockedURI, sourceFile: event.sourceFile, lineNumber: event.lineNumber }));
}

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
  files: (change) => renew(change),
  // What cannot be changed is loaded, and what comes behind it is not kept from being shown.
  morph: (event) => {
    work = work.then(() => change(event)).catch((error) => full(error.message));
  },
  full: ({ page, why }) => frame && page ? reframe(page) : full(why),
};

const parameters = () => ({
  page: path, shown, sheets: JSON.stringify(Object.fromEntries(sheets)), files: filesKnown });

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

connect();
try {
  if (own.page) restore();
} catch (error) {
  console.warn("sitegen: what was typed could not be put back: " + error.message);
}
