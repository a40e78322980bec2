"""A returning Chromium gets a page of 25 KB with three fresh fragments in at most 300 bytes.

The first navigation tells it of the page's dictionary, which it fetches when it is idle; later ones
are answered with copy commands and the fragments (RFC 9842, dcb or dcz). It stays so after a new
release that leaves the page alone; a release that changes the page is answered in br once, and in a
few bytes again as soon as the browser has the new dictionary. A private page never has one.
"""

import signal
import time

from chromium import Chromium
from harness import Failure, check, fetch, run, wait_for
from slots_workspace import slots

PATH = "/3/"
BYTES_MAX = 300


def fragments(number):
    """Three fragments, other ones for each number."""
    return {f"s{n}": b"<p>Fragment <b>%d</b> of visit %d</p>" % (n, number) for n in (1, 2, 3)}


class Visit:
    """One navigation: its coding, the bytes of its body, and what the document shows."""

    def __init__(self, page, url):
        page.open(url, until="load")
        self.fields = dict(page.headers)
        self.coding = self.fields.get("content-encoding")
        self.length = int(self.fields["content-length"])
        self.texts = [page.evaluate(f"document.querySelector('#slot-{n}')?.textContent.trim()")
                      for n in (1, 2, 3)]
        self.paragraphs = page.evaluate("document.querySelectorAll('p').length")

    def __str__(self):
        return f"{self.coding}, {self.length} bytes, {self.texts}"


def visit(site, server, page, number):
    """Navigates with fragments that were never shown before, once the server has them.

    On a busy machine Redis may answer later than a page waits: then it is asked again.
    """
    site.fill(fragments(number))
    wait_for("the fragments",
             lambda: fetch(server.port, PATH).body.count(b"of visit %d<" % number) == 3)
    for _ in range(10):
        found = Visit(page, server.base + PATH)
        if not str(found.texts[0]).startswith("Nothing yet"):
            break
    return found


def expect_delta(label, found, number):
    """The visit was a delta, short, and shows what it should."""
    check(f"{label}: the answer is a delta", found.coding in ("dcb", "dcz"), str(found))
    check(f"{label}: it has at most {BYTES_MAX} bytes", found.length <= BYTES_MAX, str(found))
    check(f"{label}: the document has the fresh fragments",
          found.texts == [f"Fragment {n} of visit {number}" for n in (1, 2, 3)], str(found))
    check(f"{label}: and the rest of the page", found.paragraphs >= 70, str(found.paragraphs))
    check(f"{label}: Vary names the dictionary",
          "available-dictionary" in found.fields.get("vary", "").lower(), str(found.fields))


def until_delta(site, server, page, number):
    """Visits until the browser has fetched the dictionary; the visit, and the next number."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        found = visit(site, server, page, number)
        number += 1
        if found.coding in ("dcb", "dcz"):
            return found, number
        time.sleep(0.5)
    raise Failure(f"Chromium never used the dictionary: {found}")


def reload(site, server):
    """Builds, and has the server switch to the new release."""
    before = (site.release / "current").resolve()
    site.build()
    after = (site.release / "current").resolve()
    lines = server.text().count("serving release")
    server.child.send_signal(signal.SIGHUP)
    wait_for("the new release", lambda: server.text().count("serving release") > lines)
    return before != after


def main():
    with slots() as site, site.serving() as server, Chromium(site.folder) as browser:
        with browser.page() as page:
            size = len(fetch(server.port, PATH).body)
            check("the page has about 25 KB", 24_000 <= size <= 30_000, str(size))
            first = visit(site, server, page, 1)
            check("the first visit is a whole page", first.coding in ("br", "gzip"), str(first))
            found, number = until_delta(site, server, page, 2)
            expect_delta("second visit", found, number - 1)
            print(f"second visit: {found}", flush=True)
            expect_delta("another visit", visit(site, server, page, number), number)

            (site.root / "public/new.txt").write_text("new\n")
            check("a public file makes a new release", reload(site, server))
            number += 1
            found = visit(site, server, page, number)
            expect_delta("after a new release", found, number)
            print(f"after a new release: {found}", flush=True)

            site.style("body { font: 17px/1.6 serif; color: #222 }")
            check("a style makes a new release", reload(site, server))
            number += 1
            changed = visit(site, server, page, number)
            check("a changed page is sent whole, once", changed.coding == "br", str(changed))
            check("and shows its fragments", changed.texts[0] == f"Fragment 1 of visit {number}",
                  str(changed))
            found, number = until_delta(site, server, page, number + 1)
            expect_delta("after a release that changed the page", found, number - 1)
            check("no visit had a violation or an error", not page.problems(), str(page.problems()))

            page.cookie(server.base, "sid", "me")
            page.open(server.base + "/mine/", until="networkIdle")
            private = fetch(server.port, "/mine/", accept_encoding="br, dcb, dcz", cookie="sid=me")
            check("a private page offers no dictionary",
                  private["link"] is None and "ictionary" not in (private["vary"] or ""),
                  str(private.fields))


if __name__ == "__main__":
    run(main)
