#!/usr/bin/env python3
"""What the first minutes of a new site cost: `sitegen new`, the first compiling, the first build,
an edit of a component, in CPU and wall seconds; beside them a new site of Hugo.

Usage: Benchmarks/new/run.py [EDITS]      (5 edits)

Needs `swift build` in this folder (the tool is .build/debug/sitegen; SITEGEN names another), what
`Tests/install runtime` brings, and hugo. The packages that sitegen depends on come from SwiftPM's
cache, which `swift build` has filled. CPU time is that of the program and of its children.
"""

import os
import pathlib
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = os.environ.get("SITEGEN", str(ROOT / ".build/debug/sitegen"))
sys.path.insert(0, str(ROOT / "Tests/EndToEndTests"))

from site_compiler import BUILD, compile_site  # noqa: E402


def timed(command, folder, env=None):
    """Runs a command; its CPU and wall seconds."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, env={**os.environ, **(env or {})})
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{command}:\n{(done.stdout + done.stderr)[-3000:]}")
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime), wall


def line(what, cpu, wall):
    """A row of the table."""
    print(f"| {what} | {cpu:.2f} | {wall:.2f} |", flush=True)


def compiled(folder):
    """How many objects there are, and those of modules that were compiled for tools once more."""
    objects = list((folder / ".build/debug").glob("*.build/**/*.o"))
    twice = [path for path in objects if any(part.endswith("-tool.build") for part in path.parts)]
    return len(objects), twice


def measure_sitegen(folder, edits):
    """A new site from nothing to its pages, then edits of a component."""
    site = folder / "notes"
    line("sitegen new", *timed([TOOL, "new", "notes", "--sitegen", str(ROOT)], folder))
    env = {"DATABASE_URL": "", "REDIS_URL": ""}
    build = ["swift", "build", "--product", "Site"]
    line("first compiling, debug", *timed(build, site))
    count, twice = compiled(site)
    env["SITEGEN_PROGRAM"] = str(site / ".build/debug/Site")
    timed([TOOL, "db", "seed"], site, env)
    timed([TOOL, "db", "apply", "--quiet"], site, env)
    line("first `sitegen build`, with a private PostgreSQL",
         *timed([TOOL, "build", "--quiet"], site, env))
    line("`sitegen build` again", *timed([TOOL, "build", "--quiet"], site, env))
    line("compiling again, nothing changed", *timed(build, site))
    component = site / "site/components/LinkList.swift"
    text = component.read_text()
    costs = []
    for number in range(edits):
        component.write_text(text.replace(
            "var view: HTML {", f"var view: HTML {{\n        \"{number}\"", 1))
        # The driver compares times of whole seconds.
        time.sleep(1.1)
        costs.append(timed(build, site))
    line(f"an edit of a component, median of {edits}",
         statistics.median(cpu for cpu, _ in costs), statistics.median(wall for _, wall in costs))
    component.write_text(text)
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = compile_site(site, folder / "bin/notes")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr
    line("the site alone, by swiftc against modules that are compiled",
         after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime,
         time.monotonic() - start)
    return count, twice


def measure_hugo(folder):
    """A new site of Hugo with one layout and one page."""
    line("hugo new site", *timed(["hugo", "new", "site", "blog"], folder))
    blog = folder / "blog"
    (blog / "layouts/_default").mkdir(parents=True, exist_ok=True)
    for name in ("single", "list"):
        (blog / f"layouts/_default/{name}.html").write_text(
            "<!DOCTYPE html><title>{{ .Title }}</title>{{ .Content }}\n")
    (blog / "content/first.md").write_text("---\ntitle: First\n---\nText.\n")
    line("first `hugo`", *timed(["hugo", "--quiet"], blog))


def main():
    edits = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory(prefix="sg-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        print("| | CPU s | wall s |\n|---|---|---|")
        count, twice = measure_sitegen(folder, edits)
        measure_hugo(folder)
        print(f"\n{count} objects were compiled, {len(twice)} of them a second time")
        listed = shlex.split((BUILD / "FollowSite.product/Objects.LinkFileList").read_text())
        objects = sum(pathlib.Path(path).stat().st_size for path in listed)
        modules = sum(file.stat().st_size for file in (BUILD / "Modules").glob("*.swiftmodule"))
        print(f"modules {modules / 1e6:.0f} MB and objects {objects / 1e6:.0f} MB of the debug "
              "build, which a tool that brings them would have to carry")


if __name__ == "__main__":
    main()
