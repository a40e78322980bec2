"""Two sites in one database and one Redis: the same tables, views of the same names, one with a
name of its own.

Each is installed, built, followed and served beside the other. A change reaches both; what one
publishes, installs again or drops, the other does not see. Names are kept apart by their schema
and by their keys in Redis.
"""

import contextlib
import os
import shutil
import subprocess

from harness import (
    SITEGEN, Failure, Program, check, fetch, free_port, run, temporary_folder, wait_for)
from redis_client import Redis
from servers import Postgres, RedisServer
from shop_site import BASE, PROGRAM, SITE


class Site:
    """One of the two, in a folder of its own."""

    def __init__(self, folder, name, postgres, redis):
        self.folder = folder / (name or "unnamed")
        shutil.copytree(SITE, self.folder)
        if name:
            (self.folder / "site/database/site.name").write_text(f"{name}\n")
        self.release = folder / f"release-{name}"
        self.env = {**os.environ, "DATABASE_URL": postgres.url(), "REDIS_URL": redis.url,
                    "SITEGEN_PROGRAM": PROGRAM, "SHOP_NAME": name or "unnamed"}

    def sitegen(self, *arguments, status=0, **environment):
        done = subprocess.run(
            [SITEGEN, *map(str, arguments), "--root", self.folder],
            env={**self.env, **environment}, capture_output=True, text=True, timeout=300)
        if done.returncode != status:
            raise Failure(f"{arguments} exited {done.returncode}: {done.stderr[-1500:]}")
        return done

    def build(self, *more):
        return self.sitegen("build", "--release", self.release, "--quality", "fast", *more)

    def command(self, *arguments):
        return [SITEGEN, *map(str, arguments), "--release", self.release]


def databases(plain, named, postgres):
    """Both are installed, and each finds that there is nothing more to do."""
    plain.sitegen("db", "apply")
    named.sitegen("db", "apply")
    plan = [site.sitegen("db", "plan") for site in (plain, named)]
    check("neither has anything more to install",
          all("nothing to do" in done.stderr for done in plan), [done.stdout for done in plan])
    named.sitegen("db", "status", status=0)
    plain.sitegen("db", "status", status=0)
    names = postgres.query(
        "SELECT string_agg(nspname, ' ' ORDER BY nspname) FROM pg_namespace "
        "WHERE nspname LIKE 'sitegen%'")[0][0]
    check("each has a schema", names == "sitegen sitegen_two", names)
    refused = named.sitegen("db", "status", status=78, SITEGEN_SITE="Two")
    check("what is no name is refused", "SITEGEN_SITE" in refused.stderr, refused.stderr)


def fragments(plain, named, redis):
    """Each publishes under keys of its own."""
    with Redis(redis.socket) as client:
        plain.sitegen("fragments", "publish", "--release", plain.release)
        first = set(client("KEYS", "*"))
        named.sitegen("fragments", "publish", "--release", named.release)
        second = set(client("KEYS", "*")) - first
        client("DEL", *first)
    check("the keys of a site without a name have none",
          first and not any(b"/" in key for key in first), first)
    check("those of the other begin with it",
          len(second) == len(first) and all(key.startswith(b"f:two/") for key in second), second)


def home(port):
    return fetch(port, f"{BASE}/").body.decode()


def served(plain, named, postgres, redis, folder):
    """Both are served and followed; a change reaches both, until one is gone."""
    with contextlib.ExitStack() as stack:
        ports = [free_port(), free_port()]
        for site, port in zip((plain, named), ports):
            stack.enter_context(Program(
                site.command("serve", "--listen", f"127.0.0.1:{port}"), folder,
                f"serve-{port}", env=site.env))
        for port in ports:
            wait_for("the server", lambda port=port: answers(port), 20)
        wait_for("the fragment of the one that has it",
                 lambda: "Record No. 3" in home(ports[1]).split("Sold most")[1], 20)
        check("and the other one shows its fallback",
              "Record No. 3" not in home(ports[0]).split("Sold most")[1])
        followers = []
        for site in (plain, named):
            followers.append(stack.enter_context(Program(
                site.command("build", "--follow", "--json", "--quality", "fast", "--root",
                             site.folder), folder, f"follow-{site.folder.name}", env=site.env)))
        for follower in followers:
            wait_for("a follower to settle", lambda f=follower: '"settled"' in f.text(), 60)
        postgres.query("UPDATE album SET title = 'Both See It' WHERE id = 1")
        for port in ports:
            wait_for("the page at its new address", lambda port=port: fetch(
                port, f"{BASE}/albums/both-see-it/").status == 200, 30)
        check("a change reaches both", True)
        followers[1].child.terminate()
        followers[1].child.wait(30)
        named.sitegen("db", "drop", "--yes")
        postgres.query("UPDATE album SET title = 'One Is Left' WHERE id = 1")
        wait_for("the page of the one that is left", lambda: fetch(
            ports[0], f"{BASE}/albums/one-is-left/").status == 200, 30)
        check("it goes on when the other has left",
              fetch(ports[1], f"{BASE}/albums/one-is-left/").status == 404
              and '"problem"' not in followers[0].text(), followers[0].text()[-900:])
        check("which is still served", fetch(ports[1], f"{BASE}/albums/both-see-it/").status == 200)


def answers(port):
    try:
        return fetch(port, f"{BASE}/").status == 200
    except OSError:
        return False


def main():
    with temporary_folder() as folder:
        postgres, redis = Postgres(folder), RedisServer(folder)
        try:
            postgres.query((SITE / "schema.sql").read_text())
            plain, named = Site(folder, "", postgres, redis), Site(folder, "two", postgres, redis)
            databases(plain, named, postgres)
            for site in (plain, named):
                site.build()
            fragments(plain, named, redis)
            served(plain, named, postgres, redis, folder)
            check("the one that is left has nothing to do",
                  "nothing to do" in plain.sitegen("db", "plan").stderr)
        finally:
            redis.server.kill()
            postgres.server.kill()


if __name__ == "__main__":
    run(main)
