"""`sitegen new` writes sites that compile, build and pass their check, whatever the database.

The database of new/nasty.sql holds what a generator trips over; a site of it is compiled with
warnings as errors, its views are installed without a warning, its pages are asked for, and no
secret of a row is in them. The small site without a database goes the same way on servers of its
own. What somebody may get wrong ends with one clear error and leaves nothing.
"""

import contextlib
import json
import os
import pathlib
import pty
import select
import subprocess

from harness import (
    ROOT, SITEGEN, Failure, Program, check, crawl, fetch, free_port, run, sitegen,
    temporary_folder)
from servers import Postgres, postgres_program
from site_compiler import compile_site, compile_tests

NASTY = pathlib.Path(__file__).parent / "new/nasty.sql"
SCHEMAS = ["--schema", "public", "--schema", "other", "--schema", 'Sch"ema; DROP']


class Site:
    """A written site and its own program."""

    def __init__(self, folder, name, env):
        self.name = name
        self.folder = folder / name
        self.program = folder / "bin" / name
        self.env = {**os.environ, "SITEGEN_PROGRAM": str(self.program), **env}

    def compile(self):
        """Compiles it with warnings as errors."""
        done = compile_site(self.folder, self.program)
        if not check(f"{self.name}: compiles without a warning", done.returncode == 0,
                     (done.stdout + done.stderr)[-3000:]):
            raise Failure("there is no program to go on with")
        done = compile_tests(self.folder, self.program)
        check(f"{self.name}: its tests compile", done.returncode == 0,
              (done.stdout + done.stderr)[-3000:])

    def must(self, *arguments):
        """Runs the tool, and so its program, in its folder; the claim is that it ends with 0."""
        done = subprocess.run(
            [SITEGEN, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=300, env=self.env, cwd=self.folder)
        check(f"{self.name}: {' '.join(arguments)}", done.returncode == 0,
              (done.stdout + done.stderr)[-1500:])
        return done

    def install_and_build(self):
        """Views, row types, a release and its check."""
        done = self.must("db", "apply", "--quiet")
        said = done.stdout + done.stderr
        check(f"{self.name}: no view is warned about", "warning" not in said, said[-1500:])
        done = self.must("db", "generate")
        check(f"{self.name}: the row types are those of db generate",
              "is up to date" in done.stdout, done.stdout)
        self.must("db", "status")
        self.must("build", "--quality", "fast", "--quiet")
        done = self.must("check")
        check(f"{self.name}: the check finds no error", " 0 errors" in done.stdout,
              done.stdout[-1500:])

    @contextlib.contextmanager
    def serving(self):
        """A server for its release; the port."""
        port = free_port()
        with Program([SITEGEN, "serve", "--listen", f"127.0.0.1:{port}"], self.folder.parent,
                     f"serve-{self.name}", env=self.env, cwd=self.folder) as server:
            server.wait_for_line(r"^Serving", 30)
            yield port


def refused(claim, status, words, *arguments, folder):
    """`sitegen new` says what is wrong in a few lines and writes nothing."""
    before = sorted(folder.rglob("*"))
    done = sitegen("new", *arguments, cwd=folder)
    lines = done.stderr.strip().splitlines()
    check(f"{claim}: status {status}", done.returncode == status, f"{done.returncode}: {lines}")
    check(f"{claim}: says so", len(lines) <= 3 and all(word in done.stderr for word in words),
          done.stderr[-500:])
    check(f"{claim}: writes nothing", sorted(folder.rglob("*")) == before)


def check_mistakes(folder, url):
    """Names that are not there, servers that are away, folders that are full."""
    work = folder / "mistakes"
    work.mkdir()
    refused("a misspelt table", 64, ["Did you mean public.every_type?"], "a", "--database-url", url,
            "--tables", "evry_type", folder=work)
    refused("a misspelt schema", 64, ["Did you mean other?"], "a", "--database-url", url,
            "--schema", "othe", folder=work)
    refused("a table that cannot have pages", 64, ["public.keyless", "no primary key"], "a",
            "--database-url", url, "--tables", "keyless", folder=work)
    refused("a table of several schemas", 64, ["public.item, other.item"], "a", "--database-url",
            url, "--schema", "public", "--schema", "other", "--tables", "item", folder=work)
    refused("a server that is away", 69, ["No connection"], "a", "--database-url",
            "postgresql://x@127.0.0.1:1/x", folder=work)
    refused("a database that is not there", 69, ["does not exist"], "a", "--database-url",
            url.replace("/nasty", "/nowhere"), folder=work)
    refused("a name of a package", 64, ["SwiftPM"], "sitegen", folder=work)
    (work / "full").mkdir()
    (work / "full/mine").write_text("mine")
    refused("a folder that is not empty", 73, ["not empty"], "full", folder=work)
    refused("a file in the folder's place", 73, ["not empty"], "full/mine", folder=work)
    refused("tables without a database", 64, ["--database-url"], "a", "--tables", "x", folder=work)


def check_no_pages(folder, postgres):
    """Of a database without a table that has pages, a site is written, and it is said so."""
    postgres.query("CREATE DATABASE bare")
    postgres.query("CREATE TABLE log (line text); CREATE VIEW seen AS TABLE log", "bare")
    done = sitegen("new", "bare", "--database-url", postgres.url("bare"), "--print", cwd=folder)
    check("without a table that has pages, it is said so", done.returncode == 0
          and "No table of these schemas has pages" in done.stdout, done.stdout + done.stderr)


def check_rights(folder, postgres):
    """Somebody who may only read, and not everything."""
    url = postgres.url("nasty").replace("sitegen@", "nasty_reader@")
    done = sitegen("new", "reader", "--database-url", url, *SCHEMAS, "--print", cwd=folder)
    lines = {line.split("  ")[0]: line for line in done.stdout.splitlines()}
    check("a user who may only read gets a site", done.returncode == 0, done.stderr[-800:])
    check("a table without rights is named", "may not read" in lines.get("public.forbidden", ""),
          done.stdout)
    check("a column without rights is named",
          "left out: public.half_forbidden.closed: this user may not read it" in done.stdout)
    check("--print writes nothing", not (folder / "reader").exists())
    check("nothing was written into the database", postgres.query(
        "SELECT count(*) FROM pg_namespace WHERE nspname = 'sitegen'", "nasty") == [["0"]])
    done = sitegen("new", "many", "--database-url", url, "--schema", "many", "--print", cwd=folder)
    check("of 300 tables, as many as fit have pages", done.stdout.count("pages at /") == 60
          and done.stdout.count("more than 60 tables") == 240, done.stderr[-500:])


def check_nasty(folder, postgres):
    """A site of all that is nasty."""
    site = Site(folder, "nasty", {"DATABASE_URL": postgres.url("nasty")})
    done = sitegen("new", "nasty", "--database-url", postgres.url("nasty"), *SCHEMAS, "--yes",
                   "--sitegen", ROOT, "--title", 'Na"sty\\(1) & <b>', cwd=folder)
    check("nasty: is written", done.returncode == 0, done.stderr[-1500:])
    again = sitegen("new", "nasty", "--database-url", postgres.url("nasty"), cwd=folder)
    check("a second time is refused", again.returncode == 73, again.stderr)
    site.compile()
    site.install_and_build()
    with site.serving() as port:
        paths = crawl(port, limit=2000)
        pages = {path: fetch(port, path) for path in paths}
        check("nasty: every link leads to a page", len(paths) > 150
              and all(page.status == 200 for page in pages.values()),
              str([path for path, page in pages.items() if page.status != 200]))
        text = "".join(page.body.decode() for page in pages.values())
        for secret in ["SECRET-", "ann@example.com", "Row taken away", "Row in draft",
                       "Row without a time", "Row to come", "Row of the past"]:
            check(f"nasty: {secret} is on no page", secret not in text)
        check("nasty: markup of rows is text", "<script>alert" not in text
              and "&lt;script>alert" in text.replace("&gt;", ">"))
        check("nasty: a row that is shown is there", "/hidden/1-shown/" in paths, str(paths))
        check("nasty: three pages of sixty rows", "/parted/page/3/" in paths)
        check("nasty: a lost address is told", fetch(port, "/nowhere/").status == 404)


ADDITIONS = [
    ["page", "artist"], ["list", "album_page", "--by", "year", "--size", "2"],
    ["feed", "album_page"], ["column", "album_page", "motto"],
    ["column", "album_page", "stock"],
    ["json", "album_card"], ["redirects", "moved", "--to", "target"],
    ["fragment", "album-facts", "album_page"],
    ["fragment", "mine", "artist_card", "--cookie", "who"],
]


def check_additions(folder, postgres):
    """A site that grows: each addition once, the second time nothing."""
    postgres.query("CREATE DATABASE shop")
    postgres.query("""
        CREATE TABLE artist (id int PRIMARY KEY, name text NOT NULL);
        CREATE TABLE album (id int PRIMARY KEY, title text NOT NULL, year int,
            updated_at timestamptz, artist_id int NOT NULL REFERENCES artist);
        CREATE TABLE moved (old_path text PRIMARY KEY, target text);
        INSERT INTO moved VALUES ('/a b/', '/album/1-album-1/'), ('/gone', NULL),
            ('/away', 'https://example.org/?a=b');
        INSERT INTO artist VALUES (1, 'A & B'), (2, 'C');
        INSERT INTO album SELECT n, 'Album ' || n, 1990 + n, '2026-01-01', 1 + n % 2
        FROM generate_series(1, 5) n""", "shop")
    site = Site(folder, "shop", {"DATABASE_URL": postgres.url("shop")})
    done = sitegen("new", "shop", "--database-url", postgres.url("shop"), "--tables", "album",
                   "--sitegen", ROOT, cwd=folder)
    check("shop: is written", done.returncode == 0, done.stderr[-1500:])
    site.compile()
    site.must("db", "apply", "--quiet")
    postgres.query("ALTER TABLE album ADD COLUMN motto text DEFAULT 'A motto', "
                   "ADD COLUMN stock int NOT NULL DEFAULT 3", "shop")

    def files():
        return {path: path.read_bytes() for path in site.folder.rglob("*") if path.is_file()}

    for addition in ADDITIONS:
        site.must("add", *addition)
    before = files()
    for addition in ADDITIONS:
        site.must("add", *addition)
    check("shop: a second run changes nothing", files() == before)
    site.compile()
    site.install_and_build()
    with site.serving() as port:
        paths = crawl(port)
        check("shop: what was added is linked", {"/artist/1-a-b/", "/album/by-year/page/3/"}
              <= set(paths), str(paths))
        feed = fetch(port, "/album/feed.atom")
        check("shop: the feed has every album", feed.body.count(b"<entry>") == 5, feed.body[:500])
        names = [album["name"] for album in json.loads(fetch(port, "/album/index.json").body)]
        check("shop: the index has every album", names == [f"Album {n}" for n in range(1, 6)],
              str(names))
        moved = [(answer.status, answer["location"]) for answer in
                 [fetch(port, "/a%20b/"), fetch(port, "/gone"), fetch(port, "/away")]]
        check("shop: old addresses lead where the table says", moved == [
            (308, "/album/1-album-1/"), (410, None), (308, "https://example.org/?a=b")],
            str(moved))
        check("shop: the new column is on the page",
              b"A motto" in fetch(port, "/album/1-album-1/").body)


def check_questions(folder, url):
    """On a terminal it asks, and asks again; the answers are what is written."""
    here, there = pty.openpty()
    asked = subprocess.Popen(
        [SITEGEN, "new", "asked", "--database-url", url], cwd=folder, stdin=there, stdout=there,
        stderr=there, close_fds=True, start_new_session=True)
    os.close(there)
    said = ""

    def until(words):
        nonlocal said
        while words not in said:
            ready, _, _ = select.select([here], [], [], 60)
            if not ready:
                raise Failure(f"not said within 60 s: {words}\n{said}")
            try:
                said += os.read(here, 4096).decode(errors="replace")
            except OSError:  # the program has ended
                raise Failure(f"never said: {words}\n{said}") from None

    try:
        for question, answer in [
            ("Which tables get pages? [public.album, public.artist", "albun"),
            ("Did you mean public.album?", "album , artist"),
            ("Where will the site be reached? [http://127.0.0.1:4000]", "example.org"),
            ("An origin reads like https://example.com", "https://example.org"),
            ("Next: cd asked", ""),
        ]:
            until(question)
            if answer:
                os.write(here, f"{answer}\n".encode())
        check("questions: the program ends with 0", asked.wait(30) == 0, said)
    finally:
        asked.kill()
        os.close(here)
    sources = (folder / "asked/site/Site.swift").read_text()
    check("questions: the answers are in the site", "https://example.org" in sources
          and ".pages(AlbumPage.self)" in sources and ".pages(ArtistPage.self)" in sources, sources)


def check_small(folder):
    """The site without a database, on servers of its own."""
    site = Site(folder, "notes", {"DATABASE_URL": "", "REDIS_URL": ""})
    done = sitegen("new", "notes", "--sitegen", ROOT, cwd=folder)
    check("notes: is written", done.returncode == 0, done.stderr[-1500:])
    site.compile()
    site.must("db", "seed")
    site.install_and_build()
    site.must("fragments", "publish")
    with site.serving() as port:
        paths = crawl(port)
        check("notes: every note has a page", len(paths) == 6, str(paths))
        check("notes: the slot has its fallback", b"Nothing new" in fetch(port, "/").body)


def main():
    with temporary_folder() as folder:
        postgres = Postgres(folder)
        try:
            postgres.query("CREATE DATABASE nasty")
            subprocess.run(
                [postgres_program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d",
                 postgres.url("nasty"), "-f", NASTY], check=True, capture_output=True, timeout=120)
            check_mistakes(folder, postgres.url("nasty"))
            check_rights(folder, postgres)
            check_no_pages(folder, postgres)
            check_small(folder)
            check_additions(folder, postgres)
            check_questions(folder, postgres.url("shop"))
            check_nasty(folder, postgres)
        finally:
            postgres.server.kill()


if __name__ == "__main__":
    run(main)
