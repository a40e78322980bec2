"""Under `build --follow` fragments of changed rows reach Redis, and no fault of it stops pages.

On the demo site: another look becomes the one that is read most, and pages show it in their slot.
Redis is killed: a changed row still becomes a page. Redis comes back empty: all fragments are there
again. A second follower of the same folder is refused.
"""

import time

from harness import SITEGEN, Program, check, fetch, run, sitegen, wait_for
from redis_client import Redis
from servers import workspace

FRAGMENT = "f:trending-looks"


def read_most(site, rank):
    """Makes another look the one that is read most; its name."""
    [[slug, name]] = site.postgres.query(
        "SELECT l.slug, l.name FROM fashion.look l JOIN sitegen.look_page p ON p.slug = l.slug "
        f"ORDER BY l.id LIMIT 1 OFFSET {rank}")
    site.postgres.query(
        f"INSERT INTO traffic.trend VALUES ('look_page', '{slug}', {10**8 + rank}) "
        f"ON CONFLICT (view, key) DO UPDATE SET score = {10**8 + rank}")
    return name


def fragment(site):
    """What Redis has."""
    with Redis(site.redis.socket) as redis:
        return redis("GET", FRAGMENT) or b""


def main():
    with workspace() as site, site.serving() as port:
        command = [SITEGEN, "build", "--follow", "--json", "--quality", "fast", "--release",
                   site.release]
        with Program(command, site.folder, "follow", env=site.env) as follower:
            wait_for("the follower to settle", lambda: '"settled"' in follower.text(), 120)
            name = read_most(site, 3)
            wait_for("Redis to have it", lambda: name.encode() in fragment(site), 30)
            wait_for("the page to show it", lambda: name.encode() in fetch(port, "/").body, 30)
            check("a changed row's fragment is shown", True)
            second = sitegen(*command[1:], env=site.env)
            check("a second follower of the folder is refused", second.returncode == 75,
                  second.stderr)

            site.redis.server.kill()
            [[slug]] = site.postgres.query(
                "UPDATE fashion.look SET name = 'Without Redis' WHERE id = "
                "(SELECT l.id FROM fashion.look l JOIN sitegen.look_page p ON p.slug = l.slug "
                "ORDER BY l.id LIMIT 1) RETURNING slug")
            wait_for("the page without Redis",
                     lambda: b"Without Redis" in fetch(port, f"/looks/{slug}/").body, 30)
            check("pages go on without Redis", follower.child.poll() is None)
            name = read_most(site, 7)
            time.sleep(1)
            again = Program(site.redis.server.command, site.folder, "redis-again",
                            cwd=site.redis.folder)
            with again:
                def has():
                    try:
                        return name.encode() in fragment(site)
                    except OSError:
                        return False
                wait_for("Redis, empty, to have it", has, 60)
                wait_for("the page to show that",
                         lambda: name.encode() in fetch(port, "/").body, 30)
                check("what came late is shown", True)
                told = follower.text().count('"problem"')
                check(f"the fault is told, and not again and again ({told} times)",
                      1 <= told <= 5, follower.text()[-1500:])


if __name__ == "__main__":
    run(main)
