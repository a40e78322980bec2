#!/usr/bin/env python3
"""CPU time per request of `serve` with the access spool, with the JSON log, and with neither.

    swift build -c release --product ServeBenchmark
    swift build -c release --product RecordBenchmark
    Benchmarks/traffic/serving.py [ROUNDS [SECONDS]]

Needs Debian's wrk and redis-server. All servers run at once on the first core, the client on the
second; each round asks every server in turn, with the fields that a browser sends, and the medians
of the rounds' ratios are printed. CPU time is that of the server's threads, from /proc.
"""

import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("SERVE_BENCHMARK", str(ROOT / ".build/release/ServeBenchmark"))
RECORDS = os.environ.get("RECORD_BENCHMARK", str(ROOT / ".build/release/RecordBenchmark"))
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 7
SECONDS = int(sys.argv[2]) if len(sys.argv) > 2 else 2
SERVER = ["taskset", "-c", "0"]
CLIENT = ["taskset", "-c", "1"]
FIELDS = {
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
                  "Chrome/143.0.0.0 Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
    "Accept-Language": "de-CH,de;q=0.9,en;q=0.8", "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "navigate", "Sec-Fetch-User": "?1", "Sec-Fetch-Dest": "document",
    "Upgrade-Insecure-Requests": "1",
}


def cpu_nanoseconds(pid):
    """What the threads of a process ran."""
    return sum(int(pathlib.Path(f"/proc/{pid}/task/{thread}/schedstat").read_text().split()[0])
               for thread in os.listdir(f"/proc/{pid}/task"))


def load(pid, port, path):
    """Microseconds of CPU a request, and the requests."""
    fields = [part for name, value in FIELDS.items() for part in ("-H", f"{name}: {value}")]
    fields += ["-H", f"Referer: http://127.0.0.1:{port}/static/"]
    before = cpu_nanoseconds(pid)
    output = subprocess.run(
        [*CLIENT, "wrk", "-t1", "-c16", f"-d{SECONDS}s", *fields,
         f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True).stdout
    spent = cpu_nanoseconds(pid) - before
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(output)
    requests = int(re.search(r"(\d+) requests in", output).group(1))
    return spent / 1000 / requests, requests


def main():
    """The measurement."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="traffic-benchmark-"))
    children = {}

    def start(name, command):
        children[name] = subprocess.Popen(
            [str(part) for part in command], stdout=subprocess.DEVNULL, cwd=folder)
        return children[name].pid

    try:
        subprocess.run([PROGRAM, "make", folder], check=True)
        redis = folder / "redis.sock"
        start("redis", ["redis-server", "--port", "0", "--unixsocket", redis, "--save", ""])
        while not redis.exists():
            time.sleep(0.05)
        subprocess.run([PROGRAM, "publish", f"unix:{redis}"], check=True)
        ports = {"neither": 18180, "spool": 18181, "json log": 18182}
        options = {"neither": [], "spool": ["--spool", folder / "spool"],
                   "json log": ["--log", folder / "access.log"]}
        pids = {name: start(name, [*SERVER, PROGRAM, "serve", folder, f"127.0.0.1:{port}",
                                   f"unix:{redis}", *options[name]])
                for name, port in ports.items()}
        time.sleep(2)
        for path in ["/static/", "/slots/"]:
            times = {name: [] for name in ports}
            for _ in range(ROUNDS + 1):
                for name, port in ports.items():
                    spent, _ = load(pids[name], port, path)
                    times[name].append(spent)
            # The first round warms up.
            times = {name: values[1:] for name, values in times.items()}
            for name, values in times.items():
                ratios = [one / other for one, other in zip(values, times["neither"])]
                print(f"{path:10} {name:10} {statistics.median(values):7.2f} µs a request, "
                      f"{statistics.median(ratios):.3f} × neither "
                      f"({min(ratios):.3f} to {max(ratios):.3f})", flush=True)
        print(subprocess.run([RECORDS, folder], capture_output=True, text=True, check=True).stdout)
    finally:
        for child in children.values():
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
