"""The morph of `sitegen watch` in Chromium: random pairs of pages, with and without live state.

After a morph an untouched page is the next one, parsed afresh. With fields that were typed in,
details that were opened, and nodes and attributes that scripts added, whatever the next page leaves
alone is still there. `MORPH_PAIRS` (2000) and `SEED` (random, printed) say how many and which.
"""

import functools
import http.server
import json
import os
import random
import threading

from chromium import Chromium
from harness import ROOT, check, run, temporary_folder

PAGE = ROOT / "Sources/SitegenTool/Authoring/Watching/Page"

TRIAL = """
const { morph } = await import("/morph.js");
let state = SEED;
const random = (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 4294967296 * limit);
};
const pick = (list) => list[random(list.length)];
const words = ["coat", "wool", "a & b", "<b>", "lining", "é", "  two  spaces "];
let names = 0;
const text = () => ({ text: pick(words) });
const tree = (depth) => {
    if (depth === 0 || random(4) === 0) return text();
    const tag = pick(["div", "p", "ul", "section", "span", "details", "label", "x-own"]);
    const node = { tag, attributes: {}, children: [] };
    if (random(3) === 0) node.attributes.id = "n" + names++;
    if (random(3) === 0) node.attributes.class = pick(["a", "b", "c"]);
    if (random(5) === 0) node.attributes["data-x"] = pick(words);
    if (tag === "details") node.children.push({
        tag: "summary", attributes: {}, children: [text()] });
    for (let count = random(5); count > 0; count--) node.children.push(tree(depth - 1));
    if (random(6) === 0) node.children.push({
        tag: "input", attributes: { name: "f" + random(9), value: pick(words) }, children: [] });
    if (random(12) === 0) node.children.push({
        tag: "script", attributes: { type: "application/ld+json" },
        children: [{ text: JSON.stringify(pick(words)) }] });
    if (random(9) === 0) node.children.push({
        tag: "textarea", attributes: { name: "t" + random(9) }, children: [text()] });
    return node;
};
const copy = (node) => JSON.parse(JSON.stringify(node));
const inner = (node) => node.tag
    && !["textarea", "summary", "input", "script"].includes(node.tag);
const all = (node, found = []) => {
    if (inner(node)) found.push(node);
    for (const child of node.children ?? []) all(child, found);
    return found;
};
const edit = (root) => {
    for (let count = 1 + random(4); count > 0; count--) {
        const node = pick(all(root));
        const place = random(node.children.length + 1);
        const kind = random(6);
        if (kind === 0) node.children.splice(place, 0, tree(2));
        else if (kind === 1) node.children.splice(place, 1);
        else if (kind === 2) node.attributes["data-x"] = pick(words);
        else if (kind === 3) delete node.attributes.class;
        else if (kind === 4 && node.children.length) node.children[Math.min(
            place, node.children.length - 1)] = text();
        else if (node.children.length > 1) {
            const [moved] = node.children.splice(Math.min(place, node.children.length - 1), 1);
            node.children.splice(random(node.children.length + 1), 0, moved);
        }
    }
};
const markup = (node) => {
    if (node.tag === undefined) return node.text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
    const attributes = Object.entries(node.attributes).map(([name, value]) =>
        ` ${name}="${value.replace(/&/g, "&amp;").replace(/"/g, "&quot;")}"`).join("");
    const content = node.children.map(markup).join("");
    // What is in a script is no markup.
    if (node.tag === "script") return `<script${attributes}>${node.children[0].text}</script>`;
    return node.tag === "input" ? `<input${attributes}>`
        : `<${node.tag}${attributes}>${content}</${node.tag}>`;
};
const page = (root) => new DOMParser().parseFromString(
    "<!DOCTYPE html><html><head><title>t</title></head><body>" + markup(root)
    + "</body></html>", "text/html");
const show = (parsed) => document.replaceChild(
    document.importNode(parsed.documentElement, true), document.documentElement);
const own = (element) => {
    const copied = element.cloneNode(true);
    copied.normalize();
    return copied;
};
const wrong = [];
let kept = 0;
for (let number = 0; number < PAIRS; number++) {
    const root = { tag: "main", attributes: {}, children: [tree(4), tree(4), tree(3)] };
    names = 0;
    const other = copy(root);
    edit(other);
    const [old, next] = [page(root), page(other)];
    show(old);
    const reason = morph(old, next);
    if (reason) wrong.push([number, reason]);
    // The order of an element's attributes says nothing, so not the text of both is compared.
    if (!own(document.documentElement).isEqualNode(own(next.documentElement))) {
        wrong.push([number, "differs", markup(root), markup(other)]);
    }
    // A second time, with what a visitor and scripts did before.
    show(old);
    const marked = [];
    for (const field of document.querySelectorAll("input, textarea")) {
        if (random(2)) field.value = "typed";
    }
    for (const element of document.querySelectorAll("details")) {
        if (random(2)) element.open = true;
    }
    for (const element of document.querySelectorAll("[id]")) {
        element.dataset.live = "yes";
        marked.push([element, element.id]);
    }
    const added = document.createElement("aside");
    added.className = "from-a-script";
    document.body.append(added);
    morph(old, next);
    if (!added.isConnected) wrong.push([number, "an added node is gone"]);
    for (const [element, id] of marked) {
        const before = old.querySelectorAll("#" + id), after = next.querySelectorAll("#" + id);
        if (before.length !== 1 || after.length !== 1) continue;
        if (before[0].outerHTML !== after[0].outerHTML || element.closest("x-own")) continue;
        if (before[0].parentNode.nodeName !== after[0].parentNode.nodeName) continue;
        const parents = (node) => {
            const found = [];
            for (let at = node.parentNode; at?.nodeType === 1; at = at.parentNode) {
                found.push(at.cloneNode().outerHTML);
            }
            return found.join("");
        };
        if (parents(before[0]) !== parents(after[0])) continue;
        if (element.isConnected) {
            kept++;
            if (element.dataset.live !== "yes") wrong.push([number, "an attribute is gone"]);
        }
    }
}
return { wrong: wrong.slice(0, 3), count: wrong.length, kept };
"""

# Pairs of bodies, what is done to the first before the morph, and what has to be true after it.
LIVE = {
    "what a custom element holds is left alone, until the server says something else of it": (
        "<x-made a=1><i>one</i></x-made>", "<x-made a=2><i>one</i></x-made>",
        "document.querySelector('x-made').innerHTML = '<b>its own</b>'",
        "document.querySelector('x-made[a=\"2\"] b')"),
    "then it has the server's": (
        "<x-made><i>one</i></x-made>", "<x-made><i>two</i></x-made>",
        "document.querySelector('x-made').innerHTML = '<b>its own</b>'",
        "document.querySelector('x-made').textContent === 'two'"),
    "a video with another source is another": (
        "<video><source src=a.mp4></video>", "<video><source src=b.mp4></video>", "",
        "document.querySelector('source').getAttribute('src') === 'b.mp4'"),
    "a video whose size differs stays": (
        "<video width=1><source src=a.mp4></video>", "<video width=2><source src=a.mp4></video>",
        "window.kept = document.querySelector('video')",
        "kept.isConnected && kept.width === 2"),
    "data in what is new is taken in": (
        "<p>one</p>", "<p>one</p><div><script type=application/json>{}</script></div>", "",
        "document.querySelector('script[type]').text === '{}'"),
    "data that differs is changed": (
        "<script type=application/ld+json>1</script>",
        "<script type=application/ld+json>2</script>",
        "window.kept = document.querySelector('script[type]')",
        "kept.isConnected && kept.text === '2'"),
    "a field that nobody touched gets the next default": (
        "<select><option>a<option selected>b</select>",
        "<select><option selected>a<option>b</select>", "",
        "document.querySelector('select').value === 'a'"),
    "a field in what a script made its own keeps what was picked": (
        "<div><select name=s><option>a<option>b</select><p>one</p></div>",
        "<div><select name=s><option>a<option>b</select><p>two</p></div>",
        "document.querySelector('select').value = 'b'; document.querySelector('p').remove()",
        "document.querySelector('select').value === 'b'"),
    "an untouched one there has the next default": (
        "<div><select name=s><option selected>a<option>b</select><p>one</p></div>",
        "<div><select name=s><option>a<option selected>b</select><p>two</p></div>",
        "document.querySelector('p').remove()",
        "document.querySelector('select').value === 'b'"),
}

PART = 200
REASONS = {
    "a script": ("<script>1</script>", "<script>2</script>"),
    "a script differs": ("<script type=' Text/JavaScript '>1</script>", ""),
    "a script diff": ("", "<script type=importmap>{}</script>"),
    "<base>": ("", "<base href='/'>"),
    "a policy": ("", "<meta http-equiv='content-security-policy' content=''>"),
    "the page asks": ("", "<meta name='sitegen-watch' content='reload'>"),
    "a shadow root": ("", "<div><template shadowrootmode=open>x</template></div>"),
}


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the script, and one empty page."""

    def do_GET(self):  # pylint: disable=invalid-name
        if self.path != "/":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!DOCTYPE html><title>t</title>")

    def log_message(self, *_):
        """Says nothing."""


def main():
    seed = int(os.environ.get("SEED") or random.randrange(1 << 31))
    pairs = int(os.environ.get("MORPH_PAIRS") or 2000)
    print(f"seed {seed}, {pairs} pairs", flush=True)
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(PAGE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with temporary_folder() as folder, Chromium(folder) as browser, browser.page() as page:
        page.open(f"http://127.0.0.1:{server.server_port}/", until="load")
        page.command("Runtime.evaluate", expression="1")
        found = {"wrong": [], "count": 0, "kept": 0}
        # In parts: a slow machine does not answer for all of them within one command's time.
        for start in range(0, pairs, PART):
            code = TRIAL.replace("SEED", str((seed + start) % (1 << 31))).replace(
                "PAIRS", str(min(PART, pairs - start)))
            for name, value in page.evaluate(f"(async () => {{ {code} }})()").items():
                found[name] += value
        check("an untouched page becomes the next one, and what scripts added stays",
              not found["count"], f"{found['count']}: {json.dumps(found['wrong'])[:900]}")
        check("elements with names that the next page leaves alone are the same ones",
              found["kept"] > pairs / 4, f"{found['kept']}")
        page.evaluate("customElements.define('x-made', class extends HTMLElement {}), 1")
        for promise, (old, new, before, after) in LIVE.items():
            said = page.evaluate(f"""(async () => {{
                const {{ morph }} = await import("/morph.js");
                const page = (text) => new DOMParser().parseFromString(
                    "<!DOCTYPE html><html><head></head><body>" + text + "</body></html>",
                    "text/html");
                const [old, next] = [page({json.dumps(old)}), page({json.dumps(new)})];
                document.replaceChild(document.importNode(old.documentElement, true),
                    document.documentElement);
                {before};
                const reason = morph(old, next);
                return [reason, Boolean({after}), document.body.innerHTML];
            }})()""")
            check(promise, said[:2] == [None, True], str(said))
        for reason, (old, new) in REASONS.items():
            said = page.evaluate(f"""(async () => {{
                const {{ morph }} = await import("/morph.js");
                const page = (text) => new DOMParser().parseFromString(
                    "<!DOCTYPE html><html><head>" + text + "</head><body>x</body></html>",
                    "text/html");
                return morph(page({json.dumps(old)}), page({json.dumps(new)}));
            }})()""")
            check(f"a page is loaded anew: {reason}", said and reason in said, str(said))
    server.shutdown()


if __name__ == "__main__":
    run(main)
