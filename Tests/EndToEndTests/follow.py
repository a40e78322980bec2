"""While `build --follow` runs, is killed and is started again, the release follows the database.

Two writers change rows at random: inserts, updates, deletes, tags, renamed floors, swapped
addresses, rooms that open and close by themselves, and bulk loads. The follower is killed by
SIGKILL at random moments; in every third round it is PostgreSQL that crashes, and the follower goes
on. At each quiet point, once it says that everything up to now is shown, the release must be the
one that a build of everything in an empty folder makes, byte for byte, and a server that ran all
the while must answer with its pages. `FOLLOW_ROUNDS` and `FOLLOW_CHANGES` make it longer,
`E2E_SEED` repeats it.
"""

import json
import os
import random
import re
import signal
import subprocess
import threading
import time

from harness import (
    ROOT, SITEGEN, Failure, Program, check, fetch, free_port, run, temporary_folder, wait_for)
from servers import Postgres, postgres_program

FOLLOWSITE = os.environ.get("FOLLOWSITE", str(ROOT / ".build/debug/FollowSite"))
SITE = ROOT / "Tests/EndToEndTests/FollowSite"
ROUNDS = int(os.environ.get("FOLLOW_ROUNDS", "4"))
CHANGES = int(os.environ.get("FOLLOW_CHANGES", "120"))
ROOMS, FLOORS, TAGS = 400, 12, 30


class House:
    """The database, the release and the commands on them."""

    def __init__(self, folder):
        self.folder = folder
        self.release = folder / "release"
        self.postgres = Postgres(folder)
        self.env = {"DATABASE_URL": self.postgres.url(), "REDIS_URL": ""}

    def sitegen(self, *arguments):
        done = subprocess.run(
            [FOLLOWSITE, *map(str, arguments), "--root", SITE], env={**os.environ, **self.env},
            capture_output=True, text=True, timeout=300)
        if done.returncode:
            raise Failure(f"{arguments} exited {done.returncode}: {done.stderr[-1500:]}")
        return done.stdout

    def prepare(self):
        self.postgres.query((SITE / "schema.sql").read_text())
        self.postgres.query(
            f"INSERT INTO floor SELECT n, 'Floor ' || n FROM generate_series(1, {FLOORS}) n;"
            f"INSERT INTO tag SELECT n, 'Tag ' || n FROM generate_series(1, {TAGS}) n;"
            f"INSERT INTO room SELECT n, 1 + n % {FLOORS}, 'room-' || n, 'Room ' || n, 'words' "
            f"FROM generate_series(1, {ROOMS}) n;"
            f"INSERT INTO room_tag SELECT n, 1 + n % {TAGS} FROM generate_series(1, {ROOMS}) n")
        self.sitegen("db", "apply")

    def following(self, release=None, name="follow"):
        return Program(
            [FOLLOWSITE, "build", "--follow", "--json", "--quality", "fast", "--root", SITE,
             "--release", release or self.release], self.folder, name, env=self.env)

    def current(self):
        return (self.release / "current").resolve().name

    def fresh(self, number):
        """The name of the release that a build of everything makes."""
        folder = self.folder / f"fresh-{number}"
        report = json.loads(self.sitegen(
            "build", "--all", "--json", "--quality", "fast", "--release", folder))
        return report["release"], folder

    def is_quiet(self):
        """Whether nothing is queued or planned and every event is acknowledged."""
        rows = self.postgres.query(
            "SELECT (SELECT count(*) FROM sitegen.queue) + "
            "(SELECT count(*) FROM sitegen.schedule), "
            "(SELECT coalesce(max(seq), 0) FROM sitegen.event), "
            "(SELECT coalesce(max(seq), 0) FROM sitegen.consumer)")
        return rows[0][0] == "0" and int(rows[0][1]) <= int(rows[0][2])


def change(random_):
    """One statement, at random."""
    room = f"(SELECT id FROM room ORDER BY random() LIMIT {random_.randrange(1, 4)})"
    number = random_.randrange(10**9)
    return random_.choice([
        f"UPDATE room SET name = name || '{number % 10}' WHERE id IN {room}",
        f"UPDATE room SET words = 'words {number}' WHERE id IN {room}",
        f"UPDATE room SET words = words WHERE id IN {room}",
        f"UPDATE room SET floor_id = 1 + {number} % {FLOORS} WHERE id IN {room}",
        f"UPDATE room SET opens = now() + interval '{number % 2000} ms' WHERE id IN {room}",
        f"UPDATE room SET closes = now() + interval '{number % 3000} ms' WHERE id IN {room}",
        "UPDATE room SET closes = NULL WHERE closes < now()",
        f"UPDATE floor SET name = 'Floor {number}' WHERE id = 1 + {number} % {FLOORS}",
        f"UPDATE tag SET name = 'Tag {number}' WHERE id = 1 + {number} % {TAGS}",
        f"DELETE FROM room WHERE id IN {room}",
        f"INSERT INTO room VALUES ({number} + 1000, 1 + {number} % {FLOORS}, 'new-{number}', "
        f"'New {number}', 'words') ON CONFLICT DO NOTHING",
        f"INSERT INTO room_tag SELECT id, 1 + {number} % {TAGS} FROM room WHERE id IN {room} "
        "ON CONFLICT DO NOTHING",
        f"DELETE FROM room_tag WHERE room_id IN {room}",
        f"DELETE FROM room_tag WHERE tag_id = 1 + {number} % {TAGS}",
        "WITH two AS (SELECT id, slug, lead(slug, 1, first) OVER (ORDER BY id) AS other FROM "
        "(SELECT id, slug, first_value(slug) OVER (ORDER BY id) AS first FROM "
        "(SELECT id, slug FROM room ORDER BY random() LIMIT 2) a) b) "
        "UPDATE room SET slug = two.other FROM two WHERE room.id = two.id",
        f"INSERT INTO room SELECT {number}::bigint + 2000000000 + n, 1 + n % {FLOORS}, "
        f"'bulk-{number}-' || n, 'Bulk ' || n, 'words' FROM generate_series(1, 60) n "
        "ON CONFLICT DO NOTHING",
    ])


# An application's daily bread: a deadlock, a key that is taken, a server that restarts.
EXPECTED = ("deadlock|violates|server closed the connection|terminating connection|"
            "the database system is|connection to server|crash of another server process")


def write(house, seed, count, failures):
    """A writer of its own."""
    random_ = random.Random(seed)
    for _ in range(count):
        try:
            house.postgres.query(change(random_))
        except Failure as failure:
            if not re.search(EXPECTED, str(failure)):
                failures.append(str(failure)[-300:])
        time.sleep(random_.uniform(0, 0.01))


def kill(_, follower, seconds, writers):
    """Kills the follower after a while; whether somebody wrote then."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(writer.is_alive() for writer in writers):
        time.sleep(0.05)
    if not any(writer.is_alive() for writer in writers):
        return False
    follower.stop(signal.SIGKILL)
    return True


def crash(house, follower, seconds, writers):
    """Crashes PostgreSQL after a while; the follower stays until the writers are done."""
    time.sleep(seconds)
    house.postgres.crash()
    for writer in writers:
        writer.join()
    check("the follower outlives a crash of PostgreSQL", follower.child.poll() is None,
          follower.text()[-800:])
    return True


def check_times(house, port):
    """A room opens by itself, and closes by itself, while nothing else is written."""
    def status():
        return fetch(port, "/rooms/by-itself/").status
    with house.following() as follower:
        wait_for("the follower to settle", lambda: settled(house, follower), 120)
        house.postgres.query(
            "INSERT INTO room VALUES (900, 1, 'by-itself', 'By itself', 'words', "
            "now() + interval '1 s', NULL)")
        check("a room that is not open has no page", status() == 404)
        wait_for("the room to open", lambda: status() == 200, 30)
        house.postgres.query("UPDATE room SET closes = now() + interval '3 s' WHERE id = 900")
        check("a room that is not closed has a page", status() == 200)
        wait_for("the room to close", lambda: status() == 404, 30)
        check("it opened and closed", True)


def check_faulty_rows(house, port):
    """A row without a page, or with one that ends the process, costs no other row its page."""
    def text(slug):
        return fetch(port, f"/rooms/{slug}/").body

    def problems(follower):
        return follower.text().count('"problem"')

    house.postgres.query(
        "INSERT INTO room SELECT n, 1, 'faulty-' || n, 'Faulty ' || n, 'words' "
        "FROM generate_series(901, 902) n")
    with house.following() as follower:
        wait_for("the follower to settle", lambda: settled(house, follower), 120)
        house.postgres.query("UPDATE room SET slug = '../../etc', name = 'Bad' WHERE id = 901")
        wait_for("the follower to say so", lambda: problems(follower) == 1, 30)
        house.postgres.query("UPDATE room SET name = 'Good' WHERE id = 902")
        wait_for("the other row's page", lambda: b"Good" in text("faulty-902"), 30)
        check("the last page of a row without one stays", b"Faulty 901" in text("faulty-901"))
    with house.following() as follower:
        wait_for("a follower that begins to say so, too", lambda: problems(follower) >= 1, 30)
        house.postgres.query("UPDATE room SET name = 'Better' WHERE id = 902")
        wait_for("the other row's page", lambda: b"Better" in text("faulty-902"), 30)
        house.postgres.query("UPDATE room SET slug = 'faulty-901' WHERE id = 901")
        wait_for("the row's page once it is right", lambda: b"Bad" in text("faulty-901"), 30)
        check("a row that is right again has its page", True)
    with house.following() as follower:
        wait_for("the follower to settle", lambda: settled(house, follower), 120)
        house.postgres.query("UPDATE room SET words = 'trap' WHERE id = 902")
        wait_for("the follower to say so", lambda: "it crashed" in follower.text(), 60)
        check("a component's trap says what it is", "nobody can draw this room" in follower.text()
              and "row 902: it crashed" in follower.text(), follower.text()[-900:])
        house.postgres.query("UPDATE room SET name = 'Beside' WHERE id = 901")
        wait_for("the other row's page", lambda: b"Beside" in text("faulty-901"), 60)
        check("it goes on, and the page of the row stays",
              follower.child.poll() is None and b"Better" in text("faulty-902"))
        house.postgres.query("UPDATE room SET words = 'words', name = 'Drawn' WHERE id = 902")
        wait_for("the page after that", lambda: b"Drawn" in text("faulty-902"), 60)
        check("once the row is right, its page is made", True)


def check_first_build(house):
    """PostgreSQL crashes in the middle of a follower's first build."""
    holder = subprocess.Popen(
        [postgres_program("psql"), "-X", "-q", "-d", house.postgres.url(), "-c",
         "BEGIN; LOCK TABLE sitegen.room_page; SELECT pg_sleep(120)"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for("the table to be locked", lambda: house.postgres.query(
            "SELECT 1 FROM pg_locks WHERE relation = 'sitegen.room_page'::regclass AND granted "
            "AND mode = 'AccessExclusiveLock'"), 30)
        with house.following(house.folder / "first", "first") as follower:
            wait_for("the first build to wait for the table", lambda: house.postgres.query(
                "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"), 60)
            house.postgres.crash()
            wait_for("the follower to settle", lambda: settled(house, follower)
                     or follower.child.poll() is not None, 120)
            check("a first build that loses PostgreSQL begins anew",
                  follower.child.poll() is None, follower.text()[-800:])
    finally:
        holder.kill()
        holder.wait()


def check_outdated(house):
    """A trigger that somebody disabled: builds publish nothing, a follower ends with it."""
    def refusal(*arguments):
        done = subprocess.run(
            [FOLLOWSITE, *map(str, arguments), "--root", SITE], env={**os.environ, **house.env},
            capture_output=True, text=True, timeout=300)
        return done.returncode, done.stderr
    with house.following(name="outdated") as follower:
        wait_for("the follower to settle", lambda: settled(house, follower), 120)
        said = len(follower.text())
        house.postgres.query("ALTER TABLE room DISABLE TRIGGER sitegen_update")
        wait_for("the follower to say so", lambda: "db apply" in follower.text()[said:], 30)
        check("it goes on", follower.child.poll() is None, follower.text()[said:])
        status = follower.stop(signal.SIGTERM, 30)
        check("a follower of outdated views ends with 78", status == 78, str(status))
    before = house.current()
    status, said = refusal("build", "--quality", "fast", "--release", house.release)
    check("a build of outdated views ends with 78", status == 78, f"{status} {said}")
    check("and publishes nothing", house.current() == before)
    house.sitegen("db", "apply")
    house.sitegen("build", "--quality", "fast", "--release", house.release)
    check("after db apply it builds", True)


def round_of(house, number, random_, port):
    """Writes, kills, waits for quiet, compares."""
    failures = []
    writers = [threading.Thread(target=write, args=(
        house, random_.randrange(10**9), CHANGES, failures)) for _ in range(2)]
    for writer in writers:
        writer.start()
    faults = 0
    interrupt = crash if number % 3 == 0 else kill
    while any(writer.is_alive() for writer in writers):
        with house.following() as follower:
            faults += interrupt(house, follower, random_.uniform(0.5, 4), writers)
    for writer in writers:
        writer.join()
    check(f"round {number}: the writers wrote ({faults} faults)", not failures, "; ".join(failures))
    with house.following() as follower:
        wait_for("the follower to settle", lambda: settled(house, follower), 120)
        expected, folder = house.fresh(number)
        wait_for("the follower to have the last change",
                 lambda: house.current() == expected, 30)
        check(f"round {number}: the release is that of a fresh build", house.current() == expected)
        compare(house, folder, port, number)
        status = follower.stop(signal.SIGHUP)
        check(f"round {number}: it ends with 0 with its terminal", status == 0, f"{status}")


def settled(house, follower):
    """Whether the last thing it said is that everything is shown, and nothing waits."""
    lines = [json.loads(line) for line in follower.text().splitlines() if line.startswith("{")]
    return bool(lines) and lines[-1]["event"] == "settled" and house.is_quiet()


def compare(house, folder, port, number):
    """The manifests, and some pages as the server sends them."""
    ours = (house.release / "current/manifest").read_bytes()
    theirs = (folder / "current/manifest").read_bytes()
    check(f"round {number}: the manifests are equal, byte for byte", ours == theirs)
    slugs = [row[0] for row in house.postgres.query(
        "SELECT slug FROM sitegen.room_page ORDER BY random() LIMIT 5")]
    for slug in slugs:
        [[name]] = house.postgres.query(f"SELECT name FROM room WHERE slug = '{slug}' LIMIT 1")
        wait_for(f"the server to show {slug}",
                 lambda: name.encode() in fetch(port, f"/rooms/{slug}/").body, 10)
    check(f"round {number}: the server shows the rows", True)


def main():
    seed = os.environ.get("E2E_SEED") or str(random.randrange(10**6))
    print(f"E2E_SEED={seed}")
    random_ = random.Random(seed)
    with temporary_folder() as folder:
        house = House(folder)
        try:
            house.prepare()
            house.sitegen("build", "--quality", "fast", "--release", house.release)
            port = free_port()
            with Program([SITEGEN, "serve", "--release", house.release, "--listen",
                          f"127.0.0.1:{port}"], folder, "serve", env=house.env):
                wait_for("the server", lambda: answers(port), 20)
                for number in range(1, ROUNDS + 1):
                    round_of(house, number, random_, port)
                check_times(house, port)
                check_faulty_rows(house, port)
            check_first_build(house)
            check_outdated(house)
        finally:
            house.postgres.server.kill()


def answers(port):
    try:
        return fetch(port, "/").status == 200
    except OSError:
        return False


if __name__ == "__main__":
    run(main)
