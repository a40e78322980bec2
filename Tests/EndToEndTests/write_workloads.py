"""The schemas that random writes are made for: how each is loaded, and what its columns may hold.

Tables, columns and foreign keys are read from PostgreSQL; only what a check constraint asks for is
listed here. Before anything else every foreign key gets ON UPDATE CASCADE, so that keys may change
too; the example's and the demo's own schemas do without.
"""

import dataclasses
import pathlib

from harness import ROOT, Failure, sitegen
from random_statements import WORDS, Column, Table, Writer, refill


@dataclasses.dataclass
class Workload:
    """A schema to write to and the folder of the site whose views read it."""
    name: str
    root: pathlib.Path
    tables: list          # in the order in which they can be filled
    rows: int             # how many of the main table
    kinds: dict           # column or table.column -> maker; None for one that is left alone
    only_updates: tuple = ()

    def site(self, folder):
        """A site with the workload's views, every one that is not live kept incrementally."""
        target = folder / f"{self.name}-site/site/database"
        if not target.exists():
            target.mkdir(parents=True)
            for path in sorted((self.root / "site/database").glob("*.sql")):
                text = path.read_text()
                if self.name == "fashion":
                    text = text.replace("-- refresh: materialized", "-- refresh: incremental")
                (target / path.name).write_text(text)
        return target.parents[1]

    def load(self, postgres, database):
        """Fills an empty database."""
        if self.name == "fashion":
            done = sitegen("db", "seed", "--size", self.rows,
                           env={"DATABASE_URL": postgres.url(database)}, seconds=1800)
            if done.returncode:
                raise Failure(f"sitegen db seed: {done.stderr[-800:]}")
            done = sitegen("log", "install", env={"DATABASE_URL": postgres.url(database)})
            if done.returncode:
                raise Failure(f"sitegen log install: {done.stderr[-800:]}")
        else:
            folder = self.root / "site/database/schema"
            for name in [self.name, "sample"]:
                postgres.query((folder / f"{name}.sql").read_text(), database)
            postgres.query(f"SELECT {self.name}_sample({self.rows})", database)

    def prepare(self, connection):
        """Lets every foreign key follow a change of the key that it refers to."""
        loosen(connection)

    def described(self, connection):
        """The tables, as PostgreSQL describes them."""
        return [_table(self, name, connection) for name in self.tables]

    def writer(self, tables, seed, number):
        return Writer(tables, seed, number)

    def refills(self, tables, dice):
        """Statements that put back the first rows of tables, so that writers meet some."""
        by_name = {table.name: table for table in tables}
        return [refill(table, by_name, dice) for table in tables if not table.only_updates]


def number(low, high):
    """Whole numbers between two limits."""
    return (lambda dice: dice.randint(low, high),
            lambda dice, key: f"{low} + ({key} * {dice.randrange(1, 999)}) % {high - low + 1}")


def choice(*values):
    """One of a few texts."""
    array = "ARRAY[" + ", ".join(f"'{value}'" for value in values) + "]"
    return (lambda dice: dice.choice(values),
            lambda dice, key: f"({array})[1 + ({key} + {dice.randrange(99)}) % {len(values)}]")


def unique(head="n", tail=""):
    """A text that nobody else has, fit for a slug; now and then one that somebody has."""
    def value(dice):
        made = dice.randrange(20) if dice.random() < 0.02 else dice.getrandbits(40)
        return f"{head}{made:x}{tail}"
    return (value, lambda dice, key: f"'{head}{dice.getrandbits(30):x}-' || {key} || '{tail}'")


def place():
    """A whole number that no neighbour has."""
    return (lambda dice: dice.randrange(1_000_000, 2_000_000_000),
            lambda dice, key: f"1000000 + ({key} * 7919 + {dice.randrange(10**8)}) % 1000000000")


def moment(first=2023, last=2027):
    """A point in time in these years."""
    def expression(dice, key):
        return (f"timestamptz '{first}-01-01 UTC' + ({key} * {dice.randrange(1, 99)}) "
                f"% {365 * (last - first)} * interval '1 day'")
    return (lambda dice: f"{dice.randint(first, last)}-0{dice.randrange(1, 10)}-11T00:00Z",
            expression)


def seldom(maker):
    """Mostly NULL."""
    value, expression = maker
    return (lambda dice: value(dice) if dice.random() < 0.15 else None,
            lambda dice, key: f"CASE WHEN ({key} + {dice.randrange(9)}) % 9 = 0 "
                              f"THEN {expression(dice, key)} END")


def text(length=None):
    """Any text, awkward ones among them."""
    def value(dice):
        made = dice.choice(WORDS) + dice.choice(WORDS) + str(dice.randrange(1000))
        return made[:length] if length else made
    return value, lambda dice, key: f"'{dice.randrange(1000)} ' || {key}"


SIZE = number(1, 100)
ROOM_KINDS = {
    "name": unique(), "width": SIZE, "length": SIZE, "height": SIZE,
    "rooms_door.type": choice("DT1", "DT2", "DT3", "DT4"),
    "rooms_room.type": choice("KTCH", "BDR", "LBB", "LRM"),
    "rooms_window.type": choice("WT1", "WT2", "WT3"),
    "rooms_windowfittings.type": choice("WFT1", "WFT2", "WFT3"),
    "rooms_chair.type": choice("CHT1", "CHT2", "CHT3"),
    "rooms_bed.type": choice("BT1", "BT2", "BT3"),
    "rooms_table.type": choice("TBLT1", "TBLT2", "TBLT3"),
}
FASHION_KINDS = {
    "slug": unique("s"), "file": unique("/artwork/a", ".svg"), "position": place(),
    "fashion.image.kind": choice("front", "back", "closeup", "detail", "cover", "portrait"),
    "width": number(1, 900), "height": number(1, 900), "seed": number(0, 9999),
    "palette": number(0, 11), "rating": number(0, 100), "founded": number(1850, 2025),
    "fashion.view.type": choice("F", "B"), "fashion.edition.only_one": None,
    "as_of": moment(2025, 2028), "date_published": moment(2023, 2026),
    "date_expired": seldom(moment(2024, 2029)), "date_deleted": seldom(moment()),
}

WORKLOADS = {
    "rooms": Workload(
        "rooms", ROOT / "Examples/rooms",
        ["rooms_souvenir", "rooms_decoration", "rooms_decoration_souvenirs", "rooms_door",
         "rooms_room", "rooms_window", "rooms_windowfittings", "rooms_windowfittings_windows",
         "rooms_chair", "rooms_chair_rooms", "rooms_bed", "rooms_bed_rooms", "rooms_table",
         "rooms_table_rooms"], 60, ROOM_KINDS),
    "subscriptions": Workload(
        "subscriptions", ROOT / "Examples/subscriptions",
        ["auth_user", "clients_client", "services_service", "services_plan",
         "services_subscription"], 300,
        {"username": unique(), "full_price": number(0, 5000), "discount_percent": number(0, 100),
         "plan_type": choice("full", "student", "discount")}),
    "songs": Workload(
        "songs", ROOT / "Benchmarks/views/songs",
        ["performer", "record", "style", "format", "song", "list", "list_song", "buyer", "sale",
         "sale_line"], 90, {"seconds": number(0, 900), "quantity": number(1, 9),
                                 "price": number(0, 50)}),
    "fashion": Workload(
        "fashion", ROOT,
        ["fashion.image", "fashion.photo", "fashion.person", "fashion.brand", "fashion.season",
         "fashion.album", "fashion.collection", "fashion.look", "fashion.album_looks",
         "fashion.view", "fashion.edition"], 90, FASHION_KINDS, ("fashion.edition",)),
}


def loosen(connection):
    """Lets every foreign key follow a change of the key that it refers to; before any view."""
    rows = connection.execute("""
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE contype = 'f' AND confupdtype = 'a'""").fetchall()
    for table, name, definition in rows:
        head, word, tail = definition.partition(" ON DELETE")
        connection.execute(
            f'ALTER TABLE {table} DROP CONSTRAINT "{name}", '
            f'ADD CONSTRAINT "{name}" {head} ON UPDATE CASCADE{word}{tail}')


def _table(workload, name, connection):
    key = connection.execute("""
        SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid
        AND a.attnum = i.indkey[0] WHERE i.indrelid = %s::regclass AND i.indisprimary""",
        [name]).fetchone()[0]
    rows = connection.execute("""
        SELECT a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
            c.confrelid::regclass::text, a.atttypmod
        FROM pg_attribute a LEFT JOIN pg_constraint c
            ON c.conrelid = a.attrelid AND c.contype = 'f' AND c.conkey = ARRAY[a.attnum]
        WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum""", [name]).fetchall()
    columns = []
    for column, kind, nullable, target, modifier in rows:
        kinds = workload.kinds
        maker = kinds.get(f"{name}.{column}", kinds.get(column, _by_type(kind, modifier)))
        if column == key or maker is None:
            continue
        known = target if target in workload.tables else None
        columns.append(Column(column, kind, nullable, known, *maker))
    base = connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
    referenced = connection.execute(
        "SELECT EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND confrelid = "
        "%s::regclass)", [name]).fetchone()[0]
    return Table(name, key, columns, max(base, 2), name in workload.only_updates, referenced)


def _by_type(kind, modifier):
    if kind.startswith(("character varying", "text")):
        return text(modifier - 4 if modifier > 4 else None)
    if kind.startswith("timestamp"):
        return moment()
    if kind in ("integer", "bigint", "smallint", "double precision"):
        return number(1, 9)
    return None
