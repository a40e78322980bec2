"""Random traffic: rows for the fold, and records for the spool with the rows that they mean.

Times cluster where mistakes would show: equal, at a visit's pause and a microsecond behind it, at
midnight, in the hours that daylight saving repeats or leaves out. A few visitors behave as robots
do, some browsers prefetch, and some visitors come back through another server.
"""

import datetime
import random
import zoneinfo

import spool_files as spool
from traffic_oracle import EPOCH, UTC, Hit

ZONE = "Europe/Paris"
PAUSES = [0, 1000, 400_000, 60 * 10**6, 600 * 10**6, 1800 * 10**6, 1800 * 10**6 + 1]
PATHS = [f"/looks/{n}/" for n in range(24)] + ["/", "/about/"]
PROBES = ["/wp-login.php", "/.env", "/.git/config", "/a.php", "/b.php", "/x/wp-admin", "/lost/"]
AGENTS = [spool.Agent("Firefox", 140 + n, "Linux", 1, "", 0, 0) for n in range(4)] + [
    spool.Agent("Safari", 18, "iOS", 2, "", 0, 0)]
ROBOTS = [(spool.Agent("", 0, "", 0, f"Bot{n}", n, 0), 1 + n) for n in range(3)]
READER = spool.Agent("", 0, "", 0, "Reader", 3, 12)


def micros(moment):
    """An instant in microseconds since 2000."""
    return int((moment - EPOCH) / datetime.timedelta(microseconds=1))


def changes_of_time(before):
    """The last two days on which the clocks of the zone change, the last one first."""
    zone, found, day = zoneinfo.ZoneInfo(ZONE), [], before
    while len(found) < 2:
        day -= datetime.timedelta(days=1)
        noon = datetime.datetime(day.year, day.month, day.day, 12, tzinfo=zone)
        night = datetime.datetime(day.year, day.month, day.day, 0, tzinfo=zone)
        if noon.utcoffset() != night.utcoffset():
            found.append(day)
    return found


class Traffic:
    """A source of random records."""

    def __init__(self, seed, visitors):
        self.random = random.Random(seed)
        self.visitors = [self.random.getrandbits(64) or 1 for _ in range(visitors)]
        self.last = None
        self.starts = []
        for day in changes_of_time(datetime.date.today() - datetime.timedelta(days=2)):
            night = datetime.datetime(day.year, day.month, day.day, tzinfo=UTC)
            self.starts.append(micros(night - datetime.timedelta(hours=3)))
        self.began = min(self.starts) - 10**6

    def _name(self, path):
        view = "look_page" if path.startswith("/looks/") else ""
        return spool.Name(path, view, path.split("/")[2] if view else "")

    def _time(self):
        if self.random.random() < 0.1:
            # Around midnight in the zone, which is one or two hours before it in UTC.
            offset = self.random.choice([1, 2, 25, 26]) * 3600 * 10**6
            return self.random.choice(self.starts) + offset + self.random.choice([-1, 0, 1])
        return self.random.choice(self.starts) + self.random.randrange(28 * 3600 * 10**6)

    def told(self):
        """What a page's script or a browser told: a beacon, or a report."""
        draw, name = self.random, self._name(self.random.choice(PATHS))
        if draw.random() < 0.2:
            return spool.Report(self._time(), draw.choice(["img-src", "font-src"]), name,
                                draw.choice(["ads.example", "inline"]))
        age = draw.choice([0, 1, 1000, 1_800_000, 3_600_000])
        at = self._time() + age * 1000
        visitor = draw.choice(self.visitors) if draw.random() < 0.9 else None
        return spool.Beacon(
            at, name, visitor, draw.choice(AGENTS), draw.choice(["", "en", "fr"]),
            draw.choice([0, 0, 1, 2, 4, 8]), age,
            [draw.choice([None, 0, 1, 2, 3, 999, 1000, 1001, 60_000]) for _ in range(4)])

    def record(self):
        """One random record."""
        draw, kind = self.random, self.random.choice(
            [1] * 60 + [2] * 6 + [3] * 8 + [5] * 8 + [6] * 14 + [7] * 2 + [4, 8, 9])
        visitor, at = None, self._time()
        if kind in (1, 3, 5, 6) and draw.random() < 0.92:
            visitor = draw.choice(self.visitors)
            if self.last and draw.random() < 0.5:
                visitor, at = self.last[0], self.last[1] + draw.choice(PAUSES)
            self.last = visitor, at
        path = draw.choice(PATHS)
        if kind == spool.MISSING:
            path = draw.choice(PROBES)
        if kind == spool.ASSET:
            path = "/robots.txt" if draw.random() < 0.01 else "/site.css"
        source = draw.choice(
            [("none", None), ("typed", None), ("hidden", None), ("elsewhere", "a.example"),
             ("elsewhere", "b.example")]
            + [("inside", self._name(draw.choice(PATHS))) for _ in range(5)])
        robot, reason = draw.choice(ROBOTS)
        campaign = ("news", "mail", f"n{draw.randrange(3)}") if draw.random() < 0.1 else None
        return spool.Record(
            at=at, kind=kind, status=draw.choice([200, 200, 200, 304]) if kind != 3 else 404,
            name=self._name(path), visitor=visitor, signals=64 if kind == spool.PREFETCH else 0,
            bytes=draw.randrange(100_000), micros=int(10 ** draw.uniform(1, 6)),
            agent={2: robot, 7: READER}.get(kind, draw.choice(AGENTS)),
            reason=reason if kind == spool.ROBOT else 0, source=source, campaign=campaign,
            language=draw.choice(["", "en", "fr"]),
            slots=((draw.choice(["bag", "trending"]), draw.randrange(9)),) if kind == 1 else (),
            objected=draw.random() < 0.02)

    def records(self, count):
        """Records in random order; one visitor reads faster than a person, one a great deal."""
        made = [self.told() if self.random.random() < 0.05 else self.record()
                for _ in range(count)]
        for pause, views in [(700_000, 25), (2_000_000, 12)]:
            visitor, at = self.random.getrandbits(64) or 1, self.starts[0] + 5 * 3600 * 10**6
            made += [spool.Record(
                at=at + n * pause, kind=spool.VIEW, status=200, visitor=visitor,
                name=self._name(self.random.choice(PATHS)), agent=AGENTS[0]) for n in range(views)]
        self.random.shuffle(made)
        return made


KEPT = (spool.VIEW, spool.ROBOT, spool.MISSING, spool.PREFETCH, spool.FEED)


class Numbers:
    """The numbers that a database gave to texts, and the rows that records are under them."""

    def __init__(self, query):
        self.pages = {(path, view, key): int(number) for number, path, view, key in query(
            "SELECT id, path, view, key FROM traffic.page")}
        self.sources = {(int(kind), where): int(number) for number, kind, where in query(
            "SELECT id, class, text FROM traffic.source")}
        self.campaigns = {(a, b, c): int(number) for number, a, b, c in query(
            "SELECT id, source, medium, name FROM traffic.campaign")}
        agents = query("SELECT id, family, version, system, device, robot, purpose, subscribers, "
                       "reason, language FROM traffic.agent")
        self.agents = {tuple(rest): int(number) for number, *rest in agents}
        self.reasons = {int(row[0]): int(row[8]) for row in agents}
        self.paths = {number: text[0] for text, number in self.pages.items()}
        self.names = {number: text[1:] for text, number in self.pages.items()}
        self.inside = {number: text[1] for text, number in self.sources.items() if text[0] == 3}

    def row(self, record):
        """The row of a record; None if it has none."""
        if isinstance(record, spool.Beacon):
            return self.seen(record) if record.why else None
        if isinstance(record, spool.Report):
            return None
        named = record.kind in KEPT
        source, where = record.source
        where = where.path if source == "inside" else where or ""
        place = (spool.Segment.SOURCES[source], where)
        flags = record.signals | (4096 if record.name.path == "/robots.txt" else 0)
        if record.kind == spool.MISSING and record.name.path != "/lost/":
            flags |= 8192
        visitor = record.visitor
        if visitor is not None and visitor >= 1 << 63:
            visitor -= 1 << 64
        agent = tuple(map(str, record.agent)) + (str(record.reason), record.language)
        if record.objected:
            return Hit(record.at, None, 0, 0, 0, 0, record.micros, record.bytes, record.status,
                       record.kind, 512)
        return Hit(
            record.at, visitor, self.pages[record.name] if named else 0,
            self.sources[place] if named or (record.kind, source) == (spool.ASSET, "inside") else 0,
            self.agents[agent] if named else 0,
            self.campaigns[record.campaign] if named and record.campaign else 0, record.micros,
            record.bytes, record.status, record.kind, flags)

    def seen(self, beacon):
        """The row of a view that no server saw."""
        visitor = beacon.visitor
        if visitor is not None and visitor >= 1 << 63:
            visitor -= 1 << 64
        agent = tuple(map(str, beacon.agent)) + ("0", beacon.language)
        return Hit(beacon.at - beacon.age * 1000, visitor, self.pages[beacon.name], 0,
                   self.agents[agent], 0, 0, 0, 200, spool.VIEW, 1 << 14)


def step_of(value):
    """The step of the scale 1, 2, 5, 10, 20, 50 … that holds a number."""
    step, end = 0, 1
    while value > end:
        step += 1
        end = (1, 2, 5)[step % 3] * 10 ** (step // 3)
    return step
