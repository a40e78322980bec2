"""`sitegen watch` when something ends that it needs, and when it is started where it cannot be.

Renderers are killed or never end, PostgreSQL crashes, the watch itself is killed while it compiles
or interrupted while a renderer starts; pages are compared with those of a build.
"""

import contextlib
import json
import os
import re
import signal
import socket
import time

from chromium import Chromium
from harness import (
    Failure, check, fetch, run, sitegen, temporary_folder, wait_for)
from harness import Program
from watch_workspace import MARK, PROBLEMS, Watch

TITLE = "document.querySelector('h1')?.textContent ?? ''"


def main():
    with temporary_folder() as folder:
        watch = Watch(folder)
        try:
            with watch.running():
                equal_to_build(watch)
                refuse_others(folder, watch)
                with Chromium(folder) as browser, browser.page() as page:
                    page.open(watch.url(), until="load")
                    page.evaluate(MARK)
                    survive_kills(page, watch)
                    survive_database(page, watch)
                    check("the page was not loaded again",
                          page.evaluate("window.sitegenMark") == 1)
                end_while_compiling(watch)
            heal_object(watch)
            start_broken(folder, watch)
        finally:
            watch.close()


def bare(text):
    """A page less what a proof and a build have differently: styles, scripts, padding, names."""
    text = re.sub(r' data-sitegen-at="[^"]*"', "", text)
    text = re.sub(r'<link rel="stylesheet" href="/(-/style|assets)/[^"]*">', "", text)
    text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r"<script\b[^>]*>.*?</script>", "", text, flags=re.DOTALL)
    # What fills a slot in one and its fallback in the other is compared by decoders.py.
    return re.sub(r"<!-- *-->", "", text)


def equal_to_build(watch):
    """Each page that a build makes, and that no fragment fills, is the same in the watch."""
    release = watch.folder / "dist"
    built = sitegen("build", "--root", watch.root, "--db", watch.postgres.url(), "--release",
                    release, "--quality", "fast", "--tree",
                    env={"PATH": watch.environment()["PATH"]}, cwd=watch.root)
    if not check("the same site builds", built.returncode == 0, built.stderr[-400:]):
        return
    tree = release / "current/tree"
    pages, different = 0, []
    for file in sorted(tree.rglob("index.html"))[::7]:
        path = "/" + str(file.parent.relative_to(tree)).removeprefix(".")
        path = path if path.endswith("/") else path + "/"
        text = file.read_text()
        shown = watch.fetch(path).body.decode()
        # Pages with slots hold fragments here and fallbacks there.
        if re.search(r"<!-- {16,}-->", text):
            continue
        pages += 1
        if bare(shown) != bare(text):
            different.append(path)
    check("pages are those of a build, less styles, scripts and padding",
          pages > 10 and not different, f"{pages} compared; {different[:5]}")
    files = [file for file in tree.rglob("*") if file.suffix in (".svg", ".atom", ".txt", ".xml")]
    wrong = [file for file in files[::11]
             if watch.fetch("/" + str(file.relative_to(tree))).body != file.read_bytes()]
    check("files and the site map are those of a build", len(files) > 10 and not wrong,
          str(wrong[:3]))


def refuse_others(folder, watch):
    """A second watch, a taken port, another host, a page without the token."""
    with Program(watch.command(), folder, "second", env=watch.environment()) as second:
        status = second.child.wait(10)
        check("a second watch is refused by name", status == 75
              and f"127.0.0.1:{watch.port}" in second.text(), f"{status} {second.text()}")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [*watch.command(port)]
        command[command.index(watch.data)] = folder / "other"
        with Program(command, folder, "taken", env=watch.environment()) as other:
            status = other.child.wait(10)
            check("a taken port is said before anything else", status != 0
                  and str(port) in other.text() and " ready in " not in other.text(), other.text())
    check("another host is refused",
          fetch(watch.port, "/", host="evil.example").status in (400, 421))
    check("nothing below /-/ is told without the token",
          watch.fetch("/-/events").status == 403 and watch.fetch("/-/state").status == 403
          and watch.fetch("/-/open?file=x", method="POST").status == 403)


def survive_kills(page, watch):
    """A renderer that is killed is there again, and rows go on."""
    for number in range(3):
        for process in watch.renderers():
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
        watch.postgres.query(f"UPDATE fashion.collection SET title = 'killed {number}' "
                             "WHERE id IN (SELECT id FROM fashion.collection)")
        wait_for("the row in the tab",
                 lambda number=number: f"killed {number}" in (page.evaluate(TITLE) or ""), 30)
    check("a killed renderer loses no row and no page", watch.fetch("/").status == 200)
    check("one renderer runs, and the next one waits", len(watch.renderers()) == 2,
          str(watch.renderers()))


def survive_database(page, watch):
    """PostgreSQL crashes: said while it is away, and pages go on with it."""
    watch.postgres.server.kill()
    wait_for("the problem in the tab",
             lambda: "atabase" in page.evaluate(PROBLEMS) or "onnect" in page.evaluate(PROBLEMS),
             20)
    check("a database that is away is told", True)
    check("the last page is still there", watch.fetch("/").status == 200)
    watch.postgres.start()
    wait_for("the problem to go", lambda: not page.evaluate(PROBLEMS), 30)
    watch.postgres.query("UPDATE fashion.collection SET title = 'restarted'")
    wait_for("a row after it", lambda: "restarted" in (page.evaluate(TITLE) or ""), 30)
    check("rows go on when it is back", True)


def end_while_compiling(watch):
    """SIGKILL while the compiler runs leaves nothing a second later."""
    watch.edit("components/SiteFooter.swift", "var view: HTML {", "var view: HTML {\n ")
    with contextlib.suppress(Failure):
        wait_for("the compiler", lambda: watch.compiles(), 10)
    left = watch.ends(signal.SIGKILL)
    check("SIGKILL leaves no renderer and no compiler", not left, str(left))


def heal_object(watch):
    """An object that is not what its source says is found in a quiet moment and made again."""
    with watch.running():
        check("what a killed compiler left is made good", "not photographed" in footer(watch))
        watch.program.stop()
    name = watch.root.resolve() / "components/SiteFooter.swift"
    file, list_file = watch.data / "watch/objects/SiteFooter.o", watch.data / "watch/records.json"
    records = json.loads(list_file.read_text())
    bytes_ = file.read_bytes()
    check("the object has the text", b"not photographed" in bytes_)
    file.write_bytes(bytes_.replace(b"not photographed", b"not photogr4phed"))
    info = file.stat()
    records["records"][str(name)]["object"] = (
        f"FileStamp(size: {info.st_size}, changed: {info.st_ctime_ns}, "
        f"modified: {info.st_mtime_ns}, device: {info.st_dev}, inode: {info.st_ino})")
    list_file.write_text(json.dumps(records))
    # As a watch of an earlier version left it, which compiled to another folder.
    (watch.data / "watch/renewed").rename(watch.data / "watch/new")
    with watch.running():
        check("an object that is known is used", "not photogr4phed" in footer(watch))
        watch.program.wait_for_line("SiteFooter.swift: warning: What was shown", 300)
        wait_for("the source's own text", lambda: "not photographed" in footer(watch), 120)
        check("one that is another than its source says is told and made again", True)
        watch.program.stop()


def footer(watch):
    return watch.fetch("/").body.decode()


def start_broken(folder, watch):
    """A site that does not compile is served as its error, and opens once it does."""
    good = (watch.root / "components/SiteFooter.swift").read_text()
    (watch.root / "components/SiteFooter.swift").write_text(good + "\nlet x: Int = nme\n")
    with Program(watch.command(), folder, "broken", env=watch.environment()) as program:
        watch.program = program
        program.wait_for_line(r"error: ", 120)
        start = time.monotonic()
        check("the address serves the error", watch.fetch("/").status == 500)
        seconds = time.monotonic() - start
        check("and waits for nothing that cannot come", seconds < 1.5, f"{seconds:.2f} s")
        with Chromium(folder) as browser, browser.page() as page:
            page.open(watch.url(), until="load")
            wait_for("the error in the tab", lambda: "nme" in page.evaluate(PROBLEMS), 20)
            (watch.root / "components/SiteFooter.swift").write_text(good)
            wait_for("the site in the tab", lambda: page.evaluate(TITLE), 180)
            check("the first good compile opens the site", True)
            end_loop(page, watch)
        end_while_starting(watch)


def end_loop(page, watch):
    """A page that never ends is ended and named; the others are still there."""
    good = (watch.root / "components/SiteFooter.swift").read_text()
    watch.edit("components/SiteFooter.swift", "var view: HTML {", """var view: HTML {
        let _: Int = {
            var number = 0
            while number >= 0 { number = (number + 1) % 7 }
            return number
        }()""")
    wait_for("the loop in the tab", lambda: "said nothing" in page.evaluate(PROBLEMS), 120)
    check("a page that never ends is named", "while it rendered /," in page.evaluate(PROBLEMS),
          page.evaluate(PROBLEMS))
    check("what does not loop is still served", watch.fetch("/feed.atom").status == 200)
    (watch.root / "components/SiteFooter.swift").write_text(good)
    wait_for("the problem to go", lambda: not page.evaluate(PROBLEMS), 120)


def end_while_starting(watch):
    """SIGINT while a renderer waits for PostgreSQL, so that it never was ready, ends both."""
    watch.postgres.server.kill()
    before = set(watch.renderers())
    for process in before:
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGKILL)
    wait_for("the next renderer", lambda: set(watch.renderers()) - before, 20)
    left = watch.ends(signal.SIGINT)
    check("SIGINT while a renderer starts leaves nothing", not left, str(left))


if __name__ == "__main__":
    run(main)
