// Brings the document from one page of the server to the next.
//
// The two pages are compared with each other, never with the live document: what the visitor typed,
// opened or scrolled, and what scripts did, is in neither and stays. No markup is made from text,
// so the policy of production with 'self' holds, trusted types and all.

const nodesMax = 2000;

// The types of scripts that a browser runs or takes orders from; others are blocks of data, and
// data changes like any text (https://html.spec.whatwg.org/#prepare-the-script-element).
const runningTypes = new RegExp("^(module|importmap|speculationrules"
  + "|(text|application)/(x-)?(java|ecma)script"
  + "|text/(javascript1\\.[0-5]|jscript|livescript))$", "i");
const isScript = (node) => {
  if (node.nodeType !== 1 || node.localName !== "script") return false;
  const [type, language] = [node.getAttribute("type"), node.getAttribute("language")];
  if (type === "" || (type === null && !language)) return true;
  return runningTypes.test(type?.trim() ?? "text/" + language);
};

// What a document has that only a browser's own loading can change.
const rigid = (page) => [
  ["a script", "script"], ["<base>", "base"], ["a policy", "meta[http-equiv]"],
  ["a shadow root", "template[shadowrootmode]"],
].map(([name, selector]) => [
  name, Array.from(page.querySelectorAll(selector))
    .filter((node) => node.localName !== "script" || isScript(node))
    .map((node) => node.outerHTML).join("\n")]);

const whyNot = (old, next) => {
  if (next.querySelector('meta[name="sitegen-watch"][content="reload"]')) {
    return "the page asks for it";
  }
  const now = rigid(next);
  for (const [place, [name, text]] of rigid(old).entries()) {
    if (now[place][1] !== text) return name + " differs";
  }
  const [one, other] = [old.documentElement, next.documentElement];
  if (one.cloneNode().outerHTML !== other.cloneNode().outerHTML) return "<html> differs";
  return null;
};

let inserted = 0;
const source = (node) => node.nodeType === 1 ? node.outerHTML : node.nodeType + node.data;
const isOwn = (node) => node.nodeType === 1
  && (node.localName === "sitegen-watch" || "sitegen" in node.dataset);
const children = (node) => Array.from(node.childNodes).filter((child) => !isOwn(child)
  && !(child.nodeType === 1 && child.matches("template[shadowrootmode]")));
// What reads its children once, when it is made.
const once = new Set(["video", "audio", "object"]);
const isOwnElement = (node) => node.localName.includes("-") && node.matches(":defined");

// Brings `live` from `old` to `next`, where the two differ.
const patch = (live, old, next) => {
  if (source(old) === source(next)) return;
  if (live.nodeType !== 1) {
    live.data = next.data;
    return;
  }
  // It has run, or would never run.
  if (isScript(old) || isScript(next)) throw new Error("a script is in what changed");
  patchAttributes(live, old, next);
  const name = live.localName;
  if (once.has(name) || isOwnElement(live)) {
    // Its inside is its own for as long as the server says the same of it.
    if (old.innerHTML === next.innerHTML) return;
    const kept = fields(live);
    const made = make(next);
    live.replaceWith(made);
    fill(made, kept);
    return;
  }
  // With scripting its content is text, without, as in a page that was only parsed, elements.
  if (name === "noscript") {
    live.textContent = next.innerHTML;
  } else if (name === "template") {
    live.replaceWith(make(next));
  } else if (name === "textarea") {
    const isUntouched = live.value === old.value;
    live.textContent = next.textContent;
    if (isUntouched) live.value = next.value;
  } else {
    patchChildren(live, old, next);
  }
};

const patchAttributes = (live, old, next) => {
  for (const { name, value } of Array.from(next.attributes)) {
    const before = old.getAttribute(name);
    if (before === value) continue;
    const isUntouched = name === "value" && live.value === (before ?? "");
    live.setAttribute(name, value);
    if (isUntouched && live.localName === "input") live.value = value;
  }
  for (const { name } of Array.from(old.attributes)) {
    if (!next.hasAttribute(name)) live.removeAttribute(name);
  }
  for (const name of ["checked", "selected"]) {
    const [before, after] = [old.hasAttribute(name), next.hasAttribute(name)];
    if (before !== after && live[name] === before) live[name] = after;
  }
};

// What tells a child of a page from those that scripts put beside it.
const mark = (node) => node.nodeType !== 1 ? source(node)
  : node.nodeName + " " + node.id + " " + (node.getAttribute("class") ?? "");

// Those of the live children that the server sent, in its order; null if that cannot be told.
const sent = (lives, olds) => {
  const isAsSent = lives.length === olds.length
    && lives.every((node, place) => node.nodeName === olds[place].nodeName);
  if (isAsSent) return lives;
  const count = (nodes, one) => nodes.filter((node) => mark(node) === one).length;
  const found = [];
  let place = 0;
  for (const old of olds) {
    const one = mark(old);
    if (count(lives, one) !== count(olds, one)) return null;
    while (mark(lives[place]) !== one) {
      place++;
      if (place === lives.length) return null;
    }
    found.push(lives[place++]);
    if (place === lives.length && found.length < olds.length) return null;
  }
  return found;
};

const patchChildren = (live, old, next) => {
  const [all, olds, nexts] = [children(live), children(old), children(next)];
  const lives = sent(all, olds);
  if (!lives) {
    // A script made this its own: it gets the server's new form, with what was typed.
    const kept = fields(live);
    for (const node of all) node.remove();
    for (const node of nexts) live.append(make(node));
    fill(live, kept);
    return;
  }
  // What a script put beside them stays where it is.
  const foreign = new Set(all.filter((node) => !lives.includes(node)));
  const pairs = align(olds, nexts);
  const taken = new Set(pairs.filter((place) => place >= 0));
  lives.forEach((node, place) => { if (!taken.has(place)) node.remove(); });
  const following = (node) => {
    while (node && (isOwn(node) || foreign.has(node))) node = node.nextSibling;
    return node;
  };
  let at = following(live.firstChild);
  nexts.forEach((node, place) => {
    const from = pairs[place];
    if (from < 0) {
      live.insertBefore(make(node), at);
      return;
    }
    const kept = lives[from];
    if (kept === at) {
      at = following(at.nextSibling);
    } else if (live.moveBefore) {
      live.moveBefore(kept, at);
    } else {
      live.insertBefore(kept, at);
    }
    patch(kept, olds[from], node);
  });
};

// For each of `nexts`, the place of the one of `olds` that it is a new form of; -1 if it is new.
const align = (olds, nexts) => {
  const pairs = new Array(nexts.length).fill(-1);
  const [before, after] = [olds.map(source), nexts.map(source)];
  let start = 0;
  while (start < olds.length && start < nexts.length && before[start] === after[start]) {
    pairs[start] = start++;
  }
  let [oldEnd, nextEnd] = [olds.length, nexts.length];
  while (oldEnd > start && nextEnd > start && before[oldEnd - 1] === after[nextEnd - 1]) {
    pairs[--nextEnd] = --oldEnd;
  }
  const taken = new Set();
  const pair = (place, from) => {
    pairs[place] = from;
    taken.add(from);
  };
  // What has a name goes where its name is.
  const named = new Map();
  for (let place = start; place < oldEnd; place++) {
    if (olds[place].id) named.set(olds[place].nodeName + " " + olds[place].id, place);
  }
  for (let place = start; place < nextEnd; place++) {
    const from = nexts[place].id && named.get(nexts[place].nodeName + " " + nexts[place].id);
    if (from !== undefined && from !== "" && !taken.has(from)) pair(place, from);
  }
  // What stayed as it was, in its order: the longest common run.
  for (const [from, place] of commonRun(before, after, start, oldEnd, nextEnd)) {
    if (pairs[place] < 0 && !taken.has(from)) pair(place, from);
  }
  // Between those, elements of one kind in their order.
  let from = start;
  for (let place = start; place < nextEnd; place++) {
    if (pairs[place] >= 0) {
      from = Math.max(from, pairs[place] + 1);
      continue;
    }
    let free = from;
    while (free < oldEnd && (taken.has(free) || olds[free].nodeName !== nexts[place].nodeName
        || olds[free].id || nexts[place].id)) {
      free++;
    }
    const limit = pairs.slice(place + 1, nextEnd).find((other) => other >= from) ?? oldEnd;
    if (free < limit) {
      pair(place, free);
      from = free + 1;
    }
  }
  return pairs;
};

const commonRun = (before, after, start, oldEnd, nextEnd) => {
  const [rows, columns] = [oldEnd - start, nextEnd - start];
  if (rows * columns === 0 || rows * columns > 250000) return [];
  const lengths = Array.from({ length: rows + 1 }, () => new Uint16Array(columns + 1));
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      lengths[row][column] = before[start + row] === after[start + column]
        ? lengths[row + 1][column + 1] + 1
        : Math.max(lengths[row + 1][column], lengths[row][column + 1]);
    }
  }
  const run = [];
  for (let row = 0, column = 0; row < rows && column < columns;) {
    if (before[start + row] === after[start + column]) {
      run.push([start + row++, start + column++]);
    } else if (lengths[row + 1][column] >= lengths[row][column + 1]) {
      row++;
    } else {
      column++;
    }
  }
  return run;
};

// A node of this document; scripts are never run by a morph.
const make = (node) => {
  if (node.nodeType === 1) {
    if (isScript(node) || Array.from(node.querySelectorAll("script")).some(isScript)) {
      throw new Error("a script is in what changed");
    }
    inserted += 1 + node.getElementsByTagName("*").length;
    if (inserted > nodesMax) throw new Error("more than " + nodesMax + " elements are new");
  }
  return document.importNode(node, true);
};

// ---- What a visitor did

const positions = () => {
  const found = [];
  for (const element of document.querySelectorAll("*")) {
    if (element.scrollTop || element.scrollLeft) {
      found.push([element, element.scrollLeft, element.scrollTop]);
    }
  }
  return found;
};

// What a field says now, or said before anybody touched it; of details, whether they are open.
const picks = (select, isPicked) => Array.from(select.options).filter(isPicked)
  .map((option) => option.value);
const value = (field) => field.localName === "details" ? field.open
  : field.localName === "select" ? picks(field, (option) => option.selected)
  : ["checkbox", "radio"].includes(field.type) ? field.checked : field.value;
const pick = (select, values) => {
  const isIn = (option) => values.includes(option.value);
  // What was picked may be gone.
  if (values.length && !picks(select, isIn).length) return;
  for (const option of select.options) option.selected = isIn(option);
};
const untouched = (field) => {
  if (field.localName === "details") return false;
  if (["checkbox", "radio"].includes(field.type)) return field.defaultChecked;
  if (field.localName !== "select") return field.defaultValue;
  const picked = picks(field, (option) => option.defaultSelected);
  if (field.multiple) return picked;
  // Of several the last counts; without any, the first that can be had.
  return picked.length || field.size > 1 ? picked.slice(-1)
    : picks(field, (option) => !option.disabled).slice(0, 1);
};

// Fields that were changed, each by its id, or its name and how many of that name came before.
const fields = (root) => {
  const [found, counts] = [[], new Map()];
  for (const field of root.querySelectorAll("input, textarea, select, details")) {
    const name = field.id ? "#" + field.id : field.localName + " " + (field.name ?? "");
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    if (["password", "file", "hidden"].includes(field.type) || field.autocomplete === "off") {
      continue;
    }
    const now = value(field);
    if (JSON.stringify(now) !== JSON.stringify(untouched(field))) found.push([name, count, now]);
  }
  return found;
};

const fill = (root, kept) => {
  const counts = new Map();
  for (const field of root.querySelectorAll("input, textarea, select, details")) {
    const name = field.id ? "#" + field.id : field.localName + " " + (field.name ?? "");
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    const found = kept.find(([other, place]) => other === name && place === count);
    if (!found) continue;
    if (field.localName === "details") field.open = found[2];
    else if (field.localName === "select") pick(field, found[2]);
    else if (["checkbox", "radio"].includes(field.type)) field.checked = found[2];
    else field.value = found[2];
  }
};

// Brings the live document from `old` to `next`; what keeps it from that, or null.
const morph = (old, next) => {
  const reason = whyNot(old, next);
  if (reason) return reason;
  const marks = positions();
  try {
    inserted = 0;
    patch(document.documentElement, old.documentElement, next.documentElement);
  } catch (error) {
    return error.message;
  }
  for (const [element, left, top] of marks) {
    if (element.scrollTop !== top || element.scrollLeft !== left) element.scrollTo(left, top);
  }
  return null;
};

export { fields, fill, isScript, morph, positions };
