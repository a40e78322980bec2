"""Fragments that follow the page stand in their places, in Chromium by itself and in Firefox by the
script that the page names, under the strict policy.

The places are those of SlotSite's /tail/: a div, a list item, a table cell, a pre, and one that
stays unfilled; /mixed/ has an inline slot besides. Whoever does neither sees the fallbacks.
"""

import re

from chromium import NO_DICTIONARIES, Chromium
from firefox import Firefox
from harness import check, fetch, run, wait_for
from slots_workspace import record_program, slots

PLACES = {"l1": "#in-div", "l2": "#in-li", "l3": "#in-td", "l4": "#in-pre"}
SHOWN = """
[...document.querySelectorAll('#in-div, #in-li, #in-td, #in-pre, #unfilled')].map(
    place => place.id + '=' + place.textContent)
"""
LEFT = "document.querySelectorAll('template[for]').length"
MARKS = "document.querySelector('#in-div').innerHTML"


def texts(length):
    """Fragments of different shapes: one letter, letters of several bytes, long ones."""
    return {
        "l1": b"<b>" + "日本語 🎉".encode() + b"</b>", "l2": b"x",
        "l3": b"<span>cell</span>" + b"<i>.</i>" * length, "l4": b"line 1\nline 2",
    }


def expected(length):
    """What SHOWN gives."""
    return ["in-div=日本語 🎉", "in-li=x", "in-td=cell" + "." * length, "in-pre=line 1\nline 2",
            "unfilled=late never"]


def open_filled(tab, url):
    """Opens a page; again if Redis was later than the page waits, as on a busy machine."""
    for _ in range(10):
        tab.open(url)
        if tab.evaluate("document.querySelector('#in-div').textContent") != "late l1":
            return


def look(browser, page, label, length):
    """What a browser shows of the page that it has just loaded."""
    shown = page.evaluate(SHOWN)
    check(f"{browser}, {label}: every fragment stands in its place",
          shown == expected(length), str(shown)[:400])
    check(f"{browser}, {label}: no template is left", page.evaluate(LEFT) == 0)
    inner = page.evaluate(MARKS)
    check(f"{browser}, {label}: no fallback and no mark is left",
          "late" not in inner and "?" not in inner, inner)


def headers(port):
    """The policy allows the page's own script file and nothing inline."""
    answer = fetch(port, "/tail/")
    policy = dict(part.split(" ", 1) for part in
                  (answer["content-security-policy"] + ";").split("; ") if " " in part)
    scripts = policy.get("script-src", "").strip(";")
    check("the policy allows scripts of the site alone", scripts == "'self'", str(policy))
    check("and only trusted types", "require-trusted-types-for" in
          answer["content-security-policy"], answer["content-security-policy"])
    script = re.search(rb'<script src="(/assets/tail-[^"]+)" defer></script>', answer.body)
    if check("the page names the script", script, str(answer.body[:600])):
        file = fetch(port, script.group(1).decode())
        check("the script may be kept for good", "immutable" in (file["cache-control"] or ""))
        check("the script is small", len(file.body) < 900, str(len(file.body)))
    check("a page without such slots has no script", b"<script" not in fetch(port, "/3/").body)


def main():
    record = record_program()
    with slots() as site, site.serving() as server:
        headers(server.port)
        with Chromium(site.folder, NO_DICTIONARIES) as browser, Firefox(site.folder) as firefox, \
                browser.page() as page:
            check("Firefox needs the script", firefox.evaluate(
                "'htmlFor' in HTMLTemplateElement.prototype") is False)
            for label, length, wrap in [
                    ("plain strings", 3, lambda html: html), ("long ones", 4000, lambda html: html),
                    ("records", 60, lambda html: record(html, 600))]:
                site.fill({name: wrap(html) for name, html in texts(length).items()})
                # Behind the last of the one that gets longer a comment follows.
                awaited = [*texts(length).values(), b"<i>.</i>" * length + b"<!--"]
                wait_for("the fragments", lambda: all(
                    text in fetch(server.port, "/tail/").body for text in awaited))
                for coding in ["br", "gzip", "identity"]:
                    page.accept(coding)
                    open_filled(page, server.base + "/tail/")
                    check(f"Chromium, {label}: the answer is {coding}",
                          page.headers.get("content-encoding", "identity") == coding)
                    look("Chromium", page, f"{label}, {coding}", length)
                check(f"Chromium, {label}: no violation, no error", not page.problems(),
                      str(page.problems()))
                open_filled(firefox, server.base + "/tail/")
                look("Firefox", firefox, label, length)
            site.fill({"s1": b"<p>inline</p>", "l1": b"<p>behind</p>"})
            wait_for("both fragments", lambda: all(
                text in fetch(server.port, "/mixed/").body for text in [b"inline", b"behind"]))
            both = "['#slot-1', '#in-div'].map(s => document.querySelector(s).textContent)"
            page.accept("br")
            for name, tab in [("Chromium", page), ("Firefox", firefox)]:
                open_filled(tab, server.base + "/mixed/")
                shown = tab.evaluate(both)
                check(f"{name}: both placements of one page", shown == ["inline", "behind"],
                      str(shown))
            site.fill({})
            wait_for("the fallbacks", lambda: b"behind" not in fetch(server.port, "/tail/").body)
            fallbacks = [f"late {name}" for name in PLACES]
            for name, tab in [("Chromium", page), ("Firefox", firefox)]:
                tab.open(server.base + "/tail/")
                shown = [tab.evaluate(f"document.querySelector('{place}').textContent")
                         for place in PLACES.values()]
                check(f"{name}: without fragments the fallbacks", shown == fallbacks, str(shown))


if __name__ == "__main__":
    run(main)
