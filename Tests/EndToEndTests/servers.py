"""Private PostgreSQL and Redis servers for scripts that bring their own, and a built site on them.

Both live in a temporary folder and listen on Unix sockets only (Redis on a loopback port as well).
As root they run as an unprivileged user, since PostgreSQL refuses root. Nothing is kept: fsync is
off. `Workspace` is a database with the demo's rows, a release built from it, and a server for it.
"""

import contextlib
import fcntl
import os
import pathlib
import pwd
import shutil
import subprocess

from harness import (
    LOOKS, OUTPUT, SITEGEN, Failure, Program, check, crawl, fetch, free_port, sitegen,
    temporary_folder, wait_for)
from redis_client import Redis


def _unprivileged():
    """The user to run servers as, and the words in front of a command that make it so."""
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid()), []
    for name in ["postgres", "nobody"]:
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return user, ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}",
                          "--clear-groups"]
    raise Failure("there is neither a user postgres nor nobody to run servers as")


def own_folder(folder):
    """Makes a folder that servers may write to; the words in front of a server's command."""
    user, prefix = _unprivileged()
    folder.mkdir()
    if os.getuid() == 0:
        os.chown(folder, user.pw_uid, user.pw_gid)
    return prefix


def postgres_program(name):
    """The path of one of PostgreSQL's programs, of the newest version."""
    places = sorted(pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = str(places[-1]) if places else shutil.which(name)
    if not found:
        raise Failure(f"{name} is not installed; run Tests/install runtime")
    return found


def cluster_template():
    """The data of a cluster that was never started; made by the first script that asks for it."""
    program = pathlib.Path(postgres_program("initdb"))
    OUTPUT.mkdir(parents=True, exist_ok=True)
    with open(OUTPUT / "cluster.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Another version's initdb makes another cluster.
        made = OUTPUT / f"cluster-{program.parts[-3]}-{program.stat().st_mtime_ns}"
        if made.exists():
            return made
        with temporary_folder() as folder:
            place = folder / "new"
            prefix = own_folder(place)
            subprocess.run(
                [*prefix, program, "-D", place / "data", "-U", "sitegen", "-A", "trust", "-E",
                 "UTF8", "--locale=C.UTF-8", "--no-sync"],
                check=True, capture_output=True, timeout=120, cwd=place)
            # What an earlier script left when it was killed.
            shutil.rmtree(made.with_suffix(".new"), ignore_errors=True)
            copy_folder(place / "data", made.with_suffix(".new"))
        made.with_suffix(".new").rename(made)
        return made


def copy_folder(source, target):
    """A copy with the same owners and modes."""
    subprocess.run(["cp", "-a", source, target], check=True, timeout=120)


class Postgres:
    """A cluster with one superuser, `sitegen`, and a database of the same name."""

    def __init__(self, folder, durable=False):
        self.folder = folder / "pg"
        self.logs = folder
        self.fsync = "on" if durable else "off"
        self.prefix = own_folder(self.folder)
        copy_folder(cluster_template(), self.folder / "data")
        self.start()
        self.query("CREATE DATABASE sitegen", database="postgres")

    def start(self):
        """Starts the server and waits until it answers."""
        self.server = Program(
            [*self.prefix, postgres_program("postgres"), "-D", self.folder / "data", "-k",
             self.folder, "-c", "listen_addresses=", "-c", f"fsync={self.fsync}"],
            self.logs, "postgres", cwd=self.folder)
        try:
            wait_for("PostgreSQL to answer", self._answers, 60)
        except BaseException:
            self.server.kill()
            raise

    def crash(self):
        """`pg_ctl restart -m immediate`: every session is lost, and the log is replayed."""
        subprocess.run(
            [*self.prefix, postgres_program("pg_ctl"), "stop", "-m", "immediate", "-D",
             self.folder / "data"], check=True, capture_output=True, timeout=60, cwd=self.folder)
        self.server.kill()
        self.start()

    def url(self, database="sitegen"):
        """What goes into DATABASE_URL."""
        return f"postgresql://sitegen@/{database}?host={self.folder}"

    def _answers(self):
        with contextlib.suppress(Failure):
            return self.query("SELECT 1", database="postgres") == [["1"]]

    def query(self, sql, database="sitegen"):
        """Runs SQL through psql; the rows as lists of text, empty text for NULL."""
        done = subprocess.run(
            [postgres_program("psql"), "-X", "-q", "-A", "-t", "-F", "\x1f", "-R", "\x1e",
             "-v", "ON_ERROR_STOP=1", "-d", self.url(database)],
            input=sql, capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise Failure(f"psql: {done.stderr.strip()[:500]}")
        output = done.stdout.rstrip("\n")
        return [row.split("\x1f") for row in output.split("\x1e")] if output else []


class RedisServer:
    """A Redis server without persistence."""

    def __init__(self, folder):
        self.folder = folder / "rd"
        prefix = own_folder(self.folder)
        self.port = free_port()
        self.socket = self.folder / "s"
        self.url = f"redis://127.0.0.1:{self.port}"
        self.server = Program(
            [*prefix, "redis-server", "--port", self.port, "--bind", "127.0.0.1", "--save", "",
             "--unixsocket", self.socket, "--unixsocketperm", "777", "--dir", self.folder],
            folder, "redis", cwd=self.folder)
        try:
            wait_for("Redis to answer", self._answers, 10)
        except BaseException:
            self.server.kill()
            raise

    def _answers(self):
        with contextlib.suppress(OSError, Failure), Redis(self.socket) as redis:
            return redis("PING") == b"PONG"


class Workspace:
    """Servers, the demo's rows in the database, and one release built from them."""

    def __init__(self, folder):
        self.folder = folder
        self.release = folder / "release"
        self.postgres = Postgres(folder)
        try:
            self.redis = RedisServer(folder)
        except BaseException:
            self.postgres.server.kill()
            raise
        self.env = {"DATABASE_URL": self.postgres.url(), "REDIS_URL": self.redis.url}

    def __enter__(self):
        try:
            self.must("db", "seed", "--size", LOOKS)
            self.must("log", "install")
            self.must("db", "apply")
            self.must("db", "refresh")
            self.must("build", "--release", self.release, "--quality", "fast")
            self.must("fragments", "publish")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.redis.server.kill()
        self.postgres.server.kill()

    def must(self, *arguments):
        """Runs sitegen; Failure if it does not exit with 0."""
        done = sitegen(*arguments, env=self.env)
        if done.returncode:
            raise Failure(f"sitegen {' '.join(map(str, arguments))} exited {done.returncode}:\n"
                          + (done.stderr or done.stdout)[-1500:])
        return done

    def build(self):
        """Builds once more; the finished process, whatever its status."""
        return sitegen("build", "--release", self.release, "--quality", "fast", env=self.env)

    @contextlib.contextmanager
    def serving(self):
        """`sitegen serve` on the release, ready to answer; the port."""
        port = free_port()
        command = ["serve", "--release", self.release, "--listen", f"127.0.0.1:{port}",
                   "--redis", self.redis.url]
        with Program([SITEGEN, *command], self.folder, "serve", env=self.env) as server:
            def answers():
                if server.child.poll() is not None:
                    raise Failure(f"serve ended:\n{server.text()[-1500:]}")
                with contextlib.suppress(OSError):
                    return fetch(port, "/").status == 200
            wait_for("sitegen serve to answer", answers, 20)
            yield port

    def text_columns(self):
        """(table, column) of each column with free text: no key, no slug, no enumeration."""
        rows = self.postgres.query("""
            SELECT format('%I.%I', table_schema, table_name), quote_ident(column_name)
            FROM information_schema.columns c JOIN information_schema.tables t
                USING (table_catalog, table_schema, table_name)
            WHERE t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
            AND c.data_type IN ('text', 'character varying')
            AND table_schema NOT IN ('pg_catalog', 'information_schema', 'sitegen')
            AND NOT EXISTS (SELECT FROM information_schema.constraint_column_usage u
                WHERE (u.table_schema, u.table_name, u.column_name)
                    = (c.table_schema, c.table_name, c.column_name))
            AND NOT EXISTS (SELECT FROM information_schema.key_column_usage u
                WHERE (u.table_schema, u.table_name, u.column_name)
                    = (c.table_schema, c.table_name, c.column_name))
            ORDER BY 1, c.ordinal_position""")
        free = []
        for table, column in rows:
            count = self.postgres.query(
                f"SELECT count(*) FROM {table} WHERE {column} !~ '^[a-z0-9#/._:?=&%-]*$'")
            if count != [["0"]]:
                free.append((table, column))
        return free


@contextlib.contextmanager
def workspace():
    """A Workspace in a temporary folder."""
    with temporary_folder() as folder, Workspace(folder) as made:
        yield made


def sample_pages(port, count):
    """Some pages of a served site, spread over what links lead to."""
    paths = crawl(port, limit=count * 8)
    check("links lead to pages", len(paths) > 1, str(paths))
    return paths[:: max(1, len(paths) // count)][:count]
