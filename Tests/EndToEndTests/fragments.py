"""No fragment that is shown changes the page around its slot, for html5lib and for Chromium.

Fragments are written into Redis: every element of HTML open, closed and left, what is known to
reach beyond its place (formatting, tables, select, svg and math with their integration points), and
random rows of tags whose seed is printed (SEED=… repeats them). The server shows them or their
fallback; of a page that shows one, what two parsers make of everything outside of the slot must be
what they make of it with a harmless fragment.
"""

import json
import os
import random
import time

import html5lib

from chromium import Chromium
from harness import check, fetch, run, wait_for
from slots_workspace import slots

NAMES = """a abbr acronym address applet area article aside audio b basefont bdi bdo bgsound big
blink blockquote br button canvas caption center cite code col colgroup data datalist dd del details
dfn dialog dir div dl dt em fieldset figcaption figure font footer form h1 header hgroup hr i image
img input ins kbd keygen label legend li listing main map mark marquee math menu meter nav nobr ol
optgroup option output p param picture portal pre progress q rb rp rt rtc ruby s samp search section
select slot small source span strike strong sub summary sup svg table tbody td textarea tfoot th
thead time tr track tt u ul var video wbr""".split()
KNOWN = """<b><i></b></i>|<b><p></b>x</p>|<a>1<a>2</a></a>|<p><b></p>x</b>|<table><b>x</table>|
<table><tr>x<td>y</table>|<table><td></table>|<select><option>x|<select><div>x</select></div>|
<svg><g>x|<svg><desc>x|<svg><desc></svg>|<svg><p>x</svg>|<svg><foreignObject><div></svg>|<svg/>|
<svg a=/>|<math><mi>x|<math><mi><p>x</mi></math>|<math><annotation-xml encoding=text/html><p>|
<math><annotation-xml encoding="&#116;ext/html"><p></p></annotation-xml></math>|
<math><mtext><mglyph><p></p></mglyph></mtext></math>|<svg><title></title></svg>|</div></section>x|
<ul><li>a<li>b</ul>|<ul><li><b><li>x</b></ul>|<dl><dt>a<dd>b</dl>|<h1><h2>x</h2></h1>|<h1>x</h2>|
<button><button>x</button></button>|<form><form>x</form></form>|<ruby>a<rt>b</ruby>|<p>a<p>b</p>|
<table><caption>a<tr><td>b</table>|<object>x</object>|<marquee><b></marquee></b>|<nobr>a<nobr>b|
<svg><desc><b></desc></svg></b>|<table><tr><td><b></table></b>|<option><optgroup>x|<image>|<div/>x|
<font color=red>x|<svg><font>x</font></svg>|<svg><font color=x>y</font></svg>|<br></br>|</p>|
<textarea></textarea>|<textarea>|<frameset>|<plaintext>|<template><td>|<td>x</td>|<tr><td>x</tr>|
<details><summary>x</details>|<label><input></label>|<listing>\nx</listing>|
<pre>\nx</pre>""".replace("|\n", "|").split("|")
PIECES = NAMES + ["foreignObject", "desc", "mi", "mo", "annotation-xml", "g", "path", "semantics"]

# Everything outside of the slot, as text: the same words for both parsers.
OUTSIDE = """(html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const slots = page.querySelectorAll("#slot-1");
    if (slots.length !== 1) return slots.length + " slots";
    slots[0].replaceChildren();
    return page.documentElement.outerHTML;
}"""


def cases(dice):
    """The fragments."""
    yield from (f"<{name}>x" for name in NAMES)
    yield from (f"</{name}>x" for name in NAMES)
    yield from (f"<{name}>x</{name}>" for name in NAMES)
    yield from KNOWN
    for _ in range(int(os.environ.get("FRAGMENTS", "150"))):
        open_, html = [], ""
        for _ in range(dice.randrange(1, 9)):
            if open_ and dice.random() < 0.45:
                html += f"</{open_.pop(dice.choice([-1, -1, -1, 0]))}>"
            else:
                name = dice.choice(PIECES)
                html += f"<{name}>" + dice.choice(["", "x"])
                if name not in ("br", "hr", "img", "input", "wbr"):
                    open_.append(name)
        while open_ and dice.random() < 0.9:
            html += f"</{open_.pop()}>"
        yield html


def outside(page):
    """What html5lib makes of a page without what is in its slot."""
    tree = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    slots_ = [element for element in tree.iter() if element.get("id") == "slot-1"]
    if len(slots_) != 1:
        return f"{len(slots_)} slots"
    kept = slots_[0]
    for child in list(kept):
        kept.remove(child)
    kept.text = ""
    return html5lib.serialize(tree, omit_optional_tags=False)


def main():
    seed = int(os.environ.get("SEED", random.randrange(1 << 32)))
    print(f"SEED={seed}")
    with slots() as site, site.serving() as server:
        site.fill({"s1": b"<i>harmless</i>"})
        wait_for("the fragment", lambda: b"<i>harmless</i>" in fetch(server.port, "/1/").body, 10)
        base = fetch(server.port, "/1/").body.decode()
        expected = outside(base)
        shown, wrong = [], []
        for number, html in enumerate(cases(random.Random(seed))):
            mark = f"<!--{number}-->"
            site.redis("SET", "f:s1", (html + mark).encode())
            page = settled(site, server.port, mark)
            if page is None:
                continue
            shown.append((html, page))
            if outside(page) != expected:
                wrong.append(html)
        check("html5lib finds the rest of the page as it is", not wrong, repr(wrong[:20]))
        check("most well-formed fragments are shown", len(shown) > len(NAMES) // 2, len(shown))
        with Chromium(site.folder) as browser, browser.page() as tab:
            # A page without a policy: the site's own lets no text become markup.
            tab.open("data:text/html,<title>empty</title>")
            wanted = tab.evaluate(f"({OUTSIDE})({json.dumps(base)})")
            wrong = [html for html, page in shown
                     if tab.evaluate(f"({OUTSIDE})({json.dumps(page)})") != wanted]
        check("Chromium finds the rest of the page as it is", not wrong, repr(wrong[:20]))


def settled(site, port, mark):
    """The page with a fragment; None when it is refused."""
    refusals = 0
    for _ in range(200):
        answer = fetch(port, "/1/")
        body = answer.body.decode()
        if mark in body:
            return body
        # The first may still be about the fragment before.
        refusals += "refused" in (answer["cache-status"] or "")
        if refusals > 3:
            return None
        time.sleep(0.01)
    return None


if __name__ == "__main__":
    run(main)
