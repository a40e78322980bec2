// What the author sees besides the page: problems, what is being done, a server that is away.
//
// It lives in a shadow root in the top layer, where no style of the site reaches it, and never
// takes the focus. Problems are folded into a badge by Escape, and unfold when others come.

const look = `
  :host { all: initial !important; position: fixed !important; inset: 0 !important;
    width: auto !important; height: auto !important; display: block !important;
    pointer-events: none !important; background: none !important;
    color-scheme: dark !important; color: #e9e7f0 !important;
    font: 15px/1.5 system-ui, sans-serif !important; }
  *, ::before, ::after { box-sizing: border-box; }
  [hidden] { display: none !important; }
  button { font: inherit; color: inherit; cursor: pointer; }
  button:focus-visible { outline: 2px solid #9db4ff; outline-offset: 2px; }
  .line { position: absolute; top: 0; left: 0; right: 0; height: 3px; overflow: hidden; }
  .line::before { content: ""; position: absolute; inset: 0; width: 35%;
    background: linear-gradient(90deg, transparent, #7c9cff 40%, #b7a2ff, transparent);
    animation: run 1.3s ease-in-out infinite; }
  @keyframes run { from { transform: translateX(-100%); } to { transform: translateX(290%); } }
  .word { position: absolute; top: 10px; left: 50%; transform: translateX(-50%);
    max-width: calc(100vw - 24px); padding: 3px 12px; border-radius: 99px; background: #17161dee;
    border: 1px solid #ffffff1c; font-size: 13px; white-space: nowrap; overflow: hidden;
    text-overflow: ellipsis; box-shadow: 0 4px 18px #0006; }
  .badge { position: absolute; right: 16px; bottom: 16px; pointer-events: auto; display: flex;
    align-items: center; gap: 8px; padding: 8px 15px 8px 12px; border-radius: 99px;
    border: 1px solid #ffffff22; background: #1b1a22; font-weight: 600; font-size: 14px;
    box-shadow: 0 6px 24px #0007; }
  .badge::before { content: ""; width: 9px; height: 9px; border-radius: 50%;
    background: var(--tone); box-shadow: 0 0 0 4px color-mix(in srgb, var(--tone) 25%, #0000); }
  .back { position: absolute; inset: 0; pointer-events: auto; overflow: auto;
    overscroll-behavior: contain; background: #0b0a10b3; backdrop-filter: blur(5px);
    padding: 6vh 20px 20px; }
  .panel { max-width: 920px; margin: 0 auto; border-radius: 12px; background: #17161d;
    border: 1px solid #ffffff1a; box-shadow: 0 24px 80px #000a; overflow: hidden; }
  header { display: flex; align-items: center; gap: 12px; padding: 12px 12px 12px 22px;
    border-bottom: 1px solid #ffffff14; font-size: 14px; color: #a8a4b8; }
  header span { flex: 1; }
  header button { padding: 4px 12px; border-radius: 7px; border: 1px solid #ffffff22;
    background: #ffffff0d; font-size: 13px; color: #d5d2e0; }
  header button:hover, .place:hover { background: #ffffff1c; }
  article { padding: 20px 22px 22px; border-left: 3px solid var(--tone); }
  article + article { border-top: 1px solid #ffffff14; }
  .error { --tone: #ff6b7a; }
  .warning { --tone: #f2b84b; }
  h2 { margin: 0 0 12px; font: 600 17px/1.4 system-ui, sans-serif; overflow-wrap: anywhere; }
  h2::before { content: attr(data-kind); display: inline-block; margin-right: 10px;
    padding: 0 8px; border-radius: 5px; font-size: 12px; line-height: 20px; vertical-align: 2px;
    color: var(--tone); background: color-mix(in srgb, var(--tone) 16%, #0000); }
  .place { display: inline-block; margin: 0 0 12px; padding: 3px 10px; border-radius: 7px;
    border: 1px solid #ffffff1c; background: #ffffff0a; color: #b9c8ff;
    font: 13px/1.6 ui-monospace, monospace; overflow-wrap: anywhere; text-align: left; }
  pre { margin: 0 0 12px; padding: 10px 0; border-radius: 8px; background: #0e0d13;
    overflow-x: auto; font: 13px/1.65 ui-monospace, monospace; tab-size: 4; color: #a8a4b8; }
  pre div { min-width: max-content; padding: 0 14px 0 0; white-space: pre; }
  pre i { display: inline-block; width: 52px; padding-right: 16px; text-align: right;
    font-style: normal; color: #5d5a6b; user-select: none; }
  pre .at { color: #f4f2fa; background: color-mix(in srgb, var(--tone) 13%, #0000); }
  pre .at i, pre .caret { color: var(--tone); }
  p { margin: 0 0 4px; color: #bdb9cb; overflow-wrap: anywhere; white-space: pre-wrap; }
  @media (max-width: 600px) { .back { padding: 12px 8px; } article { padding: 16px 14px; }
    pre i { width: 36px; padding-right: 10px; } h2 { font-size: 16px; } }
  @media (prefers-reduced-motion: reduce) { .line::before { animation: none; width: 100%; } }`;

// What a reader takes for characters, as columns are counted.
const characters = (text) => globalThis.Intl?.Segmenter
  ? Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment) : Array.from(text);

const makeOverlay = (url) => {
  let host = null;
  let parts = null;
  let list = [];
  let isFolded = true;
  let known = "";
  let work = { what: null };
  let workSince = 0;
  let isAway = false;
  let timer = null;
  let said = "";
  let saying = null;

  const element = (name, properties = {}, ...content) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...content);
    return made;
  };

  const show = () => {
    if (host?.isConnected) return;
    host = document.createElement("sitegen-watch");
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(look);
    root.adoptedStyleSheets = [sheet];
    parts = {
      line: element("div", { className: "line", hidden: true }),
      word: element("div", { className: "word", hidden: true, role: "status" }),
      badge: element("button", {
        className: "badge", hidden: true, type: "button", onclick: () => fold(false) }),
      back: element("div", { className: "back", hidden: true }),
    };
    root.append(...Object.values(parts));
    host.popover = "manual";
    document.documentElement.append(host);
    host.showPopover?.();
  };

  const count = () => {
    const number = (severity, word) => {
      const found = list.filter((problem) => problem.severity === severity).length;
      return found ? [found + " " + word + (found === 1 ? "" : "s")] : [];
    };
    return [...number("error", "problem"), ...number("warning", "warning")].join(", ");
  };

  // Whether the clipboard has a text now; without a secure address there is none.
  const copy = async (text) => {
    if (!navigator.clipboard) return false;
    return navigator.clipboard.writeText(text).then(() => true, () => false);
  };

  // Has the editor open something; a text of its place if there is no editor.
  const asked = async (what) => {
    const answer = await fetch(url("open", what), { method: "POST" }).catch(() => null);
    return answer?.status === 409 ? (await answer.text()).trim() : null;
  };

  const open = async (problem, button, text) => {
    const place = { file: problem.file, line: problem.line ?? 1, column: problem.column ?? 1 };
    if (!await asked(place)) return;
    const copied = await copy(text) ? "copied; " : "";
    button.textContent = copied + "set SITEGEN_EDITOR to open it";
    clearTimeout(button.timer);
    button.timer = setTimeout(() => { button.textContent = text; }, 2500);
  };

  const article = (problem) => {
    const made = element("article", { className: problem.severity });
    const title = element("h2", {}, problem.title);
    title.dataset.kind = problem.severity;
    made.append(title);
    if (problem.file) {
      const text = [problem.file, problem.line, problem.column].filter(Boolean).join(":");
      const button = element("button", { className: "place", type: "button" }, text);
      button.onclick = () => open(problem, button, text);
      made.append(button);
    }
    if (problem.excerpt.length) {
      const code = element("pre");
      for (const { number, text } of problem.excerpt) {
        const isAt = number === problem.line;
        code.append(element("div", { className: isAt ? "at" : "" },
          element("i", {}, String(number)), text || " "));
        if (isAt && problem.column) {
          const lead = characters(text).slice(0, problem.column - 1)
            .map((one) => one === "\t" ? one : " ").join("");
          code.append(element("div", { className: "caret" },
            element("i", {}, ""), lead + "^"));
        }
      }
      made.append(code);
    }
    for (const note of problem.notes) made.append(element("p", {}, note));
    return made;
  };

  const fold = (folded) => {
    isFolded = folded;
    draw();
  };

  const draw = () => {
    if (!list.length && !work.what && !isAway && !said) {
      host?.remove();
      host = null;
      return;
    }
    show();
    const isPanel = list.length > 0 && !isFolded;
    parts.back.hidden = !isPanel;
    parts.badge.hidden = isPanel || !list.length;
    const hasErrors = list.some((problem) => problem.severity === "error");
    parts.badge.className = "badge " + (hasErrors ? "error" : "warning");
    parts.badge.textContent = count();
    if (isPanel) {
      const button = element("button", { type: "button", onclick: () => fold(true) }, "Hide");
      button.title = "Fold into the corner (Escape)";
      const head = element("header", {}, element("span", {}, count()), button);
      const panel = element("div", { className: "panel", role: "alert" }, head);
      panel.append(...list.map(article));
      parts.back.replaceChildren(panel);
      parts.back.onclick = (event) => {
        if (event.target === parts.back) fold(true);
      };
    }
    drawWork();
  };

  // Shows a word for a moment.
  const say = (text) => {
    said = text;
    clearTimeout(saying);
    saying = setTimeout(() => {
      said = "";
      draw();
    }, 2500);
    draw();
  };

  const drawWork = () => {
    clearTimeout(timer);
    if (!host) return;
    const elapsed = Date.now() - workSince;
    const isShown = isAway || (work.what && elapsed >= 300);
    parts.line.hidden = !isShown;
    parts.word.hidden = !isShown && !said;
    if (said) parts.word.textContent = said;
    if (isShown && !said) {
      const seconds = elapsed >= 10000 && !isAway ? " · " + Math.floor(elapsed / 1000) + " s" : "";
      parts.word.textContent = isAway ? "sitegen watch does not answer" : work.what + seconds;
    }
    if (work.what && !isAway) timer = setTimeout(drawWork, isShown ? 1000 : 300 - elapsed);
  };

  // Opens the component that wrote an element.
  addEventListener("click", async (event) => {
    const element = event.altKey && event.target.closest?.("[data-sitegen-at]");
    if (!element) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const place = await asked({ component: element.dataset.sitegenAt });
    if (!place) return;
    const copied = await copy(place) ? "copied " : "";
    say(copied + place + "; set SITEGEN_EDITOR to open it");
  }, true);

  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && list.length && !isFolded) fold(true);
  }, true);

  return {
    problems: (now) => {
      const errors = JSON.stringify(now.filter((problem) => problem.severity === "error"));
      // What is new is shown; what was folded away and is the same stays so.
      if (errors !== known) isFolded = errors === "[]";
      known = errors;
      list = now;
      draw();
    },
    busy: (now) => {
      work = now;
      workSince = Date.now() - (now.milliseconds ?? 0);
      draw();
    },
    away: (now) => {
      if (now === isAway) return;
      isAway = now;
      draw();
    },
  };
};

export { makeOverlay };
