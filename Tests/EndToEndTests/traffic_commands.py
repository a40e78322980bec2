"""The commands about traffic: statistics, imports, roles, retention, and their errors.

Records come through a spool as in `traffic.py`, which tries what happens when something is killed.
"""

import contextlib
import datetime
import gzip
import json
import subprocess
import time

import spool_files as spool
import traffic_imports
from harness import check, run, temporary_folder, wait_for
from servers import Postgres, postgres_program
from traffic import Database, differences, ingester
from traffic_rows import ZONE, Traffic


def rights(database, spools):
    """Each role may do its part and nothing else."""
    done = database.log("ingest", "--access-spool", spools[0], user="sitegen_ingest")
    check("sitegen_ingest may ingest", done.returncode == 0, done.stderr)
    segment = spool.Segment(spools[0], bytes(16), 99)
    segment.append([spool.Record(at=10**6, kind=spool.VIEW, status=200, name=spool.Name("/now/"),
                                 visitor=5)])
    segment.close()
    done = database.log("ingest", "--access-spool", spools[0], user="sitegen_ingest")
    check("its rows count", done.returncode == 0 and "1 record" in done.stdout, done.stderr)
    check("a record of long ago counts today, and that is told",
          database.query("SELECT sum(redated) FROM traffic.day") == [["1"]], done.stderr)
    done = database.log("stats", "--by", "pages", "--json", user="sitegen_stats")
    check("sitegen_stats may read counts", json.loads(done.stdout or "{}").get("path") == "/now/",
          done.stdout + done.stderr)
    done = database.log("stats", "--where", "page=/now/", "--by", "pages", user="sitegen_stats")
    check("sitegen_stats may read no row of a visitor, with a clear error",
          done.returncode == 78 and "may not" in done.stderr and "was asked" in done.stderr,
          done.stderr)
    for table in ["hit", "visit", "salt"]:
        with contextlib.suppress(Exception):
            subprocess.run([postgres_program("psql"), "-Xqd", database.url.replace(
                "sitegen@", "sitegen_ingest@"), "-c", f"SELECT * FROM traffic.{table}"],
                check=True, capture_output=True, timeout=30)
            check(f"sitegen_ingest cannot read {table}", False)


def statistics(database):
    """The terminal's numbers are those of the tables."""
    def lines(*arguments):
        return [json.loads(line) for line in database.must(
            "stats", *arguments, "--json", "--limit", "1000").splitlines()]
    [[first, last]] = database.query("SELECT min(day), max(day) FROM traffic.page_day")
    period = f"{first}..{last}"
    days = lines(period)
    views = int(database.query("SELECT sum(views) FROM traffic.page_day")[0][0])
    check("days have all views", sum(day["views"] for day in days) == views, str(days))
    check("pages have all views", sum(row["views"] for row in lines(period, "--by", "pages"))
          == views)
    filtered = lines(period, "--by", "pages", "--where", "page=/looks/*,system=Linux")
    check("conditions are answered from rows", filtered and all(
        row["page"].startswith("/looks/") for row in filtered), str(filtered)[:200])
    # Robots and opened prefetches as the counts have them.
    counted = {row["path"]: row["views"] for row in lines(period, "--by", "pages")}
    judged = {row["page"]: row["views"] for row in lines(period, "--by", "pages", "--where",
                                                         "page=*")}
    check("a condition that everything fulfils gives the counts", judged == counted,
          str(set(judged.items()) ^ set(counted.items()))[:300])
    opened = int(database.query(
        f"SELECT count(*) FROM traffic.viewed(traffic.starts('{first}'), "
        f"traffic.starts(date '{last}' + 1)) WHERE kind = 5")[0][0])
    check("there are opened prefetches among them", opened > 0)
    check("ways and codings have all views", database.query(
        f"SELECT (SELECT sum(views) FROM traffic.way_day) = {views}, (SELECT sum(views) FROM "
        f"traffic.codings('{first}', '{last}')) = {views}") == [["t", "t"]])
    for subject in ["sources", "campaigns", "entries", "exits", "agents", "robots", "feeds",
                    "statuses", "missing", "slow", "slots", "reports", "vitals"]:
        check(f"stats --by {subject} has lines", lines(period, "--by", subject))
    check("stats --by losses is empty", not lines(period, "--by", "losses"))
    table = database.must("stats", period, "--by", "sources", "--csv").splitlines()
    check("CSV has a head and lines", table[0] == "source,visits,views,bounces" and len(table) > 2)
    check("the privacy statement tells the settings", "400 days" in database.must(
        "stats", "privacy"))
    status = database.must("status")
    check("status tells zone and servers", ZONE in status and "server" in status, status)
    for wrong in [("soon",), ("2026-02-30",), ("--where", "colour=red"),
                  ("--where", "page=/", "--by", "exits")]:
        done = database.log("stats", *wrong)
        check(f"stats {' '.join(wrong)} is refused with 64", done.returncode == 64, done.stderr)


def sealing(database):
    """Many days are sealed, and what is read most is counted anew once."""
    database.query("ALTER DATABASE sitegen SET track_functions = 'pl'")
    told = database.must("seal")
    calls = {name: int(count) for name, count in database.query(
        "SELECT funcname, calls FROM pg_stat_user_functions WHERE schemaname = 'traffic'")}
    check("what is read most is counted anew once for all days", calls.get("seal", 0) > 1
          and calls.get("correct_trend") == 1, f"{calls} {told}")


def imports(database, folder):
    """A log counts once: again, copied, packed, grown, under another name."""
    day = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=4)
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

    def line(number, path, status=200, referer="-", who=agent):
        at = day.strftime(f"%d/%b/%Y:10:{number // 60 % 60:02}:{number % 60:02} +0000")
        return (f'192.0.2.{number % 7} - - [{at}] "GET {path} HTTP/1.1" {status} 512 "{referer}" '
                f'"{who}"\n')
    log = folder / "old.log"
    lines = [line(n, f"/import/{n % 3}/?utm_source=mail", referer="https://www.other.example/x?q=1")
             for n in range(60)]
    lines += [line(61, "/gone/", 404), line(62, "/a.css"), line(63, "/import/0/", who="curl/8.0"),
              "this is no line\n"]
    log.write_text("".join(lines))
    count = ("SELECT coalesce(sum(c.views), 0) FROM traffic.page_day c JOIN traffic.page p "
             "ON p.id = c.page WHERE p.path LIKE '/import/%'")
    told = database.must("import", log)
    check("an import tells its lines",
          "63 lines taken in" in told and "1 have another form" in told, told)
    check("views are counted", database.query(count) == [["60"]], str(database.query(count)))
    (folder / "copy.log").write_text(log.read_text())
    (folder / "old.log.1.gz").write_bytes(gzip.compress(log.read_bytes()))
    database.must("import", log, folder / "copy.log", folder / "old.log.1.gz")
    check("twice, copied and packed count once", database.query(count) == [["60"]])
    with open(log, "a", encoding="utf-8") as file:
        file.write(line(70, "/import/0/") + line(71, "/import/1/")[:30])
    check("a grown log goes on where it ended", "1 lines taken in" in database.must("import", log))
    check("its new line counts", database.query(count) == [["61"]])
    check("sources of imported visits", database.query(
        "SELECT count(*) > 0 FROM traffic.sources WHERE source = 'other.example'") == [["t"]])
    own = folder / "own.json"
    own.write_text(json.dumps({
        "time": day.strftime("%Y-%m-%dT11:00:00Z"), "client": "192.0.2.9", "method": "GET",
        "path": "/import/own/", "version": "HTTP/1.1", "status": 200, "bytes": 9,
        "microseconds": 80, "agent": agent, "referer": "https://site.example/import/0/"}) + "\n")
    database.must("import", "--format", "json", "--host", "site.example", own)
    caddy = folder / "caddy.json"
    caddy.write_text(json.dumps({
        "ts": day.timestamp(), "request": {"remote_ip": "192.0.2.8", "method": "GET",
                                           "host": "site.example", "uri": "/import/caddy/",
                                           "headers": {"User-Agent": [agent]}},
        "status": 200, "size": 5, "duration": 0.001}) + "\n")
    database.must("import", "--format", "caddy", caddy)
    check("the forms of sitegen and Caddy are read", database.query(count) == [["63"]])
    database.must("verify", day.strftime("%Y-%m-%d"))
    done = database.log("import", "--format", "caddy", log)
    check("a log of another form is refused with 65 and its line",
          done.returncode == 65 and "Line 1" in done.stderr and "--format" in done.stderr,
          done.stderr)
    done = database.log("import", folder / "nowhere.log")
    check("a log that is not there is refused", done.returncode == 1 and "read" in done.stderr,
          done.stderr)
    database.must("forget", "--path", "/import/caddy/")
    check("a forgotten path is nowhere", database.query(
        "SELECT count(*) FROM traffic.page WHERE path LIKE '%caddy%'") == [["0"]])


def networks(database, folder):
    """Logs of delivery networks count once, too; sources are told apart by what they are."""
    day = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=4)
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    referers = ["https://www.google.co.uk/", "https://m.facebook.com/x", "https://chatgpt.com/",
                "https://blog.example/", "https://notgoogle.example/"]

    def cloudfront(client, path):
        return "\t".join([
            day.strftime("%Y-%m-%d"), "13:00:00", "FRA1", "99", client, "GET", "d1.cloudfront.net",
            path, "200", referers[0], agent.replace(" ", "%20"), "-", "-", "Hit", "id==",
            "site.example", "https", "9", "0.001"]) + "\n"
    head = "#Version: 1.0\n#Fields: date time x-edge-location …\n"
    (folder / "one.cf").write_text(head + cloudfront("192.0.2.31", "/network/1/"))
    (folder / "two.cf").write_text(head + cloudfront("192.0.2.32", "/network/2/"))
    (folder / "one.cloudflare").write_text("".join(json.dumps({
        "ClientIP": f"192.0.2.4{n}", "ClientRequestHost": "site.example",
        "ClientRequestMethod": "GET", "ClientRequestURI": f"/network/{n}/?q=geheim",
        "ClientRequestUserAgent": agent, "ClientRequestReferer": referers[n],
        "EdgeStartTimestamp": int(day.timestamp() * 1e9), "EdgeResponseStatus": 200,
        "EdgeResponseBytes": 9}) + "\n" for n in (1, 2, 3, 4)))
    (folder / "one.fastly").write_text(json.dumps({
        "timestamp": day.strftime("%Y-%m-%dT%H:%M:%S+0000"), "client_ip": "192.0.2.51",
        "host": "site.example", "url": "/network/5/", "request_method": "GET",
        "request_referer": "", "request_user_agent": agent, "response_status": 200,
        "response_body_size": 9}) + "\n")
    count = ("SELECT coalesce(sum(c.views), 0) FROM traffic.page_day c JOIN traffic.page p "
             "ON p.id = c.page WHERE p.path LIKE '/network/%'")
    for _ in range(2):
        for form, files in [("cloudfront", ["one.cf", "two.cf"]),
                            ("cloudflare", ["one.cloudflare"]), ("fastly", ["one.fastly"])]:
            told = database.must("import", "--format", form, *[folder / name for name in files])
            check(f"every line of {form} is read", "another form" not in told, told)
        check("delivery networks' logs count once", database.query(count) == [["7"]])
    groups = {name: int(visits) for name, visits in database.query(
        "SELECT source_group, sum(visits) FROM traffic.source_groups "
        "WHERE day = '" + day.strftime("%Y-%m-%d") + "' GROUP BY 1")}
    check("sources are told apart by what they are", groups.get("search") == 2
          and groups.get("social") == 1 and groups.get("assistant") == 1
          and groups.get("other site", 0) >= 2, str(groups))
    check("no query of an address is kept", database.query(
        "SELECT count(*) FROM traffic.page WHERE path LIKE '%geheim%'") == [["0"]])
    database.must("verify", day.strftime("%Y-%m-%d"))
    done = database.log("import", "--format", "cloudfront", folder / "one.fastly")
    check("a log of another network is refused", done.returncode == 65, done.stderr)


def retention(database, spools):
    """Rows whose time is over are dropped; a reader is not waited for; counts stay."""
    database.must("install", "--hit-days", "3")
    database.query("UPDATE traffic.day SET counted_at = now() - interval '2 days'")
    reader = subprocess.Popen(
        [postgres_program("psql"), "-Xqd", database.url], stdin=subprocess.PIPE, text=True)
    reader.stdin.write("BEGIN; SELECT count(*) FROM traffic.hit \\g /dev/null\n")
    reader.stdin.flush()
    wait_for("a long reader", lambda: database.query(
        "SELECT count(*) FROM pg_locks WHERE relation = 'traffic.hit'::regclass "
        "AND mode = 'AccessShareLock'") != [["0"]])
    began = time.monotonic()
    with contextlib.suppress(Exception):
        database.query("SELECT traffic.expire()")
    check("dropping gives up behind a reader at once", time.monotonic() - began < 2)
    check("a partition is made while somebody reads", database.query(
        "SELECT traffic.make_day(traffic.day_of(now()) + 20)") == [["t"]])
    reader.stdin.close()
    reader.wait(10)
    with ingester(database, spools[0], "retention") as program:
        wait_for("old rows to be dropped", lambda: database.query(
            "SELECT count(*) FROM traffic.hit WHERE at < now() - interval '6 days'") == [["0"]], 30)
        wait_for("days to be made ahead", lambda: database.query(
            "SELECT count(*) >= 8 FROM pg_class WHERE relname ~ '^hit_[0-9]+$' AND relname > "
            "'hit_' || to_char(current_date, 'YYYYMMDD')") == [["t"]], 30)
        program.stop()
    check("counts stay", database.query("SELECT count(*) > 2 FROM traffic.page_day") == [["t"]])
    [[day]] = database.query("SELECT min(day) FROM traffic.day WHERE is_final")
    done = database.log("verify", day)
    check("a day without rows cannot be proved, and that is said",
          done.returncode == 1 and "are gone" in done.stderr, done.stderr)


def mistakes(postgres, folder):
    """What is wrong is said clearly and loses nothing."""
    postgres.query("CREATE DATABASE empty", database="postgres")
    empty = Database(postgres, "empty")
    place = folder / "three"
    place.mkdir()

    def refused(claim, status, words, *arguments, database=empty):
        done = database.log(*arguments)
        check(f"{claim}: {status} and what to do", done.returncode == status and all(
            word in done.stderr for word in words), f"{done.returncode} {done.stderr}")
    refused("no schema", 78, ["log install", "was asked"], "ingest", "--access-spool", place)
    refused("no schema, following", 78, ["log install"], "ingest", "--access-spool", place,
            "--follow", "--quiet")
    refused("no such zone", 78, ["Europe/Lutetia", "Europe/Paris"], "install", "--zone",
            "Europe/Lutetia")
    check("a refused installation leaves nothing", empty.query(
        "SELECT to_regnamespace('traffic') IS NULL") == [["t"]])
    refused("too many months", 78, ["--longer"], "install", "--count-months", "36")
    refused("too few minutes", 78, ["1 to 1440"], "install", "--visit-minutes", "0")
    empty.must("install", "--zone", "Asia/Kolkata", "--count-months", "36", "--longer",
               "--half-life-minutes", "90", "--no-assets", "--visit-minutes", "20")
    told = empty.must("install", "--zone", "UTC")
    check("another zone begins tomorrow", "Asia/Kolkata" in told and empty.query(
        "SELECT traffic.zone_of(current_date + 2)") == [["UTC"]], told)
    refused("no such folder", 73, ["spool"], "ingest", "--access-spool", folder / "nowhere")
    (folder / "file").write_text("")
    refused("a file as folder", 73, ["spool"], "ingest", "--access-spool", folder / "file")
    for number, words in [(0, ["log install", "older"]), (99, ["newer"])]:
        empty.query(f"DELETE FROM traffic.migration; "
                    f"INSERT INTO traffic.migration VALUES ({number})")
        refused(f"schema of version {number}", 78, ["version", words[0]], "ingest",
                "--access-spool", place)
    refused("drop without --yes", 64, ["--yes"], "drop")
    empty.must("drop", "--yes")
    refused("nothing to drop", 78, ["log install"], "drop", "--yes")


def taken_in(database, folder):
    """Two spools with records that are in the database."""
    traffic, made = Traffic(seed=7, visitors=60), []
    spools = [folder / "one", folder / "two"]
    for place, path in enumerate(spools):
        path.mkdir(mode=0o700)
        segment = spool.Segment(path, bytes([place]) * 16, traffic.began)
        made.append(traffic.records(1200))
        segment.append(made[-1])
        segment.close()
        database.must("ingest", "--access-spool", path)
    wrong = differences(database, made[0] + made[1], trend=None)
    check("rows and counts are those of a fresh query", not wrong, "; ".join(wrong[:3]))
    return spools


def main():
    with temporary_folder() as folder:
        postgres = Postgres(folder)
        try:
            database = Database(postgres)
            database.must("install", "--zone", ZONE, "--hit-days", "400")
            check("a second installation changes nothing", "up to date" in database.must("install"))
            spools = taken_in(database, folder)
            rights(database, spools)
            statistics(database)
            sealing(database)
            imports(database, folder)
            for part in [traffic_imports.texts, traffic_imports.identities,
                         traffic_imports.spreadsheets]:
                part(database, folder)
            networks(database, folder)
            retention(database, spools)
            mistakes(postgres, folder)
        finally:
            postgres.server.kill()


if __name__ == "__main__":
    run(main)
