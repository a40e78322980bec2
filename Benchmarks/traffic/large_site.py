"""The statistics of a month of ten million views: how long pages take, and how they look.

    Benchmarks/traffic/large_site.py [VIEWS]     10,000,000 a month unless given

SQL makes counts of two months, 20,000 pages, 3,000 sources, 200 campaigns, and rows of the last
eight days. Each page of `stats serve` is asked for once, and the same question is asked of rows:
of the seven days that there are. Screenshots go to .build/check/screenshots; SITEGEN names a
program other than .build/debug/sitegen.
"""

import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/EndToEndTests"))

from chromium import Chromium  # noqa: E402
from harness import OUTPUT, fetch, temporary_folder  # noqa: E402
from servers import Postgres  # noqa: E402
from statistics_pages import Pages  # noqa: E402
from traffic import Database  # noqa: E402

MADE = """
SELECT traffic.make_day(traffic.day_of(now()) - g) FROM generate_series(0, 8) g;
INSERT INTO traffic.page (id, path, view, key)
SELECT 100 + g, '/looks/' || md5(g::text) || '/', 'look_page', g::text
FROM generate_series(1, 20000) g;
INSERT INTO traffic.source (id, class, text) SELECT 100 + g, 4, 'site-' || g || '.example'
FROM generate_series(1, 3000) g;
INSERT INTO traffic.source (id, class, text) SELECT 10000 + g, 3, p.path
FROM generate_series(1, 20000) g JOIN traffic.page p ON p.id = 100 + g;
INSERT INTO traffic.campaign (id, source, medium, name)
SELECT 100 + g, 'letter', 'mail', 'week-' || g FROM generate_series(1, 200) g;
INSERT INTO traffic.agent (id, family, version, system, device, language)
SELECT 100 + g, (ARRAY['Firefox', 'Chrome', 'Safari', 'Edge'])[g % 4 + 1], 140 + g,
    (ARRAY['Linux', 'Windows', 'macOS', 'iOS', 'Android'])[g % 5 + 1], g % 3 + 1, 'en'
FROM generate_series(1, 60) g;
INSERT INTO traffic.agent (id, robot, purpose) SELECT 200 + g, 'Robot' || g, g % 8 + 1
FROM generate_series(1, 40) g;
CREATE TEMPORARY TABLE days AS
SELECT d::date AS day, {views} / 30 * (0.8 + 0.4 * random()) AS views
FROM generate_series(traffic.day_of(now()) - 59, traffic.day_of(now()), interval '1 day') d;
INSERT INTO traffic.day (day) SELECT day FROM days;
INSERT INTO traffic.visitor_day SELECT day, views / 2.4 FROM days;
INSERT INTO traffic.page_day SELECT day, 100 + g, v, v / 1.3, v / 3, v / 3, v / 7, v / 5, v / 300,
    v * 9000::bigint, v * 400::bigint
FROM days, LATERAL (SELECT g, ceil(views / (g + 5) / 7.6 * (0.6 + 0.8 * random()))::int AS v
    FROM generate_series(1, 20000) g) p;
INSERT INTO traffic.source_day
SELECT day, s, c, v, v * 3, v / 3, v * 90000000::bigint FROM days, LATERAL (
    SELECT DISTINCT ON (s, c) s, c, ceil(views / 3 / (g + 2) / 7 * random())::int AS v
    FROM (SELECT g, CASE g % 20 WHEN 0 THEN 2 WHEN 1 THEN 3 ELSE 100 + g END AS s,
        CASE g % 7 WHEN 0 THEN 100 + g % 200 ELSE 0 END AS c
        FROM generate_series(1, 3000) g) r ORDER BY s, c, g) v WHERE v > 0;
INSERT INTO traffic.agent_day SELECT day, 100 + g, 1, 0, views / 60, views / 180
FROM days, generate_series(1, 60) g;
INSERT INTO traffic.agent_day SELECT day, 200 + g, 2, 1, views / 90 / g, 0
FROM days, generate_series(1, 40) g;
INSERT INTO traffic.missing_day SELECT day, 100 + g * 7 % 20000, 100 + g, ceil(900.0 / g)
FROM days, generate_series(1, 900) g;
INSERT INTO traffic.site_hour
SELECT traffic.starts(day) + h * interval '1 hour', 1, 200, v, v * 9000::bigint, v * 400::bigint,
    ARRAY[v / 9, v / 3, v / 3, v / 9, v / 20, v / 30, v / 99, v / 200, v / 400, v / 900, 3, 1]
FROM days, generate_series(0, 23) h,
    LATERAL (SELECT (views / 24 * (1 + 0.9 * sin((h - 9) / 24.0 * 6.283)))::int AS v) w
WHERE traffic.starts(day) + h * interval '1 hour' <= now();
INSERT INTO traffic.slot_hour SELECT traffic.starts(day), 0, o, views / (o + 1)
FROM days, generate_series(0, 8) o;
CREATE TEMPORARY TABLE recent AS
SELECT n, traffic.starts(traffic.day_of(now()) - 7 + n) AS began FROM generate_series(0, 7) n;
INSERT INTO traffic.hit
SELECT began + random() * least(interval '1 day', now() - began),
    (random() * {views} / 72)::bigint + n * 100000000::bigint,
    100 + ceil(exp(random() * 9.9)), CASE WHEN random() < 0.6 THEN 10000 + ceil(exp(random() * 9.9))
        ELSE 100 + ceil(random() * 3000) END,
    101 + (random() * 58)::int, 0, (random() * 900)::int, 9000,
    CASE WHEN random() < 0.2 THEN 304 ELSE 200 END, CASE WHEN random() < 0.3 THEN 2 ELSE 1 END,
    2048
FROM recent, generate_series(1, {views} / 30 * 10 / 7);
INSERT INTO traffic.way_day
SELECT traffic.day_of(r.began), h.page, h.source, count(*) FROM recent r
JOIN traffic.hit h ON h.at >= r.began AND h.at < r.began + interval '1 day' AND h.kind = 1
GROUP BY 1, 2, 3;
INSERT INTO traffic.coding_day SELECT day, 2, u, views / 2, CASE WHEN u THEN 0 ELSE views END * 9000
FROM days, unnest(ARRAY[true, false]) u;
ANALYZE;
"""
# What a page shows first, asked of rows of seven days.
ROWS = """
SELECT date_trunc('day', at), count(*), count(DISTINCT visitor) FROM traffic.hit
WHERE kind = 1 AND at >= date_trunc('day', now()) - interval '6 days' GROUP BY 1;
SELECT page, count(*), count(DISTINCT visitor) FROM traffic.hit
WHERE kind = 1 AND at >= date_trunc('day', now()) - interval '6 days'
GROUP BY 1 ORDER BY 2 DESC LIMIT 10;
"""


def main():
    views = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    with temporary_folder() as folder:
        postgres = Postgres(folder)
        try:
            database = Database(postgres)
            database.must("install")
            began = time.monotonic()
            subprocess.run(["psql", "-Xqd", database.url, "-v", "ON_ERROR_STOP=1"], check=True,
                           input=MADE.format(views=views), text=True, stdout=subprocess.DEVNULL)
            [[counts, rows]] = database.query(
                "SELECT (SELECT count(*) FROM traffic.page_day), "
                "(SELECT count(*) FROM traffic.hit)")
            print(f"{counts} counts of pages and {rows} rows made in "
                  f"{time.monotonic() - began:.0f} s")
            began = time.monotonic()
            database.query(ROWS)
            of_rows = time.monotonic() - began
            print(f"two questions of the rows of seven days: {of_rows:.2f} s")
            measure(database, folder, of_rows)
        finally:
            postgres.server.kill()


def measure(database, folder, of_rows):
    """Each page once, and how it looks."""
    today, week = database.query("SELECT to_char(d - 1, 'YYYY-MM-DD'), to_char(d, 'IYYY-\"W\"IW'), "
                                 "to_char(d, 'YYYY-MM') FROM traffic.day_of(now()) d")[0][:2]
    paths = ["/", f"/day/{today}/", f"/week/{week}/", "/recent/", f"/month/{today[:7]}/",
             f"/year/{today[:4]}/", "/pages/", "/sources/", "/campaigns/", "/missing/", "/slow/",
             "/statuses/", "/slots/", "/robots/", "/page/120/", "/source/120/", "/campaign/107/",
             "/about/"]
    with Pages(database, folder) as pages, Chromium(folder) as browser:
        for path in paths:
            times, size = [], 0
            for _ in range(3):
                began = time.monotonic()
                answer = fetch(pages.port, path, accept_encoding="br")
                times.append(time.monotonic() - began)
                size = len(answer.body)
            print(f"{path:24} {answer.status} {times[0] * 1000:7.0f} ms, again "
                  f"{min(times[1:]) * 1000:4.0f} ms, {size} bytes, rows / counts "
                  f"{of_rows / times[0]:.0f}", flush=True)
        with browser.page() as page:
            for width in [360, 768, 1280]:
                page.show(width, dark=width == 768)
                for path in ["/recent/", "/page/120/", "/slow/"]:
                    page.open(pages.base + path, until="load")
                    name = path.strip("/").replace("/", "-")
                    page.screenshot(OUTPUT / f"screenshots/statistics-large-{name}-{width}.png")


if __name__ == "__main__":
    main()
