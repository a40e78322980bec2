"""10,000 requests during 50 switches of the release and 20 SIGHUPs: none fails, none is mixed.

Four releases of SlotSite differ in their style sheet. `rollback` switches between them while
clients ask for a page with three slots in every coding and a writer changes the fragments. Each
answer, decoded, must be one release's page around three fragments that were written; an entity tag
has the same bytes for ever, and a 304 is only for a tag that was given.
"""

import gzip
import http.client
import random
import signal
import subprocess
import threading
import time

import brotli

from harness import check, run
from slots_workspace import PAD, SLOT_SITE, slots

PATH = "/3/"
REQUESTS, SWITCHES, SIGNALS, RELEASES = 10_000, 50, 20, 4
DECODERS = {"identity": bytes, "gzip": gzip.decompress, "br": brotli.decompress}


def slot_ranges(page):
    """Where the three slots are in a stored page."""
    ranges = []
    for number in (1, 2, 3):
        start = page.index(b">", page.index(b'<section id="slot-%d">' % number)) + 1
        ranges.append((start, PAD.search(page, start).end() - 3))
    return ranges


class Releases:
    """The stored pages, to find out whose an answer is."""

    def __init__(self, site):
        self.pages = {}
        for number in range(RELEASES):
            site.style(f"body {{ font: {16 + number}px/1.5 serif }}")
            site.build()
            page = site.stored(PATH)
            self.pages[(site.release / "current").resolve().name] = (page, slot_ranges(page))

    def fault(self, body):
        """What is wrong with a decoded page; None if it is one release's."""
        for page, ranges in self.pages.values():
            position, fills = 0, []
            for start, end in ranges:
                if body[position:start] != page[position:start]:
                    break
                fills.append(body[start:end])
                position = end
            else:
                if body[position:] != page[position:]:
                    continue
                shown = [fill.split(b"<!--")[0] for fill in fills]
                wrong = [text for text in shown if not text.startswith((b"<p>Fragment", b"<p>Noth"))
                         or not text.endswith(b"</p>")]
                return f"a slot shows {wrong}" if wrong else None
        return "it is no release's page"


class Client(threading.Thread):
    """Asks in one coding until there were enough requests."""

    total = 0
    tags = {}
    faults = []
    notModified = 0
    lock = threading.Lock()
    is_over = False

    def __init__(self, port, coding, releases):
        super().__init__(daemon=True)
        self.port, self.coding, self.releases = port, coding, releases

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        given = []
        while not Client.is_over:
            try:
                self.ask(connection, given)
            except (OSError, http.client.HTTPException, brotli.error, EOFError) as error:
                with Client.lock:
                    Client.faults.append(f"{self.coding}: {type(error).__name__} {error}")
                return

    def ask(self, connection, given):
        fields = {"Accept-Encoding": self.coding}
        asked = random.choice(given) if given and random.random() < 0.1 else None
        if asked:
            fields["If-None-Match"] = asked
        connection.request("GET", PATH, headers=fields)
        answer = connection.getresponse()
        body, tag = answer.read(), answer.getheader("etag")
        fault = None
        if answer.status == 304 and asked:
            fault = None if tag == asked else f"304 with {tag} for {asked}"
        elif answer.status != 200:
            fault = f"status {answer.status}"
        elif (answer.getheader("content-encoding") or "identity") != self.coding:
            fault = f"coding {answer.getheader('content-encoding')}"
        else:
            given[:] = given[-9:] + [tag]
            fault = self.releases.fault(DECODERS[self.coding](body))
        with Client.lock:
            Client.total += 1
            Client.notModified += answer.status == 304
            if answer.status == 200 and Client.tags.setdefault(tag, body) != body:
                fault = f"{tag} has two bodies"
            if fault:
                Client.faults.append(f"{self.coding}: {fault}")


def write_fragments(site):
    """Changes the fragments until the clients are done."""
    number = 0
    while not Client.is_over:
        number += 1
        slot = 1 + number % 3
        site.redis("SET", f"f:s{slot}", b"<p>Fragment <b>%d</b> of visit %d</p>" % (slot, number))
        time.sleep(0.02)


def main():
    with slots() as site:
        releases = Releases(site)
        names = list(releases.pages)
        check("the releases differ", len(names) == RELEASES, str(names))
        with site.serving() as server:
            writer = threading.Thread(target=write_fragments, args=(site,))
            writer.start()
            clients = [Client(server.port, coding, releases) for coding in DECODERS]
            for client in clients:
                client.start()
            for number in range(SWITCHES):
                subprocess.run(
                    [SLOT_SITE, "rollback", names[number % RELEASES], "--release", site.release],
                    check=True, capture_output=True, timeout=60)
                if number % 5 < 2:
                    server.child.send_signal(signal.SIGHUP)
            end = time.monotonic() + 120
            while Client.total < REQUESTS and time.monotonic() < end and not Client.faults:
                time.sleep(0.1)
            Client.is_over = True
            for thread in [*clients, writer]:
                thread.join(30)
            check(f"{Client.total} requests, {Client.notModified} of them 304",
                  Client.total >= REQUESTS and Client.notModified > 0)
            check(f"no fault during {SWITCHES} switches and {SIGNALS} signals",
                  not Client.faults, "\n        ".join(Client.faults[:5]))
            check(f"{len(Client.tags)} entity tags, each of one body", len(Client.tags) > SWITCHES)
            seen = server.text().count("serving release")
            check(f"the server took {seen} releases", seen > SWITCHES / 2, server.text()[-500:])
            check("it ends as it should", server.stop() == 0)


if __name__ == "__main__":
    run(main)
