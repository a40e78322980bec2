#!/usr/bin/env python3
"""Measures what keeping views costs and how fresh they are; prints one table a part.

    measure.py [--rooms N]... [--looks N] [--songs SHOPS]... [--changes N]
                                                            (needs .build/release/sitegen, psycopg)

Each size gets a database of its own on a private server with fsync on, in a temporary folder.
`latency`: from the COMMIT of one changed row to its event, with `sitegen db refresh --follow`.
`step`: one refresh by hand, without the polling. `writer`: the same statements with the triggers
enabled and disabled in turn. `against`: the same change by REFRESH CONCURRENTLY and by SQL that
somebody wrote for this one change and this one view. `songs`: a record shop's views of many forms,
of so many shops beside each other; what large changes cost, and how long others wait meanwhile.
"""

import argparse
import contextlib
import itertools
import os
import pathlib
import shutil
import signal
import statistics
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/EndToEndTests"))
os.environ.setdefault("SITEGEN", str(ROOT / ".build/release/sitegen"))

import psycopg  # noqa: E402
from harness import SITEGEN, Failure, Program, sitegen, temporary_folder  # noqa: E402
from servers import Postgres  # noqa: E402
from write_workloads import WORKLOADS  # noqa: E402

STEP = ("BEGIN ISOLATION LEVEL REPEATABLE READ; LOCK TABLE sitegen.leader IN EXCLUSIVE MODE",
        "SELECT * FROM sitegen.step(50000)", "COMMIT")

BULK = [
    ("UPDATE of all beds", "UPDATE rooms_bed SET width = 101 - width"),
    ("the same, nothing changes", "UPDATE rooms_bed SET width = width"),
    ("INSERT of two windows a room",
     "INSERT INTO rooms_window (name, type, room_id) "
     "SELECT 'New ' || r.id || '-' || n, 'WT1', r.id FROM rooms_room r, generate_series(1, 2) n"),
    ("DELETE of a hundredth of the rooms", "DELETE FROM rooms_room WHERE id % 100 = 1"),
]


def percentiles(seconds):
    """Median and 99th percentile, in milliseconds."""
    ordered = sorted(seconds)
    return (f"{1000 * statistics.median(ordered):.2f}",
            f"{1000 * ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]:.2f}")


def timed(action):
    before = time.perf_counter()
    action()
    return time.perf_counter() - before


class Bench:
    """One database with rooms or looks in it, and its views."""

    def __init__(self, postgres, workload, size, without=()):
        self.database = f"{workload.name}_{size}"
        postgres.query(f"CREATE DATABASE {self.database}", "postgres")
        self.url = postgres.url(self.database)
        workload.rows = size
        workload.load(postgres, self.database)
        self.root = workload.root
        if without:
            self.root = pathlib.Path(tempfile.mkdtemp()) / "site"
            shutil.copytree(workload.root, self.root)
            for name in without:
                (self.root / f"site/database/{name}.sql").unlink()
        self.connection = psycopg.connect(self.url, autocommit=True)
        self.execute = self.connection.execute
        self.execute("VACUUM ANALYZE")
        self.apply_seconds = timed(self.apply)
        for statement in ["VACUUM ANALYZE", "CHECKPOINT"]:
            self.execute(statement)
        # Every change gets a number of its own: no two in a row write the same value.
        self.numbers = itertools.count(1)

    def apply(self):
        done = sitegen("db", "apply", "--root", self.root, "--db", self.url, seconds=1800)
        if done.returncode:
            raise Failure(f"sitegen db apply: {done.stderr[-1500:]}")

    def step(self):
        for sql in STEP:
            self.execute(sql)

    def follower(self, folder):
        return Program([SITEGEN, "db", "refresh", "--follow", "--root", self.root, "--db",
                        self.url], folder, "refresh")

    def last_event(self):
        return self.execute("SELECT coalesce(max(seq), 0) FROM sitegen.event").fetchone()[0]


def latency(bench, statement, changes, folder):
    """COMMIT to event visible, one change at a time, with the refresher as a process."""
    bench.step()
    watcher = psycopg.connect(bench.url, autocommit=True)
    with bench.follower(folder):
        def once():
            seen = watcher.execute("SELECT coalesce(max(seq), 0) FROM sitegen.event").fetchone()[0]
            bench.execute(statement(next(bench.numbers)))
            before = time.perf_counter()
            while not watcher.execute(
                    "SELECT EXISTS (SELECT FROM sitegen.event WHERE seq > %s)",
                    [seen]).fetchone()[0]:
                time.sleep(0.0005)
                if time.perf_counter() - before > 120:
                    raise Failure("no event within 120 s")
            return time.perf_counter() - before
        for _ in range(10):
            once()
        times = []
        for number in range(changes):
            times.append(once())
            time.sleep(0.003 * (number % 8))
    watcher.close()
    return percentiles(times)


def step_time(bench, statement, changes):
    """One refresh of one change, without polling."""
    times = []
    for _ in range(10 + changes):
        bench.execute(statement(next(bench.numbers)))
        times.append(timed(bench.step))
    return percentiles(times[10:])


def triggers(bench, word):
    tables = [table for (table,) in bench.execute("""
        SELECT DISTINCT t.tgrelid::regclass::text FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND c.relnamespace <> 'sitegen'::regnamespace""").fetchall()]
    for table in tables:
        bench.execute(f"ALTER TABLE {table} {word} TRIGGER USER")


def writer_cost(bench, statement, changes):
    """The writer's statement with and without triggers, in turn; microseconds, p10 and median."""
    times = {"ENABLE": [], "DISABLE": []}
    bench.execute("SET synchronous_commit = off")
    for _ in range(10):
        for word in ["DISABLE", "ENABLE"]:
            triggers(bench, word)
            for number in range(changes // 10):
                with bench.connection.transaction():
                    seconds = timed(lambda: bench.execute(
                        statement(next(bench.numbers))))
                    if number:
                        times[word].append(seconds)
    triggers(bench, "ENABLE")
    bench.execute("RESET synchronous_commit")
    bench.step()
    row = []
    for word in ["DISABLE", "ENABLE"]:
        ordered = sorted(times[word])
        row += [f"{1e6 * ordered[len(ordered) // 10]:.0f}",
                f"{1e6 * statistics.median(ordered):.0f}"]
    return row


def bulk_cost(bench, statement, repeats=5):
    """A large statement, rolled back, with and without triggers in turn; best of some, in ms."""
    times = {"ENABLE": [], "DISABLE": []}
    for _ in range(repeats):
        for word in ["DISABLE", "ENABLE"]:
            triggers(bench, word)
            bench.execute("BEGIN")
            times[word].append(timed(lambda: bench.execute(statement)))
            bench.execute("ROLLBACK")
    triggers(bench, "ENABLE")
    return [f"{1000 * min(times[word]):.0f}" for word in ["DISABLE", "ENABLE"]]


def hand_written(bench):
    """A table of rooms with SQL that knows what a changed bed means, and nothing else."""
    bench.execute("""
        CREATE SCHEMA hand;
        CREATE TABLE hand.room AS SELECT * FROM sitegen.def_room;
        ALTER TABLE hand.room ADD PRIMARY KEY (id);
        CREATE TABLE hand.event (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key bigint)
        """)
    names = [name for (name,) in bench.execute("""
        SELECT attname FROM pg_attribute WHERE attrelid = 'hand.room'::regclass AND attnum > 0
        AND attname <> 'id' ORDER BY attnum""").fetchall()]
    changes = ", ".join(f"{name} = f.{name}" for name in names)
    bench.execute(f"""
        CREATE FUNCTION hand.bed_changed(bed bigint) RETURNS void LANGUAGE sql AS $$
        WITH done AS (
            UPDATE hand.room r SET {changes} FROM sitegen.def_room f
            WHERE f.id = r.id
            AND f.id = ANY (ARRAY(SELECT room_id FROM rooms_bed_rooms WHERE bed_id = bed))
            RETURNING r.id)
        INSERT INTO hand.event (key) SELECT id FROM done $$""")
    bench.execute("VACUUM ANALYZE hand.room")


def against(bench, changes):
    """The same change of one bed: by sitegen, by hand, and by REFRESH CONCURRENTLY; ms."""
    hand_written(bench)
    ours, hand = [], []
    for _ in range(10 + changes):
        number = next(bench.numbers)
        bed = 1 + number * 37 % bench.beds
        bench.execute(f"UPDATE rooms_bed SET height = 1.5 + {number} % 97 WHERE id = {bed}")
        ours.append(timed(bench.step))
        hand.append(timed(lambda bed=bed: bench.execute(
            "SELECT hand.bed_changed(%s)", [bed], prepare=True)))
    refresh = [timed(lambda: bench.execute(
        "REFRESH MATERIALIZED VIEW CONCURRENTLY sitegen.room_late")) for _ in range(3)]
    return [*percentiles(ours[10:]), *percentiles(hand[10:]), f"{1000 * min(refresh):.0f}"]


def table(title, head, rows):
    print(f"\n### {title}\n\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |", flush=True)


def rooms(postgres, sizes, changes, folder):
    """Everything that is measured on rooms."""
    fresh, writers, compared = [], [], []
    for size in sizes:
        bench = Bench(postgres, WORKLOADS["rooms"], size)
        bench.beds = size

        def bed(number, size=size):
            return (f"UPDATE rooms_bed SET width = 1.5 + {number} % 97 "
                    f"WHERE id = {1 + number * 7919 % size}")

        def door(number, size=size):
            return (f"UPDATE rooms_door SET width = 1.5 + {number} % 97 "
                    f"WHERE id = {1 + number * 7919 % (size // 2)}")

        print(f"{size} rooms: views installed in {bench.apply_seconds:.1f} s", flush=True)
        compared.append([size, *against(bench, changes)])
        fresh.append([f"{size} rooms, a bed (about 5 rooms)", *step_time(bench, bed, changes),
                      *latency(bench, bed, changes, folder)])
        fresh.append([f"{size} rooms, a door (about 2 rooms)", *step_time(bench, door, changes),
                      *latency(bench, door, changes, folder)])
        writers.append([f"{size} rooms: UPDATE of a bed, µs", *writer_cost(bench, bed, 2000)])
        for name, statement in BULK:
            without, within = bulk_cost(bench, statement.format(size=size))
            writers.append([f"{size} rooms: {name}, ms", without, "", within, ""])
        bench.connection.close()
    table("One changed bed, ms", ["rooms", "sitegen p50", "p99", "by hand p50", "p99",
                                  "REFRESH CONCURRENTLY"], compared)
    table("Freshness, ms", ["change", "step p50", "p99", "COMMIT to event p50", "p99"], fresh)
    table("Writers", ["statement", "without", "(median)", "with", "(median)"], writers)


def looks(postgres, size, changes, folder):
    """Latency of a look's change among many."""
    bench = Bench(postgres, WORKLOADS["fashion"], size)
    print(f"{size} looks: views installed in {bench.apply_seconds:.1f} s", flush=True)

    shown = [key for (key,) in bench.execute(
        "SELECT l.id FROM fashion.look l JOIN sitegen.look_page p USING (slug)").fetchall()]

    def look(number):
        return ("UPDATE fashion.look SET description = description || '.' "
                f"WHERE id = {shown[number * 7919 % len(shown)]}")

    images = [image for (image,) in bench.execute(
        "SELECT p.image_id FROM fashion.photo p JOIN fashion.view v ON v.photo_id = p.id "
        "ORDER BY p.id").fetchall()]

    def image(number):
        return ("UPDATE fashion.image SET width = 900 + "
                f"{number} % 97 WHERE id = {images[number * 7919 % len(images)]}")

    def rating(number):
        return (f"UPDATE fashion.look SET rating = {number} % 100 "
                f"WHERE id = {shown[number * 104729 % len(shown)]}")

    # Not every image is shown, and no page shows a rating: there may be no event to wait for.
    table(f"{size} looks, ms", ["change", "step p50", "p99", "COMMIT to event p50", "p99"],
          [["a look's text", *step_time(bench, look, changes),
            *latency(bench, look, changes, folder)],
           ["an image", *step_time(bench, image, changes), "", ""],
           ["a rating", *step_time(bench, rating, changes), "", ""]])
    bench.connection.close()


def drain(bench):
    """Steps as the follower makes them until nothing waits; the seconds of each."""
    times = []
    while bench.execute("SELECT EXISTS (SELECT FROM sitegen.queue)").fetchone()[0]:
        bench.execute(STEP[0])
        bench.execute("SET LOCAL sitegen.step_milliseconds = 250")
        times.append(timed(lambda: bench.execute(STEP[1])))
        bench.execute(STEP[2])
    return times


def waiting(bench, large, small, view):
    """Seconds of a large change, and the longest that a small one of another view waits for its
    event while the large one is worked on."""
    other = psycopg.connect(bench.url, autocommit=True)
    seconds, longest = [], 0.0
    bench.execute(large)
    worker = threading.Thread(target=lambda: seconds.append(sum(drain(bench))))
    before = time.perf_counter()
    worker.start()
    while worker.is_alive():
        seen = other.execute("SELECT coalesce(max(seq), 0) FROM sitegen.event").fetchone()[0]
        other.execute(small(next(bench.numbers)))
        since = time.perf_counter()
        while worker.is_alive() and not other.execute(
                "SELECT EXISTS (SELECT FROM sitegen.event WHERE seq > %s AND view = %s)",
                [seen, view]).fetchone()[0]:
            time.sleep(0.002)
        longest = max(longest, time.perf_counter() - since)
        time.sleep(0.05)
    worker.join()
    seconds = time.perf_counter() - before
    drain(bench)
    other.close()
    return f"{seconds:.2f}", f"{longest:.2f}"


def songs(postgres, shops):
    """What large changes cost in a record shop, and small ones under views of many forms."""
    bench = Bench(postgres, WORKLOADS["songs"], 3503 * shops,
                  without=["related_record"] if shops > 1 else [])
    print(f"{shops} record shops: views installed in {bench.apply_seconds:.1f} s", flush=True)
    built = timed(lambda: bench.execute(
        "SELECT count(*), sum(length(songs::text)) FROM sitegen.def_style_page"))
    rows = [["style pages, computed once", f"{built:.2f}", ""]]

    def performer(number):
        return f"UPDATE performer SET name = 'P {number}' WHERE id = {1 + number % 275}"

    large = [("a style that 37 of 100 songs show",
              "UPDATE style SET name = name || '.' WHERE id = 1"),
             ("all prices + 1", "UPDATE song SET price = price + 1"),
             ("all lengths + 1", "UPDATE song SET seconds = seconds + 1")]
    for name, change in large:
        rows.append([f"{name}", *waiting(bench, change, performer, "performer_page")])
    table(f"{shops} shops, {3503 * shops} songs: large changes, s",
          ["change", "until all is told", "a performer's name waits at most"], rows)

    def of_song(column, value):
        return lambda number: (f"UPDATE song SET {column} = {value.format(number)} "
                               f"WHERE id = {1 + number * 7919 % (3503 * shops)}")

    small = [("a song's price", of_song("price", "{0} % 50 + 0.5")),
             ("a song's name", of_song("name", "'N {0}'")),
             ("a song's style", of_song("style_id", "2 + {0} % 24")),
             ("a performer's name", performer),
             ("a sale's day", lambda number: "UPDATE sale SET sold_at = timestamptz '2021-01-01Z' "
              f"+ {number} % 1800 * interval '1 day' WHERE id = {1 + number * 31 % (412 * shops)}")]
    table(f"{shops} shops: small changes, one step, ms", ["change", "p50", "p99"],
          [[name, *step_time(bench, change, 30)] for name, change in small])
    bench.connection.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rooms", type=int, action="append")
    parser.add_argument("--looks", type=int, default=0)
    parser.add_argument("--songs", type=int, action="append", metavar="SHOPS")
    parser.add_argument("--changes", type=int, default=200)
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with temporary_folder() as folder:
        postgres = Postgres(folder, durable=True)
        with contextlib.ExitStack() as stack:
            stack.callback(postgres.server.kill)
            sizes = chosen.rooms or ([] if chosen.looks or chosen.songs else [500, 10_000, 50_000])
            if sizes:
                rooms(postgres, sizes, chosen.changes, folder)
            if chosen.looks:
                looks(postgres, chosen.looks, chosen.changes, folder)
            for shops in chosen.songs or []:
                songs(postgres, shops)


if __name__ == "__main__":
    main()
