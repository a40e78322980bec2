"""`sitegen demo` from outside: whole pages in a browser, and nothing left when it ends.

Pages are opened in Chromium at two widths and in both colour schemes; each must load without a
policy violation, a console error or an empty image. Ten views of a look make it the one that is
read most, on the front page and within seconds. Then the demo is ended by SIGTERM, SIGINT, SIGHUP
and SIGKILL, and each time its servers must go with it, and the next start work.
"""

import json
import re
import signal
import time

from chromium import Chromium
from harness import (
    NOT_FOUND, OUTPUT, ROOT, Failure, check, fetch, page_of_each_kind, processes_of, run, sitegen,
    start_demo, temporary_folder, wait_for)

WIDTHS = [390, 1440]


def look_at(browser, demo, name, path, status):
    """Opens a page at each width and scheme, and checks that nothing goes wrong."""
    problems, empty, wide = [], [], []
    with browser.page() as page:
        for width in WIDTHS:
            for dark in [False, True]:
                scheme = "dark" if dark else "light"
                page.show(width, dark=dark)
                page.open(demo.base + path)
                empty += page.empty_images() or []
                problems += page.problems()
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    wide.append(f"{width} px")
                page.screenshot(OUTPUT / "screenshots" / f"{name}-{width}-{scheme}.png")
        check(f"{name} answers {status}", page.status == status, f"{page.status}")
        check(f"{name} has a title and a heading",
              page.evaluate("!!document.title && !!document.querySelector('h1')"))
    check(f"{name} has no violation, error or failed request", not problems, "; ".join(problems))
    check(f"{name} shows every image", not empty, "; ".join(map(str, empty)))
    check(f"{name} is as wide as the window", not wide, "; ".join(wide))


def look_at_fragments(browser, demo):
    """The seeded fragments are in the page that arrives, for a visitor with and without a bag."""
    bag = "document.querySelector('.bag')?.textContent ?? ''"
    with browser.page() as page:
        page.show(1440)
        page.open(demo.base + "/")
        items = page.evaluate("document.querySelectorAll('[data-fragment=trending] li').length")
        check("trending has items", items and items > 0, f"{items} items")
        page.open(demo.base + "/bag/")
        check("a visitor without a cookie has no bag", page.evaluate(bag) == "")
        page.evaluate("document.querySelector('.borrow button').click()")
        wait_for("the borrowed bag", lambda: "×" in page.evaluate(bag))
        number = page.evaluate("document.querySelector('[data-fragment=bag]').textContent")
        check("the header counts what is in the bag", "(" in number, repr(number))
        check("the bag's page has no violation, error or failed request",
              not page.problems(), str(page.problems()))


# What Firefox sends when somebody follows a link; a browser without a window is a robot.
READER = {
    "Accept-Language": "en", "Accept": "text/html",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-User": "?1"}


def look_that_is_read_most(demo):
    """The address of the first look of the front page's list; nobody's view, without a browser."""
    text = fetch(demo.port, "/").body.decode()
    found = re.search(r"data-fragment=.?trending.*?href=[\"']?(/looks/[^\"'> ]+)", text, re.DOTALL)
    return found and found[1]


def read_a_look(folder, demo):
    """Ten views of one visitor make a look the first, and are ten views of one visitor."""
    first = look_that_is_read_most(demo)
    listed = fetch(demo.port, "/looks/").body.decode()
    links = re.findall(r"href=[\"']?(/looks/[a-z0-9-]+/)", listed)
    look = [link for link in links if link != first][-1]
    # A browser shows pictures, too: who never asks for any is a robot.
    picture = re.search(r"src=[\"']?(/[^\"'> ]+)", fetch(demo.port, look).body.decode())
    fetch(demo.port, picture[1], **READER)
    for _ in range(10):
        fetch(demo.port, look, **READER)
        time.sleep(0.05)
    began = time.monotonic()
    try:
        wait_for("the look to be the first", lambda: look_that_is_read_most(demo) == look)
        check("ten views make a look the first of the front page", True)
    except Failure as failure:
        check("ten views make a look the first of the front page", False,
              f"{failure}: {look_that_is_read_most(demo)}")
    print(f"        {time.monotonic() - began:.1f} s from the last view")

    def told():
        done = sitegen("stats", "--by", "pages", "--json", "--data", folder / "data")
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        return [(row["views"], row["visitors"]) for row in rows if row["path"] == look]
    # The first of them may have made it the first; the others are taken in within a second.
    wait_for("ten views of one visitor", lambda: told() == [(10, 1)])
    check("they are ten views of one visitor", told() == [(10, 1)], str(told()))
    address = re.search(r"^Statistics http://127\.0\.0\.1:(\d+)/$", demo.text(), re.MULTILINE)
    if check("the demo says where its statistics are", address, demo.text()[-500:]):
        def line():
            text = fetch(int(address[1]), "/").body.decode()
            row = text.partition(f"<bdi>{look}</bdi>")[2].partition("</tr>")[0]
            return re.findall(r">(\d+)<", row)[:2]
        wait_for("the statistics to show ten views of one visitor", lambda: line() == ["10", "1"])


def end_by(number, folder, demo):
    """Ends the demo by a signal; whatever the signal, its servers end, too."""
    name = number.name
    if number == signal.SIGKILL:
        demo.stop(number)
    else:
        status = demo.stop(number)
        check(f"{name}: exits 0", status == 0, f"{status}\n{demo.text()[-500:]}")
    try:
        wait_for(f"no process of {folder}", lambda: not processes_of(folder), 10)
        check(f"{name}: no process is left", True)
    except Failure as failure:
        check(f"{name}: no process is left", False, f"{failure}: {processes_of(folder)}")


def main():
    with temporary_folder() as folder:
        with start_demo(folder, looks=None) as demo:
            pages = page_of_each_kind(demo.port)
            with Chromium(folder) as browser:
                look_at(browser, demo, "home", "/", 200)
                if check("there is a link to a look", "look" in pages, str(pages)):
                    look_at(browser, demo, "look", pages["look"], 200)
                look_at(browser, demo, "not-found", NOT_FOUND, 404)
                look_at_fragments(browser, demo)
            read_a_look(folder, demo)
            wait_for("Chromium to end", lambda: len(browser_processes(folder)) == 0)
            end_by(signal.SIGTERM, folder, demo)
        for number in [signal.SIGINT, signal.SIGHUP, signal.SIGKILL, signal.SIGTERM]:
            with start_demo(folder, looks=None) as demo:
                check(f"started again before {number.name}", fetch(demo.port, "/").status == 200)
                end_by(number, folder, demo)


def browser_processes(folder):
    """The browser's processes, which end a moment after it."""
    return processes_of(folder / "chromium")


if __name__ == "__main__":
    run(main)
