"""Under `sitegen watch` with its own PostgreSQL, what the author looks at is traffic like any: ten
views of a look make it the one that is read most, in the open tab, and `sitegen stats` tells them.

A watch of a database that others use writes nothing there: watch.py looks.
"""

import json
import re
import shutil
import time

from chromium import Chromium
from demo import READER
from harness import check, fetch, run, sitegen, temporary_folder, wait_for
from watch_workspace import MARK, Watch

FIRST = "document.querySelector('[data-fragment=trending] a[href^=\"/looks/\"]')?.pathname ?? ''"
PATIENCE = 60


def read_a_look(watch, page):
    """Ten views of a look that is not the first."""
    first = page.evaluate(FIRST)
    listed = watch.fetch("/looks/").body.decode()
    look = [link for link in re.findall(r"href=[\"']?(/looks/[a-z0-9-]+/)", listed)
            if link != first][-1]
    # A browser shows pictures, too: who never asks for any is a robot.
    picture = re.search(r"<img[^>]*? src=[\"']?(/[^\"'> ]+)", watch.fetch(look).body.decode())
    fetch(watch.port, picture[1], **READER)
    for _ in range(10):
        fetch(watch.port, look, **READER)
        fetch(watch.port, "/about/", **READER, Cookie="measure=off")
        time.sleep(0.05)
    began = time.monotonic()
    wait_for("the look to be the first in the tab", lambda: page.evaluate(FIRST) == look,
             PATIENCE)
    check("ten views make a look the first in the open tab",
          page.evaluate("window.sitegenMark") == 1)
    print(f"        {time.monotonic() - began:.1f} s from the last view")

    def told():
        done = sitegen("stats", "--by", "pages", "--json", "--root", watch.root, "--data",
                       watch.data)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        return {row["path"]: (row["views"], row["visitors"]) for row in rows}
    wait_for("ten views of one visitor", lambda: told().get(look) == (10, 1), PATIENCE)
    check("they are ten views of one visitor, and nothing names what an objector looked at",
          told() == {look: (10, 1)}, str(told()))


def main():
    with temporary_folder() as folder:
        watch = Watch(folder, is_private=True)
        with watch.running():
            with Chromium(folder) as browser, browser.page() as page:
                page.show(1200)
                page.open(watch.url(), until="load")
                page.evaluate(MARK)
                read_a_look(watch, page)
            left = watch.ends()
            check("nothing is left of the watch", not left, str(left))
        visits = list((watch.data / "watch-visits").iterdir())
        text = b"".join(path.read_bytes() for path in visits)
        check("no address and no User-Agent is in the folder",
              visits and b"127.0.0.1" not in text and b"Gecko" not in text)
        shutil.rmtree(watch.data / "watch-visits")
        (watch.data / "watch-visits").write_text("no folder\n")
        with watch.running() as program:
            check("without a folder it is said that nothing is recorded, and pages are shown",
                  "is not recorded: " in program.text() and watch.fetch("/").status == 200,
                  program.text())
            watch.ends()


if __name__ == "__main__":
    run(main)
