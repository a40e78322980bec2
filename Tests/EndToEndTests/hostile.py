"""Hostile text in any column comes out as text.

Each free text column of some rows of each table gets markup, quotes, entities, right-to-left and
astral characters, with a token that names the column. After refresh and build the browser must
show exactly that text, run none of it and see no policy violation. A megabyte of it must do the
same or be refused by an error that does not repeat it. Keys and slugs are left as they are.
"""

import json
import xml.etree.ElementTree as xml

from chromium import Chromium
from harness import Failure, check, crawl, fetch, run
from servers import workspace

ROWS = 3
PAGES_IN_BROWSER = 12
BODY = (
    "</title></textarea></style></script>--><script>window.__hostile=1</script>"
    "<img src=x onerror=\"window.__hostile=1\">\" onmouseover=\"window.__hostile=1\" a='b "
    "&amp;&lt;&copy ]]> {{7*7}} ${7*7} \\u003c \u202eשלום\u202c עולם 😀👩‍👩‍👧 e\u0301 end")
FEEDS = ["/sitemap.xml", "/feed.xml", "/atom.xml", "/rss.xml"]

# Where a token stands in the page: text of elements, and values of attributes that are text.
FIND = """
(token => {
    const found = [];
    const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ALL);
    for (let node = walk.currentNode; node; node = walk.nextNode()) {
        if (node.nodeType === 3 && node.data.includes(token)) {
            const type = node.parentNode.type || '';
            const texts = [];
            if (type.includes('json')) {
                JSON.parse(node.data, (_, value) => {
                    if (typeof value === 'string' && value.includes(token)) texts.push(value);
                    return value;
                });
            } else texts.push(node.data);
            for (const text of texts) found.push([node.parentNode.localName, type, text]);
        }
        for (const attribute of node.attributes ?? []) {
            if (attribute.value.includes(token)) {
                found.push(['@' + attribute.name, '', attribute.value]);
            }
        }
    }
    return found;
})(%s)
"""


def token_of(table, column):
    """Names the column, and occurs nowhere else."""
    letters = "".join(c if c.isalnum() else "-" for c in f"{table}-{column}")
    return f"e2e-{letters}-e2e"


def put(site, table, column, text, rows=ROWS):
    """Writes a text into the first rows; False if a rule of the table refuses it."""
    try:
        site.postgres.query(
            f"UPDATE {table} SET {column} = $e2e${text}$e2e$ WHERE ctid IN "
            f"(SELECT ctid FROM {table} ORDER BY ctid LIMIT {rows})")
        return True
    except Failure as failure:
        print(f"        left out {table}.{column}: {failure}")
        return False


def pages_with(port, tokens):
    """Paths of pages by the tokens they contain, and the faults of raw bytes."""
    pages, raw = {}, []
    for path in crawl(port):
        answer = fetch(port, path, cookie="bag=demo")
        text = answer.body.decode("utf-8", "replace")
        found = {token for token in tokens if token in text}
        if found:
            pages[path] = found
        if "<script>window.__hostile" in text or "<img src=x" in text:
            raw.append(path)
    check("no page has the markup in its bytes", not raw, str(raw[:5]))
    return pages


def covering(pages):
    """A few pages that together have all tokens."""
    chosen, left = [], set().union(*pages.values()) if pages else set()
    while left and len(chosen) < PAGES_IN_BROWSER:
        path = max(pages, key=lambda path: len(pages[path] & left))
        if not pages[path] & left:
            break
        chosen.append(path)
        left -= pages[path]
    return chosen


def look_at(browser, port, path, tokens):
    """Opens a page; the tokens that stand in it as the exact text."""
    exact = set()
    with browser.page() as page:
        page.cookie(f"http://127.0.0.1:{port}", "bag", "demo")
        page.open(f"http://127.0.0.1:{port}{path}")
        check(f"{path}: nothing of it runs", page.evaluate("window.__hostile") is None)
        check(f"{path}: it makes no element",
              page.evaluate("document.querySelectorAll('img[src=x],[onmouseover]').length") == 0)
        problems = [line for line in page.problems() if line.startswith("policy")]
        check(f"{path}: the policy has nothing to stop", not problems, "; ".join(problems))
        for token in tokens:
            places = page.evaluate(FIND % json.dumps(token)) or []
            if any(token + BODY in value for _, _, value in places):
                exact.add(token)
            wrong = [name for name, kind, _ in places
                     if name in ("script", "style") and "json" not in kind]
            check(f"{path}: {token} is in no script or style", not wrong, str(wrong))
    return exact


def a_megabyte(site, table, column):
    """A text of a megabyte is shown whole, or refused without being repeated."""
    secret = "<b>&\"secret-of-a-row"
    text = "e2e-megabyte-e2e" + secret * (1_000_000 // len(secret)) + "-last"
    put(site, table, column, text, rows=1)
    outcome = [site.build()] if site.must("db", "refresh") else []
    status = outcome[0].returncode
    output = outcome[0].stdout + outcome[0].stderr
    check("a megabyte: no output repeats it", "secret-of-a-row" not in output)
    if status != 0:
        check("a megabyte: refused as bad data", status == 65, f"{status}: {output[-300:]}")
        return
    with site.serving() as port:
        check("a megabyte: it is escaped everywhere",
              not [path for path in crawl(port) if b"<b>&\"secret" in fetch(port, path).body])


def main():
    with workspace() as site:
        columns = site.text_columns()
        check("the database has text columns", len(columns) >= 3, str(columns))
        tokens = {}
        for table, column in columns:
            token = token_of(table, column)
            if put(site, table, column, token + BODY):
                tokens[token] = (table, column)
        site.must("db", "refresh")
        site.must("build", "--release", site.release, "--quality", "fast")
        site.must("fragments", "publish")
        with site.serving() as port, Chromium(site.folder) as browser:
            pages = pages_with(port, tokens)
            shown = set().union(*pages.values()) if pages else set()
            check("hostile columns are published", len(shown) >= 3, str(shown))
            exact = set()
            for path in covering(pages):
                exact |= look_at(browser, port, path, pages[path])
            check("each is shown exactly as written somewhere", exact == shown,
                  str(sorted(shown - exact)))
            for path in FEEDS:
                answer = fetch(port, path)
                if answer.status == 200:
                    xml.fromstring(answer.body)
                    check(f"{path} is well-formed", True)
        if shown:
            a_megabyte(site, *tokens[sorted(shown)[0]])


if __name__ == "__main__":
    run(main)
