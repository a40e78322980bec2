#!/usr/bin/env python3
"""CPU time per request of sitegen, nginx and Varnish with the same pages, in one run.

    swift build -c release --product ServeBenchmark
    Benchmarks/serve/run.py [ROUNDS [SECONDS]]

Needs Debian's nginx, libnginx-mod-http-brotli-static, varnish, wrk, nghttp2-client and
redis-server. Every server has one worker on the first core; the client has the second. Each round
asks every server in turn, and the medians of the rounds are printed. CPU time is the nanoseconds
that the server's threads ran, from /proc, with the kernel's part. Latencies are those of another
run at a fixed rate, which leaves every server idle most of the time.
"""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("SERVE_BENCHMARK", str(ROOT / ".build/release/ServeBenchmark"))
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
SECONDS = int(sys.argv[2]) if len(sys.argv) > 2 else 3
SERVER = ["taskset", "-c", "0"]
CLIENT = ["taskset", "-c", "1"]
RATE = 1000

NGINX = """
load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;
worker_processes 1; daemon off; master_process off;
pid {folder}/{name}.pid; error_log {folder}/{name}.log;
events {{ worker_connections 4096; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; etag on;
  open_file_cache max=1000; types {{ text/html html; text/plain frag; }} charset utf-8;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; root {folder}/www;
    add_header Content-Security-Policy "default-src 'none'; img-src 'self'";
    add_header Vary Accept-Encoding;
    {server}
  }}
}}
"""
VCL = """
vcl 4.1;
backend default {{ .host = "127.0.0.1"; .port = "{port}"; }}
sub vcl_backend_response {{
  set beresp.do_esi = bereq.url ~ "html$"; set beresp.do_gzip = true; set beresp.ttl = 1h;
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nothing listens on {port}")


def tree(pid):
    """A process and its descendants."""
    found = [pid]
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                parent = int(open(f"/proc/{entry}/stat").read().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            if parent == pid:
                found += tree(int(entry))
    return found


def cpu_nanoseconds(pid):
    total = 0
    for process in tree(pid):
        for thread in os.listdir(f"/proc/{process}/task"):
            try:
                total += int(open(f"/proc/{process}/task/{thread}/schedstat").read().split()[0])
            except OSError:
                pass
    return total


def fetch(port, path, coding):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": coding})
    with urllib.request.urlopen(request) as answer:
        return answer.read(), answer.headers


def load(pid, port, path, coding):
    before = cpu_nanoseconds(pid)
    output = subprocess.run(
        CLIENT + ["wrk", "-t1", "-c16", f"-d{SECONDS}s", "-H", f"Accept-Encoding: {coding}",
                  f"http://127.0.0.1:{port}{path}"],
        capture_output=True, text=True, check=True).stdout
    spent = cpu_nanoseconds(pid) - before
    requests = int(re.search(r"(\d+) requests in", output).group(1))
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(output)
    return spent / 1000 / requests, requests / SECONDS


def latencies(folder, port, path, coding):
    """Percentiles in microseconds at RATE requests a second over 10 connections."""
    log = folder / "latency.log"
    log.unlink(missing_ok=True)
    subprocess.run(
        CLIENT + ["h2load", "--h1", "-c10", "-t1", f"--rps={RATE // 10}", f"-D{SECONDS}",
                  f"--log-file={log}", "-H", f"accept-encoding: {coding}",
                  f"http://127.0.0.1:{port}{path}"],
        capture_output=True, check=True)
    times = sorted(int(line.split("\t")[2]) for line in log.read_text().splitlines())
    return {str(p): times[min(len(times) - 1, int(len(times) * p / 100))] for p in (50, 90, 99)}


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="serve-benchmark-"))
    os.chmod(folder, 0o755)
    children = []

    def start(command, port=None):
        child = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
            start_new_session=True)
        children.append(child)
        if port:
            wait_for(port)
        return child.pid

    try:
        subprocess.run([PROGRAM, "make", folder], check=True)
        redis = folder / "redis.sock"
        start(["redis-server", "--port", "0", "--unixsocket", str(redis), "--save", ""])
        while not redis.exists():
            time.sleep(0.05)
        subprocess.run([PROGRAM, "publish", f"unix:{redis}"], check=True)
        ours, plain, ssi, esi = (free_port() for _ in range(4))
        pids = {"sitegen": start(
            SERVER + [PROGRAM, "serve", str(folder), f"127.0.0.1:{ours}", f"unix:{redis}"], ours)}
        # The bytes that sitegen puts together, as a plain file of nginx.
        for coding, suffix in [("br", ".br"), ("gzip", ".gz"), ("identity", "")]:
            body, _ = fetch(ours, "/slots/", coding)
            (folder / "www" / f"filled.html{suffix}").write_bytes(body)

        def nginx(name, port, server):
            path = folder / f"{name}.conf"
            path.write_text(NGINX.format(folder=folder, name=name, port=port, server=server))
            return start(SERVER + ["/usr/sbin/nginx", "-c", str(path)], port)

        pids["nginx"] = nginx("plain", plain, "location / { gzip_static on; brotli_static on; }")
        pids["nginx SSI"] = nginx(
            "ssi", ssi, "ssi on; gzip on; gzip_types text/plain; gzip_comp_level 6;")
        (folder / "default.vcl").write_text(VCL.format(port=plain))
        pids["Varnish ESI"] = start(
            SERVER + ["/usr/sbin/varnishd", "-F", "-j", "none", "-n", str(folder / "v"), "-a",
                      f"127.0.0.1:{esi}", "-f", str(folder / "default.vcl"), "-s", "malloc,64m",
                      "-p", "thread_pools=1"], esi)
        cases = [
            ("sitegen, static, br", "sitegen", ours, "/static/", "br"),
            ("nginx brotli_static", "nginx", plain, "/static.html", "br"),
            ("sitegen, static, gzip", "sitegen", ours, "/static/", "gzip"),
            ("nginx gzip_static", "nginx", plain, "/static.html", "gzip"),
            ("sitegen, 3 slots, br", "sitegen", ours, "/slots/", "br"),
            ("nginx, the same bytes, br", "nginx", plain, "/filled.html", "br"),
            ("sitegen, 3 slots, gzip", "sitegen", ours, "/slots/", "gzip"),
            ("nginx SSI + gzip", "nginx SSI", ssi, "/ssi.html", "gzip"),
            ("Varnish ESI + gzip", "Varnish ESI", esi, "/esi.html", "gzip"),
        ]
        sizes = {}
        for label, _, port, path, coding in cases:
            body, headers = fetch(port, path, coding)
            if headers.get("Content-Encoding") != coding:
                raise SystemExit(f"{label}: {headers}")
            sizes[label] = len(body)
        times = {case[0]: [] for case in cases}
        rates = {case[0]: [] for case in cases}
        for _ in range(ROUNDS):
            for label, server, port, path, coding in cases:
                cpu, rate = load(pids[server], port, path, coding)
                times[label].append(cpu)
                rates[label].append(rate)
        results = {}
        for label, server, port, path, coding in cases:
            results[label] = {
                "bytes": sizes[label], "cpu_us": round(statistics.median(times[label]), 2),
                "rounds": [round(value, 2) for value in times[label]],
                "requests_per_second": round(statistics.median(rates[label])),
                "latency_us": latencies(folder, port, path, coding)}
        print(f"{'':28} {'bytes':>7} {'CPU µs':>7} {'req/s':>7} {'p50':>6} {'p99':>6}")
        for label, row in results.items():
            print(f"{label:28} {row['bytes']:7} {row['cpu_us']:7.2f} {row['requests_per_second']:7}"
                  f" {row['latency_us']['50']:6} {row['latency_us']['99']:6}")
        cpu = {label: row["cpu_us"] for label, row in results.items()}
        for one, other, goal in [
                ("sitegen, static, br", "nginx brotli_static", 1.0),
                ("sitegen, static, gzip", "nginx gzip_static", 1.0),
                ("sitegen, 3 slots, br", "nginx, the same bytes, br", 1.2),
                ("sitegen, 3 slots, gzip", "nginx SSI + gzip", 0.2),
                ("sitegen, 3 slots, gzip", "Varnish ESI + gzip", 0.1)]:
            ratios = [a / b for a, b in zip(times[one], times[other])]
            print(f"{one} / {other}: {statistics.median(ratios):.3f} (to reach {goal})")
        pathlib.Path(ROOT / ".build/serve-benchmark.json").write_text(json.dumps(results, indent=1))
    finally:
        for child in reversed(children):
            try:
                os.killpg(child.pid, signal.SIGTERM)
                child.wait(10)
            except (OSError, subprocess.TimeoutExpired):
                child.kill()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
