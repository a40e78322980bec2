"""Random transactions against a schema, as text: the same seed gives the same text.

A writer's transactions are made from its own random numbers and the schema alone, each of them
whole before it runs; so nothing that the database answers, refuses or loses changes what comes
next. Many statements fail on purpose: a key that is there already, a row that others still need.
"""

import dataclasses
import random

WORDS = ["oak", "it's", "Ünïcödé", "tab\there", "back\\slash", "", " ", "two\nlines", "漢字",
         '"quoted"', "null", "NULL", "{1,2}", "<b>", "%s", "a" * 20]
ISOLATION = ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"]


def literal(value):
    """A value as SQL; None is NULL."""
    if value is None:
        return "NULL"
    if isinstance(value, (int, float)):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


@dataclasses.dataclass
class Column:
    """A column and how its values are made."""
    name: str
    type: str
    nullable: bool
    references: str | None
    value: object        # (random) -> a value of one row
    expression: object   # (random, key) -> SQL that may be used for many rows at once


@dataclasses.dataclass
class Table:
    """A table with a single number as its key, or one with a single row (`only_updates`)."""
    name: str
    key: str
    columns: list
    base: int            # the keys 1 to `base` are there at the beginning
    only_updates: bool
    referenced: bool     # whether a foreign key leads here

    def names(self):
        return [self.key, *(column.name for column in self.columns)]


@dataclasses.dataclass
class Transaction:
    """Statements in order: (SQL, rows for COPY or None, milliseconds to wait before)."""
    isolation: str
    steps: list
    end: str             # COMMIT, ROLLBACK, or lost: the server ends the connection


class Writer:
    """Makes the transactions of one writer."""

    def __init__(self, tables, seed, number):
        self.tables = tables
        self.by_name = {table.name: table for table in tables}
        self.dice = random.Random(f"{seed}/{number}")
        self.first = 1_000_000 * (number + 1)
        self.fresh = dict.fromkeys(self.by_name, 0)

    def transaction(self):
        """The next one."""
        dice = self.dice
        steps, depth = [], 0
        for _ in range(dice.choices([1, 2, 3, 5], [50, 25, 15, 10])[0]):
            if dice.random() < 0.12:
                depth += 1
                steps.append((f"SAVEPOINT s{depth}", None, 0))
            wait = dice.choice([0, 0, 0, 1, 3]) if steps else 0
            for sql, rows in self.statements():
                steps.append((sql, rows, wait))
            if depth and dice.random() < 0.4:
                word = dice.choice(["ROLLBACK TO", "RELEASE"])
                steps.append((f"{word} SAVEPOINT s{depth}", None, 0))
                depth -= 1 if word == "RELEASE" else 0
        end = dice.choices(["COMMIT", "ROLLBACK", "lost"], [86, 11, 3])[0]
        return Transaction(dice.choices(ISOLATION, [60, 25, 15])[0], steps, end)

    def statements(self):
        """Statements that belong together, each with its rows for COPY."""
        dice = self.dice
        table = dice.choice(self.tables)
        if table.only_updates:
            return [(f"UPDATE {table.name} SET {self.assignments(table, False)}", None)]
        kinds = [(self.update, 22), (self.update_many, 10), (self.move, 10), (self.no_change, 5),
                 (self.opposite_order, 4), (self.insert, 14), (self.insert_many, 6),
                 (self.upsert, 6), (self.merge, 6), (self.copy, 4), (self.delete, 9),
                 (self.delete_many, 3), (self.rekey, 5), (self.replace, 3), (self.refill, 2),
                 (self.truncate, 1)]
        if not table.columns:
            kinds = [(self.insert, 5), (self.delete, 3), (self.rekey, 2)]
        make = dice.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0]
        made = make(table)
        return made if isinstance(made, list) else [(made, None)]

    # Keys and values

    def old_key(self, table):
        """A key that is probably there: often one of a few, so that writers meet."""
        dice = self.dice
        fresh = self.fresh[table.name]
        if fresh and dice.random() < 0.2:
            return self.first + dice.randint(max(1, fresh - 40), fresh)
        return dice.randint(1, table.base if dice.random() < 0.7 else min(8, table.base))

    def new_key(self, table):
        """A key of this writer's own; now and then one that is taken."""
        if self.dice.random() < 0.05:
            return self.dice.randint(1, table.base)
        self.fresh[table.name] += 1
        return self.first + self.fresh[table.name]

    def keys(self, table, most):
        return sorted({self.old_key(table) for _ in range(self.dice.randint(2, most))})

    def existing(self, name):
        """SQL for the key of a row that exists, if any does."""
        table = self.by_name[name]
        return (f"(SELECT {table.key} FROM {name} WHERE {table.key} >= {self.old_key(table)} "
                f"ORDER BY {table.key} LIMIT 1)")

    def value(self, column, constant=False):
        """SQL for a value of one row; a constant one can be sent through COPY, too."""
        dice = self.dice
        if column.nullable and dice.random() < 0.2:
            return None if constant else "NULL"
        if column.references:
            if not constant and dice.random() < 0.8:
                return self.existing(column.references)
            made = self.old_key(self.by_name[column.references])
        else:
            made = column.value(dice)
        return made if constant else literal(made)

    def row(self, table):
        return [str(self.new_key(table)), *(self.value(column) for column in table.columns)]

    def assignments(self, table, many):
        """SET for some columns; for many rows at once, with expressions that keep names unique."""
        dice = self.dice
        plain = [column for column in table.columns if not column.references] or table.columns
        chosen = dice.sample(plain, min(len(plain), dice.choice([1, 1, 2, 3])))
        return ", ".join(
            f"{column.name} = " + (
                column.expression(dice, table.key) if many and not column.references
                else self.value(column))
            for column in chosen)

    # Statements

    def update(self, table):
        return (f"UPDATE {table.name} SET {self.assignments(table, False)} "
                f"WHERE {table.key} = {self.old_key(table)}")

    def update_many(self, table):
        dice = self.dice
        low = self.old_key(table)
        condition = dice.choice([
            f"{table.key} BETWEEN {low} AND {low + dice.choice([3, 10, 40])}",
            f"{table.key} = ANY ('{{{','.join(map(str, self.keys(table, 12)))}}}')",
            f"{table.key} % 11 = {dice.randrange(11)}"])
        return f"UPDATE {table.name} SET {self.assignments(table, True)} WHERE {condition}"

    def move(self, table):
        """Foreign keys that lead elsewhere, of one row or of several."""
        links = [column for column in table.columns if column.references]
        if not links:
            return self.update(table)
        column = self.dice.choice(links)
        keys = ",".join(map(str, self.keys(table, 4)))
        return (f"UPDATE {table.name} SET {column.name} = {self.value(column)} "
                f"WHERE {table.key} IN ({keys})")

    def no_change(self, table):
        column = self.dice.choice(table.columns).name
        return f"UPDATE {table.name} SET {column} = {column} WHERE {table.key} % 5 = 1"

    def opposite_order(self, table):
        """Two rows in any order: two writers that do this at once may block each other."""
        return [(f"UPDATE {table.name} SET {self.assignments(table, False)} "
                 f"WHERE {table.key} = {self.dice.randint(1, min(4, table.base))}", None)
                for _ in range(2)]

    def insert(self, table):
        return (f"INSERT INTO {table.name} ({', '.join(table.names())}) "
                f"VALUES ({', '.join(self.row(table))})")

    def insert_many(self, table):
        rows = ", ".join(f"({', '.join(self.row(table))})"
                         for _ in range(self.dice.choice([2, 5, 20])))
        return (f"INSERT INTO {table.name} ({', '.join(table.names())}) VALUES {rows} "
                "ON CONFLICT DO NOTHING")

    def upsert(self, table):
        rows = {self.old_key(table): self.row(table) for _ in range(self.dice.randint(1, 4))}
        values = ", ".join(f"({key}, {', '.join(row[1:])})" for key, row in rows.items())
        changes = ", ".join(f"{column.name} = excluded.{column.name}" for column in table.columns)
        return (f"INSERT INTO {table.name} ({', '.join(table.names())}) VALUES {values} "
                f"ON CONFLICT ({table.key}) DO UPDATE SET {changes}")

    def merge(self, table):
        dice = self.dice
        rows = {}
        for _ in range(dice.randint(2, 6)):
            key = self.old_key(table) if dice.random() < 0.6 else self.new_key(table)
            rows[key] = [str(key), *self.row(table)[1:]]
        types = ["bigint", *(column.type for column in table.columns)]
        values = ", ".join(
            "(" + ", ".join(f"CAST({item} AS {kind})" for item, kind in zip(row, types)) + ")"
            for row in rows.values())
        names = table.names()
        changes = ", ".join(f"{name} = s.{name}" for name in names[1:])
        new = ", ".join(f"s.{name}" for name in names)
        return (f"MERGE INTO {table.name} t USING (VALUES {values}) AS s ({', '.join(names)}) "
                f"ON t.{table.key} = s.{table.key} "
                f"WHEN MATCHED AND s.{table.key} % 4 = {dice.randrange(4)} THEN DELETE "
                f"WHEN MATCHED THEN UPDATE SET {changes} "
                f"WHEN NOT MATCHED THEN INSERT ({', '.join(names)}) VALUES ({new})")

    def copy(self, table):
        rows = [[self.new_key(table),
                 *(self.value(column, constant=True) for column in table.columns)]
                for _ in range(self.dice.choice([2, 5, 20]))]
        return [(f"COPY {table.name} ({', '.join(table.names())}) FROM STDIN", rows)]

    def delete(self, table):
        return f"DELETE FROM {table.name} WHERE {table.key} = {self.old_key(table)}"

    def delete_many(self, table):
        links = [column for column in table.columns if column.references]
        if links and self.dice.random() < 0.5:
            column = self.dice.choice(links)
            target = self.by_name[column.references]
            return f"DELETE FROM {table.name} WHERE {column.name} = {self.old_key(target)}"
        return f"DELETE FROM {table.name} WHERE {table.key} % 31 = {self.dice.randrange(31)}"

    def rekey(self, table):
        """Another key for a row; rows that refer to it follow by ON UPDATE CASCADE."""
        return (f"UPDATE {table.name} SET {table.key} = {self.new_key(table)} "
                f"WHERE {table.key} = {self.old_key(table)}")

    def replace(self, table):
        """Deletes rows and inserts others of the same content, in one statement."""
        names = ", ".join(table.names()[1:])
        low, new = self.old_key(table), self.new_key(table)
        self.fresh[table.name] += 5
        return (f"WITH gone AS (DELETE FROM {table.name} WHERE {table.key} BETWEEN {low} AND "
                f"{low + 4} RETURNING *) INSERT INTO {table.name} ({table.key}, {names}) "
                f"SELECT {new} + {table.key} - {low}, {names} FROM gone ON CONFLICT DO NOTHING")

    def refill(self, _):
        """Puts some of the first rows of all tables back: cascades would soon leave nothing."""
        offset = self.dice.randrange(2)
        return [(refill(table, self.by_name, self.dice, 2, offset), None)
                for table in self.tables if not table.only_updates]

    def truncate(self, table):
        """Empties the table, and with it those that refer to it; some rows come back."""
        word = "CASCADE" if table.referenced else "RESTRICT"
        return (f"CREATE TEMPORARY TABLE kept AS SELECT * FROM {table.name} "
                f"WHERE {table.key} % 4 <> 0; TRUNCATE {table.name} {word}; "
                f"INSERT INTO {table.name} SELECT * FROM kept ON CONFLICT DO NOTHING; "
                "DROP TABLE kept")


def refill(table, tables, dice, step=1, offset=0):
    """One statement that inserts rows with keys up to `base` where there are none."""
    items = ["g.n"]
    for column in table.columns:
        if column.references:
            other = tables[column.references]
            items.append(
                f"(SELECT o.{other.key} FROM {other.name} o ORDER BY o.{other.key} "
                f"OFFSET g.n * {dice.randrange(1, 9999)} % greatest(1, "
                f"(SELECT count(*) FROM {other.name})) LIMIT 1)")
        else:
            items.append(column.expression(dice, "g.n"))
    return (f"INSERT INTO {table.name} ({', '.join(table.names())}) SELECT {', '.join(items)} "
            f"FROM generate_series(1, {table.base}) AS g (n) WHERE g.n % {step} = {offset} "
            f"AND NOT EXISTS (SELECT FROM {table.name} h WHERE h.{table.key} = g.n) "
            "ON CONFLICT DO NOTHING")
