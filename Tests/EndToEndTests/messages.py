"""What people get wrong in a site of their own, each with what they are told.

The mistakes are those that new users made. A message says what is wrong and what to write instead,
in one or two lines, at the line in question; this list holds what each has to say.
"""

import shutil

from harness import (
    ROOT, SITEGEN, Program, check, fetch, run, sitegen, temporary_folder, wait_for)
from new_site import Site
from servers import Postgres
from site_compiler import said_of

# What is wrong in a block of elements: its name, the block, what the compiler's one error says.
COMPILED = [
    ("Time", "p { row.at }", "its type is not content; make a String of the value"),
    ("Number", "p { row.price }", "its type is not content; make a String of the value"),
    ("Flag", "p { row.isNew }", "its type is not content; make a String of the value"),
    ("Array", "ul { row.tags }", "an array is not content; write `for x in array { … }`"),
    ("Map", "ul { row.tags.map { tag in li { tag } } }", "an array is not content"),
    ("Optional", "p { row.note }", "an optional is not content; write `if let` or `??`"),
    ("Print", 'p { print("here"); "text" }', "a statement is not content; compute values by `let`"),
    ("Assignment", "var count = 1; count += 1; p { count }", "a statement is not content"),
    ("While", 'while true { p { "text" } }', "cannot be used with result builder"),
    ("Comma", 'a(.href("/") .rel("next")) { "text" }', "a comma is missing between two attributes"),
    ("Spelling", 'p(.class("lead")) { "text" }', "it is spelt cls"),
    ("Style", 'p(.style("color: red")) { "text" }', "put the rule into the component's styles"),
    ("Handler", 'button(.onclick("go()")) { "text" }', "put the code into the component's script"),
    ("Attribute", 'p(.href("/")) { "text" }', "this element has no attribute href"),
    ("Element", 'heading { "text" }', "cannot find 'heading' in scope"),
    ("Column", "p { row.titel }", "has no member 'titel'"),
    ("Link", "a(.href(row.note)) { row.title }", "must be unwrapped"),
]
PRELUDE = """
import SiteAuthoring

struct MessageRow: Sendable {
    let title: String
    let at: Timestamp
    let price: Double
    let isNew: Bool
    let tags: [String]
    let note: String?
}
"""
COMPONENT = """
import SiteAuthoring

struct %s: Component {
    let row: MessageRow
    var view: HTML {
        %s
    }
}
"""


def check_compiler(folder):
    """Each mistake in a component is one error, in its line and in words."""
    sources = {f"Wrong{name}": COMPONENT % (f"Wrong{name}", block) for name, block, _ in COMPILED}
    said = said_of({"Prelude": PRELUDE, **sources}, folder)
    check("what the mistakes stand on compiles", said["Prelude"] == [], str(said["Prelude"]))
    for name, block, words in COMPILED:
        lines = [line for line in said[f"Wrong{name}"] if line.startswith(str(folder))]
        check(f"compiler: {block}", len(lines) == 1 and words in lines[0] and ":7:" in lines[0],
              str(lines))


# What is wrong in a view file: its name, its text, the line that tells of it, what to do.
VIEWS = [
    ("column", "SELECT id, titel FROM album", ":2: error: column \"titel\" does not exist",
     'Perhaps you meant to reference the column "album.title"'),
    ("table", "SELECT id FROM albun", ":2: error: relation \"albun\" does not exist",
     'Perhaps you meant "album".'),
    ("comma", "SELECT id\n  album.title FROM album", ":3: error: syntax error at or near \".\"",
     "Look in front of it"),
    ("header", "-- nulable: note\nSELECT id, note FROM album", ":2: error: `nulable:` is not a",
     "Allowed are key:, "),
    ("json", "-- json: title Title\nSELECT id, title FROM album", ":2: error: title is ",
     "Cast what makes it: (…)::jsonb AS title."),
    ("row", "SELECT id,\n  row(id, title) AS r FROM album", ":3: error: column \"r\" has pseudo",
     "Give its parts as columns"),
    ("clock", "SELECT id, now() AS at FROM album", ":2: error: now() reads the clock",
     "`publish-at:`"),
    ("order", "SELECT artist_id AS id, json_agg(title) AS t FROM album GROUP BY 1",
     ":2: error: json_agg without ORDER BY", "Write json_agg(… ORDER BY …)"),
    ("name", "SELECT id, upper(title) || note FROM album", ":2: error: A column has no name.",
     "with AS"),
    ("two", "SELECT id FROM album; SELECT 1", ":2: error: A view is exactly one statement.", ""),
]
ALBUMS = """
CREATE TABLE album (id int PRIMARY KEY, title varchar(50) NOT NULL, note text, artist_id int);
INSERT INTO album VALUES (1, 'a', NULL, 1), (2, 'b', NULL, 1);
"""


def check_views(folder, postgres):
    """Each mistake in a view file is told with its line, and with what to change."""
    postgres.query("CREATE DATABASE albums")
    postgres.query(ALBUMS, "albums")
    env = {"DATABASE_URL": postgres.url("albums")}
    for name, text, line, remedy in VIEWS:
        site = folder / f"view-{name}"
        (site / "site/database").mkdir(parents=True)
        (site / "Package.swift").write_text("")
        (site / "site/database/x.sql").write_text(f"-- key: id\n{text}\n")
        said = sitegen("db", "apply", env=env, cwd=site)
        check(f"view: {name}", said.returncode == 78 and f"site/database/x.sql{line}" in said.stderr
              and remedy in said.stderr and len(said.stderr.splitlines()) <= 3, said.stderr)


# A component that some texts of a row make crash, each in another way.
CRASHING = """

struct Wrong: Component {
    let text: String
    var view: HTML { p { shown } }

    private var shown: String {
        let numbers = [1, 2, 3]
        if text == "index" { return "\\(numbers[text.utf8.count])" }
        if text == "depth" { return deep(1) }
        return text
    }

    private func deep(_ level: Int) -> String { level < 0 ? "" : deep(level + 1) + "x" }
}
"""


def check_crashes(folder, postgres):
    """A crash in a component is told in two lines, with the row; the other pages go on."""
    postgres.query("CREATE DATABASE notes")
    site = Site(folder, "notes", {"DATABASE_URL": postgres.url("notes"), "REDIS_URL": ""})
    sitegen("new", "notes", "--sitegen", ROOT, cwd=folder)
    page = site.folder / "site/Pages/NotePage.swift"
    source = page.read_text()
    place = source.index("Breadcrumbs(")
    page.write_text(source[:place] + "Wrong(text: row.text)\n            " + source[place:]
                    + CRASHING)
    site.compile()
    site.must("db", "seed")
    site.must("db", "apply", "--quiet")
    site.must("build", "--quality", "fast", "--quiet")

    def write(texts):
        postgres.query("; ".join(f"UPDATE notes.note SET text = '{text}' WHERE id = {key}"
                                 for key, text in texts.items()), "notes")

    write({2: "index", 3: "depth"})
    done = sitegen("build", "--quality", "fast", env=site.env, cwd=site.folder)
    lines = [line for line in done.stderr.splitlines() if "row 2: it crashed (a trap) in" in line]
    check("crash: the build ends with 1", done.returncode == 1, done.stderr)
    check("crash: row and components are named", len(lines) == 1
          and "notes.NotePage > notes.Layout > notes.Wrong" in lines[0], done.stderr)
    number = page.read_text().split("\n").index(
        next(line for line in page.read_text().split("\n") if "numbers[" in line)) + 1
    check("crash: so is the line", not shutil.which("llvm-symbolizer")
          or f"at site/Pages/NotePage.swift:{number}." in lines[0], done.stderr)
    check("crash: a recursion without end is one, too", "row 3: it crashed (a memory fault"
          in done.stderr, done.stderr)
    check("crash: all is told in a few lines", len(done.stderr.splitlines()) <= 10, done.stderr)
    check("crash: nothing was published", "nothing was published" in done.stderr
          and len(list((site.folder / "dist/releases").iterdir())) == 1)

    write({2: "well", 3: "well"})
    command = [SITEGEN, "build", "--follow", "--json", "--quality", "fast"]
    with site.serving() as port, Program(command, folder, "follow", env=site.env,
                                         cwd=site.folder) as follower:
        wait_for("the follower to settle", lambda: '"settled"' in follower.text(), 60)
        paths = {key: f"/note/{slug}/" for key, slug in postgres.query(
            "SELECT id, slug FROM sitegen.note_card", "notes")}
        write({2: "index", 1: "fresh"})
        wait_for("the other row's page",
                 lambda: b"<p>fresh</p>" in fetch(port, paths["1"]).body, 60)
        check("crash: the row keeps its page", b"<p>well</p>" in fetch(port, paths["2"]).body)
        write({2: "mended", 4: "later"})
        wait_for("the mended row", lambda: b"<p>mended</p>" in fetch(port, paths["2"]).body, 60)
        check("crash: the follower goes on, in the same process", follower.child.poll() is None)


def main():
    with temporary_folder() as folder:
        sources = folder / "compiler"
        sources.mkdir()
        check_compiler(sources)
        postgres = Postgres(folder)
        try:
            check_views(folder, postgres)
            check_crashes(folder, postgres)
        finally:
            postgres.server.kill()


if __name__ == "__main__":
    run(main)
