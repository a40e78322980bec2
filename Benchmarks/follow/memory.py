#!/usr/bin/env python3
"""Whether memory grows with the number of pages.

Usage: Benchmarks/follow/memory.py [FEW] [MANY]        (10000 and 100000 pages)

Builds the same site in both sizes: from nothing, again, with one row changed, with every row
changed, with every page rendered again, and followed while rows change. Prints the peak memory of
each (the kernel's VmHWM) and the ratio. Needs a release build of FollowSite (`swift build -c
release --product FollowSite`) and PostgreSQL.
"""

import json
import pathlib
import re
import sys

from run import PROGRAM, house, sitegen

from harness import Program, wait_for


def peak(env, *arguments):
    """The peak of a build in megabytes."""
    out, _, _ = sitegen(env, "build", "--json", "--quality", "fast", *arguments)
    return json.loads(out)["peakMemoryBytes"] / 1e6


def followed(env, postgres, folder, release):
    """The peak of a follower that takes in single changes and one of a thousand rows."""
    command = [PROGRAM, "build", "--follow", "--json", "--quality", "fast", "--root", env["SITE"],
               "--release", release]
    with Program(command, folder, "follow", env=env) as follower:
        wait_for("the follower", lambda: '"settled"' in follower.text(), 120)
        for number in range(20):
            postgres.query(f"UPDATE room SET words = 'followed {number}' WHERE id = {number + 1}")
        postgres.query(f"UPDATE room SET words = words || '.' WHERE id <= 1000")
        settled = follower.text().count('"settled"')
        wait_for("the bulk", lambda: follower.text().count('"settled"') > settled, 300)
        status = pathlib.Path(f"/proc/{follower.child.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) * 1024 / 1e6


def measure(count):
    """Peaks by what was done."""
    with house(count) as (folder, postgres, env):
        release = folder / "release"
        peaks = {"from nothing": peak(env, "--release", release),
                 "nothing changed": peak(env, "--release", release)}
        for label, where in (("one row changed", "WHERE id = 1"), ("every row changed", "")):
            postgres.query(f"UPDATE room SET words = words || '!' {where}")
            sitegen(env, "db", "refresh")
            peaks[label] = peak(env, "--release", release)
        peaks["every page rendered again"] = peak(env, "--all", "--release", release)
        peaks["followed"] = followed(env, postgres, folder, release)
        return peaks


def main():
    few = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    many = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    one, other = measure(few), measure(many)
    print(f"{'peak memory in MB':28} {few:>9} {many:>9}     ratio")
    for label, value in one.items():
        print(f"{label:28} {value:9.1f} {other[label]:9.1f} {other[label] / value:9.2f}")


if __name__ == "__main__":
    main()
