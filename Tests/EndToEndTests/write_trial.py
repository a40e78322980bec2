"""One trial: concurrent writers and refreshers on one database, compared at quiet points.

A round makes the writers' transactions, runs them all at once while a disturber ends connections,
waits until the queue is empty and asks the oracle. Statements that fail for a reason that random
writes cannot have (an error inside a trigger, say) are problems, too.
"""

import collections
import contextlib
import random
import re
import threading
import time

import psycopg

from harness import SITEGEN, Failure, Program, sitegen, wait_for
from view_oracle import Oracle

# What random statements may run into: broken constraints, a row hit twice by one statement,
# conflicts of serialization, deadlocks, and servers or connections that are ended.
EXPECTED = re.compile(r"23\d\d\d|21000|40001|40P01|57P0[123]|08\d\d\d|25P02|25P03")
STEP = ("BEGIN ISOLATION LEVEL REPEATABLE READ; LOCK TABLE sitegen.leader IN EXCLUSIVE MODE",
        "SELECT * FROM sitegen.step(%s)", "COMMIT")


def connect(url, name):
    """A connection of its own for a thread; waits while the server starts again."""
    def attempt():
        with contextlib.suppress(psycopg.OperationalError):
            return psycopg.connect(url, autocommit=True, application_name=name, connect_timeout=5,
                                   options="-c deadlock_timeout=20ms")
    return wait_for("a connection to PostgreSQL", attempt, 60, 0.02)


class Follower:
    """`sitegen db refresh --follow` as a process."""

    def __init__(self, trial):
        self.trial = trial
        self.start()

    def start(self):
        self.program = Program(
            [SITEGEN, "db", "refresh", "--follow", "--root", self.trial.site, "--db",
             self.trial.url], self.trial.folder, "refresh")

    def kill(self):
        """SIGKILL, at whatever it was doing."""
        self.program.kill()


class Stepper(threading.Thread):
    """A refresher that takes a few queue rows at a time and often ends in between."""

    def __init__(self, trial, dice):
        super().__init__(daemon=True)
        self.trial, self.dice = trial, dice
        self.problems = []
        self.done = threading.Event()
        self.start()

    def run(self):
        connection = connect(self.trial.url, "stepper")
        while not self.done.is_set():
            try:
                connection.execute(STEP[0])
                connection.execute(STEP[1], [self.dice.choice([1, 5, 50, 50_000])])
                connection.execute(self.dice.choice([STEP[2], STEP[2], STEP[2], "ROLLBACK"]))
            except psycopg.Error as error:
                if connection.closed or connection.broken:
                    connection = connect(self.trial.url, "stepper")
                    continue
                connection.execute("ROLLBACK")
                if error.sqlstate not in ("40001", "40P01"):
                    self.problems.append(f"step: {error.sqlstate} {error}")
            time.sleep(self.dice.choice([0, 0.005, 0.02]))

    def kill(self):
        self.done.set()
        self.join(60)


class Trial:
    """A database of one workload, its writers and its refreshers."""

    # The most seconds between two disturbances.
    pause = 0.6

    def __init__(self, workload, postgres, folder, writers, seed):
        self.workload, self.postgres, self.folder = workload, postgres, folder
        self.expected = getattr(workload, "expected", EXPECTED)
        self.seed = seed
        self.name = f"{workload.name} with {writers} writers"
        self.database = f"{workload.name}_{writers}"
        postgres.query(f"CREATE DATABASE {self.database}", "postgres")
        self.url = postgres.url(self.database)
        workload.load(postgres, self.database)
        with connect(self.url, "harness") as connection:
            workload.prepare(connection)
            self.tables = workload.described(connection)
        self.site = workload.site(folder)
        self.install()
        self.connection = connect(self.url, "harness")
        self.oracle = Oracle(self.site, self.connection)
        if not self.oracle.views:
            raise Failure(f"{workload.name} has no incremental view")
        self.writers = [workload.writer(self.tables, f"{seed}/{self.name}", number)
                        for number in range(writers)]
        self.dice = random.Random(f"{seed}/{self.name}/disturber")
        self.counts = collections.Counter()
        self.rounds = 0
        self.problems = []
        self.lock = threading.Lock()
        self.refreshers = []

    def install(self):
        """Installs the site's views."""
        done = sitegen("db", "apply", "--root", self.site, "--db", self.url)
        if done.returncode:
            raise Failure(f"sitegen db apply: {done.stderr[-1500:]}")

    def __enter__(self):
        self.refreshers = [Follower(self), Stepper(self, random.Random(f"{self.seed}/stepper"))]
        return self

    def __exit__(self, *_):
        for refresher in self.refreshers:
            refresher.kill()
        self.connection.close()

    def transactions(self, statements):
        """The next transactions of each writer, about as many statements in all."""
        made = []
        for writer in self.writers:
            own, count = [], 0
            while count < statements // len(self.writers):
                own.append(writer.transaction())
                count += len(own[-1].steps)
            made.append(own)
        return made

    def round(self, statements):
        """Writes, waits until all is refreshed, compares; the problems found."""
        self.rounds += 1
        dice = random.Random(f"{self.seed}/{self.name}/{self.rounds}")
        for statement in self.workload.refills(self.tables, dice):
            self.attempt(self.connection, statement)
        made = self.transactions(statements)
        threads = [threading.Thread(target=self.write, args=[own, number], daemon=True)
                   for number, own in enumerate(made)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            time.sleep(self.dice.uniform(0.02, self.pause))
            self.disturb()
        self.connection = self.living(self.connection)
        self.oracle.connection = self.connection
        self.drain()
        found = self.problems + self.oracle.problems()
        for refresher in self.refreshers:
            found += getattr(refresher, "problems", [])
        return found

    def living(self, connection):
        """The connection, or another one if it was ended."""
        with contextlib.suppress(psycopg.Error):
            connection.execute("SELECT 1")
            return connection
        return Oracle.prepared(connect(self.url, "harness"))

    def drain(self):
        """Waits until the queue is empty: then all is refreshed, in the same transaction."""
        wait_for(
            f"{self.name}: the queue to be empty", lambda: not self.connection.execute(
                "SELECT EXISTS (SELECT FROM sitegen.queue)").fetchone()[0], 240)

    def disturb(self):
        """Ends the connection of some writer or refresher."""
        with contextlib.suppress(psycopg.Error):
            pids = [pid for (pid,) in self.connection.execute("""
                SELECT pid FROM pg_stat_activity WHERE datname = current_database()
                AND backend_type = 'client backend' AND application_name <> 'harness'
                ORDER BY pid""").fetchall()]
            if pids:
                self.connection.execute("SELECT pg_terminate_backend(%s)", [self.dice.choice(pids)])
                self.counts["connections ended"] += 1

    def write(self, transactions, number):
        """One writer's work in a round."""
        connection = connect(self.url, f"writer {number}")
        for transaction in transactions:
            with contextlib.suppress(psycopg.Error):
                self.carry_out(connection, transaction)
            if connection.closed or connection.broken:
                connection = connect(self.url, f"writer {number}")
            elif connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                with contextlib.suppress(psycopg.Error):
                    connection.execute("ROLLBACK")
        connection.close()

    def carry_out(self, connection, transaction):
        connection.execute(f"BEGIN ISOLATION LEVEL {transaction.isolation}")
        saved = []
        for sql, rows, wait in transaction.steps:
            time.sleep(wait / 1000)
            if self.attempt(connection, sql, rows):
                word, _, rest = sql.partition(" ")
                if word == "SAVEPOINT":
                    saved.append(rest)
                elif word == "RELEASE":
                    saved.pop()
            elif connection.closed or connection.broken or not saved:
                return
            else:
                connection.execute(f"ROLLBACK TO SAVEPOINT {saved[-1]}")
        if transaction.end == "lost":
            connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        else:
            self.attempt(connection, transaction.end)

    @staticmethod
    def is_ours(error):
        """Whether a trigger of sitegen's made a statement fail that was not ended."""
        return "sitegen" in (error.diag.context or "") and not re.match(
            "40|57P|08|25", error.sqlstate or "08")

    def attempt(self, connection, sql, rows=None):
        """Runs a statement and counts it; whether it went well."""
        try:
            if rows is None:
                connection.execute(sql)
            else:
                with connection.cursor() as cursor, cursor.copy(sql) as copy:
                    for row in rows:
                        copy.write_row(row)
        except psycopg.Error as error:
            state = error.sqlstate or "lost"
            with self.lock:
                self.counts["failed"] += 1
                self.counts[f"SQLSTATE {state}"] += 1
                if self.is_ours(error) or (state != "lost" and not self.expected.fullmatch(state)):
                    self.problems.append(f"{state} {error} of: {sql[:300]}")
            return False
        with self.lock:
            self.counts["done"] += 1
            self.counts["TRUNCATE" if "TRUNCATE" in sql else sql.partition(" ")[0]] += 1
        return True
