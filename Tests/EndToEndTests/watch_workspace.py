"""A copy of the demo's folders under `sitegen watch`, with a PostgreSQL of its own.

The copy has what the repository's own build wrote of the demo, so that its sources are compiled and
linked against the modules that are there. What the tool runs as `swift build` does nothing. Its
place stays, with the objects of the watch before, as an author's does.
"""

import contextlib
import fcntl
import itertools
import os
import re
import shutil
import signal
import stat

from harness import (
    OUTPUT, PROGRAM, ROOT, SITEGEN, Failure, Program, check, fetch, free_port, processes_of,
    wait_for)
from servers import Postgres

# What tells a page that was loaded again from one that was changed in place.
MARK = "window.sitegenMark = (window.sitegenMark ?? 0) + 1"
OVERLAY = "document.querySelector('sitegen-watch')?.shadowRoot"
PROBLEMS = f"[...{OVERLAY}?.querySelectorAll('article') ?? []].map(a => a.innerText).join('\\n')"
BADGE = f"{OVERLAY}?.querySelector('.badge:not([hidden])')?.textContent ?? ''"


def description(root):
    """What the repository's build says of the demo's program, with the copy's sources."""
    text = (ROOT / ".build/debug.yaml").read_text()
    commands = [re.search(rf'\n  "C\.Site-[^"]*\.{kind}":\n.*?\n\n', text, re.DOTALL)[0]
                for kind in ("exe", "module")]
    for name in ["site", "components"]:
        commands = [command.replace(f'"{ROOT}/{name}/', f'"{root.resolve()}/{name}/')
                    for command in commands]
    text = "commands:" + "".join(commands)
    # Sources that the repository does not have.
    for source in sorted(root.resolve().glob("components/*.swift")):
        if f'"{source}"' not in text:
            text = re.sub(r'(\.module":\n.*?\n    inputs: \[)', rf'\1"{source}",', text, count=1,
                          flags=re.DOTALL)
    return text


def claim_place():
    """A folder that no other process has, with nothing but what a watch compiled there before; and
    its lock, which goes with the process."""
    for number in itertools.count(1):
        place = OUTPUT / f"watch-{number}"
        place.mkdir(parents=True, exist_ok=True)
        lock = open(place / "lock", "w")
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for left in [place / "copy", *(place / "data").glob("*")]:
                if left.name != "watch":
                    shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)
            return place, lock
        lock.close()


class Watch:
    """The program, its tree, and the edits of an author."""

    def __init__(self, folder, like=None, is_private=False):
        """A copy of the demo, or with `like` one that begins with nothing but another watch's
        sources, on its database; a private watch has a database of its own."""
        self.folder = folder
        place, self.lock = (folder, None) if like else claim_place()
        self.root = place / "copy"
        self.port = free_port()
        self.data = place / "data"
        self.root.mkdir(parents=True)
        for name in ["site", "components", "public"]:
            shutil.copytree((like.root if like else ROOT) / name, self.root / name)
        (self.root / "Package.swift").write_text("this is no package\n")
        (self.root / ".build/debug").mkdir(parents=True)
        (self.root / ".build/debug/Site").symlink_to(PROGRAM)
        self.describe()
        builder = folder / "bin/swift"
        builder.parent.mkdir(parents=True)
        builder.symlink_to("/bin/true")
        editor = folder / "bin/editor"
        editor.write_text(f"#!/bin/sh\necho \"$@\" >> '{folder}/opened'\n")
        editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
        self.postgres = like.postgres if like else None if is_private else Postgres(folder)
        self.program = None

    def describe(self):
        """Writes what the package's build would say of the sources that are there now."""
        (self.root / ".build/debug.yaml").write_text(description(self.root))

    def command(self, port=None):
        """The command line."""
        command = [SITEGEN, "watch", "--port", port or self.port, "--root", self.root, "--data",
                   self.data]
        return command + (["--db", self.postgres.url()] if self.postgres else [])

    def environment(self):
        """Its environment."""
        return {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", "SITEGEN_PROGRAM": "",
                "DATABASE_URL": "",
                "SITEGEN_EDITOR": f"{self.folder}/bin/editor {{file}} {{line}}:{{column}}"}

    @contextlib.contextmanager
    def running(self):
        """The watch, ready to show pages; what an earlier one printed is forgotten."""
        (self.folder / "watch.log").unlink(missing_ok=True)
        with Program(self.command(), self.folder, "watch", env=self.environment()) as program:
            self.program = program
            program.wait_for_line(r" ready in ", 300)
            yield program

    def url(self, path="/"):
        """An address of the server."""
        return f"http://127.0.0.1:{self.port}{path}"

    def fetch(self, path="/", **more):
        """One request."""
        return fetch(self.port, path, **more)

    def edit(self, name, old, new, in_place=False):
        """Replaces text in a file: by renaming another over it, or by writing into it."""
        path = self.root / name
        text = path.read_text()
        if old not in text:
            raise Failure(f"{name} has no {old}")
        text = text.replace(old, new, 1)
        if in_place:
            path.write_text(text)
            return
        other = path.with_name(f".{path.name}.new")
        other.write_text(text)
        os.replace(other, path)

    def renderers(self):
        """The numbers of the renderers that run."""
        found = []
        for process in processes_of(self.folder):
            with contextlib.suppress(OSError):
                words = open(f"/proc/{process}/cmdline", "rb").read().split(b"\0")
                if len(words) > 1 and words[1] == b"render":
                    found.append(process)
        return found

    def compiles(self):
        """Whether a compiler runs."""
        for process in processes_of(self.folder):
            with contextlib.suppress(OSError):
                if b"swift-frontend" in open(f"/proc/{process}/cmdline", "rb").read():
                    return True
        return False

    def close(self):
        """Ends the database."""
        self.postgres.server.kill()

    def ends(self, number=signal.SIGTERM):
        """Ends the watch; what is left of it a second later."""
        status = self.program.stop(number)
        if number != signal.SIGKILL:
            check(f"watch ends with 0 on {signal.Signals(number).name}", status == 0, f"{status}")
        with contextlib.suppress(Failure):
            wait_for("no process is left", lambda: not self.left(), 1.5)
        return self.left()

    def left(self):
        """The processes of the watch's folder, but the database and the browser, as words."""
        found = []
        for process in processes_of(self.folder):
            with contextlib.suppress(OSError):
                words = open(f"/proc/{process}/cmdline", "rb").read()
                if (b"postgres" not in words or not self.postgres) and b"chrom" not in words:
                    found.append(words[:80])
        return found
