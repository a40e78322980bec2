"""Programs that others wrote to find fault with servers find none.

varnishtest runs Tests/vtc; REDbot looks at a page of each kind; slowhttptest sends heads slowly
and reads answers slowly while other clients go on being served; h2load asks over HTTP/2 through
TLS.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

from harness import ROOT, SITEGEN, Failure, Program, check, fetch, free_port, run
from slots_workspace import slots

SECONDS = int(os.environ.get("SLOW_SECONDS", "10"))


def need(name):
    """The path of a program."""
    found = shutil.which(name)
    if not found:
        raise Failure(f"{name} is not installed; run Tests/install all")
    return found


def varnishtest(site, server):
    """Every script of Tests/vtc."""
    page = fetch(server.port, "/3/", accept_encoding="gzip")
    asset = "/notes.txt"
    macros = {
        "site": f"127.0.0.1:{server.port}", "etag": page["etag"].replace('"', '\\"'),
        "length": page["content-length"], "file": asset,
        "filelength": fetch(server.port, asset)["content-length"],
    }
    words = [word for name, value in macros.items() for word in ["-D", f"{name}={value}"]]
    for script in sorted((ROOT / "Tests/vtc").glob("*.vtc")):
        done = subprocess.run([need("varnishtest"), *words, script], capture_output=True,
                              text=True, timeout=120, cwd=site.folder)
        lines = [line for line in done.stdout.splitlines() if line.startswith("----")]
        check(f"varnishtest: {script.stem}", done.returncode == 0,
              "\n".join(lines[:5]) or done.stderr[-500:])


def redbot(server, kinds):
    """REDbot's remarks on a page of each kind; none of them may be bad."""
    program = pathlib.Path(sys.executable).with_name("redbot")
    if not program.exists():
        raise Failure("redbot is not installed; run Tests/install all")
    for kind, path in kinds.items():
        done = subprocess.run(
            [program, "-o", "har", f"http://127.0.0.1:{server.port}{path}"], capture_output=True,
            text=True, timeout=120)
        notes = notes_of(json.loads(done.stdout or "{}"))
        check(f"redbot: {kind} was looked at, with {len(notes)} remarks", len(notes) >= 4,
              done.stderr[-400:] + done.stdout[-400:])
        bad = [note["summary"] for note in notes if note["level"] == "BAD"]
        check(f"redbot: {kind} has no fault", not bad, "; ".join(bad))


def notes_of(value):
    """Every remark of a report, wherever it stands."""
    if isinstance(value, list):
        return [note for member in value for note in notes_of(member)]
    if not isinstance(value, dict):
        return []
    own = [value] if "level" in value and "summary" in value else []
    return own + [note for member in value.values() for note in notes_of(member)]


def slow(server, label, arguments):
    """slowhttptest against the server, and a client beside it."""
    attack = subprocess.Popen(
        [need("slowhttptest"), *arguments, "-c", "200", "-r", "200", "-l", str(SECONDS), "-p", "3",
         "-u", f"http://127.0.0.1:{server.port}/3/"], stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True)
    try:
        served = 0
        while attack.poll() is None:
            if fetch(server.port, "/3/").status == 200:
                served += 1
            time.sleep(0.05)
        text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", attack.stdout.read())
        check(f"{label}: other clients were served all the time", served > SECONDS, str(served))
        check(f"{label}: slowhttptest finds the service available",
              re.search(r"service available:\s+NO", text) is None
              and re.search(r"service available:\s+YES", text), text[-600:])
    finally:
        if attack.poll() is None:
            attack.kill()


def http2(site):
    """h2load through TLS: every request succeeds, on one connection and on many."""
    key, chain = site.folder / "key.pem", site.folder / "chain.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1", "-keyout", key, "-out", chain],
        capture_output=True, check=True)
    port = free_port()
    command = [SITEGEN, "serve", "--release", site.release, "--listen", f"127.0.0.1:{port}",
               "--redis", site.server.url, "--certificate", chain, "--certificate-key", key]
    with Program(command, site.folder, "tls") as server:
        server.wait_for_line(r"^Serving ", 20)
        for clients, streams in [(1, 100), (20, 10)]:
            done = subprocess.run(
                [need("h2load"), "-n", "2000", "-c", str(clients), "-m", str(streams),
                 f"https://127.0.0.1:{port}/3/"], capture_output=True, text=True, timeout=120)
            check(f"h2load: 2,000 requests on {clients} connections of {streams} streams",
                  "2000 succeeded, 0 failed" in done.stdout and "2000 2xx" in done.stdout
                  and "Application protocol: h2" in done.stdout, done.stdout[-600:])


def main():
    with slots() as site:
        (site.root / "public/notes.txt").write_text("notes of a tailor\n" * 40)
        site.build()
        with site.serving() as server:
            site.fill({"s1": b"<p>one</p>", "s2": b"<p>two</p>"})
            site.settle(server.port, "/3/", site.expected(
                "/3/", {1: b"<p>one</p>", 2: b"<p>two</p>"}))
            varnishtest(site, server)
            redbot(server, {
                "a page with slots": "/3/", "a page of a visitor's own": "/mine/",
                "a page with a tail": "/tail/", "a file": "/notes.txt", "a redirect": "/3",
                "a missing page": "/none/"})
            slow(server, "slow heads", ["-H", "-i", "2"])
            slow(server, "slow reads",
                 ["-X", "-w", "10", "-y", "20", "-n", "2", "-z", "8", "-k", "3"])
        http2(site)


if __name__ == "__main__":
    run(main)
