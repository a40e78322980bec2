"""A build killed at any moment leaves the served site whole.

Again and again a row is changed, a build is started and killed by SIGKILL at a random moment of
the time that the last one took that was quicker, until fifteen were killed while they ran. After
each, a server that ran all the while and one started afresh must answer every sampled page and its
assets with 200, the same bytes for the same ETag, and codings that decode to the page. The seed of
the moments is printed; E2E_SEED repeats a run.
"""

import gzip
import http.client
import os
import random
import re
import signal
import subprocess
import time

from decoding import disagreements
from harness import SITEGEN, Program, check, fetch, run
from servers import sample_pages, workspace

KILLS = 15
ROUNDS_MAX = 60
PAGES = 8


def faults(port, paths, bodies):
    """What is wrong with the sampled pages; `bodies` maps (path, ETag) to bytes seen before."""
    found = []
    assets = set()
    for path in paths:
        try:
            page, zipped = both_codings(port, path)
        except (OSError, http.client.HTTPException) as error:
            found.append(f"{path}: {type(error).__name__}")
            continue
        if page.status != 200 or not page["etag"]:
            found.append(f"{path}: {page.status}, ETag {page['etag']}")
            continue
        for answer in [page, zipped]:
            if bodies.setdefault((path, answer["etag"]), answer.body) != answer.body:
                found.append(f"{path}: two bodies with ETag {answer['etag']}")
        if gzip.decompress(zipped.body) != page.body:
            found.append(f"{path}: gzip is another page")
        assets |= set(re.findall(rb'(?:src|href)="(/[^"/][^"]*\.(?:css|js|svg|woff2))"', page.body))
    for asset in list(sorted(assets))[:20]:
        if fetch(port, asset.decode()).status != 200:
            found.append(f"{asset.decode()} is not there")
    return found


def both_codings(port, path):
    """A page as it is and in gzip, both of one release: the server may take the next in between."""
    page = fetch(port, path)
    while True:
        zipped = fetch(port, path, accept_encoding="gzip")
        again = fetch(port, path)
        if again["etag"] == page["etag"]:
            return page, zipped
        page = again


def change_a_row(site, column, number):
    """Changes one row so that the next build has something to write."""
    table, name = column
    site.postgres.query(
        f"UPDATE {table} SET {name} = 'Round {number}' WHERE ctid = "
        f"(SELECT ctid FROM {table} ORDER BY ctid LIMIT 1)")


def kill_once(site, delay):
    """Starts a build and kills it, and only it, after a delay; its seconds if it was quicker."""
    site.must("db", "refresh")
    command = [SITEGEN, "build", "--release", site.release, "--quality", "fast"]
    start = time.monotonic()
    with Program(command, site.folder, "build", env=site.env) as build:
        try:
            build.child.wait(delay)
            return time.monotonic() - start
        except subprocess.TimeoutExpired:
            build.stop(signal.SIGKILL)
    return None


def main():
    seed = os.environ.get("E2E_SEED") or str(random.randrange(10**6))
    print(f"E2E_SEED={seed}")
    moments = random.Random(seed)
    with workspace() as site:
        columns = site.text_columns()
        if not check("the database has columns to change", columns):
            return
        change_a_row(site, columns[0], "of measuring")
        site.must("db", "refresh")
        start = time.monotonic()
        site.must("build", "--release", site.release, "--quality", "fast")
        seconds = time.monotonic() - start
        bodies = {}
        killed = 0
        with site.serving() as steady:
            paths = sample_pages(steady, PAGES)
            for number in range(1, ROUNDS_MAX + 1):
                change_a_row(site, moments.choice(columns), number)
                delay = moments.uniform(0, seconds)
                quicker = kill_once(site, delay)
                found = faults(steady, paths, bodies)
                with site.serving() as fresh:
                    found += faults(fresh, paths, bodies)
                killed += quicker is None
                seconds = quicker or seconds
                word = f"killed after {delay:.2f} s" if quicker is None else "too quick to kill"
                check(f"round {number}, {word}: the site is whole", not found, "; ".join(found))
                if killed == KILLS:
                    break
            check(f"builds were killed while they ran ({killed} of {KILLS})", killed == KILLS)
            site.must("db", "refresh")
            check("a build that is let through succeeds", site.build().returncode == 0)
        with site.serving() as after:
            check("the site is whole after it", not faults(after, paths, bodies))
            page = fetch(after, paths[0])
            for coding in ["gzip", "br"]:
                coded = fetch(after, paths[0], accept_encoding=coding)
                check(f"{coding} decodes, too",
                      not disagreements(coding, coded.body, page.body))
            tags = [fetch(after, path)["etag"] for path in paths]
        check("building again succeeds", site.build().returncode == 0)
        with site.serving() as again:
            check("nothing changed, so no ETag did",
                  [fetch(again, path)["etag"] for path in paths] == tags)


if __name__ == "__main__":
    run(main)
