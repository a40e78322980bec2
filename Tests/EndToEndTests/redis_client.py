"""A Redis client of forty lines, over a Unix socket, and the search for the demo's server.

It speaks RESP2 and waits for each answer. Values are bytes; an error answer raises. It is enough
to write a fragment by hand and to see what the publisher wrote, and no more.
"""

import os
import pathlib
import socket
import stat

import harness


class RedisError(harness.Failure):
    """An answer that begins with `-`."""


class Redis:
    """One connection."""

    def __init__(self, path, seconds=5.0):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(seconds)
        self.socket.connect(str(path))
        self.input = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.input.close()
        self.socket.close()

    def __call__(self, *arguments):
        parts = [a if isinstance(a, bytes) else str(a).encode() for a in arguments]
        request = b"*%d\r\n" % len(parts)
        request += b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)
        self.socket.sendall(request)
        return self._answer()

    def _answer(self):
        line = self.input.readline()
        if not line.endswith(b"\r\n"):
            raise RedisError("the server closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"-":
            raise RedisError(rest.decode(errors="replace"))
        if kind == b":":
            return int(rest)
        if kind == b"$":
            if rest == b"-1":
                return None
            return self.input.read(int(rest) + 2)[:-2]
        if kind == b"*":
            return None if rest == b"-1" else [self._answer() for _ in range(int(rest))]
        return rest


def find_socket(folder):
    """The Unix socket of the Redis server that works for a folder; Failure if there is none."""
    candidates = []
    for place, _, names in os.walk(folder):
        for name in names:
            path = pathlib.Path(place) / name
            try:
                if stat.S_ISSOCK(path.lstat().st_mode):
                    candidates.append(path)
            except FileNotFoundError:
                continue  # a server's file of the moment
    for process in harness.processes_of(folder):
        command = pathlib.Path(f"/proc/{process}/cmdline").read_bytes()
        _, found, rest = command.partition(b"unixsocket:")
        if found:
            candidates.append(pathlib.Path(os.fsdecode(rest.split(b"\0")[0].split()[0])))
    for path in candidates:
        try:
            with Redis(path, seconds=1.0) as redis:
                if redis("PING") == b"PONG":
                    return path
        except (OSError, harness.Failure):
            continue
    raise harness.Failure(f"no Redis socket below {folder}")


def find_process(folder):
    """The id of the Redis server that works for a folder."""
    for process in harness.processes_of(folder):
        name = pathlib.Path(f"/proc/{process}/comm").read_text().strip()
        if name.startswith("redis-server"):
            return process
    raise harness.Failure(f"no redis-server works for {folder}")
