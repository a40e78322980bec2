#!/usr/bin/env python3
"""What visitors notice while Redis is killed, stopped, cut off, slow, emptied or wrong.

    swift build -c release --product ServeBenchmark
    Benchmarks/serve/faults.py [SECONDS]        (each fault lasts 5 seconds)

One client asks for the page with three slots about 400 times a second on a connection that lives
on, through each fault and three seconds beyond it. Printed: requests, those that failed, the
percentiles of their times in milliseconds, and how long after the end of the fault the page shows
what Redis has then. Needs redis-server and redis-cli.
"""

import http.client
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("SERVE_BENCHMARK", str(ROOT / ".build/release/ServeBenchmark"))
SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
PAUSE = 0.0025


class Proxy:
    """Passes bytes between a port and Redis: late, or not at all."""

    def __init__(self, target):
        self.target, self.lag, self.is_cut = target, 0.0, False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(self.target)
            except OSError:
                client.close()
                continue
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=self.carry, args=(one, other), daemon=True).start()

    def carry(self, one, other):
        try:
            while data := one.recv(65536):
                if self.is_cut:
                    continue
                if self.lag:
                    time.sleep(self.lag)
                other.sendall(data)
        except OSError:
            pass
        for end in (one, other):
            end.close()


class Redis:
    """A redis-server on a socket that can be killed and started again, empty."""

    def __init__(self, folder):
        self.socket = str(folder / "redis.sock")
        self.start()

    def start(self):
        self.child = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", self.socket, "--save", ""],
            stdout=subprocess.DEVNULL)
        while self.ask("PING") != "PONG":
            time.sleep(0.01)

    def ask(self, *command):
        return subprocess.run(["redis-cli", "-s", self.socket, *command], capture_output=True,
                              text=True).stdout.strip()

    def kill(self):
        self.child.kill()
        self.child.wait()
        pathlib.Path(self.socket).unlink(missing_ok=True)


class Client(threading.Thread):
    """Asks for the page until it is told to stop."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.times, self.failed, self.is_over = port, [], 0, False

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        while not self.is_over:
            start = time.perf_counter()
            try:
                connection.request("GET", "/slots/")
                answer = connection.getresponse()
                answer.read()
                self.failed += answer.status != 200
            except OSError:
                self.failed += 1
            self.times.append((time.perf_counter() - start) * 1000)
            time.sleep(PAUSE)

    def percentile(self, part):
        times = sorted(self.times)
        return times[min(len(times) - 1, int(len(times) * part))]


def page(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/slots/")
    return connection.getresponse().read()


def healed(port, text):
    """Seconds until the page has a text."""
    start = time.perf_counter()
    while text.encode() not in page(port):
        if time.perf_counter() - start > 60:
            return float("inf")
        time.sleep(0.005)
    return time.perf_counter() - start


def faults(redis, proxy):
    """Each fault: what begins it, and what ends it."""
    def stopped(number):
        return lambda: redis.child.send_signal(number)

    def set_(name, value):
        return lambda: setattr(proxy, name, value)

    nothing = lambda: None  # noqa: E731
    yield "none", nothing, nothing
    yield "kill -9, started again empty", redis.kill, redis.start
    yield "SIGSTOP", stopped(signal.SIGSTOP), stopped(signal.SIGCONT)
    yield "network cut", set_("is_cut", True), set_("is_cut", False)
    yield "100 ms late", set_("lag", 0.1), set_("lag", 0.0)
    yield "FLUSHALL", lambda: redis.ask("FLUSHALL"), nothing
    yield ("another type", lambda: redis.ask("DEL", "f:trending")
           and redis.ask("LPUSH", "f:trending", "x"), nothing)
    yield "a damaged record", lambda: redis.ask("SET", "f:trending", "SGF1\1\2\3broken"), nothing


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="serve-faults-"))
    redis = server = None
    try:
        subprocess.run([PROGRAM, "make", folder], check=True)
        redis = Redis(folder)
        proxy = Proxy(redis.socket)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = subprocess.Popen(
            [PROGRAM, "serve", str(folder), f"127.0.0.1:{port}",
             f"redis://127.0.0.1:{proxy.port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                page(port)
                break
            except OSError:
                time.sleep(0.05)
        print(f"{'fault':30} {'requests':>9} {'failed':>7} {'p50':>7} {'p99':>7} {'longest':>8}"
              f" {'healed':>8}")
        for number, (label, begin, end) in enumerate(faults(redis, proxy)):
            subprocess.run([PROGRAM, "publish", f"unix:{redis.socket}"], check=True)
            healed(port, "trending look number 1")
            client = Client(port)
            client.start()
            begin()
            time.sleep(SECONDS)
            end()
            text = f"<b>after fault {number}</b>"
            redis.ask("DEL", "f:trending")
            redis.ask("SET", "f:trending", text)
            seconds = healed(port, text)
            time.sleep(3)
            client.is_over = True
            client.join()
            print(f"{label:30} {len(client.times):9} {client.failed:7}"
                  f" {client.percentile(0.5):7.2f} {client.percentile(0.99):7.2f}"
                  f" {max(client.times):8.1f} {seconds:6.2f} s", flush=True)
    finally:
        for child in (server, redis and redis.child):
            if child:
                child.kill()
                child.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
