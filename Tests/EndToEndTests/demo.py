"""`sitegen demo` from outside: whole pages in a browser, and nothing left when it ends.

Pages are opened in Chromium at two widths and in both colour schemes; each must load without a
policy violation, a console error or an empty image. Then the demo is ended by SIGTERM, SIGINT and
SIGKILL, and each time its PostgreSQL and Redis servers must go with it, and the next start work.
"""

import signal

from chromium import Chromium
from harness import (
    NOT_FOUND, OUTPUT, Failure, check, fetch, page_of_each_kind, processes_of, run, start_demo,
    temporary_folder, wait_for)

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


def end_by(number, folder, demo):
    """Ends the demo by a signal; whatever the signal, its servers end, too."""
    name = number.name
    if number == signal.SIGKILL:
        demo.stop(number)
    else:
        status = demo.stop(number)
        check(f"{name}: exits 0 within 10 s", status == 0, f"{status}\n{demo.text()[-500:]}")
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
            wait_for("Chromium to end", lambda: len(browser_processes(folder)) == 0)
            end_by(signal.SIGTERM, folder, demo)
        for number in [signal.SIGINT, signal.SIGKILL, signal.SIGTERM]:
            with start_demo(folder, looks=None) as demo:
                check(f"started again before {number.name}", fetch(demo.port, "/").status == 200)
                end_by(number, folder, demo)


def browser_processes(folder):
    """The browser's processes, which end a moment after it."""
    return processes_of(folder / "chromium")


if __name__ == "__main__":
    run(main)
