"""A database that nobody prepared: its tables read from the catalogue, statements made from them.

Values are those of other rows of the same column, so that any type, domain or check constraint
gets values it may take, and keys of views computed from them meet; or NULL, or something a little
different. What a statement finds is up to the database, so that a seed makes the same statements
but not the same run.
"""

import dataclasses
import pathlib
import random
import re
import subprocess

from harness import Failure
from random_statements import ISOLATION, Transaction
from servers import postgres_program


@dataclasses.dataclass
class ForeignTable:
    """A table as PostgreSQL describes it."""
    name: str            # quoted, with its schema
    key: list            # quoted columns of the primary key
    columns: dict        # quoted column that may be written -> (type, category, nullable)
    rows: int


# SQL for a value that differs a little, by pg_type.typcategory and, before that, by type.
CHANGES = {
    "N": "{c} + 1", "S": "left({c}::text, 8) || '!'", "B": "NOT {c}",
    "D": "{c} + interval '1 day'", "T": "{c} * 2",
}
TYPE_CHANGES = {"date": "{c} + 1", "smallint": "({c} + 1)::smallint", "bytea": "{c} || '\\x00'"}


class ForeignWriter:
    """Makes the transactions of one writer."""

    def __init__(self, tables, seed, number):
        self.tables = tables
        self.dice = random.Random(f"{seed}/{number}")

    def transaction(self):
        """The next one."""
        dice = self.dice
        steps = []
        for number in range(dice.choices([1, 2, 3, 6], [55, 25, 15, 5])[0]):
            steps.append((self.statement(), None, dice.choice([0, 0, 1, 3]) if number else 0))
        end = dice.choices(["COMMIT", "ROLLBACK", "lost"], [87, 10, 3])[0]
        return Transaction(dice.choices(ISOLATION, [60, 25, 15])[0], steps, end)

    def statement(self):
        table = self.dice.choice(self.tables)
        make = self.dice.choices(
            [self.update, self.update_many, self.unchanged, self.insert, self.delete, self.rekey],
            [40, 12, 5, 22, 12, 4])[0]
        return make(table)

    def some(self, table, most=1):
        """A condition that a few rows meet."""
        dice = self.dice
        key = ", ".join(table.key) or "ctid"
        # Often the same few, so that writers meet.
        skip = dice.randrange(4 if dice.random() < 0.3 else max(table.rows, 1))
        return (f"({key}) IN (SELECT {key} FROM {table.name} ORDER BY {key} "
                f"OFFSET {skip} LIMIT {dice.randint(1, most)})")

    def value(self, table, column):
        kind, category, nullable = table.columns[column]
        dice = self.dice
        if nullable and dice.random() < 0.12:
            return "NULL"
        change = TYPE_CHANGES.get(kind, CHANGES.get(category))
        if change and dice.random() < 0.4:
            return f"({change.format(c=column)})::{kind}"
        return (f"(SELECT o.{column} FROM {table.name} o ORDER BY {', '.join(table.key) or 1} "
                f"OFFSET {dice.randrange(max(table.rows, 1))} LIMIT 1)")

    def assignments(self, table):
        free = [column for column in table.columns if column not in table.key] or table.key
        chosen = self.dice.sample(free, min(len(free), self.dice.choice([1, 1, 1, 2, 3])))
        return ", ".join(f"{column} = {self.value(table, column)}" for column in chosen)

    def update(self, table):
        return f"UPDATE {table.name} SET {self.assignments(table)} WHERE {self.some(table)}"

    def update_many(self, table):
        return f"UPDATE {table.name} SET {self.assignments(table)} WHERE {self.some(table, 60)}"

    def unchanged(self, table):
        column = self.dice.choice(list(table.columns))
        return f"UPDATE {table.name} SET {column} = {column} WHERE {self.some(table, 30)}"

    def insert(self, table):
        """Rows like some that are there, with other keys and some other values."""
        columns, values = [], []
        for column, (kind, category, _) in table.columns.items():
            columns.append(column)
            if column in table.key and len(table.key) == 1 and category == "N":
                values.append(f"((SELECT max(m.{column}) FROM {table.name} m) + "
                              f"row_number() OVER () + {self.dice.randrange(3)})::{kind}")
            elif column in table.key or self.dice.random() < 0.3:
                values.append(self.value(table, column))
            else:
                values.append(column)
        return (f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {', '.join(values)} "
                f"FROM {table.name} WHERE {self.some(table, 5)} ON CONFLICT DO NOTHING")

    def delete(self, table):
        return f"DELETE FROM {table.name} WHERE {self.some(table, self.dice.choice([1, 1, 3]))}"

    def rekey(self, table):
        if not table.key:
            return self.update(table)
        column = self.dice.choice(table.key)
        return f"UPDATE {table.name} SET {column} = {self.value(table, column)} " \
               f"WHERE {self.some(table)}"


@dataclasses.dataclass
class ForeignWorkload:
    """Dumps to load, in plain SQL, and the folder of the site whose views read the tables."""
    name: str
    dumps: list
    root: pathlib.Path
    # Besides what any workload runs into: values that do not fit, and the owners' own refusals.
    expected = re.compile(
        r"2\w\d\d\d|40001|40P01|57P0[123]|08\d\d\d|P0\d\d\d|0A000|428C9|54000|42804")

    def site(self, _):
        """The site's folder, as it is."""
        return self.root

    def load(self, postgres, database):
        """Loads the dumps; what another version of PostgreSQL refuses is passed over."""
        for dump in self.dumps:
            # A dump that makes a database of its own goes into ours.
            text = "".join(
                line for line in pathlib.Path(dump).read_text().splitlines(keepends=True)
                if not line.upper().startswith(("\\C ", "CREATE DATABASE", "DROP DATABASE")))
            subprocess.run(
                [postgres_program("psql"), "-X", "-q", "-d", postgres.url(database)], input=text,
                capture_output=True, text=True, timeout=600)
        postgres.query("ANALYZE", database)

    def prepare(self, connection):
        """Nothing: the database stays as its owners made it."""

    def described(self, connection):
        """All tables that rows can be written to."""
        found = []
        for oid, name, rows in connection.execute("""
                SELECT c.oid, format('%I.%I', n.nspname, c.relname),
                    (SELECT sum(greatest(p.reltuples, 0))::int FROM pg_class p WHERE p.oid IN
                        (SELECT relid FROM pg_partition_tree(c.oid) UNION SELECT c.oid))
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
                    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'sitegen')
                ORDER BY 2""").fetchall():
            columns = {
                column: (kind, category, nullable) for column, kind, category, nullable in
                connection.execute("""
                    SELECT quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
                        t.typcategory, NOT a.attnotnull
                    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                    WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped
                        AND a.attgenerated = '' AND a.attidentity <> 'a'
                    ORDER BY a.attnum""", [oid]).fetchall()}
            key = [column for (column,) in connection.execute("""
                SELECT quote_ident(a.attname) FROM pg_index i JOIN pg_attribute a
                    ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                WHERE i.indrelid = %s AND i.indisprimary ORDER BY a.attnum""", [oid]).fetchall()]
            if columns:
                found.append(ForeignTable(name, key, columns, rows))
        if not found:
            raise Failure(f"{self.name} has no tables: its dumps could not be loaded")
        return found

    def writer(self, tables, seed, number):
        return ForeignWriter(tables, seed, number)

    def refills(self, tables, dice):
        """Nothing is put back: inserts copy what is left."""
        return []
