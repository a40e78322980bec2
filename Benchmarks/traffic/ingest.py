"""What taking traffic in costs PostgreSQL, beside one statement a hit and GoAccess.

    Benchmarks/traffic/ingest.py [ROWS]     200,000 unless given; needs a release build and pgbench

CPU is that of all processes of a server of its own, from /proc: it counts, wall times do not. Rows
go in twice: a batch of 1,000 a second, as when a site is read, and all at once, as after a pause.
"""

import os
import pathlib
import random
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ.setdefault("SITEGEN", str(ROOT / ".build/release/sitegen"))
sys.path.insert(0, str(ROOT / "Tests/EndToEndTests"))

import spool_files as spool  # noqa: E402
from harness import SITEGEN, Program, sitegen, temporary_folder  # noqa: E402
from servers import Postgres, postgres_program  # noqa: E402

TICK = os.sysconf("SC_CLK_TCK")
BATCH, BATCHES = 1000, 30


def cpu(postgres):
    """Seconds of CPU of a server's processes, those that have ended included."""
    time.sleep(1)  # until processes that end have ended
    total, root = 0, None
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == postgres.server.child.pid or int(entry.name) == (
                postgres.server.child.pid):
            if b"postgres" in command:
                total += sum(map(int, fields[11:13]))
            if int(entry.name) == postgres.server.child.pid:
                root = fields
    return (total + sum(map(int, root[13:15]))) / TICK


def records(count, began):
    """Views and robots of some hours, as many visitors as a fifth of them."""
    draw = random.Random(7)
    visitors = [draw.getrandbits(64) or 1 for _ in range(max(10, count // 5))]
    agents = [spool.Agent("Firefox", 100 + n, "Linux", 1, "", 0, 0) for n in range(40)]
    robot = spool.Agent("", 0, "", 0, "Bot", 1, 0)
    for number in range(count):
        place = int(len(visitors) * number / count)
        visitor = visitors[max(0, min(len(visitors) - 1, int(draw.gauss(place, 300))))]
        page = min(1999, int(draw.expovariate(1 / 200)))
        is_robot = draw.random() < 0.3
        yield spool.Record(
            at=began + number * 1000, kind=spool.ROBOT if is_robot else spool.VIEW, status=200,
            name=spool.Name(f"/looks/{page}/", "look_page", str(page)),
            visitor=None if is_robot else visitor, bytes=draw.randrange(50_000),
            micros=draw.randrange(50, 5000), agent=robot if is_robot else draw.choice(agents),
            reason=1 if is_robot else 0,
            source=draw.choice([("typed", None), ("none", None), ("elsewhere", "a.example")]),
            language="en")


def ours(postgres, folder, count):
    """(CPU µs a row by batches, the same at once, rows/s at once, bytes a view).

    The bytes are those of a view's own row, indexes and visit, those of all rows for each view,
    with what robots asked for, and those of the counts alone.
    """
    place = folder / "spool"
    place.mkdir()
    env = {"DATABASE_URL": postgres.url()}
    # Not at midnight: one day's partition is what a batch meets.
    began = (int(time.time()) - 946684800 - 7200) * 10**6
    made = list(records(count + BATCH * (BATCHES + 3), began))
    with Program([SITEGEN, "log", "ingest", "--access-spool", place, "--follow"], folder, "ingest",
                 env=env):
        segment = spool.Segment(place, b"a" * 16, began)

        def grow(batches, seen):
            for _ in range(batches):
                segment.append(made[seen:seen + BATCH])
                seen += BATCH
                # Nothing asks the server meanwhile: that would cost more than the batch.
                time.sleep(1.3)
            return seen
        seen = grow(3, 0)
        before = cpu(postgres)
        seen = grow(BATCHES, seen)
        by_batch = (cpu(postgres) - before) / (BATCH * BATCHES) * 1e6
        taken = postgres.query("SELECT sum(hits) FROM traffic.site_hour")
        assert taken == [[str(seen)]], taken
        segment.close()
    rest = spool.Segment(place, b"a" * 16, began + 1)
    rest.append(made[seen:])
    rest.close()
    before, start = cpu(postgres), time.monotonic()
    done = sitegen("log", "ingest", "--access-spool", place, env=env, seconds=3600)
    seconds = time.monotonic() - start
    assert done.returncode == 0, done.stderr
    at_once = (cpu(postgres) - before) / count * 1e6
    sizes = postgres.query(
        "SELECT sum(pg_table_size(oid)) FILTER (WHERE relname ~ '^hit_2'), "
        "sum(pg_total_relation_size(oid)) FILTER (WHERE relname ~ '^(hit|visit)_2'), "
        "sum(pg_total_relation_size(oid)) FILTER (WHERE relname ~ '_(day|hour)$') FROM pg_class "
        "WHERE relnamespace = 'traffic'::regnamespace AND relkind = 'r'")[0]
    views = int(postgres.query("SELECT sum(views) FROM traffic.page_day")[0][0])
    rows = int(postgres.query("SELECT count(*) FROM traffic.hit")[0][0])
    heap, kept, counts = [int(size) / views for size in sizes]
    # A robot's row has no visitor, so it is in no index and no visit.
    own = kept - heap * (rows - views) / rows
    return by_batch, at_once, count / seconds, (own + counts, kept + counts, counts)


def one_by_one(postgres, count):
    """CPU µs a hit: the predecessor's shape, and one plain INSERT."""
    here = pathlib.Path(__file__).parent
    postgres.query((here / "predecessor.sql").read_text())
    plain = here / "plain_hit.sql"
    found = []
    for script in [here / "predecessor_hit.sql", plain]:
        def bench(times, script=script):
            subprocess.run(
                [postgres_program("pgbench"), "-n", "-M", "prepared", "-t", str(times), "-f",
                 script, postgres.url()], check=True, capture_output=True, timeout=3600)
        bench(500)
        before = cpu(postgres)
        bench(count)
        found.append((cpu(postgres) - before) / count * 1e6)
    return found


def goaccess(folder, count):
    """CPU µs a line of GoAccess on the same requests as a combined log; None without it."""
    if not shutil.which("goaccess"):
        return None
    log = folder / "access.log"
    began = int(time.time()) - 7200
    with open(log, "w", encoding="utf-8") as file:
        for record in records(count, 0):
            at = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(began + record.at // 10**6))
            agent = "Bot/1.0" if record.kind == spool.ROBOT else (
                f"Mozilla/5.0 (X11; Linux x86_64; rv:{record.agent.version}.0) Gecko/20100101 "
                f"Firefox/{record.agent.version}.0")
            number = (record.visitor or 1) & 0xFFFFFF
            file.write(f'10.{number >> 16}.{number >> 8 & 255}.{number & 255} - - [{at}] '
                       f'"GET {record.name.path} HTTP/2.0" 200 {record.bytes} "-" "{agent}"\n')
    before = os.times()
    subprocess.run(["goaccess", log, "--log-format=COMBINED", "--no-global-config", "-o",
                    folder / "report.json"], check=True, capture_output=True, timeout=3600)
    after = os.times()
    spent = after.children_user + after.children_system - (
        before.children_user + before.children_system)
    return spent / count * 1e6


def questions(postgres):
    """How much CPU the same questions take from rows, as a multiple of that from counts."""
    pairs = {
        "views and visitors of a day": (
            "SELECT count(*), count(DISTINCT visitor) FROM traffic.hit WHERE kind = 1",
            "SELECT views, visitors FROM traffic.days"),
        "50 top pages": (
            "SELECT page, count(*), count(DISTINCT visitor) FROM traffic.hit WHERE kind = 1 "
            "GROUP BY 1 ORDER BY 2 DESC LIMIT 50",
            "SELECT path, views, visitors FROM traffic.pages ORDER BY 2 DESC LIMIT 50"),
    }
    found = {}
    for name, statements in pairs.items():
        costs = []
        for statement in statements:
            times = 20
            before = cpu(postgres)
            postgres.query("SET max_parallel_workers_per_gather = 0; "
                           + f"DO $$ BEGIN PERFORM * FROM ({statement}) q; END $$;" * times)
            costs.append((cpu(postgres) - before) / times)
        found[name] = costs
    return found


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with temporary_folder() as folder:
        postgres = Postgres(folder)
        try:
            done = sitegen("log", "install", "--no-assets", env={"DATABASE_URL": postgres.url()})
            assert done.returncode == 0, done.stderr
            by_batch, at_once, rate, sizes = ours(postgres, folder, count)
            shape, plain = one_by_one(postgres, min(count, 20_000))
            analyser = goaccess(folder, count)
            print(f"server CPU a row, all counts, batches of 1,000   {by_batch:8.1f} µs")
            print(f"the same, catching up                            {at_once:8.1f} µs")
            print(f"one statement a hit, the predecessor's shape     {shape:8.1f} µs  "
                  f"{shape / by_batch:5.1f} ×")
            print(f"one plain INSERT a hit                           {plain:8.1f} µs  "
                  f"{plain / by_batch:5.1f} ×")
            if analyser:
                print(f"GoAccess, its own CPU a line, into memory        {analyser:8.1f} µs")
            print(f"catching up                                      {rate:8.0f} rows/s")
            print("disk a view, kept / with robots' rows / counts   "
                  + " / ".join(f"{size:.1f}" for size in sizes) + " B")
            for name, (rows, told) in questions(postgres).items():
                print(f"{name}: from rows {rows * 1e3:.1f} ms, from counts {told * 1e3:.2f} ms")
        finally:
            postgres.server.kill()


if __name__ == "__main__":
    main()
