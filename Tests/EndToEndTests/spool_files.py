"""Segments of an access spool, written by another hand than the server's: the format as it is told.

`Record` is what a server keeps of one request. `Segment` appends records to a file as a server
does: the open frame's length is stored last, a closed frame has a checksum. Tests decide when a
segment grows, is closed, cut or damaged.
"""

import collections
import os
import struct

HEAD = 24
FRAME = 64 << 10
VIEW, ROBOT, MISSING, REDIRECT, PREFETCH, ASSET, FEED, REFUSED, FETCHED = range(1, 10)

Agent = collections.namedtuple("Agent", "family version system device robot purpose subscribers")
Name = collections.namedtuple("Name", "path view key", defaults=("", ""))
Record = collections.namedtuple(
    "Record", "at kind status name visitor signals bytes micros agent reason source campaign "
              "language slots objected head",
    defaults=(None, 0, 0, 0, Agent("", 0, "", 0, "", 0, 0), 0, ("none", None), None, "", (),
              False, False))

# What a page's script tells: `why` has the bits persisted, prerendered, prefetched, only witness;
# `age` is in milliseconds, `vitals` are LCP, INP, CLS and TTFB, each None if it was not measured.
Beacon = collections.namedtuple("Beacon", "at name visitor agent language why age vitals")
Report = collections.namedtuple("Report", "at directive name blocked")

_TABLE = []
for _byte in range(256):
    _sum = _byte
    for _ in range(8):
        _sum = _sum >> 1 ^ (0x82F63B78 if _sum & 1 else 0)
    _TABLE.append(_sum)


def crc32c(data):
    """CRC-32C (Castagnoli), RFC 3720 appendix B.4."""
    total = 0xFFFFFFFF
    for byte in data:
        total = total >> 8 ^ _TABLE[(total ^ byte) & 0xFF]
    return total ^ 0xFFFFFFFF


def varint(number):
    """LEB128."""
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def text(string):
    """A length and UTF-8."""
    data = string.encode()
    return varint(len(data)) + data


class Segment:
    """One segment's file."""

    SOURCES = {"none": 0, "typed": 1, "hidden": 2, "inside": 3, "elsewhere": 4}

    def __init__(self, folder, server, began, version=1):
        self.id = os.urandom(16)
        self.began = began
        self.path = folder / f"{began & (1 << 64) - 1:016x}-{self.id.hex()}.spool"
        head = struct.pack("<4sI16s16sqQ", b"sgs1", version, server, self.id, began, 0)
        self.file = open(self.path, "w+b", buffering=0)
        self.file.write(head + struct.pack("<II", crc32c(head), 0))
        self.index = 0
        self._begin()

    def _begin(self):
        self.start = 64 if self.index == 0 else self.index * FRAME
        self.body = bytearray()
        self.tables = collections.defaultdict(dict)
        self.wall = None

    def append(self, records):
        """Adds records and stores the length of the open frame behind them."""
        for record in records:
            self._append(record)
        self._store(0)

    def _append(self, record):
        if self.wall is None:
            self.wall = self.began
        data = self._encode(record)
        if self.start + HEAD + len(self.body) + len(data) > (self.index + 1) * FRAME:
            self._store_closed()
            self.index += 1
            self._begin()
            self.wall = self.began
            data = self._encode(record)
        self.body += data

    def _clocks(self):
        return struct.pack("<qQ", self.wall or 1, 1)

    def _store(self, total):
        if self.wall is None:
            return
        at = self.file.fileno()
        os.pwrite(at, struct.pack("<I", total) + self._clocks() + self.body, self.start + 4)
        os.pwrite(at, struct.pack("<I", len(self.body)), self.start)

    def _store_closed(self):
        self._store(crc32c(self._clocks() + self.body) or 0xFFFFFFFF)

    def close(self):
        """Ends the segment as a server does."""
        self._store_closed()
        os.pwrite(self.file.fileno(), struct.pack("<I", 1), 60)
        self.file.close()

    def _refer(self, table, value, data):
        known = self.tables[table]
        if value in known:
            return varint(known[value] << 1)
        known[value] = len(known)
        return b"\x01" + data

    def _name(self, name):
        return self._refer("name", name, text(name.path) + text(name.view) + text(name.key))

    def _text(self, value):
        return self._refer("text", value, text(value))

    def _agent(self, agent):
        return self._refer("agent", agent, text(agent.family) + varint(agent.version)
                           + text(agent.system) + bytes([agent.device]) + text(agent.robot)
                           + bytes([agent.purpose]) + varint(agent.subscribers))

    def _beacon(self, beacon):
        out = bytearray([18 | (beacon.visitor is not None) << 7])
        if beacon.visitor is not None:
            out += struct.pack("<Q", beacon.visitor)
        out += self._agent(beacon.agent) + self._text(beacon.language) + self._name(beacon.name)
        out += bytes([1, beacon.why]) + varint(beacon.age)
        for vital in beacon.vitals:
            out += varint(0 if vital is None else vital + 1)
        return bytes(out)

    def _encode(self, record):
        if isinstance(record, Beacon):
            return varint(record.at - self.wall) + self._beacon(record)
        if isinstance(record, Report):
            return (varint(record.at - self.wall) + bytes([17]) + self._text(record.directive)
                    + self._name(record.name) + self._text(record.blocked))
        source, where = record.source
        kind = record.kind | record.objected << 5 | record.head << 6
        kind |= (record.visitor is not None) << 7
        extras = self.SOURCES[source] | (record.campaign is not None) << 3
        extras |= bool(record.language) << 4 | bool(record.slots) << 5
        out = bytearray(varint(record.at - self.wall))
        out += bytes([kind, record.signals, extras])
        out += varint(record.status) + varint(record.bytes) + varint(record.micros)
        if record.visitor is not None:
            out += struct.pack("<Q", record.visitor)
        if record.kind == ROBOT:
            out.append(record.reason)
        out += self._agent(record.agent) + self._name(record.name)
        if source == "inside":
            out += self._name(where)
        elif source == "elsewhere":
            out += self._text(where)
        if record.campaign is not None:
            for part in record.campaign:
                out += self._text(part)
        if record.language:
            out += self._text(record.language)
        if record.slots:
            out += varint(len(record.slots))
            for fragment, outcome in record.slots:
                out += self._text(fragment) + bytes([outcome])
        return bytes(out)
