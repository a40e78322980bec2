"""The site of SlotSite, built and served, with fragments that a script writes itself.

A fragment is written as a plain string or as a record of docs/fragment-records.md, by the program
that stands in that document. `Slots.expected` puts a page together by hand: what every decoder has
to give.
"""

import contextlib
import os
import pathlib
import re
import subprocess

from harness import ROOT, SITEGEN, Failure, Program, fetch, free_port, temporary_folder, wait_for
from redis_client import Redis
from servers import Postgres, RedisServer

SLOT_SITE = os.environ.get("SLOTSITE", str(ROOT / ".build/debug/SlotSite"))
# What pads a slot: its fallback is followed by `<!--`, spaces and `-->`.
PAD = re.compile(rb"<!--( {16,})-->")


def record_program():
    """The function `record` of the document, as the document has it."""
    text = (ROOT / "docs/fragment-records.md").read_text()
    programs = [part.split("```")[0] for part in text.split("```python\n")[1:]]
    source = next((part for part in programs if "def record(" in part), None)
    if source is None:
        raise Failure("docs/fragment-records.md has no function `record`")
    names = {}
    exec(source.split("\nhtml = ")[0], names)  # the document's own program, up to its use
    return names["record"]


class Slots:
    """Servers, a release of SlotSite, and the page bytes that a build stored."""

    def __init__(self, folder):
        self.folder = folder
        self.root = folder / "root"
        self.release = folder / "release"
        (self.root / "site/Styles").mkdir(parents=True)
        (self.root / "public").mkdir()
        self.style("body { font: 16px/1.5 serif }")
        self.postgres = Postgres(folder)
        try:
            self.server = RedisServer(folder)
            self.redis = Redis(self.server.socket)
            self.build()
        except BaseException:
            self.close()
            raise

    def close(self):
        """Stops the servers."""
        self.postgres.server.kill()
        if hasattr(self, "server"):
            self.server.server.kill()

    def style(self, text):
        """Another style sheet: the next build changes every page."""
        (self.root / "site/Styles/site.css").write_text(text)

    def build(self, *arguments):
        """Builds a release with a plain tree at the best quality."""
        done = subprocess.run(
            [SLOT_SITE, "build", "--root", self.root, "--release", self.release, "--tree",
             *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
            env={**os.environ, "DATABASE_URL": self.postgres.url()})
        if done.returncode:
            raise Failure(f"SlotSite build exited {done.returncode}:\n{done.stderr[-1500:]}")
        return done

    @contextlib.contextmanager
    def serving(self):
        """`serve` on the release, ready to answer; the program with its `port`."""
        port = free_port()
        command = [SITEGEN, "serve", "--release", self.release, "--listen", f"127.0.0.1:{port}",
                   "--redis", self.server.url]
        with Program(command, self.folder, "serve") as program:
            program.wait_for_line(r"^Serving ", 20)
            program.port = port
            program.base = f"http://127.0.0.1:{port}"
            yield program

    def fill(self, fragments):
        """Makes these the only fragments: HTML by name; a record where `record` made it."""
        self.redis("FLUSHALL")
        for name, value in fragments.items():
            self.redis("SET", f"f:{name}", value)

    def stored(self, path):
        """The stored identity bytes of a page."""
        return (self.release / "current/tree" / path.strip("/") / "index.html").read_bytes()

    def expected(self, path, fragments):
        """The page with these fragments in its inline slots, by number, None for a fallback."""
        page = self.stored(path)
        for number, html in fragments.items():
            if html is None:
                continue
            start = page.index(b'<section id="slot-%d">' % number)
            start = page.index(b">", start) + 1
            pad = PAD.search(page, start)
            capacity = pad.end() - 3 - start
            filled = html + b"<!--"
            page = (page[:start] + filled + b" " * (capacity - len(filled))
                    + page[start + capacity:])
        return page

    def settle(self, port, path, body):
        """Waits until the page has these identity bytes."""
        wait_for(f"{path} to show its fragments", lambda: fetch(port, path).body == body, 10)


@contextlib.contextmanager
def slots():
    """A built SlotSite with its servers in a temporary folder."""
    with temporary_folder() as folder:
        made = Slots(pathlib.Path(folder))
        try:
            yield made
        finally:
            made.close()
