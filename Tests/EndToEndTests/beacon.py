"""Views that a server cannot see are counted once, and what strangers post counts nothing.

Chromium goes back out of its own memory, opens what it has prefetched and what it has prerendered,
on pages with `Measured` and without. Then strangers post: from another site, too much, wrong
numbers, without end. Neither an address nor a User-Agent stands anywhere on disk afterwards.
"""

import base64
import hashlib
import http.client
import json
import re
import socket

from access_spool import answers
from chromium import Chromium
from harness import SITEGEN, Program, check, fetch, free_port, run, sitegen, wait_for
from slots_workspace import slots

AGENT = ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/143.0.0.0 Safari/537.36")
STRANGER = "Mozilla/5.0 (X11; Geheimsystem x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
ADDRESS = "203.0.113.77"
PATIENCE = 120


class Measuring:
    """A site whose answers are recorded and taken in."""

    def __init__(self, site, spool, *options):
        self.site, self.spool = site, site.folder / spool
        self.env = {"DATABASE_URL": site.postgres.url()}
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.program = Program(
            [SITEGEN, "serve", "--release", site.release, "--listen", f"127.0.0.1:{self.port}",
             "--redis", site.server.url, "--access-spool", self.spool, "--csp-reports",
             "--client-address", "x-forwarded-for", "--trusted-proxy", "127.0.0.1", *options],
            site.folder, spool)
        self.program.wait_for_line(r"^Serving ", 60)

    def records(self, kind):
        """What is recorded of a kind."""
        return [record for record in answers(self.spool) if record["kind"] == kind]

    def wait(self, kind, count):
        """Waits until there are so many records of a kind."""
        wait_for(f"{count} records of the kind {kind}",
                 lambda: len(self.records(kind)) >= count, PATIENCE)

    def views(self):
        """The views of each page, by path, once everything is taken in."""
        done = sitegen("log", "ingest", "--access-spool", self.spool, env=self.env,
                       seconds=PATIENCE)
        check("what was recorded is taken in", done.returncode == 0, done.stderr)
        return {path: int(views) for path, views in self.site.postgres.query(
            "SELECT path, sum(views) FROM traffic.pages GROUP BY 1")}


def added(before, after):
    """What is more than before."""
    return {path: count - before.get(path, 0) for path, count in after.items()
            if count != before.get(path, 0)}


def click(page, number, path="/measured/{}/"):
    """Follows a link and waits until the other page is there."""
    path = path.format(number)
    page.command("Runtime.evaluate", expression=(
        f"document.querySelector('#to-{number}') ? document.querySelector('#to-{number}').click() "
        f": location.assign('{path}')"), userGesture=True)
    at(page, path)


def at(page, path):
    """Waits until a page is shown, loaded."""
    def shown():
        try:
            return page.evaluate("location.pathname + document.readyState") == path + "complete"
        except Exception:  # the page is just going
            return False
    wait_for(f"{path} to be shown", shown, PATIENCE)


def script(site):
    """The script is short, and the policy names its digest and no other."""
    answer = fetch(site.port, "/measured/1/", user_agent=STRANGER, accept_language="de",
                   x_forwarded_for=ADDRESS)
    found = re.findall(rb"<script>(.*?)</script>", answer.body, re.DOTALL)
    check("one script, of at most 700 bytes", len(found) == 1 and len(found[0]) <= 700,
          str([len(text) for text in found]))
    digest = base64.b64encode(hashlib.sha256(found[0]).digest()).decode()
    policy = answer["content-security-policy"]
    check("its digest stands in the policy", f"'sha256-{digest}'" in policy, policy)
    check("it sets no cookie", answer["set-cookie"] is None)


def speculate(page, site, kind, gesture):
    """Opens a page that the browser has fetched before; it counts once."""
    before, seen = site.views(), len(site.records("beacon"))
    fetched = len(site.records("prefetch"))
    page.open(site.base + "/measured/1/")
    rules = json.dumps({kind: [{"source": "list", "urls": ["/measured/2/"]}]})
    page.evaluate("document.head.append(Object.assign(document.createElement('script'), "
                  f"{{type: 'speculationrules', textContent: {json.dumps(rules)}}}))")
    site.wait("prefetch", fetched + 1)
    click(page, 2)
    check(f"a page of {gesture} is no request of its own", page.evaluate(
        "(performance.getEntriesByType('navigation')[0].deliveryType == 'navigational-prefetch') "
        "|| performance.getEntriesByType('navigation')[0].activationStart > 0"))
    click(page, 3)
    page.open("about:blank", until="load")
    site.wait("beacon", seen + 3)
    more = added(before, site.views())
    check(f"a page of {gesture} counts once", more == {
        "/measured/1/": 1, "/measured/2/": 1, "/measured/3/": 1}, str(more))
    why = [record["why"] for record in site.records("beacon")[seen:]
           if record["path"] == "/measured/2/"]
    check(f"its script says why: {why}", why in (
        [["prefetched"]], [["prerendered"]], [["prerendered", "prefetched"]]), str(why))


def browser(site):
    """What a browser does, with the beacon and without."""
    with Chromium(site.site.folder, f"--user-agent={AGENT}", "--lang=en-US") as chromium:
        with chromium.page() as page:
            before = site.views()
            page.open(site.base + "/measured/1/")
            wrong = [text for text in page.problems() if "favicon" not in text]
            check("the policy lets the script run", not wrong, str(wrong))
            page.evaluate("window.wasHere = true")
            click(page, 2)
            page.command("Runtime.evaluate", expression="history.back()")
            at(page, "/measured/1/")
            check("the page came back out of the browser's memory",
                  page.evaluate("window.wasHere"))
            click(page, 3)
            page.open("about:blank", until="load")
            site.wait("beacon", 4)
            more = added(before, site.views())
            check("a page that came back counts again", more == {
                "/measured/1/": 2, "/measured/2/": 1, "/measured/3/": 1}, str(more))
            told = [(record["path"], record["why"]) for record in site.records("beacon")]
            check("four beacons, one of a view", sorted(told) == [
                ("/measured/1/", []), ("/measured/1/", ["persisted"]), ("/measured/2/", []),
                ("/measured/3/", [])], str(told))
            before = site.views()
            page.open(site.base + "/1/")
            page.evaluate("window.wasHere = true")
            click(page, 2, "/{}/")
            page.command("Runtime.evaluate", expression="history.back()")
            at(page, "/1/")
            check("a page without the script came back", page.evaluate("window.wasHere"))
            click(page, 3, "/{}/")
            more = added(before, site.views())
            check("without the script it counts once", more == {"/1/": 1, "/2/": 1, "/3/": 1},
                  str(more))
        with chromium.page() as page:
            # The test's own rules are no part of the site's policy.
            page.command("Page.setBypassCSP", enabled=True)
            speculate(page, site, "prefetch", "a prefetch")
            speculate(page, site, "prerender", "a prerendering")
    vitals = {(path, vital) for path, vital in site.site.postgres.query(
        "SELECT path, vital FROM traffic.vitals")}
    check("times of pages are kept by page", {("/measured/1/", "LCP"), ("/measured/1/", "CLS"),
                                              ("/measured/1/", "TTFB")} <= vitals, str(vitals))


def post(site, path, body, **fields):
    """Posts, as a browser of this site does unless the fields say otherwise."""
    given = {"Host": f"127.0.0.1:{site.port}", "User-Agent": STRANGER, "Accept-Language": "de",
             "Sec-Fetch-Site": "same-origin", "X-Forwarded-For": ADDRESS}
    given.update({name.replace("_", "-"): value for name, value in fields.items()})
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
    try:
        connection.request("POST", path, body, {
            name: value for name, value in given.items() if value is not None})
        return connection.getresponse().status
    finally:
        connection.close()


def strangers(site):
    """What anybody may send, and what it comes to."""
    good = "navigate,navigational-prefetch,0,0,5,40,,0.1,3,/measured/2/"
    before, heard = site.views(), len(site.records("beacon"))
    bad = {
        "from another site": (good, {"Sec_Fetch_Site": "cross-site"}),
        "from nowhere": (good, {"Sec_Fetch_Site": None}),
        "too long": (good + "x" * 512, {}),
        "empty": ("", {}),
        "no numbers": (good.replace("5,40", "five,forty"), {}),
        "a negative number": (good.replace("0,0,5", "0,0,-5"), {}),
        "another page": (good.replace("measured/2", "etc/passwd"), {}),
        "a robot's": (good, {"User_Agent": "curl/8.5.0"}),
        "of who objects": (good, {"Cookie": "measure=off"}),
        "coded": (good, {"Content_Encoding": "gzip"}),
    }
    for name, (body, fields) in bad.items():
        check(f"a beacon {name} is answered 204", post(site, "/-/view", body, **fields) == 204)
    # What promises more than it may send is not waited for.
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as raw:
        raw.sendall(b"POST /-/view HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\n")
        check("a promise of very much is answered at once", b" 204 " in raw.recv(100))
    check("none of them counts", site.views() == before
          and len(site.records("beacon")) == heard)
    check("absurd numbers are taken as the most", post(
        site, "/-/view", good.replace("40,", "1e99,")) == 204)
    check("who refuses tracking is heard", post(site, "/-/view", good, Sec_GPC="1") == 204)
    site.wait("beacon", heard + 2)
    last = site.records("beacon")[-2:]
    check("the absurd number is a minute, the other has no visitor",
          last[0]["lcp"] == 60_001 and last[0]["visitor"] and last[1]["visitor"] is None, str(last))
    check("both are views", added(before, site.views()) == {"/measured/2/": 2})
    many = [post(site, "/-/view", good, X_Forwarded_For="198.51.100.9") for _ in range(90)]
    check("one address is heard so often and no more", set(many) == {204}
          and 60 <= len(site.records("beacon")) - heard - 2 < 90, str(len(many)))
    reports(site)


def reports(site):
    """Violated policies become counts."""
    body = json.dumps([{"type": "csp-violation", "body": {
        "effectiveDirective": "img-src", "blockedURL": "https://www.ads.example/x?geheim=1",
        "documentURL": f"{site.base}/measured/1/?geheim=1"}}])
    for _ in range(2):
        check("a report is answered 204", post(site, "/-/csp", body) == 204)
    site.wait("report", 2)
    site.views()
    check("violated policies are counted by page and host", site.site.postgres.query(
        "SELECT path, directive, blocked, count FROM traffic.reports") == [
            ["/measured/1/", "img-src", "ads.example", "2"]])
    done = sitegen("stats", "--by", "reports", "--csv", env=site.env, seconds=PATIENCE)
    check("sitegen stats shows them", "ads.example" in done.stdout, done.stdout + done.stderr)


def witness(site):
    """Where another server keeps the pages, beacons alone are views."""
    other = Measuring(site, "spool-cdn", "--views-from", "beacon")
    with other.program:
        told_alone(other)


def told_alone(other):
    """One page that is asked for, and told of."""
    before = other.views()
    seen = "navigate,,0,0,5,40,,0.1,3,/measured/3/"
    fetch(other.port, "/measured/3/", user_agent=STRANGER, accept_language="de")
    check("a beacon of a page that was asked for", post(other, "/-/view", seen) == 204)
    other.wait("beacon", 1)
    check("counts once, with --views-from beacon", added(before, other.views()) == {
        "/measured/3/": 1})
    other.program.stop()


def private(site):
    """Neither the address nor the User-Agent is anywhere."""
    site.postgres.query("CHECKPOINT")
    needles = [ADDRESS.encode(), bytes(map(int, ADDRESS.split("."))), b"Geheimsystem", b"geheim",
               b"198.51.100.9"]
    found = []
    for path in [*site.folder.glob("spool*/*"), *site.folder.glob("*.log"),
                 *(site.folder / "pg/data").rglob("*")]:
        if path.is_file():
            data = path.read_bytes()
            # Four bytes may stand anywhere by chance: they are looked for in the spool alone.
            found += [(str(path), needle) for needle in needles if needle in data
                      and (len(needle) > 4 or "spool" in path.parent.name)]
    check("no address, User-Agent or query is on disk", not found, str(found[:5]))


def main():
    """The script."""
    with slots() as workspace:
        done = sitegen("log", "install", "--no-assets",
                       env={"DATABASE_URL": workspace.postgres.url()}, seconds=PATIENCE)
        check("the schema is installed", done.returncode == 0, done.stderr)
        site = Measuring(workspace, "spool")
        with site.program:
            script(site)
            browser(site)
            strangers(site)
            site.program.stop()
        witness(workspace)
        private(workspace)


run(main)
