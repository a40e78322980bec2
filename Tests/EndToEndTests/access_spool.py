"""A reader of access spools, written from their description alone (Sources/AccessRecords/Segments).

`answers(folder)` gives what is recorded of each answer, as a dictionary, in the order of segments
and records. Open and closed segments are read alike; a closed frame must have its checksum.
"""

import pathlib
import struct

FRAME = 64 << 10
KINDS = {1: "view", 2: "robot", 3: "missing", 4: "redirect", 5: "prefetch", 6: "asset", 7: "feed",
         8: "refused", 9: "fetched"}


def crc32c(data):
    """CRC-32C, bit by bit."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


class Frame:
    """The records of one frame; names, agents and texts are told once in it."""

    def __init__(self, body):
        self.body, self.at = body, 0
        self.names, self.agents, self.texts = [], [], []

    def byte(self):
        """One byte."""
        self.at += 1
        return self.body[self.at - 1]

    def number(self):
        """An integer of seven bits a byte."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def string(self):
        """A text behind its length."""
        length = self.number()
        self.at += length
        return self.body[self.at - length:self.at].decode()

    def reference(self, table, read):
        """What stands in a table, or follows and goes into it."""
        number = self.number()
        if number == 1:
            table.append(read())
            return table[-1]
        return table[number >> 1]

    def name(self):
        """Path, view and key."""
        return self.reference(
            self.names, lambda: (self.string(), self.string(), self.string()))

    def agent(self):
        """The class of a User-Agent."""
        return self.reference(self.agents, lambda: {
            "family": self.string(), "version": self.number(), "system": self.string(),
            "device": self.byte(), "robot": self.string(), "purpose": self.byte(),
            "subscribers": self.number()})

    def text(self):
        """Any other text."""
        return self.reference(self.texts, self.string)

    def record(self):
        """One record; what is no answer has only its kind."""
        self.number()
        first = self.byte()
        kind = first & 31
        if kind == 16:
            return {"kind": "loss", "of": KINDS[self.byte()], "count": self.number()}
        if kind == 17:
            return {"kind": "report", "directive": self.text(), "path": self.name()[0],
                    "blocked": self.text()}
        if kind == 18:
            return self.beacon(first)
        if kind not in KINDS:
            raise ValueError(f"a record of kind {kind}")
        signals, extras = self.byte(), self.byte()
        record = {"kind": KINDS[kind], "head": bool(first & 64), "objected": bool(first & 32),
                  "signals": signals, "status": self.number(), "bytes": self.number(),
                  "micros": self.number(), "visitor": None, "source": None}
        if first & 128:
            self.at += 8
            record["visitor"] = self.body[self.at - 8:self.at].hex()
        if KINDS[kind] == "robot":
            record["reason"] = self.byte()
        record["agent"] = self.agent()
        record["path"], record["view"], record["key"] = self.name()
        source = extras & 7
        if source in (1, 2):
            record["source"] = ["", "typed", "hidden"][source]
        elif source == 3:
            record["source"] = self.name()[0]
        elif source == 4:
            record["source"] = self.text()
        if extras & 8:
            record["campaign"] = (self.text(), self.text(), self.text())
        if extras & 16:
            record["language"] = self.text()
        if extras & 32:
            record["slots"] = [(self.text(), self.byte()) for _ in range(self.number())]
        return record

    def beacon(self, first):
        """What a page's script told."""
        record = {"kind": "beacon", "visitor": None}
        if first & 128:
            self.at += 8
            record["visitor"] = self.body[self.at - 8:self.at].hex()
        record["agent"], record["language"] = self.agent(), self.text()
        record["path"], record["navigation"], flags = self.name()[0], self.byte(), self.byte()
        record["why"] = [word for bit, word in enumerate(
            ["persisted", "prerendered", "prefetched", "only witness"]) if flags >> bit & 1]
        record["age"] = self.number()
        for vital in ["lcp", "inp", "cls", "ttfb"]:
            record[vital] = (self.number() or None)
        return record


def records(path):
    """The records of one segment."""
    data = pathlib.Path(path).read_bytes()
    if not any(data[:64]):
        return
    magic, version = struct.unpack_from("<4sI", data)
    checksum, closed = struct.unpack_from("<II", data, 56)
    if magic != b"sgs1" or version != 1 or checksum != crc32c(data[:56]):
        raise ValueError(f"{path} is no segment")
    for number in range((len(data) + FRAME - 1) // FRAME):
        start = max(number * FRAME, 64)
        if len(data) < start + 24:
            return
        length, checksum, wall, _ = struct.unpack_from("<IIqQ", data, start)
        if not wall:
            return
        body = data[start + 24:start + 24 + length]
        if closed or checksum:
            if checksum != (crc32c(data[start + 8:start + 24 + length]) or 0xFFFFFFFF):
                raise ValueError(f"frame {number} of {path} is damaged")
        frame = Frame(body)
        while frame.at < length:
            yield frame.record()


def answers(folder):
    """All records of a folder."""
    found = []
    for path in sorted(pathlib.Path(folder).glob("*.spool")):
        found += records(path)
    return found
