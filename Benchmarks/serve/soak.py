#!/usr/bin/env python3
"""The server's memory: with idle connections, with active ones, and over a long time.

    swift build -c release --product ServeBenchmark
    Benchmarks/serve/soak.py [SECONDS]          (600)

First 9,900 clients that were answered once and are silent, then 2,000 that ask as fast as they are
answered, then SECONDS of 1,000 requests a second on 40 connections, static pages and pages with
slots in turn, while 16 fragments a second change. Needs h2load, redis-server and redis-cli, and a
limit of 12,000 open files.
"""

import os
import pathlib
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("SERVE_BENCHMARK", str(ROOT / ".build/release/ServeBenchmark"))
SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 600
IDLE, ACTIVE = 9_900, 2_000


def resident(pid):
    """Megabytes of memory now."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1000


def wait_for_port(port):
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the server does not listen")


def idle(port, pid):
    before = resident(pid)
    clients = []
    for _ in range(IDLE):
        client = socket.create_connection(("127.0.0.1", port), 10)
        client.sendall(b"GET /static/ HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\n\r\n")
        clients.append(client)
        received = client.recv(65536)
        while not received.endswith(b"\r\n\r\n") and len(received) < 6_000:
            received += client.recv(65536)
    after = resident(pid)
    print(f"{IDLE} idle connections: {after:.1f} MB, "
          f"{(after - before) * 1000 / IDLE:.1f} kB a connection", flush=True)
    for client in clients:
        client.close()
    time.sleep(1)


def load(*options):
    """Runs h2load; how many requests succeeded, of how many."""
    output = subprocess.run(["h2load", "--h1", "-t1", *options], capture_output=True,
                            text=True).stdout
    line = re.search(r"requests: (\d+) total.* (\d+) succeeded, (\d+) failed", output)
    return tuple(map(int, line.groups()))


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (12_000, 12_000))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="serve-soak-"))
    children = []
    try:
        subprocess.run([PROGRAM, "make", folder], check=True)
        redis = str(folder / "redis.sock")
        children.append(subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", redis, "--save", ""],
            stdout=subprocess.DEVNULL))
        while not os.path.exists(redis):
            time.sleep(0.05)
        subprocess.run([PROGRAM, "publish", f"unix:{redis}"], check=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = subprocess.Popen(
            [PROGRAM, "serve", str(folder), f"127.0.0.1:{port}", f"unix:{redis}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        children.append(server)
        wait_for_port(port)
        base = f"http://127.0.0.1:{port}"
        print(f"at the start: {resident(server.pid):.1f} MB", flush=True)
        idle(port, server.pid)
        total, succeeded, failed = load(
            "-c", str(ACTIVE), "-n", "200000", "-H", "accept-encoding: br", f"{base}/slots/")
        print(f"{ACTIVE} active connections: {resident(server.pid):.1f} MB after {total} requests,"
              f" {failed} failed", flush=True)
        soak(server.pid, base, redis)
    finally:
        for child in reversed(children):
            child.kill()
            child.wait()
        shutil.rmtree(folder, ignore_errors=True)


def soak(pid, base, redis):
    def change():
        writer = subprocess.Popen(["redis-cli", "-s", redis], stdin=subprocess.PIPE,
                                  stdout=subprocess.DEVNULL, text=True)
        end = time.monotonic() + SECONDS
        number = 0
        while time.monotonic() < end:
            name = ("trending", "bag", "news")[number % 3]
            writer.stdin.write(f"SET f:{name} \"<b>{number} {'x' * (number % 400)}</b>\"\n")
            writer.stdin.flush()
            number += 1
            time.sleep(1 / 16)
        writer.stdin.close()
        writer.wait()

    threading.Thread(target=change, daemon=True).start()
    counts = []

    def ask():
        counts.append(load("-c", "40", "--rps", "25", "-D", str(SECONDS), "-H",
                           "accept-encoding: br", f"{base}/static/", f"{base}/slots/"))

    asking = threading.Thread(target=ask)
    asking.start()
    start = time.monotonic()
    samples = []
    while asking.is_alive():
        samples.append(resident(pid))
        if len(samples) % 6 == 1:
            print(f"after {time.monotonic() - start:4.0f} s: {samples[-1]:.1f} MB", flush=True)
        asking.join(10)
    total, succeeded, failed = counts[0]
    print(f"soak: {succeeded} of {total} answered, {failed} failed; "
          f"{samples[len(samples) // 10]:.1f} MB after a tenth, {samples[-1]:.1f} MB at the end",
          flush=True)


if __name__ == "__main__":
    main()
