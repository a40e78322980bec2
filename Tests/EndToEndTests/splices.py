"""Hundreds of spliced answers, byte for byte, in every decoder there is.

Pages of 25 KB with one, two, three and five slots get fragments of every kind: empty, one byte, as
long as the slot takes and one byte longer, letters of several bytes, control characters, records
with compressed runs, and random mixtures whose seed is printed (SEED=… repeats them). Each answer
must decode to the page put together by hand in Python's gzip, zlib and brotli, in `gzip`, `brotli`,
`curl`, Node, and headless Chromium, as bytes of a fetch and as the document of a navigation.
"""

import hashlib
import os
import random
import subprocess

from chromium import NO_DICTIONARIES, Chromium
from decoding import disagreements
from harness import check, fetch, run
from slots_workspace import record_program, slots

PAGES = {1: "/1/", 2: "/2/", 3: "/3/", 5: "/5/"}
LONGEST = 1024 - 20
NODE = """
const fs = require('fs'), zlib = require('zlib'), crypto = require('crypto');
for (const name of fs.readdirSync('.').sort()) {
    const decode = name.endsWith('.gzip') ? zlib.gunzipSync : zlib.brotliDecompressSync;
    console.log(name, crypto.createHash('sha256').update(decode(fs.readFileSync(name)))
        .digest('hex'));
}
"""
FETCH = """
(async () => {
    const answer = await fetch('%s', {cache: 'no-store'});
    const digest = await crypto.subtle.digest('SHA-256', await answer.arrayBuffer());
    return answer.headers.get('content-encoding') + ' ' +
        [...new Uint8Array(digest)].map(b => b.toString(16).padStart(2, '0')).join('');
})()
"""


def texts(count, record):
    """Name, and for each slot the value to write (None for none) and what it shows."""
    list_ = b"<ul>" + b"<li class=look><a href=/looks/a/>Gr\xc3\xbcn</a></li>" * 14 + b"</ul>"
    controls = bytes(byte for byte in range(1, 32) if byte != 12) + "\x7f\x80\x85\u2028".encode()
    plain = {
        "empty": b"", "one byte": b"x", "a hundred bytes": b"<p>" + b"a" * 93 + b"</p>",
        "letters of several bytes": "日本語 é 😀 שלום עולם مرحبا".encode(),
        "control characters": controls, "comments": b"<!-- a --><b>b</b><!----><!-->c",
        "as long as it takes": b"<i>" + b"c" * (LONGEST - 7) + b"</i>",
        "one byte below": b"d" * (LONGEST - 1), "a list": list_,
        "spaces": b" " * 500,
        "words of brotli's dictionary": b"<div class=\"information\">of the</div>",
    }
    for name, html in plain.items():
        yield name, [(html, html)] * count
        if html:
            yield f"{name}, as a record", [(record(html, 600), html)] * count
    yield "one byte too long", [(b"e" * (LONGEST + 1), None)] * count
    yield "no text", [(b"\xff\xfe\x80", None)] + [(list_, list_)] * (count - 1)
    ended = record(list_, -10)
    yield "an ended record", [(ended, None)] + [(b"<b>2</b>", b"<b>2</b>")] * (count - 1)
    damaged = record(list_, 600)[:-1] + b"\0"
    yield "a damaged record", [(damaged, None)] + [(b"ok", b"ok")] * (count - 1)


def mixtures(count, record, dice, rounds):
    """Random fragments in random slots."""
    for number in range(rounds):
        values = []
        for _ in range(count):
            html = b""
            for _ in range(dice.randrange(200)):
                piece = dice.choice(["<b>look</b>", " ", "é", "日", "<i>i</i>", "<br>", "bag"])
                if len(html) + len(piece.encode()) <= LONGEST:
                    html += piece.encode()
            kind = dice.randrange(4)
            value = None if kind == 0 else record(html, 600) if kind == 1 else html
            values.append((value, html if value is not None else None))
        yield f"mixture {number}", values


class Matrix:
    """The answers met, and what was wrong with each."""

    def __init__(self, site):
        self.site = site
        self.folder = site.folder / "bodies"
        self.folder.mkdir()
        self.expected = {}
        self.problems = []
        self.counts = {}

    def stored(self, path, coding="identity"):
        """The stored file of a page, which shows every fallback."""
        suffix = {"identity": "", "gzip": ".gz", "br": ".br"}[coding]
        return (self.site.release / "current/tree" / path.strip("/")
                / f"index.html{suffix}").read_bytes()

    def again(self, ask, is_unfilled, expected):
        """Asks until Redis was in time: on a busy machine a page may go without its fragments."""
        wants_fragments = all(expected != self.stored(path) for path in PAGES.values())
        for _ in range(20):
            answer = ask()
            if not wants_fragments or not is_unfilled(answer):
                break
        return answer

    def count(self, decoder, holds, label):
        """Notes one comparison."""
        self.counts.setdefault(decoder, 0)
        self.counts[decoder] += 1
        if not holds:
            self.problems.append(f"{decoder}: {label}")

    def take(self, port, path, coding, expected, label):
        """Fetches one answer and decodes it with Python and the programs."""
        answer = self.again(lambda: fetch(port, path, accept_encoding=coding),
                            lambda answer: answer.body == self.stored(path, coding), expected)
        self.count("coding", answer["content-encoding"] == coding, f"{label}: {answer.fields}")
        found = disagreements(coding, answer.body, expected, with_node=False)
        self.count("python, gzip, brotli", not found, f"{label}: {'; '.join(found)}")
        command = ["curl", "-s", "--max-time", "120", "--compressed", "-H",
                   f"Accept-Encoding: {coding}", f"http://127.0.0.1:{port}{path}"]
        shown = self.again(
            lambda: subprocess.run(command, capture_output=True, timeout=60).stdout,
            lambda body: body == self.stored(path), expected)
        self.count("curl", shown == expected, label)
        name = f"{len(self.expected):04}.{coding}"
        (self.folder / name).write_bytes(answer.body)
        self.expected[name] = (hashlib.sha256(expected).hexdigest(), label)

    def decode_with_node(self):
        """Decodes every body in one process."""
        done = subprocess.run(["node", "-e", NODE], cwd=self.folder, capture_output=True,
                              text=True, timeout=120)
        digests = dict(line.split() for line in done.stdout.splitlines())
        for name, (digest, label) in self.expected.items():
            self.count("node", digests.get(name) == digest, f"{label} {done.stderr[-200:]}")


def browse(page, base, path, expected, label, matrix):
    """The same answer in Chromium: the bytes of a fetch, and the document of a navigation."""
    digest = hashlib.sha256(expected).hexdigest()
    documents = []
    for coding in ["gzip", "br"]:
        page.accept(coding)
        unfilled = hashlib.sha256(matrix.stored(path)).hexdigest()
        result = matrix.again(lambda: page.evaluate(FETCH % path),
                              lambda result: result.endswith(unfilled), expected)
        matrix.count("chromium fetch", result == f"{coding} {digest}", f"{label}, {coding}")
    for coding in ["identity", "gzip", "br"]:
        page.accept(coding)

        def show():
            page.open(base + path, until="load")
            return page.evaluate("document.documentElement.outerHTML")
        documents.append(matrix.again(
            show, lambda html: html.count("Nothing yet in slot") == int(path.strip("/")), expected))
    matrix.count("chromium document", len(documents[0]) > 20_000 and len(set(documents)) == 1,
                 label)


def main():
    seed = int(os.environ.get("SEED", random.randrange(1 << 32)))
    print(f"SEED={seed}", flush=True)
    dice = random.Random(seed)
    record = record_program()
    with slots() as site, site.serving() as server, \
            Chromium(site.folder, NO_DICTIONARIES) as browser:
        matrix = Matrix(site)
        answers = 0
        with browser.page() as page:
            page.open(server.base + "/1/", until="load")
            for count, path in PAGES.items():
                cases = list(texts(count, record)) + list(mixtures(count, record, dice, 6))
                for name, values in cases:
                    label = f"{path} {name}"
                    site.fill({f"s{n}": value for n, (value, _) in enumerate(values, 1)
                               if value is not None})
                    expected = site.expected(
                        path, {n: html for n, (_, html) in enumerate(values, 1)})
                    site.settle(server.port, path, expected)
                    for coding in ["gzip", "br"]:
                        matrix.take(server.port, path, coding, expected, label)
                        answers += 1
                    browse(page, server.base, path, expected, label, matrix)
        matrix.decode_with_node()
        check("there are at least 200 spliced answers", answers >= 200, str(answers))
        for decoder, count in matrix.counts.items():
            wrong = [text for text in matrix.problems if text.startswith(f"{decoder}: ")]
            check(f"{decoder}: {count} answers, each the page", not wrong, "; ".join(wrong[:4]))


if __name__ == "__main__":
    run(main)
