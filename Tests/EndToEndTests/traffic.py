"""From a spool to counts: whatever is killed and in whatever order records come, each counts once.

Random records of two days on which clocks change go through the spools of two servers, while
ingesters (two of them of one spool) and PostgreSQL are killed. The rows must be those that were
sent, and every table of counts what `traffic_oracle` makes of them. Copied, damaged and newer
segments, proofs and keys follow. TRAFFIC_SECONDS (30) is how long the faults go on; Tests/README.md
records a long run.
"""

import collections
import contextlib
import os
import random
import signal
import stat
import time

import spool_files as spool
import traffic_oracle as oracle
from harness import SITEGEN, Program, check, run, sitegen, temporary_folder, wait_for
from servers import Postgres
from traffic_rows import KEPT, ZONE, Numbers, Traffic, step_of

SECONDS = float(os.environ.get("TRAFFIC_SECONDS", "30"))


class Database:
    """A database with the schema."""

    def __init__(self, folder, name="sitegen"):
        self.postgres = folder
        self.name = name
        self.url = folder.url(name)

    def query(self, sql):
        """Rows as lists of texts; times in UTC."""
        return self.postgres.query("SET timezone = 'UTC'; " + sql, database=self.name)

    def log(self, *arguments, user=None):
        """Runs `sitegen log` or, if it begins so, another command of it."""
        url = self.url if user is None else self.url.replace("sitegen@", f"{user}@")
        command = arguments if arguments[0] == "stats" else ("log", *arguments)
        return sitegen(*command, env={"DATABASE_URL": url})

    def must(self, *arguments):
        """The same; its output, and a failed check unless it exits with 0."""
        done = self.log(*arguments)
        check(f"log {' '.join(map(str, arguments))} exits 0"[:90], done.returncode == 0,
              done.stderr)
        return done.stdout


def differences(database, records, trend=1e-6):
    """What is not as it should be: rows lost or doubled, and wrong counts."""
    numbers = Numbers(database.query)
    rows = [row for row in map(numbers.row, records) if row]
    stored = [row for row in rows if row.kind in KEPT and not row.flags & 512]
    # Robots and feeds have no visitor.
    stored = collections.Counter(
        row._replace(visitor=None) if row.kind in (2, 7) else row for row in stored)
    kept = oracle.hits(database.query)
    found = collections.Counter(row for row in kept if row.kind != oracle.ASSET)
    wrong = [f"lost {row}" for row in (stored - found)]
    wrong += [f"twice or never sent {row}" for row in (found - stored)]
    unkept = [row for row in rows if row.kind not in KEPT or row.flags & 512]
    judge = oracle.Oracle(ZONE, numbers.paths, numbers.inside, numbers.reasons, numbers.names)
    wrong += oracle.compare(database.query, judge, kept, unkept, trend)
    slots = collections.Counter(
        slot for record in records if isinstance(record, spool.Record) and not record.objected
        for slot in record.slots)
    told = {(name, int(outcome)): int(count) for name, outcome, count in database.query(
        "SELECT f.name, s.outcome, sum(s.count) FROM traffic.slot_hour s "
        "JOIN traffic.fragment f ON f.id = s.fragment GROUP BY 1, 2")}
    if told != dict(slots):
        wrong.append(f"slots {told}, not {dict(slots)}")
    return wrong + untold(database, records)


def untold(database, records):
    """What is not as it should be of what scripts and browsers told."""
    vitals = collections.Counter(
        (record.name.path, vital, step_of(value)) for record in records
        if isinstance(record, spool.Beacon)
        for vital, value in zip(["LCP", "INP", "CLS", "TTFB"], record.vitals) if value is not None)
    found = {(path, vital, int(step)): int(count) for path, vital, step, count in database.query(
        "SELECT p.path, v.vital, v.step, sum(v.count) FROM traffic.vital_day v "
        "JOIN traffic.page p ON p.id = v.page GROUP BY 1, 2, 3")}
    wrong = [] if found == dict(vitals) else [f"vitals {found}, not {dict(vitals)}"]
    reports = collections.Counter(
        (record.name.path, record.directive, record.blocked) for record in records
        if isinstance(record, spool.Report))
    found = {tuple(row[:3]): int(row[3]) for row in database.query(
        "SELECT path, directive, blocked, sum(count) FROM traffic.reports GROUP BY 1, 2, 3")}
    return wrong + ([] if found == dict(reports) else [f"reports {found}, not {dict(reports)}"])


def ingester(database, folder, name):
    """An ingester that follows."""
    return Program([SITEGEN, "log", "ingest", "--access-spool", folder, "--follow"], folder.parent,
                   name, env={"DATABASE_URL": database.url})


def faults(database, folder):
    """Kills ingesters and PostgreSQL while two servers write."""
    draw = random.Random(int(SECONDS))
    traffic = Traffic(seed=time.time_ns(), visitors=150)
    spools = [folder / "one", folder / "two"]
    segments, running, records, kills, crashes = [], {}, [], 0, 0
    for path in spools:
        path.mkdir(mode=0o700)
    end = time.monotonic() + SECONDS
    next_crash = time.monotonic() + 3
    while time.monotonic() < end:
        for place, path in enumerate([spools[0], spools[1], spools[0]]):
            if place not in running or running[place].child.poll() is not None:
                running[place] = ingester(database, path, f"ingest-{place}")
        if len(segments) < 4 or draw.random() < 0.1:
            place = draw.randrange(2)
            segments.append(spool.Segment(
                spools[place], bytes([place]) * 16, traffic.began + len(segments)))
        batch = traffic.records(draw.choice([1, 30, 150]))
        records += batch
        draw.choice(segments[-4:]).append(batch)
        time.sleep(draw.uniform(0.01, 0.4))
        if draw.random() < 0.25:
            running[draw.choice(list(running))].kill()
            kills += 1
        if time.monotonic() > next_crash:
            database.postgres.crash()
            crashes += 1
            next_crash = time.monotonic() + draw.uniform(3, 9)
    for segment in segments:
        segment.close()
    for place, path in enumerate([spools[0], spools[1], spools[0]]):
        if running[place].child.poll() is not None:
            running[place] = ingester(database, path, f"ingest-{place}")
    with contextlib.ExitStack() as stack:
        for program in running.values():
            stack.callback(program.kill)
        wait_for("all segments to be read", lambda: not any(
            list(path.glob("*.spool")) for path in spools), 60)
        check("an ingester ends at SIGTERM with 0", running[0].stop(signal.SIGTERM) == 0,
              running[0].text()[-500:])
    print(f"        {len(records)} records, {len(segments)} segments, {kills} kills of ingesters, "
          f"{crashes} crashes of PostgreSQL")
    check("ingesters were killed", kills > 3)
    check("PostgreSQL crashed", crashes > 0)
    told = "".join((folder / f"ingest-{place}.log").read_text() for place in range(3))
    check("no ingester saw a count differ from its rows", "differed" not in told, told[-800:])
    for day in database.query("SELECT day FROM traffic.day ORDER BY 1"):
        database.must("seal", day[0])
    wrong = differences(database, records)
    check("rows and counts are those of a fresh query: 0 differences", not wrong,
          f"{len(wrong)}: " + "; ".join(wrong[:5]))
    return spools, records


def copies(database, folder, spools, records):
    """A segment that is restored, copied or cut adds nothing; a damaged frame is skipped."""
    for path in list(spools[0].glob("*.read"))[:2]:
        path.rename(path.with_suffix(".spool"))
    for path in list(spools[1].glob("*.read"))[:1]:
        (spools[0] / path.with_suffix(".spool").name).write_bytes(path.read_bytes())
    newer = spool.Segment(spools[0], b"x" * 16, 5, version=2)
    (spools[0] / (f"{7:016x}-" + "00" * 16 + ".spool")).write_bytes(b"")
    (spools[0] / (f"{8:016x}-" + "00" * 16 + ".spool")).write_bytes(b"no segment" * 20)
    done = database.log("ingest", "--access-spool", spools[0])
    check("restored and copied segments add nothing", done.stdout.startswith("0 records"),
          done.stdout)
    check("a segment of a newer version is left alone and told",
          newer.path.exists() and "version 2" in done.stderr, done.stderr)
    check("what is no segment is left alone and told", "is no segment" in done.stderr, done.stderr)
    wrong = differences(database, records)
    check("counts are the same after that", not wrong, "; ".join(wrong[:3]))


def proofs(database):
    """A count that was changed by hand is found, and put right."""
    [[day]] = database.query("SELECT max(day) FROM traffic.page_day")
    check("verify finds a proved day right", f"{day} verified" in database.must("verify", day))
    database.query(f"UPDATE traffic.page_day SET views = views + 1 WHERE day = '{day}' AND page = ("
                   f"SELECT min(page) FROM traffic.page_day WHERE day = '{day}' AND views > 0)")
    done = database.log("verify", day)
    check("verify names a wrong count and exits 65",
          done.returncode == 65 and "page_day" in done.stdout, done.stdout + done.stderr)
    done = database.log("seal", day)
    check("seal puts it right and exits 65", done.returncode == 65, done.stdout + done.stderr)
    database.must("verify", day)


def keys(database, spools):
    """Keys are agreed on, short-lived, and in no log of the database."""
    path = spools[0] / "keys"
    check("the file of keys may be read by its owner alone",
          stat.S_IMODE(path.stat().st_mode) == 0o600, oct(path.stat().st_mode))
    check("both servers have the same keys", path.read_text() == (spools[1] / "keys").read_text())
    check("keys are made two days ahead", len(path.read_text().splitlines()) == 4, path.read_text())
    check("the table of keys is unlogged", database.query(
        "SELECT relpersistence FROM pg_class WHERE oid = 'traffic.salt'::regclass") == [["u"]])
    database.query("INSERT INTO traffic.salt VALUES (current_date - 3, decode(repeat('ab', 16), "
                   "'hex'))")
    path.write_text("no keys")
    data = database.postgres.folder / "data"

    def on_disk():
        # Rows of an unlogged table are written out when the server stops.
        check("PostgreSQL stops", database.postgres.server.stop(signal.SIGINT) == 0)
        database.postgres.start()
        return [file for file in data.rglob("*") if file.is_file()
                and b"\xab" * 16 in file.read_bytes()]
    check("a key is on disk while it lasts", on_disk())
    database.log("ingest", "--access-spool", spools[0])
    left = on_disk()
    check("an ended key is on no disk, in no log of changes", not left, str(left))
    check("an ended key is destroyed, a damaged file written anew", database.query(
        "SELECT count(*) FROM traffic.salt") == [["3"]]
        and path.read_text() == (spools[1] / "keys").read_text(), path.read_text())


def main():
    with temporary_folder() as folder:
        postgres = Postgres(folder, durable=True)
        try:
            database = Database(postgres)
            database.must("install", "--zone", ZONE, "--hit-days", "400")
            spools, records = faults(database, folder)
            copies(database, folder, spools, records)
            proofs(database)
            keys(database, spools)
        finally:
            postgres.server.kill()


if __name__ == "__main__":
    run(main)
