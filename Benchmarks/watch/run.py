#!/usr/bin/env python3
"""From the end of a save to the frame in which the tab has it, with Hugo beside it.

Usage: Benchmarks/watch/run.py [EDITS]              (20 of each kind; not for a machine at work)

The demo is watched in a copy of its folders, with a PostgreSQL of its own, by the program of
SITEGEN or .build/debug. WATCH_SIZE is the size of its sample (`db seed --size`; 10,000 is 92,000
rows), that of `sitegen demo` unless set. HUGO names Hugo's program, else PATH has it; without it,
only sitegen is measured; kinds.py has the edits. Hugo serves as many pages as the demo has. Both
tabs are in headless Chromium; the clock is the machine's, read by this script after the save and
by the page in the frame that shows the edit.
"""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/EndToEndTests"))

from chromium import Chromium  # noqa: E402
from harness import (  # noqa: E402
    SITEGEN, Failure, Program, free_port, sitegen, temporary_folder, wait_for)
from kinds import Timing, measure_all  # noqa: E402
from watch_workspace import Watch  # noqa: E402

HUGO_PAGES = 944


def sitegen_timings(folder, browser, edits):
    """The demo's."""
    watch = Watch(folder)
    size = os.environ.get("WATCH_SIZE")
    try:
        if size:
            done = sitegen("db", "seed", "--size", size, "--db", watch.postgres.url(),
                           seconds=900)
            if done.returncode:
                raise Failure(done.stderr)
        return measure_all(watch, browser, edits)
    finally:
        watch.close()


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
