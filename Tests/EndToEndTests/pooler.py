"""Everything works through PgBouncer in transaction mode, and pages can be built from a replica.

The settings are those of docs/pooling.md, made harder: four server sessions that take turns, so
that hardly two transactions of a command meet the same. A release that was built through the
pooler, or from a streaming replica, has the bytes of one that was built without.
"""

import contextlib
import hashlib
import subprocess
import threading

from harness import SITEGEN, Failure, Program, check, run, sitegen, wait_for
from servers import Postgres, own_folder, postgres_program, workspace

CONFIGURATION = """
[databases]
* = host={postgres} user=sitegen
[pgbouncer]
pool_mode = transaction
listen_addr =
listen_port = 6432
unix_socket_dir = {folder}
auth_type = any
admin_users = sitegen
max_client_conn = 100
default_pool_size = 4
server_round_robin = 1
"""


class PgBouncer:
    """A PgBouncer in transaction mode in front of a server."""

    def __init__(self, folder, postgres):
        self.folder = folder / "pb"
        prefix = own_folder(self.folder)
        settings = folder / "pgbouncer.ini"
        settings.write_text(CONFIGURATION.format(postgres=postgres.folder, folder=self.folder))
        self.server = Program(
            [*prefix, "/usr/sbin/pgbouncer", settings], folder, "pgbouncer", cwd=self.folder)
        try:
            wait_for("PgBouncer to answer", self.answers, 20)
        except BaseException:
            self.server.kill()
            raise

    def url(self, database="sitegen"):
        return f"postgresql://sitegen@/{database}?host={self.folder}&port=6432"

    def psql(self, sql):
        """What psql prints for statements, each a transaction of its own."""
        done = subprocess.run(
            [postgres_program("psql"), "-X", "-q", "-A", "-t", "-d", self.url()],
            input=sql, capture_output=True, text=True, timeout=60)
        return done.stdout.split(), done.stderr

    def answers(self):
        if self.server.child.poll() is not None:
            raise Failure(f"PgBouncer ended:\n{self.server.text()[-1000:]}")
        return self.psql("SELECT 1")[0] == ["1"]

    def open_sessions(self):
        """Makes several clients ask at once, so that all server sessions are there."""
        waiting = [threading.Thread(target=self.psql, args=["SELECT pg_sleep(0.5)"])
                   for _ in range(4)]
        for thread in waiting:
            thread.start()
        for thread in waiting:
            thread.join()


class Replica:
    """A streaming replica of a server."""

    def __init__(self, folder, postgres):
        self.folder = folder / "rp"
        prefix = own_folder(self.folder)
        subprocess.run(
            [*prefix, postgres_program("pg_basebackup"), "-h", postgres.folder, "-U", "sitegen",
             "-D", self.folder / "data", "-R", "-X", "stream", "-c", "fast", "--no-sync"],
            check=True, capture_output=True, timeout=120, cwd=self.folder)
        self.server = Program(
            [*prefix, postgres_program("postgres"), "-D", self.folder / "data", "-k",
             self.folder, "-c", "listen_addresses=", "-c", "fsync=off"],
            folder, "replica", cwd=self.folder)

    def url(self, database="sitegen"):
        return f"postgresql://sitegen@/{database}?host={self.folder}"

    query = Postgres.query


def files(release):
    """Every file of a folder of releases but the records of when; its path and a digest."""
    return {
        str(path.relative_to(release)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(release.rglob("*"))
        if path.is_file() and not path.is_symlink()
        and path.name not in {"history", "database"} and path.suffix != ".lock"}


def build(site, name, url):
    """A release from nothing, through a URL; the finished process."""
    return sitegen("build", "--release", site.folder / name, "--quality", "fast",
                   env={**site.env, "DATABASE_URL": url})


def same_release(site, name, url, claim, like="release"):
    done = build(site, name, url)
    check(f"{claim}: the build succeeds", done.returncode == 0, done.stderr[-800:])
    check(f"{claim}: the release has the same bytes",
          files(site.folder / name) == files(site.folder / like))


def commands(site, url):
    """Every command about the database, twice, since a second run meets what the first left."""
    for arguments in [["db", "apply"], ["db", "generate"], ["db", "refresh"], ["db", "status"],
                      ["fragments", "publish"]] * 2:
        done = sitegen(*arguments, env={**site.env, "DATABASE_URL": url})
        check(f"`{' '.join(arguments)}` works through the pooler", done.returncode == 0,
              done.stderr[-500:])


def pooled(site, pooler):
    pooler.open_sessions()
    seen, _ = pooler.psql("SELECT pg_backend_pid();\n" * 6)
    check("the pooler does give one client several sessions", len(set(seen)) > 1, str(seen))
    pooler.psql("PREPARE mine AS SELECT 1;\n")
    _, refused = pooler.psql("EXECUTE mine;\n" * 6)
    check("a prepared statement would not be found again", "does not exist" in refused, refused)
    commands(site, pooler.url())
    same_release(site, "pooled", pooler.url(), "through the pooler")
    results = []
    builds = [threading.Thread(target=lambda name=name: results.append(
        build(site, name, pooler.url()).returncode)) for name in ["one", "two"]]
    for thread in builds:
        thread.start()
    for thread in builds:
        thread.join()
    check("two builds at once do not disturb each other", results == [0, 0], str(results))
    check("and have the same bytes", files(site.folder / "one") == files(site.folder / "two"))
    site.postgres.crash()
    same_release(site, "after", pooler.url(), "after a crash of the server behind the pooler")


def followed(site, pooler):
    """Changes are followed through the pooler, also after the server behind it was lost."""
    def change(text):
        [[last]] = site.postgres.query("SELECT coalesce(max(seq), 0) FROM sitegen.event")
        site.postgres.query(f"UPDATE fashion.look SET description = '{text}' WHERE id = 1")
        wait_for(f"the event of {text}", lambda: site.postgres.query(
            f"SELECT 1 FROM sitegen.event WHERE seq > {last} AND view = 'look_page'"), 60)

    with Program([SITEGEN, "db", "refresh", "--follow", "--db", pooler.url()], site.folder,
                 "follow"):
        change("before")
        check("the queue is followed through the pooler", True)
        site.postgres.crash()
        change("after")
        check("and goes on being followed after a crash of the server", True)


def replicated(site):
    replica = Replica(site.folder, site.postgres)
    try:
        rows = "SELECT max(seq) FROM sitegen.event"

        def follows():
            with contextlib.suppress(Failure):
                return replica.query(rows) == site.postgres.query(rows)
        wait_for("the replica to follow", follows, 60)
        build(site, "direct", site.postgres.url())
        same_release(site, "replica", replica.url(), "from a replica", like="direct")
    finally:
        replica.server.kill()


def main():
    check("the program is there", SITEGEN)
    with workspace() as site:
        pooler = PgBouncer(site.folder, site.postgres)
        try:
            pooled(site, pooler)
            followed(site, pooler)
        finally:
            pooler.server.kill()
        replicated(site)


if __name__ == "__main__":
    run(main)
