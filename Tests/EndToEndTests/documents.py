"""The pages of docs are true: their Swift compiles, their commands run, their tables are current.

Each block marked as Swift stands in a file of its own, in one module with the rows that it speaks
of. The commands of first-site.md run as they are written, on a database like the one that they
speak of; what would leave this machine or install something is named in SKIPPED.
"""

import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys

from harness import ROOT, SITEGEN, check, run, temporary_folder
from servers import Postgres
from site_compiler import said_of

DOCS = ROOT / "docs"
PRELUDES = pathlib.Path(__file__).parent / "documents"
# Pages with Swift, and the file with what their examples stand on.
SWIFT = {"authoring.md": "authoring", "migrating/django.md": "migrating",
         "migrating/hugo.md": "migrating", "migrating/astro.md": "migrating"}
# Lines of first-site.md that are not run here.
SKIPPED = ["make package ", "rsync ", "ssh "]
DATABASE = """
CREATE TABLE artist (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE album (id int PRIMARY KEY, title text NOT NULL, updated_at timestamptz,
    artist_id int NOT NULL REFERENCES artist);
CREATE TABLE track (id int PRIMARY KEY, name text NOT NULL, milliseconds int NOT NULL,
    album_id int NOT NULL REFERENCES album);
CREATE TABLE moved (old_path text PRIMARY KEY, target text);
INSERT INTO artist VALUES (1, 'A');
INSERT INTO album VALUES (1, 'B', '2026-01-01', 1), (2, 'C', '2026-01-02', 1);
INSERT INTO track VALUES (1, 'D', 1000, 1), (2, 'E', 2000, 2);
"""
MIGRATION = """
ALTER TABLE album ADD COLUMN note text;
CREATE TABLE public.invoice (id int PRIMARY KEY, title text NOT NULL);
"""
# In the place of the tool: the site's program is compiled here, and watching ends when it serves.
TOOL = """#!{python}
import os, pathlib, sys
sys.path.insert(0, {tests!r})
from harness import SITEGEN, Program, free_port
from site_compiler import compile_site
here = pathlib.Path.cwd()
program = pathlib.Path({bin!r}) / here.name
if sys.argv[1] not in ("new", "help") and (here / "Package.swift").exists():
    done = compile_site(here, program)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    os.environ["SITEGEN_PROGRAM"] = str(program)
if sys.argv[1] == "watch":
    with Program([SITEGEN, *sys.argv[1:], "--port", free_port()], {bin!r}, "watch", cwd=here) as it:
        it.wait_for_line("^Serving|^watching|http://127", 120)
        it.stop()
    sys.exit(0)
os.execv(SITEGEN, [SITEGEN, *sys.argv[1:]])
"""


def blocks(page, language):
    """The blocks of a page in a language, as they are written."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)


def check_swift(folder):
    """Every example in Swift compiles, with the others of its page."""
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md") if blocks(page, "swift")}
    check("every page with Swift is looked at", pages == set(SWIFT), str(pages ^ set(SWIFT)))
    for number, (name, prelude) in enumerate(SWIFT.items()):
        place = folder / f"page{number}"
        place.mkdir()
        sources = {"Prelude": (PRELUDES / f"{prelude}.swift").read_text()}
        for count, text in enumerate(blocks(DOCS / name, "swift")):
            head = "" if "import SiteAuthoring" in text else "import SiteAuthoring\n"
            sources[f"Block{count}"] = head + text
        said = [line for lines in said_of(sources, place).values() for line in lines]
        check(f"{name}: {len(sources) - 1} examples compile", not said and len(sources) > 1,
              "\n".join(said)[:2000])


def check_tables(folder):
    """The elements of authoring.md are those of the generator (MarkupTests compares its Swift)."""
    elements = folder / "tree/Sources/Markup/Elements"
    elements.mkdir(parents=True)
    page = folder / "tree/docs/authoring.md"
    page.parent.mkdir()
    shutil.copy(DOCS / "authoring.md", page)
    generator = ROOT / "Sources/Markup/Elements/generate.py"
    subprocess.run([sys.executable, generator], cwd=elements, check=True, timeout=60)
    check("authoring.md has the elements that there are",
          page.read_bytes() == (DOCS / "authoring.md").read_bytes(), "run generate.py")


def check_commands(folder):
    """The commands of first-site.md, block by block, each in the folder where the last one was."""
    (folder / "bin").mkdir()
    (folder / "sitegen").symlink_to(ROOT)
    tool = folder / "bin/sitegen"
    tool.write_text(TOOL.format(python=sys.executable, tests=str(pathlib.Path(__file__).parent),
                                bin=str(folder / "bin")))
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    postgres = Postgres(folder)
    try:
        postgres.query("CREATE DATABASE chinook")
        postgres.query(DATABASE, "chinook")
        here, before = folder, {"PATH": f"{folder}/bin:{os.environ['PATH']}"}
        for number, block in enumerate(blocks(DOCS / "first-site.md", "sh")):
            lines = [line for line in block.splitlines()
                     if not any(line.startswith(skipped) for skipped in SKIPPED)]
            text = "\n".join(lines).replace(
                "postgresql://me@localhost/chinook", f'"{postgres.url("chinook")}"')
            if "sitegen add column" in text:
                postgres.query(MIGRATION, "chinook")
            # A block that begins a site begins where the first one did.
            here = folder if "sitegen new" in text else here
            done = subprocess.run(
                ["bash", "-ec", f"{text}\npwd; echo \"$DATABASE_URL\""], cwd=here,
                env={**os.environ, "DATABASE_URL": "", "REDIS_URL": "", **before},
                stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=400)
            check(f"first-site.md, block {number + 1}: {len(lines)} commands run",
                  done.returncode == 0, (done.stdout + done.stderr)[-2500:])
            if done.returncode == 0:
                here, url = done.stdout.splitlines()[-2:]
                before["DATABASE_URL"] = url
    finally:
        postgres.server.kill()


def main():
    check("the tool is there", pathlib.Path(SITEGEN).exists())
    with temporary_folder() as folder:
        check_swift(folder)
        check_tables(folder)
        check_commands(folder)


if __name__ == "__main__":
    run(main)
