"""A copy of the demo's folders under `sitegen watch`, with a PostgreSQL of its own.

The copy has what the repository's own build wrote of the demo, so that its sources are compiled and
linked against the modules that are there. What the tool runs as `swift build` does nothing.
"""

import contextlib
import os
import re
import shutil
import signal
import stat

from harness import (
    PROGRAM, ROOT, SITEGEN, Failure, Program, check, fetch, free_port, processes_of, wait_for)
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


class Watch:
    """The program, its tree, and the edits of an author."""

    def __init__(self, folder, like=None):
        """A copy of the demo, or with `like` of another watch's sources, on its database."""
        self.folder = folder
        self.root = folder / "copy"
        self.port = free_port()
        self.data = folder / "data"
        self.root.mkdir(parents=True)
        for name in ["site", "components", "public"]:
            shutil.copytree((like.root if like else ROOT) / name, self.root / name)
        (self.root / "Package.swift").write_text("this is no package\n")
        (self.root / ".build/debug").mkdir(parents=True)
        (self.root / ".build/debug/Site").symlink_to(PROGRAM)
        self.describe()
        builder = folder / "bin/swift"
        builder.parent.mkdir()
        builder.symlink_to("/bin/true")
        editor = folder / "bin/editor"
        editor.write_text(f"#!/bin/sh\necho \"$@\" >> '{folder}/opened'\n")
        editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
        self.postgres = like.postgres if like else Postgres(folder)
        self.program = None

    def describe(self):
        """Writes what the package's build would say of the sources that are there now."""
        (self.root / ".build/debug.yaml").write_text(description(self.root))

    def command(self, port=None):
        """The command line."""
        return [SITEGEN, "watch", "--port", port or self.port, "--root", self.root, "--data",
                self.data, "--db", self.postgres.url()]

    def environment(self):
        """Its environment."""
        return {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", "SITEGEN_PROGRAM": "",
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
                if b"postgres" not in words and b"chrom" not in words:
                    found.append(words[:80])
        return found
