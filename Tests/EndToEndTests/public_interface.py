"""What a site's package can name of sitegen is what docs/public-interface.txt lists.

Each public declaration of the modules that a site imports is a line, so that a change of the public
face shows in a diff. Unavailable ones, which only refuse, are left out.

    python3 Tests/EndToEndTests/public_interface.py --write
"""

import difflib
import json
import pathlib
import platform
import re
import subprocess
import sys

from harness import ROOT, check, run, temporary_folder
from site_compiler import compiler, importing

MODULES = ["Markup", "MaterializedViews", "Postgres", "SiteAuthoring", "SitegenCommands"]
LISTED = ROOT / "docs/public-interface.txt"


def symbols(module, folder):
    """The public declarations of a module."""
    tool = pathlib.Path(compiler()).parent / "swift-symbolgraph-extract"
    place = folder / module
    place.mkdir()
    subprocess.run(
        [tool, "-module-name", module, "-target", f"{platform.machine()}-unknown-linux-gnu",
         "-minimum-access-level", "public", "-skip-synthesized-members", "-output-dir", place,
         *importing()], check=True, capture_output=True, timeout=120)
    for file in place.glob("*.symbols.json"):
        yield from json.loads(file.read_text())["symbols"]


def interface(folder):
    """One line for each declaration, in the order of modules and names."""
    lines = []
    for module in MODULES:
        found = set()
        for symbol in symbols(module, folder):
            if any(item.get("isUnconditionallyUnavailable")
                   for item in symbol.get("availability", [])):
                continue
            text = "".join(part["spelling"] for part in symbol["declarationFragments"])
            text = re.sub(r"\s+", " ", text)
            found.add(f"{'.'.join(symbol['pathComponents'])}: {text}")
        lines += [f"# {module}", *sorted(found), ""]
    return "\n".join(lines)


def main():
    with temporary_folder() as folder:
        now = interface(folder)
        if "--write" in sys.argv:
            LISTED.write_text(now)
        listed = LISTED.read_text() if LISTED.exists() else ""
        changes = list(
            difflib.unified_diff(listed.splitlines(), now.splitlines(), lineterm="", n=0))
        check("every module has a public face", all(f"# {module}\n" in now for module in MODULES)
              and now.count("\n") > 500, now[:300])
        check("the public interface is the one that is listed", not changes,
              "\n".join(changes[:40]) + "\nIf it is meant: public_interface.py --write")


if __name__ == "__main__":
    run(main)
