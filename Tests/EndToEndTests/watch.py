"""`sitegen watch` shows an edit of a row, a style, a public file or a view in the open tab.

It watches a copy of the site's folders. A change of Swift is a compiler error on purpose: that
needs no build of the whole package, and an error in the open tab is what an author must see.
"""

import re
import shutil

from chromium import Chromium
from harness import (
    ROOT, SITEGEN, Program, check, fetch, free_port, run, temporary_folder, wait_for)
from servers import Postgres


def copy_site(folder):
    """The folders that an author edits, and nothing of what was built."""
    root = folder / "copy"
    root.mkdir()
    for name in ["site", "components", "public"]:
        shutil.copytree(ROOT / name, root / name)
    (root / "Package.swift").write_text("this is no package\n")
    return root


def edit(path, old, new):
    """Replaces text in a file, as saving it in an editor does."""
    text = path.read_text()
    if old not in text:
        raise AssertionError(f"{path} has no {old}")
    path.write_text(text.replace(old, new, 1))


def main():
    with temporary_folder() as folder:
        root, port = copy_site(folder), free_port()
        postgres = Postgres(folder)
        try:
            command = [
                SITEGEN, "watch", "--port", port, "--root", root, "--data", folder / "data",
                "--db", postgres.url()]
            with Program(command, folder, "watch") as watch:
                watch.wait_for_line(r"^Serving http", 300)
                with Chromium(folder) as browser, browser.page() as page:
                    follow(page, port, root, postgres)
                status = watch.stop()
                check("watch ends with 0 on SIGTERM", status == 0, f"{status}")
        finally:
            postgres.server.kill()


def follow(page, port, root, postgres):
    """Makes one edit of each kind; the tab that is open shows each."""
    page.open(f"http://127.0.0.1:{port}/", until="load")
    check("the page has no policy violation", not page.problems(), str(page.problems()))

    name = "document.querySelector('h1')?.textContent ?? ''"
    style = "document.body && getComputedStyle(document.body).outlineColor"
    edit(root / "site/Styles/site.css", "body {", "body { outline-color: rgb(1, 2, 3);")
    wait_for("the style in the tab", lambda: page.evaluate(style) == "rgb(1, 2, 3)", 60)
    check("a style reaches the open tab", True)

    old = page.evaluate(name)
    postgres.query(
        "UPDATE fashion.collection SET title = 'E2E <b>title</b>' "
        "WHERE id IN (SELECT id FROM fashion.collection)")
    wait_for("the row in the tab", lambda: "E2E" in (page.evaluate(name) or ""), 60)
    check("a row reaches the open tab, as text",
          page.evaluate(name) != old and "<b>" in page.evaluate(name))

    (root / "public/e2e.txt").write_text("hello\n")
    wait_for("the public file", lambda: fetch(port, "/e2e.txt").body == b"hello\n", 60)
    check("a public file is served", True)

    (root / "components/Broken.swift").write_text("this does not compile\n")
    overlay = "document.documentElement?.innerText ?? ''"
    wait_for("the error in the tab",
             lambda: re.search("error", page.evaluate(overlay) or ""), 120)
    check("a compiler error is shown in the tab, and the page stays",
          fetch(port, "/").status == 200)


if __name__ == "__main__":
    run(main)
