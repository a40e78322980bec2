#!/usr/bin/env python3
"""From the end of a save to the frame in which the tab has it, with Hugo beside it.

Usage: Benchmarks/watch/run.py [EDITS]              (20 of each kind; not for a machine at work)

The demo is watched in a copy of its folders, with a PostgreSQL of its own, by the program of
SITEGEN or .build/debug. WATCH_SIZE is the size of its sample (`db seed --size`; 10,000 is 92,000
rows), that of `sitegen demo` unless set. HUGO names Hugo's program, else PATH has it; without it,
only sitegen is
measured. Hugo serves as many pages as the demo has. Both tabs are in headless Chromium; the clock
is the machine's, read by this script after the save and by the page in the frame that shows the
edit.
"""

import contextlib
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/EndToEndTests"))

from chromium import Chromium  # noqa: E402
from harness import (  # noqa: E402
    SITEGEN, Failure, Program, free_port, sitegen, temporary_folder, wait_for)
from watch_workspace import OVERLAY, Watch  # noqa: E402

HUGO_PAGES = 944
# What an edit does behind what is shown should be over before the next one, in seconds.
PAUSE = 3
SEEN = """
new Promise(resolve => {
    const look = () => (CONDITION) ? requestAnimationFrame(() => resolve(Date.now()))
        : requestAnimationFrame(look);
    look();
})"""


class Timing:
    """Milliseconds of one kind of edit."""

    def __init__(self, kind):
        self.kind = kind
        self.times = []

    def measure(self, page, condition, edit):
        """One edit; `condition` is JavaScript that is true of the page that shows it."""
        page.evaluate("window.seen = " + SEEN.replace("CONDITION", condition) + "; 0")
        edit()
        saved = time.time() * 1000
        self.times.append(page.evaluate("window.seen") - saved)
        time.sleep(0.3)

    def line(self):
        """Median and the 95th percentile."""
        ordered = sorted(self.times)
        high = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
        return f"| {self.kind} | {statistics.median(ordered):.0f} | {high:.0f} | {len(ordered)} |"


def sitegen_timings(folder, browser, edits):
    """A style, a row of one view, a row of several, a wrong style and its repair."""
    watch = Watch(folder)
    size = os.environ.get("WATCH_SIZE")
    try:
        if size:
            done = sitegen("db", "seed", "--size", size, "--db", watch.postgres.url(),
                           seconds=900)
            if done.returncode:
                raise Failure(done.stderr)
        with watch.running(), browser.page() as page:
            page.show(1200)
            page.open(watch.url(), until="load")
            return measure_all(watch, page, edits)
    finally:
        watch.close()


def measure_all(watch, page, edits):
    """All kinds of edits of the demo."""
    sheet = watch.root / "site/Styles/site.css"
    css = sheet.read_text()

    def save(text):
        other = sheet.with_name(".site.css.new")
        other.write_text(text)
        os.replace(other, sheet)

    style, icon = Timing("style sheet"), Timing("public file")
    wrong, right = Timing("wrong style, told"), Timing("its repair, gone")
    for number in range(edits):
        colour = f"rgb(1, 2, {number})"
        style.measure(page, f"getComputedStyle(document.body).outlineColor === '{colour}'",
                      lambda colour=colour: save(css + f"\nbody {{ outline-color: {colour}; }}\n"))
    save(css)
    time.sleep(1)
    rows = measure_rows(watch, page, edits)
    for number in range(edits):
        old = page.evaluate("document.querySelector('link[rel=icon]').getAttribute('href')")
        icon.measure(
            page, f"document.querySelector('link[rel=icon]').getAttribute('href') !== '{old}'",
            lambda number=number: (watch.root / "public/icon.svg").write_text(
                f"<svg xmlns='http://www.w3.org/2000/svg'><!-- {number} --></svg>"))
    for _ in range(edits):
        wrong.measure(page, f"{OVERLAY}?.querySelector('article')",
                      lambda: save(css + "\n}}}\n"))
        right.measure(page, f"!({OVERLAY}?.querySelector('article'))", lambda: save(css))
    literal, view = measure_text(watch, page, edits)
    return [style, literal, *rows, view, icon, wrong, right, *measure_swift(watch, page, edits)]


def measure_rows(watch, page, edits):
    """A row that one view reads, and one that nine read; psql has ended when the clock begins."""
    one, nine = Timing("row, one view"), Timing("row, nine views")
    for number in range(edits):
        text = f"letter {number} of the edition"
        one.measure(page, f"document.body.textContent.includes('{text}')",
                    lambda text=text: watch.postgres.query(
                        f"UPDATE fashion.edition SET letter = '{text}'"))
    old = page.evaluate("document.querySelector('h1').textContent").replace("'", "''")
    for number in range(edits):
        name = f"edit {number}"
        nine.measure(page, f"document.querySelector('h1').textContent === '{name}'",
                     lambda old=old, name=name: watch.postgres.query(
                         f"UPDATE fashion.collection SET title = '{name}' WHERE title = '{old}'"))
        old = name
    return one, nine


def measure_text(watch, page, edits):
    """The styles in a component, and a view file whose columns stay, read by key."""
    literal, view = Timing("styles in a component"), Timing("view file, same columns")
    name, mark = "components/SiteFooter.swift", 'static let styles: CSS? = """\n'
    path = watch.root / name
    good = path.read_text()

    def save(path, text):
        other = path.with_name(f".{path.name}.new")
        other.write_text(text)
        os.replace(other, path)

    for number in range(edits):
        colour = f"rgb(3, 2, {number})"
        literal.measure(
            page, f"getComputedStyle(document.querySelector('.foot')).outlineColor === '{colour}'",
            lambda colour=colour: save(path, good.replace(
                mark, mark + f"        .foot {{ outline-color: {colour}; }}\n", 1)))
        time.sleep(PAUSE)
    save(path, good)
    time.sleep(PAUSE)
    path = watch.root / "site/database/home.sql"
    good = path.read_text()
    for number in range(edits):
        text = f"view {number}"
        view.measure(page, f"document.body.textContent.includes('{text}')",
                     lambda text=text: save(path, good.replace(
                         "SELECT c.description", f"SELECT '{text} ' || c.description", 1)))
        wait_for("the view's installation",
                 lambda text=text: text in watch.postgres.query(
                     "SELECT lead_text FROM sitegen.home LIMIT 1")[0][0], 120)
        time.sleep(PAUSE)
    save(path, good)
    time.sleep(PAUSE)
    return literal, view


def measure_swift(watch, page, edits):
    """A word of a component on every page, what a component takes, and a compiler's error."""
    body, interface = Timing("Swift, a word"), Timing("Swift, an interface")
    wrong, right = Timing("Swift, an error, told"), Timing("its repair, shown")
    name, mark = "components/SiteFooter.swift", "var view: HTML {"
    footer = (watch.root / name).read_text()
    word = "document.querySelector('#bench')?.textContent ?? ''"

    def save(text):
        other = watch.root / "components/.footer.new"
        other.write_text(footer.replace(mark, mark + text, 1))
        os.replace(other, watch.root / name)

    for number in range(edits):
        body.measure(page, f"({word}) === 'word {number}'",
                     lambda number=number: save(f'\np(.id("bench")) {{ "word {number}" }}'))
    for number in range(edits):
        # A stored property with a value is part of what a component provides.
        text = f"let bench{number} = 1\n    {mark}\np(.id(\"bench\")) {{ \"type {number}\" }}"
        other = watch.root / "components/.footer.new"
        interface.measure(page, f"({word}) === 'type {number}'", lambda text=text: (
            other.write_text(footer.replace(mark, text, 1)),
            os.replace(other, watch.root / name)))
    for number in range(edits):
        wrong.measure(page, f"{OVERLAY}?.querySelector('article')",
                      lambda: save("\nnme"))
        right.measure(page, f"({word}) === 'good {number}'",
                      lambda number=number: save(f'\np(.id("bench")) {{ "good {number}" }}'))
    return [body, interface, wrong, right]


def hugo_timings(folder, browser, program, edits):
    """A style and a content file under `hugo server`."""
    site = folder / "hugo"
    (site / "content").mkdir(parents=True)
    (site / "layouts").mkdir()
    (site / "static").mkdir()
    (site / "hugo.toml").write_text('baseURL = "http://localhost/"\n')
    page_template = ('<!doctype html><html><head><link rel="stylesheet" href="/site.css"></head>'
                     "<body><h1>{{ .Title }}</h1>{{ .Content }}</body></html>")
    for name in ["index.html", "home.html", "single.html", "page.html"]:
        (site / "layouts" / name).write_text(page_template)
    (site / "static/site.css").write_text("body { margin: 0 }\n")
    for number in range(HUGO_PAGES):
        (site / f"content/p{number}.md").write_text(
            f"---\ntitle: page {number}\n---\n" + "A coat and its lining. " * 200)
    port = free_port()
    with Program([program, "server", "--port", port, "--bind", "127.0.0.1"], folder, "hugo",
                 cwd=site) as server:
        server.wait_for_line("Web Server is available", 120)
        with browser.page() as page:
            page.show(1200)
            page.open(f"http://127.0.0.1:{port}/p7/", until="load")
            return measure_hugo(site, page, port, edits)


def measure_hugo(site, page, port, edits):
    """Two kinds of edits; a page that is loaded again is asked again until it shows them."""
    style, content = Timing("Hugo, style sheet"), Timing("Hugo, content file")

    def seen(condition):
        with contextlib.suppress(Exception):
            return page.evaluate(condition)
        return False
    for number in range(edits):
        colour = f"rgb(1, 2, {number})"
        (site / "static/site.css").write_text(f"body {{ outline-color: {colour} }}\n")
        saved = time.time() * 1000
        wait_for("Hugo's style", lambda colour=colour: seen(
            f"getComputedStyle(document.body).outlineColor === '{colour}'"), 20, 0.002)
        style.times.append(time.time() * 1000 - saved)
        time.sleep(1)
    for number in range(edits):
        (site / "content/p7.md").write_text(f"---\ntitle: edit {number}\n---\nx\n")
        saved = time.time() * 1000
        try:
            wait_for("Hugo's page", lambda number=number: seen(
                f"document.querySelector('h1').textContent === 'edit {number}'"), 5, 0.002)
            content.times.append(time.time() * 1000 - saved)
        except Failure:
            print(f"Hugo did not show edit {number} of its content in 5 s; it is left out")
        time.sleep(1)
    return [style, content]


def main():
    edits = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    print(f"{SITEGEN}, load {os.getloadavg()[0]:.1f}")
    hugo = os.environ.get("HUGO") or shutil.which("hugo")
    timings = []
    with temporary_folder() as folder, Chromium(folder) as browser:
        timings += sitegen_timings(folder, browser, edits)
        if hugo:
            timings += hugo_timings(folder, browser, hugo, edits)
            print(subprocess.run([hugo, "version"], capture_output=True, text=True,
                                 check=True).stdout.strip()[:60])
    print(f"load {os.getloadavg()[0]:.1f}\n| edit | p50 | p95 | n |\n|---|---|---|---|")
    for timing in timings:
        print(timing.line())


if __name__ == "__main__":
    main()
