"""The statistics as pages: from clicks to numbers, kept apart from everything public.

Ten clicks on a small site go through spool and ingester to the pages of `sitegen stats serve` and
to the terminal. The pages are read by the role `sitegen_stats`, in Chromium too: nothing of them
breaks the strict policy, what strangers wrote stays text, and other hosts, methods and addresses
are refused. Then made-up records: each number is that of a query on `hit`.
"""

import http.client
import os
import random
import re
import socket
import subprocess
import time

import spool_files as spool
from chromium import Chromium
from harness import OUTPUT, SITEGEN, Program, check, fetch, free_port, run, sitegen, wait_for
from slots_workspace import slots
from traffic import Database

BROTLI_BYTES_MAX = 20_000
BROWSER = {
    "User_Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Accept_Language": "de-CH,de;q=0.5", "Sec_Fetch_Dest": "document",
    "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Site": "none", "Sec_Fetch_User": "?1",
}
HEADERS = {
    "cache-control": "private, no-store", "x-robots-tag": "noindex",
    "referrer-policy": "no-referrer", "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
LISTS = ["pages", "entries", "exits", "sources", "campaigns", "agents", "missing", "slow", "slots",
         "statuses", "reports", "vitals", "feeds", "robots", "losses"]
HOSTILE = "</title></style>--><script>window.__hostile=1</script><img src=x onerror=alert(1)>\u202e"


class Pages:
    """`sitegen stats serve`, running."""

    def __init__(self, database, folder, user="sitegen_stats", *more):
        self.port = free_port()
        url = database.url.replace("sitegen@", f"{user}@")
        self.program = Program(
            [SITEGEN, "stats", "serve", "--listen", f"127.0.0.1:{self.port}", *more], folder,
            "pages", env={"DATABASE_URL": url})
        self.program.wait_for_line(rf"^Statistics http://127\.0\.0\.1:{self.port}/$", 120)
        self.base = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.program.kill()

    def text(self, path="/"):
        """A page as text; one that is made newly: what is shown again is shown for a moment."""
        answer = fetch(self.port, path)
        check(f"{path[:60]} is there", answer.status == 200, f"{answer.status} {answer.body[:200]}")
        return answer.body.decode()

    def figures(self, path="/"):
        """The numbers of the tiles, by their names."""
        return {name: value.replace(",", "") for name, value in re.findall(
            r'<dt>([^<]*)</dt><dd class="value">([^<]*)</dd>', self.text(path))}

    def table(self, path, heading):
        """The lines of the table below a heading, texts by their first cell."""
        part = self.text(path).partition(f"<h2>{heading}</h2>")[2].partition("</section>")[0]
        lines = {}
        for row in re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", part, re.S):
            cells = [re.sub(r"<[^>]*>", "", cell)
                     for cell in re.split(r"</th>|<td[^>]*>", row) if cell]
            lines[cells[0]] = [cell.replace(",", "") for cell in cells[1:]]
        return lines


def unpacked(body):
    """What stands in a body in brotli."""
    return subprocess.run(["brotli", "-dc"], input=body, capture_output=True, check=True,
                          timeout=30).stdout.decode()


def ask(port, head):
    """The status that raw bytes of a head get."""
    with socket.create_connection(("127.0.0.1", port), 20) as client:
        client.sendall(head)
        return int(client.recv(4096).split(b" ")[1])


def empty(pages, browser):
    """Nothing was counted: each page is there, and says so."""
    check("an empty site has no views", pages.figures()["Views"] == "0")
    for name in LISTS:
        text = pages.text(f"/{name}/")
        check(f"/{name}/ without lines says so", 'class="empty"' in text or name == "statuses")
    for path in ["/day/2020-02-29/", "/week/2026-W53/", "/month/2026-11/", "/year/2026/",
                 "/recent/", "/about/"]:
        pages.text(path)
    check("what is no address is 404", fetch(pages.port, "/day/2026-02-30/").status == 404)
    check("a page of a number that there is not is 404",
          fetch(pages.port, "/page/99/").status == 404)
    shots(browser, pages, "empty", ["/"])


def clicks(site, database, pages):
    """Ten clicks of one browser are ten views and one visitor."""
    folder, port = site.folder / "visits", free_port()
    folder.mkdir(mode=0o700)
    server = Program(
        [SITEGEN, "serve", "--release", site.release, "--listen", f"127.0.0.1:{port}",
         "--access-spool", folder], site.folder, "serve")
    with server:
        server.wait_for_line(r"^Serving ", 120)
        tag = fetch(port, "/1/", **BROWSER)["etag"]
        for _ in range(8):
            fetch(port, "/2/?utm_source=letter&x=geheim", Referer="https://www.other.example/y",
                  **BROWSER)
        answer = fetch(port, "/1/", If_None_Match=tag, **BROWSER)
        check("the tenth click is answered with 304", answer.status == 304, str(answer.status))
        fetch(port, "/nowhere/", **BROWSER)
        check("the server ends", server.stop() == 0, server.text()[-500:])
    told = database.must("ingest", "--access-spool", folder)
    check("its records are taken in", "11 records" in told, told)
    began = time.monotonic()
    wait_for("the page of today to show ten views", lambda: pages.figures()["Views"] == "10", 20)
    print(f"        the page showed them after {time.monotonic() - began:.2f} s")
    figures = pages.figures()
    check("the page shows ten views, one visitor, one visit",
          (figures["Views"], figures["Visitors"], figures["Visits"]) == ("10", "1", "1"),
          str(figures))
    check("the last minutes are there", figures["Last 5 minutes"] == "10", str(figures))
    check("so does the terminal", '"visitors":1,"visits":1' in database.must("stats", "--json"),
          database.must("stats", "--json"))
    check("nothing of a query is shown", "geheim" not in pages.text("/campaigns/"))
    [[number]] = database.query("SELECT id FROM traffic.page WHERE path = '/1/'")
    detail = pages.figures(f"/page/{number}/")
    check("a page has its own numbers", (detail["Views"], detail["Unchanged (304)"])
          == ("2", "50 %"), str(detail))
    onward = pages.table(f"/page/{number}/", "Where its readers came from")
    check("and where its readers came from", onward.get("typed", ["0"])[0] == "2", str(onward))
    kinds = pages.table("/sources/", "By kind")
    check("sources are shown by kind", sum(int(row[0]) for row in kinds.values()) == 1, str(kinds))
    saved = pages.figures("/statuses/")
    check("304s and what they saved", saved["Views answered with 304"] == "10 %", str(saved))


def kept_apart(pages, database, folder):
    """Who may ask, and for what."""
    for path in ["/", "/about/", "/icon.svg", "/robots.txt", "/there/is/nothing/"]:
        answer = fetch(pages.port, path)
        wrong = {name: answer[name] for name, value in HEADERS.items() if answer[name] != value}
        check(f"{path} has the fields that keep it apart", not wrong, str(wrong))
    policy = fetch(pages.port, "/")["content-security-policy"]
    check("the policy is strict, its style hashed", "default-src 'none'" in policy
          and "script-src 'none'" in policy and "style-src 'sha256-" in policy
          and "unsafe" not in policy, policy)
    check("HEAD is GET without a body", fetch(pages.port, "/", "HEAD").body == b"")
    for method in ["POST", "PUT", "DELETE", "OPTIONS"]:
        status = ask(pages.port, f"{method} / HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        check(f"{method} is refused", status == 405, str(status))
    refusal = fetch(pages.port, "/", "POST")
    wrong = {name: refusal[name] for name, value in HEADERS.items() if refusal[name] != value}
    check("a refusal has the fields of a page", not wrong and refusal["allow"] == "GET, HEAD",
          str(wrong))
    for head, status in [("Host: evil.example", 421), ("Host: localhost.evil.example", 421),
                         ("Host: localhost\r\nOrigin: https://evil.example", 403),
                         ("Host: 127.0.0.1:1", 200)]:
        got = ask(pages.port, f"GET / HTTP/1.1\r\n{head}\r\n\r\n".encode())
        check(f"{head.splitlines()[-1]}: {status}", got == status, str(got))
    connection = http.client.HTTPConnection("127.0.0.1", pages.port, timeout=60)
    connection.request("GET", "/", headers={"Host": "evil.example"})
    answer = connection.getresponse()
    check("what another name is answered may not be listed",
          (answer.status, answer.getheader("x-robots-tag")) == (421, "noindex"))
    connection.close()

    def refused(claim, status, words, *arguments):
        done = sitegen("stats", "serve", *arguments, env={"DATABASE_URL": database.url})
        check(f"{claim}: {status}", done.returncode == status and all(
            word in done.stderr for word in words), f"{done.returncode} {done.stderr}")
    refused("another address", 64, ["--open", "127.0.0.1"], "--listen", "192.0.2.1:9181")
    refused("every address without a name", 64, ["--host"], "--listen", "0.0.0.0:9181", "--open")
    refused("--open says what becomes public", 69, ["reads all statistics", "Cannot listen"],
            "--listen", "192.0.2.1:9181", "--open")
    refused("no address", 64, ["no address"], "--listen", "fd:3")
    refused("an address in use", 69, ["Cannot listen"], "--listen", f"127.0.0.1:{pages.port}")
    path = folder / "statistics.socket"
    with Program([SITEGEN, "stats", "serve", "--listen", f"unix:{path}", "--host", "stats.example"],
                 folder, "socket", env={"DATABASE_URL": database.url}) as program:
        program.wait_for_line(r"^Statistics unix:", 120)
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(20)
            client.connect(os.fspath(path))
            client.sendall(b"GET /about/ HTTP/1.1\r\nHost: stats.example\r\n\r\n")
            answer = client.recv(4096)
        check("a Unix socket and a name of one's own", answer.startswith(b"HTTP/1.1 200"),
              str(answer[:60]))
        check("it ends at SIGTERM, and its socket is gone",
              program.stop() == 0 and not path.exists(), program.text()[-300:])


def made_up(database, folder):
    """Records of many visitors, some of whose texts are hostile."""
    draw = random.Random(14)
    now = int((time.time() - 946_684_800) * 1_000_000)
    began = now - 26 * 3_600_000_000
    person = [spool.Agent("Firefox", 145, "Linux", 1, "", 0, 0),
              spool.Agent("Safari", 19, "iOS", 2, "", 0, 0)]
    robot = spool.Agent("", 0, "", 0, "Gierbot", 2, 0)
    texts = [f"/looks/{n}/" for n in range(40)] + [f"/{HOSTILE}/", "/" + "é" * 1000]
    records = []
    for visitor in range(1, 400):
        at = began + draw.randrange(20 * 3_600_000_000)
        source = draw.choice([("typed", None), ("hidden", None), ("elsewhere", "news.example"),
                              ("elsewhere", HOSTILE[:60])])
        campaign = draw.choice([None, None, (HOSTILE[:64], "mail", "autumn")])
        for _ in range(draw.randrange(1, 9)):
            at += draw.randrange(2_000_000, 400_000_000)
            name = spool.Name(draw.choice(texts), "look_page", "k")
            records.append(spool.Record(
                at=min(at, now), kind=spool.VIEW, status=200, name=name, visitor=visitor,
                bytes=draw.randrange(20_000), micros=draw.randrange(300_000), source=source,
                campaign=campaign, agent=draw.choice(person), language="de",
                slots=(("trending", 1),)))
            source, campaign = ("inside", name), None
    for n in range(300):
        records.append(spool.Record(at=began + n * 1_000_000, kind=spool.ROBOT, status=200,
                                    name=spool.Name("/looks/1/"), agent=robot, reason=1))
        records.append(spool.Record(
            at=began + n * 1_000_000, kind=spool.MISSING, status=404, visitor=10_000 + n,
            name=spool.Name(f"/{random.Random(n).randbytes(60).hex()}{HOSTILE[:70]}"),
            source=("elsewhere", f"{n}.example"), agent=person[0]))
    place = folder / "made-up"
    place.mkdir(mode=0o700)
    segment = spool.Segment(place, b"m" * 16, began)
    segment.append(sorted(records, key=lambda record: record.at))
    segment.close()
    database.must("ingest", "--access-spool", place)


def numbers(database, pages):
    """What pages show is what a query on `hit` gives."""
    person = "kind = 1 AND visitor NOT IN (SELECT visitor FROM traffic.robot_visitor)"
    for day, views, visitors in database.query(
            f"SELECT traffic.day_of(at), count(*), count(DISTINCT visitor) FROM traffic.hit "
            f"WHERE {person} GROUP BY 1"):
        figures = pages.figures(f"/day/{day}/")
        check(f"{day}: {views} views, {visitors} visitors", (figures["Views"], figures["Visitors"])
              == (views, visitors), str(figures))
        [[visits, bounces]] = database.query(
            f"SELECT count(*), round(100.0 * count(*) FILTER (WHERE views = 1) / count(*)) "
            f"FROM traffic.visit WHERE day = '{day}'")
        check(f"{day}: {visits} visits", figures["Visits"] == visits, str(figures))
        check(f"{day}: {bounces} % bounces", figures["Bounces"] == f"{bounces} %", str(figures))
        table = pages.table(f"/day/{day}/", "Pages")
        for path, count, people in database.query(
                f"SELECT p.path, count(*), count(DISTINCT visitor) FROM traffic.hit h "
                f"JOIN traffic.page p ON p.id = h.page WHERE {person} AND traffic.day_of(at) = "
                f"'{day}' AND p.path LIKE '/looks/%' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5"):
            check(f"{day}: {path} {count} views, {people} visitors",
                  table.get(path, [])[:2] == [count, people], str(table))
    views = int(database.query(f"SELECT count(*) FROM traffic.hit WHERE {person}")[0][0])
    text = pages.text("/recent/")
    bars = re.findall(
        r'<tr><th scope="row"><a [^>]*>\w+day, [^<]*</a></th><td class="n">([\d,]+)</td>', text)
    check("the bars of thirty days add up", sum(int(bar.replace(",", "")) for bar in bars) == views,
          f"{bars} {views}")
    check("so do the views of the period", pages.figures("/recent/")["Views"] == str(views))
    [[slow]] = database.query(
        f"SELECT count(*) FILTER (WHERE micros <= 250000) * 100 / count(*) FROM traffic.hit "
        f"WHERE {person}")
    half = pages.figures("/slow/")["Half of all views"]
    check("half of all views took 150 ms, which is a step of 250", half == "≤ 250 ms", half + slow)


def shots(browser, pages, state, paths):
    """Screenshots at three widths, light and dark."""
    with browser.page() as page:
        for width in [360, 768, 1280]:
            for dark in [False, True]:
                page.show(width, dark=dark)
                for path in paths:
                    page.open(pages.base + path, until="load")
                    name = path.strip("/").replace("/", "-") or "today"
                    wide = page.evaluate("document.documentElement.scrollWidth")
                    check(f"{path} fits in {width} pixels", wide <= width, str(wide))
                    page.screenshot(OUTPUT / "screenshots" / (
                        f"statistics-{state}-{name}-{width}{'-dark' if dark else ''}.png"))


def looked_at(pages, browser):
    """Every page that links lead to, in brotli and in Chromium."""
    found, waiting, sizes = {"/"}, ["/"], {}
    while waiting and len(found) < 120:
        path = waiting.pop(0)
        answer = fetch(pages.port, path, accept_encoding="br")
        check(f"{path} is sent in brotli", answer["content-encoding"] == "br"
              and answer.status == 200, f"{answer.status} {answer['content-encoding']}")
        sizes[path] = len(answer.body)
        text = unpacked(answer.body)
        check(f"{path} has no script, no markup of strangers",
              "<script" not in text and "<img" not in text)
        for link in re.findall(r'href="(/[^"]*)"', text):
            kinds = [known.split("/")[1] for known in found]
            if link not in found and kinds.count(link.split("/")[1]) < 8:
                found.add(link)
                waiting.append(link)
    largest = max(sizes, key=sizes.get)
    check(f"{len(sizes)} pages, none over {BROTLI_BYTES_MAX} bytes in brotli",
          sizes[largest] <= BROTLI_BYTES_MAX, f"{largest}: {sizes[largest]}")
    print(f"        the largest is {largest}: {sizes[largest]} bytes")
    with browser.page() as page:
        for path in ["/", "/recent/", "/recent/", "/pages/", "/sources/", "/campaigns/",
                     "/missing/", "/about/", "/slow/", "/statuses/"]:
            page.open(pages.base + path, until="load")
            problems = page.problems()
            check(f"Chromium finds nothing wrong in {path}", page.status == 200 and not problems,
                  "; ".join(problems))
            check(f"{path}: what strangers wrote does nothing",
                  not page.evaluate("window.__hostile || document.scripts.length"))
            check(f"{path}: what strangers wrote is text", "hostile=1" in page.evaluate(
                "document.body.innerText") or "onerr" in page.evaluate("document.body.innerText")
                  or path in ["/about/", "/slow/", "/statuses/", "/"])
    shots(browser, pages, "full", ["/recent/", "/missing/"])


def terminal(database, site):
    """What is left of the terminal's side: watching, spreadsheets, the statement."""
    with Program([SITEGEN, "stats", "--watch", "--by", "pages"], site.folder, "watch",
                 env={"DATABASE_URL": database.url}) as program:
        wait_for("the numbers to be shown again",
                 lambda: program.text().count("\x1b[2J") >= 2, 60)
        check("what strangers wrote moves no cursor", "\u202e" not in program.text())
        program.stop()
    lines = database.must("stats", "7d", "--by", "pages", "--csv").splitlines()
    check("CSV has the columns of the table", lines[0] == "path,views,visitors,entries,exits",
          lines[0])
    statement = database.must("stats", "privacy")
    check("the statement says what is kept", "30 days" in statement and "nobody" in statement
          and "language" in statement, statement)
    check("it says where scripts and the text log are not what it tells of",
          "Measured()" in statement and "--access-log-address" in statement, statement)
    done = database.log("stats", "2026", "--where", "page=/looks/*")
    check("conditions say how far back they reach", done.returncode == 0
          and "rows are kept" in done.stderr, done.stderr)


def away(site, pages):
    """PostgreSQL is away: 503; when it is back, so are the pages."""
    site.postgres.crash()
    wait_for("the page to come back", lambda: fetch(pages.port, "/").status == 200, 60)
    check("it is there again after a crash of PostgreSQL", "<h1>Today</h1>" in pages.text("/"))


def main():
    with slots() as site, Chromium(site.folder) as browser:
        database = Database(site.postgres)
        database.must("install")
        with Pages(database, site.folder) as pages:
            empty(pages, browser)
            clicks(site, database, pages)
            shots(browser, pages, "one", ["/"])
            kept_apart(pages, database, site.folder)
            made_up(database, site.folder)
            numbers(database, pages)
            looked_at(pages, browser)
            terminal(database, site)
            away(site, pages)


if __name__ == "__main__":
    run(main)
