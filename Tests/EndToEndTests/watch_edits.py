"""Random edits under `sitegen watch`: none is lost, and each open page is that of a fresh watch.

WATCH_EDITS (16) edits of random kinds, lengths and gaps (0 to 3 s) from SEED (printed unless set);
at random moments every tab has to show all that the sources and rows say by then, or what is wrong
with them. Then WATCH_KILLS (4) more, during which renderers, waiting programs, compilers,
PostgreSQL and the watch itself are killed; no process may be left, and no edit be lost. After each
hundred edits and at the end the open pages are compared, byte for byte, with those of a second
watch that has just begun with the same sources and rows.
"""

import contextlib
import os
import random
import re
import signal
import time

from chromium import Chromium
from harness import (
    LOOKS, Failure, Program, check, processes_of, run, sitegen, temporary_folder, wait_for)
from watch_author import NEWEST, Author
from watch_workspace import OVERLAY, PROBLEMS, Watch

EDITS = int(os.environ.get("WATCH_EDITS", "16"))
KILLS = int(os.environ.get("WATCH_KILLS", "4"))
SEED = int(os.environ.get("SEED") or random.randrange(1 << 30))
# How many edits between two comparisons with a fresh watch.
ROUND = 100
# A machine that is at work for others takes its time.
PATIENCE = 180
COMPILERS = (b"swift-frontend", b"swiftc", b"swift-driver", b"ld.lld", b"swift-autolink")
ERRORS = f"{OVERLAY}?.querySelectorAll('article.error').length ?? 0"
OWN = re.compile(rb'<script type="module" src="/-/watch\.js"[^>]*></script>')
SHEETS = re.compile(rb'href="(/-/style/[^"]*\.css)"')
DOM = """
(() => {
    const copy = document.documentElement.cloneNode(true);
    for (const other of copy.querySelectorAll("sitegen-watch, script[data-sitegen]")) {
        other.remove();
    }
    for (const link of copy.querySelectorAll("link[rel=stylesheet]")) {
        link.setAttribute("href", link.getAttribute("href").split("?")[0]);
    }
    return copy.outerHTML;
})()"""


class Trial:
    """One watch, its author, its tabs, and what is killed beside them."""

    def __init__(self, folder, browser):
        self.folder, self.browser = folder, browser
        self.random = random.Random(SEED)
        self.watch = Watch(folder)
        seeded = sitegen("db", "seed", "--size", LOOKS, "--db", self.watch.postgres.url())
        if seeded.returncode:
            raise Failure(seeded.stderr)
        self.author = Author(self.watch, self.random)
        self.number = 0
        self.counts = {}
        self.starts = 0
        self.pages = []

    def start(self):
        """Starts the watch, as an author does after it was killed."""
        self.starts += 1
        self.watch.describe()
        self.watch.program = Program(
            self.watch.command(), self.folder, f"watch-{self.starts}",
            env=self.watch.environment())
        self.watch.program.wait_for_line(r" ready in |components/.*error: ", 300)
        # A site that never compiled has no page, and tells why.
        self.author.isUnseen = bool(self.author.broken)

    def open_tabs(self):
        """A tab at each of three pages; that of the newest collection has its title, too."""
        slug = self.watch.postgres.query(f"SELECT slug {NEWEST}")[0][0]
        self.paths = ["/", f"/collections/{slug}/", "/about/"]
        for path in self.paths:
            page = self.browser.page()
            page.show(1200)
            page.open(self.watch.url(path), until="load")
            page.path, page.showsTitle = path, path != "/about/"
            self.pages.append(page)

    # ---- Edits

    def edits(self, count, kills):
        """So many edits, and at random moments a look at all tabs."""
        for done in range(1, count + 1):
            self.number += 1
            try:
                kind = self.author.edit()
                self.counts[kind] = self.counts.get(kind, 0) + 1
                if kills and self.random.random() < 0.6:
                    self.kill()
                if self.random.random() < 0.7:
                    time.sleep(self.random.random() ** 2 * 3)
                if self.random.random() < 0.2:
                    self.settle()
                if done == count or self.number % ROUND == 0:
                    self.rest()
            except Failure as error:
                raise Failure(f"edit {self.number} of SEED={SEED}: {error}\n"
                              + self.watch.program.text()[-3000:]) from error

    def settle(self):
        """Waits until every tab shows all that was edited, and what is wrong."""
        lacking = {}

        def look():
            lacking.clear()
            for page in self.pages:
                with contextlib.suppress(Failure, OSError):
                    found = self.author.lacks(page)
                    if bool(self.author.broken) != bool(page.evaluate(ERRORS)):
                        found["problems"] = (page.evaluate(PROBLEMS)[:300], self.author.broken)
                    if found:
                        lacking[page.path] = found
                    continue
                lacking[page.path] = "it could not be asked"
            return not lacking
        try:
            wait_for("all edits in all tabs", look, PATIENCE, 0.1)
        except Failure as error:
            raise Failure(f"{error}; shown and wanted: {lacking}") from error

    def rest(self):
        """All is repaired, shown, and as a fresh watch has it."""
        if self.author.broken:
            self.author.edit_repair()
        self.settle()
        self.compare()

    def words(self):
        """A word is compiled by the compiler alone; the driver notes each of its own runs."""
        noted = self.watch.data / "watch/objects/module.priors"
        before = noted.stat().st_mtime_ns
        for _ in range(2):
            self.author.edit_word()
            self.settle()
        check("no word of Swift needs the driver, the first of a file neither",
              noted.stat().st_mtime_ns == before)

    # ---- Kills

    def kill(self):
        """Kills something that the watch needs."""
        what = self.random.choice(["renderer", "compiler", "compiler", "database", "watch"])
        self.counts[f"killed {what}"] = self.counts.get(f"killed {what}", 0) + 1
        time.sleep(self.random.random() * 0.6)
        match what:
            case "renderer":
                found = self.watch.renderers()
                if found:
                    self.end([self.random.choice(found)])
            case "compiler":
                with contextlib.suppress(Failure):
                    self.end(wait_for("a compiler", self.compilers, 2, 0.01))
            case "database": self.kill_database()
            case "watch": self.kill_watch()

    def end(self, processes):
        for process in processes:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)

    def compilers(self):
        found = []
        for process in processes_of(self.watch.root) + processes_of(self.watch.data):
            with contextlib.suppress(OSError):
                words = open(f"/proc/{process}/cmdline", "rb").read().split(b"\0")
                if words[0].endswith(COMPILERS):
                    found.append(process)
        return found

    def kill_database(self):
        postgres = self.watch.postgres
        postgres.server.kill()
        wait_for("PostgreSQL's end", lambda: not processes_of(postgres.folder / "data"), 60)
        time.sleep(self.random.random())
        postgres.start()

    def kill_watch(self):
        """Kills the watch; somebody edits, and starts it again."""
        self.watch.program.child.kill()
        self.watch.program.child.wait(30)
        with contextlib.suppress(Failure):
            wait_for("the end of all processes", lambda: not self.watch.left(), 30)
        left = self.watch.left()
        if left:
            raise Failure(f"of a killed watch is left: {left}")
        if self.random.random() < 0.5:
            self.author.edit()
        self.start()

    # ---- Comparing

    def compare(self):
        """Each open page is that of a fresh watch, and each tab has it."""
        twin = Watch(self.folder / f"twin-{self.number}", like=self.watch)
        with twin.running():
            different = [path for path in self.paths
                         if self.shown(self.watch, path) != self.shown(twin, path)]
            check(f"after {self.number} edits each open page is that of a fresh watch, "
                  "its styles, too", not different, f"SEED={SEED}: {different}")
            twin.program.stop()
        stale = []
        for page in self.pages:
            with page.beside() as other:
                other.open(self.watch.url(page.path), until="load")
                if page.evaluate(DOM) != other.evaluate(DOM):
                    stale.append(page.path)
        check("and each tab has it, changed in place", not stale, f"SEED={SEED}: {stale}")

    def shown(self, watch, path):
        """A page less the watch's own script, with its style sheets."""
        page = watch.fetch(path).body
        return [OWN.sub(b"", page)] + [
            watch.fetch(sheet.decode()).body for sheet in SHEETS.findall(page)]


def main():
    print(f"SEED={SEED} WATCH_EDITS={EDITS} WATCH_KILLS={KILLS}", flush=True)
    with temporary_folder() as folder, Chromium(folder) as browser:
        trial = Trial(folder, browser)
        try:
            trial.start()
            trial.open_tabs()
            trial.words()
            trial.edits(EDITS, kills=False)
            check(f"of {EDITS} edits none is lost", True)
            if KILLS:
                trial.edits(KILLS, kills=True)
                check(f"of {KILLS} edits between kills none is lost", True)
            left = trial.watch.ends()
            check("nothing is left of the watch", not left, str(left))
            print(", ".join(f"{count} {kind}" for kind, count in sorted(trial.counts.items())))
        finally:
            trial.watch.program.kill()
            trial.watch.close()


if __name__ == "__main__":
    run(main)
