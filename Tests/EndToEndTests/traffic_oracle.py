"""What rows of traffic count as, in plain Python: it shares nothing with the SQL that it judges.

A row is a `Hit`. `Oracle` takes all rows that were sent and the rows that the database kept, goes
through each visitor's day in order, and gives every table of counts as a dictionary. `compare`
reads the tables and returns the lines that differ.
"""

import collections
import datetime
import math
import zoneinfo

UTC = datetime.timezone.utc
Hit = collections.namedtuple(
    "Hit", "at visitor page source agent campaign micros bytes status kind flags")
EPOCH = datetime.datetime(2000, 1, 1, tzinfo=UTC)
GAP = 30 * 60 * 10**6
OPENED_WITHIN = 10 * 60 * 10**6
STEPS = [100, 250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000]
VIEW, ROBOT, MISSING, PREFETCH, ASSET, FEED = 1, 2, 3, 5, 6, 7
FLAG_PREFETCH, FLAG_OBJECTS, FLAG_ROBOTS_FILE, FLAG_PROBE, FLAG_BEACON = (
    64, 512, 4096, 8192, 16384)


class Oracle:
    """Counts of a set of rows."""

    def __init__(self, zone, paths, inside, reasons, names, half_life=6 * 3600):
        """`paths`: page → path; `inside`: source → path; `reasons`: agent → reason of a robot;
        `names`: page → (view, key)."""
        self.zone = zoneinfo.ZoneInfo(zone)
        self.paths, self.inside, self.reasons, self.names = paths, inside, reasons, names
        self.half_life = half_life
        self.days = {}

    def day(self, at):
        """The day of an instant."""
        if at not in self.days:
            moment = EPOCH + datetime.timedelta(microseconds=at)
            self.days[at] = moment.astimezone(self.zone).date()
        return self.days[at]

    def hour(self, at):
        """The beginning of its hour, as an instant, which depends on the zone."""
        moment = (EPOCH + datetime.timedelta(microseconds=at)).astimezone(self.zone)
        into = datetime.timedelta(
            minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)
        return int((moment.astimezone(UTC) - into - EPOCH).total_seconds()) * 10**6

    def verdict(self, rows):
        """The reason for which one visitor's day is a robot's, or 0."""
        views = sorted(row.at for row in rows if row.kind == VIEW)
        if any(row.flags & FLAG_ROBOTS_FILE for row in rows):
            return 16
        probes = {row.page for row in rows if row.kind == MISSING and row.flags & FLAG_PROBE}
        if len(probes) >= 5:
            return 17
        if len(views) > 600:
            return 18
        if len(views) >= 20:
            gaps = sorted(b - a for a, b in zip(views, views[1:]))
            if gaps[math.ceil(len(gaps) * 0.5) - 1] < 10**6:
                return 19
        if (len(views) >= 10 and not any(row.kind == ASSET for row in rows)
                and not any(row.status == 304 for row in rows)):
            return 20
        return 0

    def opened(self, rows):
        """The places of prefetches that were opened."""
        found = set()
        for place, row in enumerate(rows):
            if row.kind != PREFETCH:
                continue
            path = self.paths[row.page]
            events = []
            for other, event in enumerate(rows):
                if event.kind in (VIEW, PREFETCH) and self.paths[event.page] == path:
                    rank = 0 if event.kind == VIEW else 1
                    events.append(((event.at, rank, event.page, event.source, event.campaign,
                                    event.agent, event.micros, event.bytes, event.status,
                                    event.flags), other, rank))
                if (event.kind != PREFETCH and not event.flags & FLAG_PREFETCH
                        and self.inside.get(event.source) == path):
                    events.append(((event.at, 2, event.page, event.source, event.campaign,
                                    event.agent, event.micros, event.bytes, event.status,
                                    event.flags), other, 2))
            if any(rows[o].kind == VIEW and rows[o].flags & FLAG_BEACON for _, o, k in events
                   if k == 0):
                continue
            events.sort(key=lambda event: event[0])
            order = [(other, rank) for _, other, rank in events]
            at = order.index((place, 1))
            if at + 1 < len(order) and order[at + 1][1] == 2:
                if rows[order[at + 1][0]].at - row.at <= OPENED_WITHIN:
                    found.add(place)
        return found

    def counted(self, kept):
        """Each kept row with the kind and the reason that it counts as."""
        groups = collections.defaultdict(list)
        for row in kept:
            if row.visitor is None or row.kind in (ROBOT, FEED):
                reason = self.reasons.get(row.agent, 0) if row.kind == ROBOT else 0
                yield row, row.kind, reason
            else:
                groups[self.day(row.at), row.visitor].append(row)
        for rows in groups.values():
            reason = self.verdict(rows)
            opened = set() if reason else self.opened(rows)
            for place, row in enumerate(rows):
                if row.kind == ASSET:
                    continue
                if reason:
                    yield row, ROBOT, reason
                else:
                    yield row, VIEW if place in opened else row.kind, 0

    def visits(self, counted):
        """(day, visitor, start, last, views, entry, exit, source, campaign, agent) of each."""
        views = collections.defaultdict(list)
        for row, kind, _ in counted:
            if kind == VIEW and row.visitor is not None:
                views[self.day(row.at), row.visitor].append(
                    (row.at, row.page, row.source, row.campaign, row.agent))
        for (day, visitor), steps in views.items():
            steps.sort()
            first = 0
            for place in range(1, len(steps) + 1):
                if place == len(steps) or steps[place][0] - steps[place - 1][0] > GAP:
                    head, tail = steps[first], steps[place - 1]
                    yield (day, visitor, head[0], tail[0], place - first, head[1], tail[1],
                           head[2], head[3], head[4])
                    first = place

    def tables(self, kept, unkept):
        """Every table of counts: key → numbers. `unkept` are the rows that leave no row."""
        counted = list(self.counted(kept))
        tables = {name: collections.defaultdict(lambda size=size: [0] * size) for name, size in [
            ("site_hour", 15), ("page_day", 9), ("source_day", 4), ("agent_day", 2),
            ("feed_day", 1), ("missing_day", 1), ("visitor_day", 1), ("way_day", 1),
            ("coding_day", 2)]}
        trend = {}
        for row, kind, reason in counted + [(row, row.kind, 0) for row in unkept]:
            self.add_row(tables, row, 0 if row.flags & FLAG_OBJECTS else kind, reason, trend)
        for at in trend:
            view, key = self.names[at[1]]
            if view:
                tables.setdefault("trend", collections.defaultdict(list))[view, key].append(
                    trend[at] / 1e6)
        tables["visit"] = collections.Counter(self.visits(counted))
        for day, _ in {visit[:2] for visit in tables["visit"]}:
            add(tables["visitor_day"][day,], [1])
        for visit in tables["visit"].elements():
            day, _, start, last, views, entry, exit_, source, campaign, agent = visit
            bounce = int(views == 1)
            add(tables["page_day"][day, entry], [0, 0, 1, 0, bounce, 0, 0, 0, 0])
            add(tables["page_day"][day, exit_], [0, 0, 0, 1, 0, 0, 0, 0, 0])
            add(tables["source_day"][day, source, campaign], [1, views, bounce, last - start])
            add(tables["agent_day"][day, agent, VIEW, 0], [0, 1])
        return tables

    def add_row(self, tables, row, kind, reason, trend):
        """Adds one row to the tables that count rows."""
        day = self.day(row.at)
        step = sum(row.micros > limit for limit in STEPS)
        add(tables["site_hour"][self.hour(row.at), kind, row.status],
            [1, row.bytes, row.micros] + [int(step == n) for n in range(12)])
        if kind == VIEW:
            first = row.visitor is not None and (day, row.page, row.visitor) not in trend
            add(tables["page_day"][day, row.page],
                [1, int(first), 0, 0, 0, int(row.status == 304), int(row.micros > 100000),
                 row.bytes, row.micros])
            add(tables["way_day"][day, row.page, row.source], [1])
            add(tables["coding_day"][day, row.flags >> 10 & 3, int(row.status == 304)],
                [1, row.bytes])
            if row.visitor is not None:
                at = (day, row.page, row.visitor)
                trend[at] = min(trend.get(at, row.at), row.at)
        if kind in (VIEW, ROBOT, FEED):
            add(tables["agent_day"][day, row.agent, kind, reason], [1, 0])
        if kind == FEED:
            add(tables["feed_day"][day, row.page, row.agent], [1])
        if kind == MISSING:
            add(tables["missing_day"][day, row.page, row.source], [1])

    def score(self, times):
        """log2 of the decayed sum of some times in seconds since 2000."""
        exponents = [(time + 946684800) / self.half_life for time in times]
        top = max(exponents)
        return top + math.log2(sum(2.0 ** (exponent - top) for exponent in exponents))


def add(numbers, more):
    """Adds numbers to a list in place."""
    for place, number in enumerate(more):
        numbers[place] += number


MICROS = "(extract(epoch FROM {} - timestamptz '2000-01-01 00:00Z') * 1000000)::bigint"
READ = {
    "site_hour": (3, f"SELECT {MICROS.format('hour')}, kind, status, hits, bytes, micros, "
                     "array_to_string(histogram, ' ') FROM traffic.site_hour"),
    "page_day": (2, "SELECT day, page, views, visitors, entries, exits, bounces, unchanged, "
                    "slow, bytes, micros FROM traffic.page_day"),
    "source_day": (3, "SELECT * FROM traffic.source_day"),
    "agent_day": (4, "SELECT * FROM traffic.agent_day"),
    "feed_day": (3, "SELECT * FROM traffic.feed_day"),
    "visitor_day": (1, "SELECT * FROM traffic.visitor_day"),
    "missing_day": (3, "SELECT * FROM traffic.missing_day"),
    "way_day": (3, "SELECT * FROM traffic.way_day"),
    "coding_day": (3, "SELECT day, coding, is_unchanged::int, views, bytes "
                      "FROM traffic.coding_day"),
}
HITS = (f"SELECT {MICROS.format('at')}, visitor, page, source, agent, campaign, micros, bytes, "
        "status, kind, flags FROM traffic.hit")
VISITS = (f"SELECT day, visitor, {MICROS.format('start')}, {MICROS.format('last')}, views, entry, "
          "exit, source, campaign, agent FROM traffic.visit")


def value(text):
    """A field of psql: a number, a date, or nothing."""
    if text == "":
        return None
    return datetime.date.fromisoformat(text) if text.count("-") == 2 else int(text)


def hits(query):
    """The rows that the database kept."""
    return [Hit(*map(value, row)) for row in query(HITS)]


def compare(query, oracle, kept, unkept, trend=1e-6):
    """The lines of the tables that differ from what the rows count as, as texts.

    `trend` is how much the scores may differ; None leaves them out."""
    wanted = oracle.tables(kept, unkept)
    wrong = []
    for name, (keys, sql) in READ.items():
        found = {}
        for row in query(sql):
            row = [value(field) for text in row for field in text.split(" ")]
            if any(row[keys:]):
                found[tuple(row[:keys])] = row[keys:]
        expected = {key: numbers for key, numbers in wanted[name].items() if any(numbers)}
        for key in sorted(found.keys() | expected.keys(), key=str):
            if found.get(key) != expected.get(key):
                wrong.append(f"{name} {key}: {found.get(key)}, not {expected.get(key)}")
    visits = collections.Counter(tuple(map(value, row)) for row in query(VISITS))
    for visit in (visits - wanted["visit"]) + (wanted["visit"] - visits):
        wrong.append(f"visit {visit}: {visits[visit]} times, not {wanted['visit'][visit]}")
    if trend is not None:
        found = {(view, key): float(score) for view, key, score in query(
            "SELECT view, key, score FROM traffic.trend")}
        for key, times in wanted.get("trend", {}).items():
            score = oracle.score(times)
            if key not in found or abs(found[key] - score) > trend:
                wrong.append(f"trend {key}: {found.get(key)}, not {score}")
    return wrong
