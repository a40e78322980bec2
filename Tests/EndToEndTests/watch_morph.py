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
    if (random(9) === 0) node.children.push({
        tag: "textarea", attributes: { name: "t" + random(9) }, children: [text()] });
    return node;
};
const copy = (node) => JSON.parse(JSON.stringify(node));
const inner = (node) => node.tag && !["textarea", "summary", "input"].includes(node.tag);
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
    return node.tag === "input" ? `<input${attributes}>`
        : `<${node.tag}${attributes}>${content}</${node.tag}>`;
};
const page = (root) => new DOMParser().parseFromString(
    "<!DOCTYPE html><html><head><title>t</title></head><body>" + markup(root)
    + "</body></html>", "text/html");
const show = (parsed) => document.replaceChild(
    document.importNode(parsed.documentElement, true), document.documentElement);
const own = (element) => {
    // What custom elements hold is theirs.
    const copied = element.cloneNode(true);
    for (const node of copied.querySelectorAll("x-own")) node.replaceChildren();
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

PART = 200
REASONS = {
    "a script": ("<script>1</script>", "<script>2</script>"),
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
