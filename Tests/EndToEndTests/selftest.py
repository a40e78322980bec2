"""The harness itself, against small stand-ins with known faults: it must see every one of them.

A web server of a few pages stands in for the demo: one good page, and one each with an inline
script that its policy forbids, an exception, an empty image, bad HTML. Decoders get whole and
damaged streams. PostgreSQL and Redis are real. It needs no sitegen.
"""

import gzip
import http.server
import subprocess
import sys
import threading
import time
import zlib

import redis_client
from chromium import Chromium
from decoding import curl, disagreements
from harness import (
    OUTPUT, Failure, Program, check, crawl, fetch, has_slot, page_of_each_kind, processes_of, run,
    temporary_folder, wait_for)
from servers import Postgres, RedisServer
from validation import errors

HEAD = ('<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>T</title>'
        '<meta name="viewport" content="width=device-width"></head><body>')
LINK = '<p><a href="/looks/one/">look</a></p>'
GOOD = HEAD + f"<h1>É😀</h1>{LINK}<!--" + " " * 20 + "--></body></html>"
PAGES = {
    "/": GOOD,
    "/looks/one/": HEAD + "<h1>Look</h1></body></html>",
    "/policy": HEAD + "<script>document.title = 'ran'</script></body></html>",
    "/exception": HEAD + '<script src="/exception.js"></script></body></html>',
    "/favicon.ico": "",
    "/exception.js": "throw new Error('on purpose')",
    "/image": HEAD + '<img src="/nothing.png" alt="" loading="lazy"></body></html>',
    "/invalid": HEAD + "<ul><p>no</p></ul><img src=x></body></html>",
}


class StandIn(http.server.BaseHTTPRequestHandler):
    """Answers from PAGES, in gzip if asked."""

    def do_GET(self):
        text = PAGES.get(self.path)
        missing = HEAD + "<h1>Not found</h1></body></html>"
        body = (missing if text is None else text).encode()
        self.send_response(404 if text is None else 200)
        if self.headers.get("Accept-Encoding", "").startswith(("gzip", "deflate")):
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        kind = "text/javascript" if self.path.endswith(".js") else "text/html"
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "script-src 'self'; img-src 'self' data:")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Says nothing."""


def check_browser(port, folder):
    base = f"http://127.0.0.1:{port}"
    with Chromium(folder) as browser:
        with browser.page() as page:
            page.show(390, dark=True)
            page.open(base + "/")
            check("a good page has no problem", not page.problems(), str(page.problems()))
            check("its status and text arrive", page.status == 200
                  and page.evaluate("document.querySelector('h1').textContent") == "É😀")
            check("the width and the scheme are set", page.evaluate(
                "innerWidth === 390 && matchMedia('(prefers-color-scheme: dark)').matches"))
            page.screenshot(OUTPUT / "screenshots/selftest.png")
            check("a screenshot is a PNG",
                  (OUTPUT / "screenshots/selftest.png").read_bytes().startswith(b"\x89PNG"))
            page.open(base + "/missing")
            check("a 404 is a status, not a problem",
                  page.status == 404 and not page.problems(), str(page.problems()))
            page.open(base + "/policy")
            check("a policy violation is seen",
                  any(line.startswith("policy") for line in page.problems())
                  and page.evaluate("document.title") == "T")
            page.open(base + "/exception")
            check("an exception is seen",
                  any(line.startswith("exception") for line in page.problems()))
            page.open(base + "/image")
            check("an empty image is seen", len(page.empty_images()) == 1)
            page.open(base + "/")
            check("problems are those of the last page", not page.problems())
            page.cookie(base, "bag", "demo")
            check("a cookie is set", page.evaluate("document.cookie") == "bag=demo")
    wait_for("Chromium to end", lambda: not processes_of(folder / "chromium"))
    check("Chromium has ended", True)


def check_decoders(port):
    text = GOOD.encode()
    whole = gzip.compress(text)
    check("a whole gzip stream has no fault", not disagreements("gzip", whole, text),
          str(disagreements("gzip", whole, text)))
    check("bytes after the end are a fault", disagreements("gzip", whole + b"x", text))
    check("a wrong CRC is a fault",
          len(disagreements("gzip", whole[:-8] + b"\0\0\0\0" + whole[-4:], text)) == 5)
    check("another text is a fault", disagreements("gzip", gzip.compress(text + b" "), text))
    brotli = subprocess.run(["brotli", "-c"], input=text, capture_output=True, check=True).stdout
    check("a whole brotli stream has no fault", not disagreements("br", brotli, text),
          str(disagreements("br", brotli, text)))
    check("a cut brotli stream is a fault", len(disagreements("br", brotli[:-3], text)) == 4)
    check("curl decodes", curl(f"http://127.0.0.1:{port}/") == text)
    check("zlib is not gzip", disagreements("gzip", zlib.compress(text), text))


def check_servers(folder):
    redis = RedisServer(folder)
    try:
        with redis_client.Redis(redis.socket) as client:
            value = "é\r\n\0".encode() * 1000
            client("SET", "f:a", value)
            check("Redis gives back what was set", client("GET", "f:a") == value)
            check("an absent key is None", client("GET", "f:b") is None)
            check("a list comes back", client("KEYS", "f:*") == [b"f:a"])
            try:
                client("NONSENSE")
                check("an error raises", False)
            except redis_client.RedisError:
                check("an error raises", True)
        check("the socket is found", redis_client.find_socket(folder) == redis.socket)
        check("the process is found",
              redis_client.find_process(folder) == redis.server.child.pid)
    finally:
        redis.server.kill()
    postgres = Postgres(folder)
    try:
        rows = postgres.query("SELECT 1, NULL, 'a'||chr(10)||'b' UNION ALL SELECT 2, 'x', ''")
        check("psql gives rows", rows == [["1", "", "a\nb"], ["2", "x", ""]], str(rows))
        try:
            postgres.query("SELECT nothing")
            check("wrong SQL raises", False)
        except Failure:
            check("wrong SQL raises", True)
        check("its processes are seen", len(processes_of(folder)) > 1)
    finally:
        postgres.server.kill()
    wait_for("PostgreSQL to end", lambda: not processes_of(folder))
    check("no process is left", True)


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), StandIn)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    try:
        with temporary_folder() as folder:
            answer = fetch(port, "/", accept_encoding="gzip")
            check("fetch leaves bodies as they are", gzip.decompress(answer.body)
                  == GOOD.encode() and answer["content-encoding"] == "gzip")
            check("a slot is seen by its padding", has_slot(fetch(port, "/")))
            check("links are followed", crawl(port) == ["/", "/looks/one/"])
            check("kinds are told by paths",
                  page_of_each_kind(port) == {"home": "/", "look": "/looks/one/"})
            check_decoders(port)
            check_browser(port, folder)
            check_servers(folder)
            for name in ["/", "/invalid"]:
                (folder / f"page{len(name)}.html").write_text(PAGES[name])
            check("good HTML has no error", not errors([folder / "page1.html"]))
            found = errors([folder / "page1.html", folder / "page8.html"])
            check("bad HTML has errors, with their file",
                  len(found) >= 2 and all(line.startswith("page8.html") for line in found),
                  str(found))
            with Program([sys.executable, "-c", "import time; print('up', flush=True); "
                          "time.sleep(60)"], folder) as program:
                program.wait_for_line("^up$", 10)
                start = time.monotonic()
                program.kill()
                check("a program is killed at once", time.monotonic() - start < 2)
    finally:
        server.shutdown()


if __name__ == "__main__":
    run(main)
