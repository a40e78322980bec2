"""Imported logs: what is kept of their texts, and which of them are one log.

Called by `traffic_commands.py`, which has a database for it. Names of people stand in addresses,
coded and plain; logs begin alike, grow and are empty; what strangers wrote goes into spreadsheets.
"""

import csv
import datetime
import io
import json

from harness import check

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class Log:
    """Lines of a combined log, four days ago."""

    def __init__(self):
        self.day = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=4)

    def line(self, number, path, status=200, referer="-", who=BROWSER):
        """One line."""
        at = self.day.strftime(f"%d/%b/%Y:14:{number // 60 % 60:02}:{number % 60:02} +0000")
        return (f'192.0.2.{number % 7} - - [{at}] "GET {path} HTTP/1.1" {status} 512 "{referer}" '
                f'"{who}"\n')


def views(database, pattern):
    """The views of paths."""
    return int(database.query(
        "SELECT coalesce(sum(c.views), 0) FROM traffic.page_day c JOIN traffic.page p "
        f"ON p.id = c.page WHERE p.path LIKE '{pattern}'")[0][0])


def texts(database, folder):
    """Nobody's name is kept, however it is coded; a page has the name that the server knows."""
    log, file = Log(), folder / "names.log"
    file.write_text("".join([
        log.line(1, "/caf%C3%A9/"),
        log.line(2, "/unsubscribe/jane%40example.com", 404, who="curl/8.0"),
        log.line(3, "/order/jane@example.com", 403, who="curl/8.0"),
        log.line(4, "/unsubscribe/jane%40example.com", 404),
    ]))
    database.must("import", "--host", "site.example", file)
    caddy = folder / "names.caddy"
    caddy.write_text("".join(json.dumps({
        "ts": log.day.timestamp() + number, "status": 200, "size": 5, "duration": 0.001,
        "request": {"remote_ip": "192.0.2.8", "method": "GET", "host": "site.example", "uri": path,
                    "headers": {"User-Agent": [BROWSER], "Referer": ["https://site.example" + of]}},
    }) + "\n" for number, path, of in [
        (1, "/caf%C3%A9/7654321/", "/u/jane%40example.com/7654321"),
        (2, "/caf%C3%A9/3/", "/caf%C3%A9/7654321/")]))
    database.must("import", "--format", "caddy", caddy)
    kept = database.query("SELECT path FROM traffic.page UNION SELECT text FROM traffic.source")
    found = [row[0] for row in kept if "jane" in row[0] or "/u/" in row[0] and "*" not in row[0]]
    check("no name of an imported address is kept", not found, str(found))
    check("an imported page has the name that the server knows",
          views(database, "/café/%") == 3 and ["/café/"] in kept, str(kept)[:300])
    check("so has the page that links to it", database.query(
        "SELECT text FROM traffic.source WHERE class = 3 AND text ~ 'caf|^/u/' ORDER BY 1")
          == [["/café/7654321/"], ["/u/*/*"]], str(kept)[:300])
    database.must("verify", log.day.strftime("%Y-%m-%d"))


def identities(database, folder):
    """Logs that begin alike are two; one that was short grows; an empty one is passed over."""
    log = Log()
    first = log.line(0, "/node/both/")
    for name in "ab":
        (folder / f"node-{name}.log").write_text(
            first + "".join(log.line(n, f"/node/{name}/") for n in range(1, 60)))
    empty = folder / "empty.log"
    empty.write_text("")
    told = database.must("import", empty, folder / "node-a.log", folder / "node-b.log")
    check("an empty log is told and passed over", "empty.log: no request" in told, told)
    check("logs of two servers that begin alike are two",
          views(database, "/node/%") == 120, told)
    short = folder / "short.log"
    short.write_text(log.line(0, "/short/0/") + log.line(1, "/short/1/"))
    database.must("import", short)
    with open(short, "a", encoding="utf-8") as file:
        file.write("".join(log.line(n, f"/short/{n}/") for n in range(2, 60)))
    told = database.must("import", short)
    check("a log that was short goes on where it ended", "58 lines taken in" in told, told)
    database.must("import", short, folder / "node-b.log")
    check("and counts once", (views(database, "/short/%"), views(database, "/node/%"))
          == (60, 120))


def spreadsheets(database, folder):
    """Texts of digits stay texts; what a reader of scalars sees stays in its field."""
    log, file = Log(), folder / "nasty.log"
    path = '/nasty/a"\u0301,=1+1,\u0301/'
    file.write_text(log.line(1, "/nasty/a%22%CC%81,=1+1,%CC%81/?utm_source=mail&utm_campaign=007"))
    database.must("import", file)
    day = log.day.strftime("%Y-%m-%d")
    rows = list(csv.reader(io.StringIO(
        database.must("stats", day, "--by", "pages", "--csv", "--limit", "1000"))))
    check("each line of CSV has its fields", {len(row) for row in rows} == {5}, str(rows)[:300])
    check("a quote with an accent ends no field", path in [row[0] for row in rows], str(rows)[:300])
    names = [json.loads(line)["name"] for line in database.must(
        "stats", day, "--by", "campaigns", "--json").splitlines()]
    check("a campaign of digits is a text", "007" in names, str(names))
    check("in the terminal, too", " 007 " in database.must("stats", day, "--by", "campaigns"))
