#!/usr/bin/env python3
"""From the commit of a changed row to the first byte of its new page over HTTP.

Usage: Benchmarks/follow/run.py [PAGES] [CHANGES]        (100000 pages, 1000 changes)

A `build --follow` and a `serve` run on one release. A psql that stays open changes one room after
the other; the clock starts when it has said that the change is committed and stops when a request
on an open connection is answered with the new name. Prints percentiles in milliseconds, the cost of
a build without changes, and peak memory. Needs release builds (`swift build -c release
--product`) of FollowSite and of sitegen, which serves, and PostgreSQL.
"""

import contextlib
import http.client
import json
import os
import pathlib
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/EndToEndTests"))

from harness import SITEGEN, Program, free_port, wait_for  # noqa: E402
from servers import Postgres  # noqa: E402

PROGRAM = os.environ.get("FOLLOWSITE", str(ROOT / ".build/release/FollowSite"))
SITE = ROOT / "Tests/EndToEndTests/FollowSite"


def sitegen(env, *arguments):
    """Runs a command; its output and CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    done = subprocess.run([PROGRAM, *map(str, arguments), "--root", env["SITE"]], env=env,
                          check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, time.monotonic() - start, cpu


def build(env, label, *arguments):
    """Builds and prints what it cost."""
    out, wall, cpu = sitegen(env, "build", "--json", "--quality", "fast", *arguments)
    report = json.loads(out)
    print(f"{label}: {wall:.2f} s wall, {cpu:.2f} s CPU, {report['rendered']} made, "
          f"peak {report['peakMemoryBytes'] / 1e6:.0f} MB", flush=True)


def load(postgres, count):
    """As many rooms as asked for, 50 to a floor."""
    postgres.query((SITE / "schema.sql").read_text())
    floors = max(1, count // 50)
    postgres.query(
        f"INSERT INTO floor SELECT n, 'Floor ' || n FROM generate_series(1, {floors}) n;"
        f"INSERT INTO tag SELECT n, 'Tag ' || n FROM generate_series(1, 100) n;"
        f"INSERT INTO room SELECT n, 1 + n % {floors}, 'room-' || n, 'Room ' || n, "
        f"(SELECT string_agg(md5((n * k)::text), ' ') FROM generate_series(1, 60) k) "
        f"FROM generate_series(1, {count}) n;"
        f"INSERT INTO room_tag SELECT n, 1 + n % 100 FROM generate_series(1, {count}) n; ANALYZE")


@contextlib.contextmanager
def house(count):
    """A database with so many rooms and their views, a folder, and the environment for commands."""
    with tempfile.TemporaryDirectory(prefix="follow-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        postgres = Postgres(folder)
        # A copy, since one of its files is changed.
        shutil.copytree(SITE, folder / "site")
        env = {**os.environ, "DATABASE_URL": postgres.url(), "REDIS_URL": "",
               "SITE": str(folder / "site")}
        try:
            load(postgres, count)
            _, wall, _ = sitegen(env, "db", "apply")
            print(f"{count} pages; db apply {wall:.1f} s", flush=True)
            yield folder, postgres, env
        finally:
            postgres.server.kill()


class Psql:
    """A psql that stays open."""

    def __init__(self, url):
        self.child = subprocess.Popen(
            ["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", url], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, bufsize=1)

    def run(self, sql):
        """Returns once the statement is committed."""
        self.child.stdin.write(sql + ";\n\\echo done\n")
        self.child.stdin.flush()
        while self.child.stdout.readline().strip() != "done":
            pass


def measure(postgres, port, count, changes):
    """Milliseconds of each change."""
    psql = Psql(postgres.url())
    connection = http.client.HTTPConnection("127.0.0.1", port)
    random_ = random.Random(1)
    taken = []
    for number in range(changes):
        room = random_.randrange(1, count + 1)
        name = f"Changed {number} times"
        psql.run(f"UPDATE room SET words = '{name}' WHERE id = {room}")
        start = time.monotonic()
        while True:
            connection.request("GET", f"/rooms/room-{room}/")
            if name.encode() in connection.getresponse().read():
                break
            if time.monotonic() - start > 60:
                raise SystemExit(f"change {number} never showed")
        taken.append((time.monotonic() - start) * 1000)
    return sorted(taken)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    changes = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
    with house(count) as (folder, postgres, env):
        release = folder / "release"
        build(env, "from nothing", "--release", release)
        build(env, "nothing changed", "--release", release)
        drawing = folder / "site/public/floor.svg"
        drawing.write_text(drawing.read_text().replace("black", "grey"))
        build(env, "a file that the floors' pages name changed", "--release", release)
        postgres.query("UPDATE room SET words = 'one' WHERE id = 1")
        sitegen(env, "db", "refresh")
        build(env, "one row changed", "--release", release)
        build(env, "everything rendered, nothing changed", "--all", "--release", release)
        port = free_port()
        follow = [PROGRAM, "build", "--follow", "--json", "--quality", "fast", "--root",
                  env["SITE"], "--release", release]
        serve = [SITEGEN, "serve", "--release", release, "--listen", f"127.0.0.1:{port}"]
        with Program(follow, folder, "follow", env=env) as follower, \
                Program(serve, folder, "serve", env=env):
            wait_for("the follower", lambda: '"settled"' in follower.text(), 120)
            wait_for("the server", lambda: answers(port), 60)
            taken = measure(postgres, port, count, changes)
            print("commit to first new byte: " + ", ".join(
                f"p{part} {taken[min(len(taken) - 1, len(taken) * part // 100)]:.1f} ms"
                for part in (50, 90, 99)) + f", longest {taken[-1]:.1f} ms")


def answers(port):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False


if __name__ == "__main__":
    main()
