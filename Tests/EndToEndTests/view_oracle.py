"""Says whether view tables are what their definitions say, and whether the events told it all.

Compared is the image of each row (`*<>`), in which 1.0 and 1.00 differ. Events are replayed over
the rows that were there at the last quiet point: an insert must find nothing, an update and a
deletion must find a row, every row that differs must have been told of, and an update that was
told alone must name exactly the columns that changed.
"""

import collections
import re

import psycopg

from harness import Failure

# The settings under which sitegen computes views.
SETTINGS = """
    SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'iso_8601';
    SET bytea_output = 'hex'; SET extra_float_digits = 1; SET jit = off"""
HEADER = re.compile(r"^-- (key|refresh|publish-at|expire-at): *(.+?) *$", re.MULTILINE)


class View:
    """An incremental view of a site: its columns and its SQL."""

    def __init__(self, name, header, connection):
        self.name = name
        self.table = f'sitegen."{name}"'
        self.definition = f'sitegen."def_{name}"'
        self.key = [f'"{part.strip()}"' for part in header["key"].split(",")]
        rows = connection.execute("""
            SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0
            AND NOT attisdropped ORDER BY attnum""", [self.definition]).fetchall()
        if not rows:
            raise Failure(f"{self.definition} has no columns")
        self.names = [name for (name,) in rows]
        self.columns = [f'"{name}"' for name in self.names]
        self.visible = "true"
        if "publish-at" in header:
            self.visible += f' AND "{header["publish-at"]}" <= statement_timestamp()'
        if "expire-at" in header:
            self.visible += (f' AND ("{header["expire-at"]}" IS NULL OR '
                             f'"{header["expire-at"]}" > statement_timestamp())')

    def key_text(self, row):
        """SQL for the text of a row's key, as events have it."""
        if len(self.key) == 1:
            return f"{row}.{self.key[0]}::text"
        return " || '/' || ".join(
            f"replace(replace({row}.{part}::text, '~', '~0'), '/', '~1')" for part in self.key)

    def differences(self):
        """SQL for the keys of rows that are not what the definition says."""
        def image(row):
            return f"ROW({', '.join(f'{row}.{column}' for column in self.columns)})::record"
        same = " AND ".join(f"d.{part} = v.{part}" for part in self.key)
        whole = " AND ".join(f"x.{part} IS NOT NULL" for part in self.key)
        first = self.key[0]
        return (f"SELECT coalesce({self.key_text('d')}, {self.key_text('v')}), "
                f"v.{first} IS NULL, d.{first} IS NULL FROM "
                f"(SELECT * FROM {self.definition} x WHERE {self.visible} AND {whole}) d "
                f"FULL JOIN {self.table} v ON {same} WHERE "
                f"coalesce({self.key_text('d')}, {self.key_text('v')}) <> ALL (%s) AND ("
                f"d.{first} IS NULL OR v.{first} IS NULL OR {image('d')} *<> {image('v')}) "
                "ORDER BY 1 LIMIT 5")

    def unkeepable(self):
        """SQL for how many rows have a NULL in their key, and the keys that stand twice."""
        null = " OR ".join(f"x.{part} IS NULL" for part in self.key)
        return (f"SELECT (SELECT count(*) FROM {self.definition} x WHERE {self.visible} "
                f"AND ({null})), ARRAY(SELECT {self.key_text('x')} FROM {self.definition} x "
                f"WHERE {self.visible} AND NOT ({null}) "
                f"GROUP BY {', '.join(f'x.{part}' for part in self.key)} HAVING count(*) > 1)")

    def rows(self):
        """SQL for key, revision and a digest of each column."""
        digests = ", ".join(f"md5({column}::text)" for column in self.columns)
        return f"SELECT {self.key_text('v')}, rev, {digests} FROM {self.table} v"


def incremental_views(root, connection):
    """The incremental views of a site's folder, in the order of their names."""
    views = []
    for path in sorted((root / "site/database").glob("*.sql")):
        header = dict(HEADER.findall(path.read_text()))
        if header.get("refresh", "incremental") == "incremental":
            views.append(View(path.stem, header, connection))
    return views


class Oracle:
    """Remembers what was there at the last quiet point."""

    def __init__(self, root, connection):
        self.connection = self.prepared(connection)
        self.views = incremental_views(root, connection)
        self.events = 0
        # How many rows of each kind were rightly set aside, at all quiet points.
        self.aside = collections.Counter()
        self.state = {}
        self.sequence = connection.execute(
            "SELECT coalesce(max(seq), 0) FROM sitegen.event").fetchone()[0]
        for view in self.views:
            self.state[view.name] = self.read(view)

    @staticmethod
    def prepared(connection):
        """The connection, with the settings under which texts are the same everywhere."""
        for setting in SETTINGS.split(";"):
            connection.execute(setting)
        return connection

    def read(self, view):
        """key -> (revision, digests of the columns)."""
        return {key: (revision, digests) for key, revision, *digests
                in self.connection.execute(view.rows()).fetchall()}

    def problems(self):
        """Compares and replays at a quiet point; the list of what is wrong, at best empty."""
        found = []
        for view in self.views:
            found += [f"{view.name}: {problem}" for problem in self.compare(view)]
        events = self.connection.execute(
            "SELECT seq, view, key, op::text, cols FROM sitegen.event WHERE seq > %s ORDER BY seq",
            [self.sequence]).fetchall()
        self.events += len(events)
        if events:
            self.sequence = events[-1][0]
        for view in self.views:
            new = self.read(view)
            told = {}
            for seq, name, key, op, names in events:
                if name == view.name:
                    told.setdefault(key, []).append((seq, op, names))
            found += [f"{view.name}: {problem}"
                      for problem in replay(view, self.state[view.name], told, new)]
            self.state[view.name] = new
        return found

    def compare(self, view):
        """Compares rows with the definition, and what is set aside with what cannot be kept."""
        failures = dict(self.connection.execute(
            "SELECT key, error FROM sitegen.failure WHERE view = %s", [view.name]).fetchall())
        try:
            nulls, doubles = self.connection.execute(view.unkeepable()).fetchone()
            rows = self.connection.execute(view.differences(), [doubles]).fetchall()
        except psycopg.Error as error:
            # The statement fails: the view, or some of its rows, have to stand aside.
            self.aside["failing"] += 1
            if not failures:
                yield f"fails ({error}), and nothing says so"
            return
        for key, missing, extra in rows:
            word = "is missing" if missing else "is left over" if extra else "is stale"
            yield f"row {key} {word}" + (", and is set aside" if key in failures else "")
        self.aside["double"] += len(doubles)
        self.aside["NULL"] += nulls
        for key in doubles:
            if failures.pop(key, None) is None:
                yield f"key {key} stands twice, and nothing says so"
        if nulls and not any("NULL" in error for error in failures.values()):
            yield f"{nulls} rows have a NULL in their key, and nothing says so"
        for key, error in failures.items():
            if not (nulls and "NULL" in error):
                yield f"row {key} is set aside without a cause: {error}"


def replay(view, old, told, new):
    """What events say that is not so, and what they do not say."""
    problems = []
    present = set(old)
    for key, events in told.items():
        for seq, op, names in events:
            if (op == "i") == (key in present):
                problems.append(f"event {seq} is '{op}' of row {key}, which was "
                                + ("there" if key in present else "not there"))
            (present.discard if op == "d" else present.add)(key)
            if op == "u" and not names:
                problems.append(f"event {seq} names no changed column of row {key}")
        if key in new and new[key][0] != events[-1][0]:
            problems.append(f"row {key} has revision {new[key][0]}, its last event is "
                            f"{events[-1][0]}")
        if key in new and key in old and all(op == "u" for _, op, _ in events):
            problems += changed_columns(view, key, events, old[key][1], new[key][1])
    problems += [f"row {key} came or went without an event" for key in present ^ set(new)]
    problems += [f"row {key} changed without an event" for key in new
                 if key in old and key not in told and old[key] != new[key]]
    return problems[:5]


def changed_columns(view, key, events, old, new):
    """Whether updates named the columns that differ: at least those, or exactly if there is one."""
    changed = {name for name, before, after in zip(view.names, old, new) if before != after}
    named = set().union(*(names for _, _, names in events))
    if changed - named or (len(events) == 1 and named != changed):
        return [f"row {key}: events name {sorted(named)}, but {sorted(changed)} differ"]
    return []
