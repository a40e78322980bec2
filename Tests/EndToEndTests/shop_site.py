"""A whole site by hand (ShopSite), from an existing database to a server, in a folder of its host.

It has what a shop asks for: a front page, lists in pages, pages with children and counts, a shared
and a private fragment, a JSON search index, a feed, redirects from a table and from titles that
changed, settings, a policy of its own, drafts. Its Swift and SQL are counted. A follower publishes
a changed title at its new address; a preview shows drafts to who has the token alone.
"""

import json
import os
import re
import subprocess
import xml.etree.ElementTree

from harness import (
    ROOT, SITEGEN, Failure, Program, check, fetch, free_port, run, temporary_folder,
    wait_for)
from servers import Postgres, RedisServer

SITE = ROOT / "Tests/EndToEndTests/ShopSite"
PROGRAM = os.environ.get("SHOPSITE", str(ROOT / ".build/debug/ShopSite"))
LINES_MAX = 300
BASE = "/shop"


class Shop:
    """The database, Redis, and the commands of the site."""

    def __init__(self, folder):
        self.folder = folder
        self.release = folder / "release"
        self.postgres = Postgres(folder)
        self.redis = RedisServer(folder)
        self.env = {**os.environ, "DATABASE_URL": self.postgres.url(),
                    "REDIS_URL": self.redis.url, "SITEGEN_PROGRAM": PROGRAM,
                    "SHOP_NAME": "Crate & Barrel", "SITEGEN_PREVIEW_TOKEN": "a-token-of-32-letters"}

    def sitegen(self, *arguments, status=0, **environment):
        done = subprocess.run(
            [SITEGEN, *map(str, arguments), "--root", SITE], env={**self.env, **environment},
            capture_output=True, text=True, timeout=300)
        if done.returncode != status:
            raise Failure(f"{arguments} exited {done.returncode}: {done.stderr[-1500:]}")
        return done

    def build(self, *more, **environment):
        return self.sitegen("build", "--release", self.release, "--quality", "fast", *more,
                            **environment)

    def close(self):
        self.redis.server.kill()
        self.postgres.server.kill()


def lines():
    """The lines of Swift and SQL that an author writes, without empty ones."""
    files = [path for path in SITE.rglob("*") if path.suffix in (".swift", ".sql")
             and path.name not in ("Rows.generated.swift", "schema.sql")]
    return sum(1 for path in files for line in path.read_text().splitlines() if line.strip())


def pages(port):
    """What a browser sees, page by page."""
    home = fetch(port, f"{BASE}/").body.decode()
    check("the front page counts albums, without drafts and what is for later",
          "6 albums." in home, home)
    check("the name of the shop is a setting", "Crate &amp; Barrel" in home, home)
    album = fetch(port, f"{BASE}/albums/record-no-1/").body.decode()
    check("a page has its children, a date and a price",
          album.count("<li>Song") == 3 and "29 February 2020" in album and "€10.50" in album,
          album)
    artist = fetch(port, f"{BASE}/artists/1-olbaum-sohne/").body.decode()
    check("a page counts its children", "<p>3 albums" in artist, artist)
    second = fetch(port, f"{BASE}/albums/page/2/").body.decode()
    check("a list has pages, and a way between them",
          f'href="{BASE}/albums/"' in second.replace("'", '"') and "<b>2</b>" in second
          or f"href={BASE}/albums/" in second, second)
    check("what is outside of the folder is not there", fetch(port, "/albums/").status == 404)
    policy = fetch(port, f"{BASE}/albums/record-no-1/")["content-security-policy"]
    check("one kind of page may show covers of another host",
          "https://covers.example" in policy
          and "covers.example" not in fetch(port, f"{BASE}/")["content-security-policy"], policy)


def files(port):
    """The search index, the feed, the redirects."""
    index = json.loads(fetch(port, f"{BASE}/search.json").body)
    check("the search index has names and addresses that are there",
          len(index) == 6 and all(fetch(port, entry["url"]).status == 200 for entry in index),
          index)
    feed = xml.etree.ElementTree.fromstring(fetch(port, f"{BASE}/feed.atom").body)
    ids = [node.text for node in feed.iter("{http://www.w3.org/2005/Atom}id")]
    check("the feed has whole addresses",
          ids[0] == "https://crate.example/shop/" and len(ids) == 4, ids)
    old = fetch(port, f"{BASE}/index.php")
    check("an old address leads on", (old.status, old["location"]) == (301, f"{BASE}/"),
          f"{old.status} {old['location']}")
    check("what is gone is said to be", fetch(port, f"{BASE}/fax").status == 410)
    found = crawl(port, f"{BASE}/")
    check(f"every link leads to a page ({len(found)})", len(found) >= 11, found)


def crawl(port, start):
    """The paths that links lead to; each answers with 200."""
    found, waiting = [start], [start]
    while waiting:
        body = fetch(port, waiting.pop()).body.decode("utf-8", "replace")
        for link in re.findall(r"""<a\s[^>]*?href=["']?([^"'\s>]+)""", body):
            if link.startswith("/") and link not in found:
                check(f"{link} is there", fetch(port, link).status == 200)
                found.append(link)
                waiting.append(link)
    return found


def fragments(shop, port):
    """What everybody sees, and what one visitor alone does."""
    shop.sitegen("fragments", "publish")

    def sold():
        return "Record No. 3" in fetch(port, f"{BASE}/").body.decode().split("Sold most")[1]
    wait_for("the shared fragment", sold, 20)
    check("a shared fragment is in the page", sold())
    path = f"{BASE}/albums/record-no-1/"
    mine = fetch(port, path, cookie="basket=visitor-one-token", accept_encoding="identity")
    other = fetch(port, path, cookie="basket=another-visitor")
    check("a visitor sees the own basket", re.search(rb"Basket: *(<!--.*?-->)?2", mine.body)
          is not None, mine.body[:900])
    check("and nobody else does", b"Basket: 2" not in other.body and mine.body != other.body)
    check("no shared cache may keep it", "private" in (mine["cache-control"] or ""))


def follow(shop, port):
    """A changed title is a page at a new address, and the old one leads there."""
    command = [SITEGEN, "build", "--follow", "--json", "--quality", "fast", "--release",
               shop.release, "--root", SITE]
    with Program(command, shop.folder, "follow", env=shop.env) as follower:
        wait_for("the follower to settle", lambda: '"settled"' in follower.text(), 60)
        shop.postgres.query("UPDATE album SET title = 'Ålbum Ñ' WHERE id = 1")
        wait_for("the page at its new address",
                 lambda: fetch(port, f"{BASE}/albums/album-n/").status == 200, 30)
        moved = fetch(port, f"{BASE}/albums/record-no-1/")
        check("the old address leads to the new one",
              (moved.status, moved["location"]) == (308, f"{BASE}/albums/album-n/"),
              f"{moved.status} {moved['location']}")
        shop.postgres.query("UPDATE album SET title = 'Record No. 1' WHERE id = 2")
        wait_for("another page to take the address",
                 lambda: fetch(port, f"{BASE}/albums/record-no-1/").status == 200, 30)
        check("a follower had no fault", '"problem"' not in follower.text(),
              follower.text()[-1500:])


def preview(shop):
    """Drafts, for who knows the token, also behind a program that was away for a while."""
    port = free_port()
    program = shop.folder / "ShopSite"
    program.symlink_to(PROGRAM)
    env = {**shop.env, "SITEGEN_PROGRAM": str(program)}
    command = [SITEGEN, "preview", "--listen", f"127.0.0.1:{port}", "--root", SITE, "--release",
               shop.folder / "preview", "--every", "1", "--now", "2100-02-01"]
    with Program(command, shop.folder, "preview", env=env) as server:
        wait_for("the preview", lambda: "Open http" in server.text(), 120)
        address = re.search(r"Open http://[^/]*(\S+)", server.text())[1]
        check("the address is in the folder of the site", address.startswith(f"{BASE}/?token="))
        check("without the token nothing is shown", fetch(port, f"{BASE}/").status == 403)
        entered = fetch(port, address)
        cookie = (entered["set-cookie"] or "").split(";")[0]
        check("the token lets in", entered.status == 303 and entered["location"] == f"{BASE}/",
              f"{entered.status} {entered['location']}")
        draft = fetch(port, f"{BASE}/albums/record-no-7/", cookie=cookie)
        later = fetch(port, f"{BASE}/albums/record-no-8/", cookie=cookie)
        check("a draft and what comes later are there", (draft.status, later.status) == (200, 200))
        check("and are not to be listed", draft["x-robots-tag"] == "noindex, nofollow")
        moved = fetch(port, f"{BASE}/albums", cookie=cookie)
        kept = [answer["cache-control"] for answer in (draft, later, moved)]
        check("and no cache keeps them for others",
              moved.status == 308 and all("private" in line for line in kept), kept)
        told = server.text()
        program.unlink()
        wait_for("the word that the program is away", lambda: server.text() != told, 20)
        program.symlink_to(PROGRAM)
        shop.postgres.query("UPDATE track SET title = 'Another draft' WHERE album_id = 7")
        wait_for("the preview to follow", lambda: b"Another draft" in fetch(
            port, f"{BASE}/albums/record-no-7/", cookie=cookie).body, 60)
    refused = subprocess.run(
        [SITEGEN, "serve", "--release", str(shop.folder / "preview"), "--listen",
         f"127.0.0.1:{port}"], capture_output=True, text=True, timeout=60, env=shop.env)
    check("serve refuses a preview", refused.returncode == 78
          and "sitegen preview" in refused.stderr, refused.stderr)


def watched(shop):
    """A watch of another time, with drafts: the same pages as a preview, found by their address."""
    port = free_port()
    command = [SITEGEN, "watch", "--port", port, "--root", SITE, "--data", shop.folder / "watch",
               "--db", shop.postgres.url()]
    paths = [f"{BASE}/albums/record-no-7/", f"{BASE}/albums/record-no-8/"]
    for more, expected in [([], [404, 404]), (["--drafts"], [200, 404]),
                           (["--now", "2100-02-01"], [404, 200])]:
        with Program([*command, *more], shop.folder, f"watch{len(more)}{expected[0]}",
                     env=shop.env) as program:
            program.wait_for_line(r"ready in", 60)
            found = [fetch(port, path).status for path in paths]
            check(f"watch {' '.join(more)} shows what is public then", found == expected,
                  f"{found} {program.text()[-500:]}")


def wrong(shop):
    """What is told where something is missing."""
    done = shop.sitegen("build", "--release", shop.folder / "preview", status=78)
    check("the public site is not built into a preview", "holds a preview" in done.stderr,
          done.stderr)


def main():
    count = lines()
    check(f"the site has at most {LINES_MAX} lines ({count})", count <= LINES_MAX)
    with temporary_folder() as folder:
        shop = Shop(folder)
        try:
            shop.postgres.query((SITE / "schema.sql").read_text())
            shop.sitegen("db", "apply")
            before = (SITE / "site/Rows.generated.swift").read_text()
            shop.sitegen("db", "generate")
            check("the row types are those of the views",
                  (SITE / "site/Rows.generated.swift").read_text() == before)
            built = shop.build()
            check("the build warns of nothing", not built.stderr.strip(), built.stderr)
            found = subprocess.run(
                [SITEGEN, "check", "--release", str(shop.release)], cwd=SITE, env=shop.env,
                capture_output=True, text=True, timeout=120)
            check("a check finds no error, and lists what is open",
                  " 0 errors" in found.stdout and "open  img-src https://covers.example"
                  in found.stdout, found.stdout[-900:])
            port = free_port()
            with Program([SITEGEN, "serve", "--release", shop.release, "--listen",
                          f"127.0.0.1:{port}"], folder, "serve", env=shop.env) as server:
                def answers():
                    if server.child.poll() is not None:
                        raise Failure(server.text()[-900:])
                    try:
                        return fetch(port, f"{BASE}/").status == 200
                    except OSError:
                        return False
                wait_for("the server", answers, 20)
                pages(port)
                files(port)
                fragments(shop, port)
                follow(shop, port)
            preview(shop)
            watched(shop)
            wrong(shop)
        finally:
            shop.close()


if __name__ == "__main__":
    run(main)
