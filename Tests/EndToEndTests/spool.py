"""Every answer that a client has got is in the spool, whatever becomes of the server.

Clients ask as browsers do while `serve` is killed, and started again, and killed. A full folder
loses records, counts them and goes on. No address, User-Agent, cookie or query stands in the
folder.
"""

import contextlib
import http.client
import os
import random
import re
import signal
import subprocess
import threading
import time
import urllib.request

from access_spool import answers, records
from harness import SITEGEN, Program, check, free_port, run, sitegen, wait_for
from slots_workspace import slots

KILLS = 6
CLIENTS = 4
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
BROWSER = {
    "User-Agent": AGENT, "Accept-Language": "de-CH,de;q=0.5", "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "none", "Sec-Fetch-User": "?1",
    "Cookie": "sid=geheim",
}


class Clients:
    """Threads that ask for pages on kept connections and count the answers that came whole."""

    def __init__(self, port, paths):
        self.port, self.paths = port, paths
        self.counts = {}
        self.lock = threading.Lock()
        self.is_over = False
        self.threads = [threading.Thread(target=self.ask, args=(n,)) for n in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def ask(self, number):
        """Asks until it is over; a connection that fails is made anew."""
        chosen = random.Random(number)
        while not self.is_over:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                while not self.is_over:
                    path = chosen.choice(self.paths)
                    connection.request(
                        "GET", f"{path}?token=geheim-{number}", headers=BROWSER)
                    answer = connection.getresponse()
                    answer.read()
                    with self.lock:
                        key = (path, answer.status)
                        self.counts[key] = self.counts.get(key, 0) + 1
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
            finally:
                connection.close()

    def stop(self):
        """Ends them; how many answers came, by path and status."""
        self.is_over = True
        for thread in self.threads:
            thread.join()
        return self.counts


def serve(site, port, spool, name, *options):
    """A server with a spool, ready to answer."""
    program = Program(
        [SITEGEN, "serve", "--release", site.release, "--listen", f"127.0.0.1:{port}", "--redis",
         site.server.url, "--access-spool", spool, *options], site.folder, name)
    program.wait_for_line(r"^Serving ", 20)
    return program


def kills(site):
    """Servers that are killed in the middle of their answers."""
    spool, port = site.folder / "spool", free_port()
    paths = ["/tail/", "/mixed/", "/none/"]
    program = serve(site, port, spool, "serve-0")
    clients = Clients(port, paths)
    for number in range(KILLS):
        time.sleep(random.uniform(0.3, 0.8))
        program.stop(signal.SIGKILL)
        program = serve(site, port, spool, f"serve-{number + 1}", "--threads", 1 + number % 2)
    time.sleep(0.5)
    got = clients.stop()
    program.stop(signal.SIGTERM)
    recorded = {}
    found = answers(spool)
    for record in found:
        key = (record["path"], record["status"])
        recorded[key] = recorded.get(key, 0) + 1
    total = sum(got.values())
    missing = {key: count - recorded.get(key, 0) for key, count in got.items()
               if recorded.get(key, 0) < count}
    check(f"{total} answers came, and each is in the spool after {KILLS} kills",
          total > 100 and not missing, f"missing {missing}")
    # A server may have recorded what the kill kept from its client: one for each connection.
    more = sum(recorded.values()) - total
    check("nothing was recorded that nobody asked for", 0 <= more <= CLIENTS * KILLS * 16,
          f"{more} more")
    check("each is a view or a page that is missing, of one visitor",
          {record["kind"] for record in found} == {"view", "missing"}
          and len({record["visitor"] for record in found}) == 1,
          str({record["kind"] for record in found}))
    segments = sorted(spool.glob("*.spool"))
    sizes = [path.stat().st_size for path in segments]
    check(f"all {len(segments)} segments are closed and cut to what was written",
          all(path.read_bytes()[60] == 1 for path in segments) and max(sizes) < 4 << 20,
          str(sizes))
    private(spool, port)


def private(spool, port):
    """Nothing that could name anybody."""
    needles = [AGENT.encode(), b"Gecko", b"Linux x86_64", b"geheim", b"127.0.0.1", b"sid=",
               bytes([127, 0, 0, 1]), f"127.0.0.1:{port}".encode()]
    found = [(path.name, needle) for path in spool.iterdir() for needle in needles
             if needle in path.read_bytes()]
    check("no address, User-Agent, cookie or query stands in the folder", not found, str(found))
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in [spool, *spool.iterdir()]}
    check("nobody else may read it",
          all(mode == ("0o700" if name == spool.name else "0o600")
              for name, mode in modes.items()), str(modes))


def metrics(port):
    """The numbers of /-/metrics."""
    text = urllib.request.urlopen(f"http://127.0.0.1:{port}/-/metrics", timeout=60).read().decode()
    return {name: float(value) for name, value in
            re.findall(r'^(sitegen_spool\S*) (\S+)$', text, re.MULTILINE)}


def limit(site):
    """A folder that is full."""
    spool, port, operations = site.folder / "small", free_port(), free_port()
    spool.mkdir(mode=0o700)
    # What an earlier server left and nobody has read.
    for number in range(4):
        began = int((time.time() - 946_684_800) * 1e6) + number
        with open(spool / f"{began:016x}-{'0' * 32}.spool", "wb") as left:
            os.posix_fallocate(left.fileno(), 0, 4 << 20)
            left.write(b"not a segment, but it takes room")
    with serve(site, port, spool, "limited", "--spool-max", 16 << 20, "--operations",
               f"127.0.0.1:{operations}") as program:
        program.wait_for_line("which is all it may", 10)
        clients = Clients(port, ["/tail/"])
        time.sleep(0.5)
        got = sum(clients.stop().values())
        lost = metrics(operations)
        check(f"a full folder holds no answer up: {got} came, and as many are counted as lost",
              got > 20 and lost['sitegen_spool_records_lost_total{kind="view"}'] >= got
              and lost["sitegen_spool_up"] == 0, str(lost))
        for path in list(spool.glob("*.spool"))[:2]:
            path.unlink()
        program.wait_for_line("visits are recorded again", 10)
        wait_for("the loss to be recorded", lambda: any(
            record["kind"] == "loss" and record["count"] >= got
            for path in spool.glob("*.spool") if path.read_bytes()[:4] == b"sgs1"
            for record in records(path)), 10)
        check("once there is room, the loss is recorded", True)
    refused = subprocess.run(
        [SITEGEN, "serve", "--release", site.release, "--listen", f"127.0.0.1:{free_port()}",
         "--access-spool", site.folder / "none/spool"], capture_output=True, text=True, timeout=60)
    check("a folder that cannot be made keeps the server from starting, by name",
          refused.returncode != 0 and "none/spool" in refused.stderr, refused.stderr)


def keys_on_a_full_disk(site, spool, found):
    """The file of keys has no room: records are taken in all the same."""
    env = {"DATABASE_URL": site.postgres.url()}
    check("the schema is installed", sitegen("log", "install", env=env).returncode == 0)
    with open(spool / "junk", "wb", buffering=0) as junk, contextlib.suppress(OSError):
        while junk.write(b"x" * 4096):
            pass
    with Program([SITEGEN, "log", "ingest", "--access-spool", spool, "--follow"], site.folder,
                 "ingest", env=env) as program:
        program.wait_for_line("keys of visitors cannot be written, which is tried again", 60)
        wait_for("the records to be taken in", lambda: not list(spool.glob("*.spool")), 60)
        check("it goes on", program.stop(signal.SIGTERM) == 0, program.text()[-300:])
    [[count]] = site.postgres.query("SELECT sum(hits) FROM traffic.site_hour")
    check("each record is counted", int(count) == found, f"{count}, not {found}")


def full_disk(site):
    """A disk that is full below the folder's limit: what was read makes room."""
    spool, port = site.folder / "disk", free_port()
    spool.mkdir(mode=0o700)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", spool],
                      capture_output=True, timeout=60).returncode:
        print("        no full disk is tried: nothing may be mounted here")
        return
    try:
        began = int((time.time() - 946_684_800) * 1e6)
        read = spool / f"{began:016x}-{'0' * 32}.read"
        with open(read, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, 6 << 20)
        with serve(site, port, spool, "full-disk", "--threads", 1) as program:
            clients = Clients(port, ["/tail/"])
            time.sleep(0.5)
            got = sum(clients.stop().values())
            program.stop(signal.SIGTERM)
        found = len(answers(spool))
        check(f"a full disk loses nothing while there is what was read: {got} came",
              not read.exists() and found >= got > 20, f"{found} {program.text()[-300:]}")
        keys_on_a_full_disk(site, spool, found)
    finally:
        subprocess.run(["umount", "-l", spool], check=True, timeout=60)


def renamed(site):
    """A container has another name at each start, and its folder is no copy for that."""
    spool, names = site.folder / "renamed", set()
    for host in ["first", "second"]:
        command = ["unshare", "--uts", "sh", "-c", 'hostname "$0"; exec "$@"', host]
        if subprocess.run([*command, "true"], capture_output=True, timeout=60).returncode:
            print("        no other name of the host is tried: it may not be set here")
            return
        with Program([*command, SITEGEN, "serve", "--release", site.release, "--listen",
                      f"127.0.0.1:{free_port()}", "--access-spool", spool], site.folder,
                     host) as program:
            program.wait_for_line(r"^Serving ", 20)
            program.stop(signal.SIGTERM)
        names.add((spool / "server").read_bytes())
    check("a host of another name keeps the server's name", len(names) == 1)


def main():
    """The script."""
    with slots() as site:
        kills(site)
        limit(site)
        full_disk(site)
        renamed(site)


run(main)
