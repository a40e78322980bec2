"""`sitegen watch` brings an edit of a row, a style, a component, a view or a public file into the
open tab without loading it again, and tells what is wrong until it is right.

It watches a copy of the site's folders in Chromium. Whether a page was loaded again shows a global
variable of it; what the tab shows besides is in the shadow root of `sitegen-watch`.
"""

import functools
import re
import time

import psycopg

from chromium import Chromium
from harness import OUTPUT, check, run, temporary_folder, wait_for
from watch_workspace import BADGE, MARK, OVERLAY, PROBLEMS, Watch

TITLE = "document.querySelector('h1')?.textContent ?? ''"
OUTLINE = "document.body && getComputedStyle(document.body).outlineColor"


def main():
    with temporary_folder() as folder:
        watch = Watch(folder)
        try:
            with watch.running():
                with Chromium(folder) as browser:
                    with browser.page() as page:
                        page.show(1200)
                        page.open(watch.url(), until="load")
                        page.evaluate(MARK)
                        follow_styles(page, watch)
                        follow_rows(page, watch)
                        follow_files(page, watch)
                        tell_problems(browser, page, watch)
                        follow_views(page, watch)
                        follow_columns(page, watch)
                        follow_swift(page, watch)
                        follow_sources(page, watch)
                        check("no edit loaded the page again",
                              page.evaluate("window.sitegenMark") == 1)
                        check("nothing broke the policy", not policy_problems(page),
                              str(policy_problems(page)))
                    keep_state(browser, watch)
                    follow_tabs(browser, watch)
                check("nobody's visit is in a database that others use",
                      watch.postgres.query("SELECT count(*) FROM traffic.hit") == [["0"]])
                left = watch.ends()
                check("nothing is left of the watch", not left, str(left))
        finally:
            watch.close()


def policy_problems(page):
    """Violations of the policy, and errors of scripts."""
    return [line for line in page.problems() if "404" not in line and "500" not in line]


def follow_styles(page, watch):
    """A style of the same length, one in place, and one that is wrong."""
    watch.edit("site/Styles/site.css", "body {", "body { outline-color: rgb(1, 2, 3);")
    wait_for("the style in the tab", lambda: page.evaluate(OUTLINE) == "rgb(1, 2, 3)", 20)
    watch.edit("site/Styles/site.css", "rgb(1, 2, 3)", "rgb(1, 2, 4)", in_place=True)
    wait_for("a style of the same length",
             lambda: page.evaluate(OUTLINE) == "rgb(1, 2, 4)", 20)
    check("a style reaches the open tab, its length kept or not, renamed or in place", True)
    links = "document.querySelectorAll('link[href*=\"/Styles/site.css\"]').length"
    wait_for("one link of the sheet", lambda: page.evaluate(links) == 1)
    check("no second link of the sheet stays", True)

    good = (watch.root / "site/Styles/site.css").read_text()
    (watch.root / "site/Styles/site.css").write_text(good + "}}}\n@media (\n")
    wait_for("what is wrong with the style",
             lambda: "site/Styles/site.css" in page.evaluate(PROBLEMS), 20)
    text = page.evaluate(PROBLEMS)
    line = good.count("\n") + 1
    check("a broken style is told with its line", f"site.css:{line}:" in text, text)
    page.screenshot(OUTPUT / "screenshots/watch-style.png")
    (watch.root / "site/Styles/site.css").write_text(good)
    wait_for("the problem to go", lambda: not page.evaluate(OVERLAY + "?.innerHTML ?? ''"), 20)
    check("a problem goes with its cause", True)


def follow_rows(page, watch):
    """A row changes the page in place; what changes nothing says nothing."""
    page.evaluate("scrollTo(0, 400)")
    old = page.evaluate(TITLE)
    # Of whatever kind: that of a style before may come behind its frame.
    lines = functools.partial(lines_of, watch, " ms")
    said = lines()
    watch.postgres.query(
        "UPDATE fashion.collection SET title = 'E2E <b>title</b>' "
        "WHERE id IN (SELECT id FROM fashion.collection)")
    wait_for("the row in the tab", lambda: "E2E" in (page.evaluate(TITLE) or ""), 20)
    check("a row reaches the open tab, as text",
          page.evaluate(TITLE) != old and "<b>" in page.evaluate(TITLE))
    check("the page stays where it was scrolled to", page.evaluate("scrollY") == 400,
          f"{page.evaluate('scrollY')}")
    wait_for("the row's line", lambda: lines() > said)
    said = lines()
    watch.postgres.query("CREATE DATABASE other", database="postgres")
    watch.postgres.query("CREATE TABLE t (i int); INSERT INTO t VALUES (1)", database="other")
    watch.postgres.query("ANALYZE; BEGIN; UPDATE fashion.collection SET title = 'never'; ROLLBACK;"
                         "CREATE TABLE public.other (i int); INSERT INTO public.other VALUES (1)")
    watch.postgres.query("UPDATE fashion.collection SET title = 'E2E again' "
                         "WHERE title LIKE 'E2E%'")
    wait_for("the next row in the tab", lambda: "again" in (page.evaluate(TITLE) or ""), 20)
    wait_for("its line", lambda: lines() > said)
    check("transactions that change no view say nothing", lines() == said + 1,
          watch.program.text()[-500:])


def follow_files(page, watch):
    """A public file is served at once, and a changed icon has a new address in the page."""
    (watch.root / "public/e2e.txt").write_text("hello\n")
    wait_for("the public file", lambda: watch.fetch("/e2e.txt").body == b"hello\n", 20)
    check("a public file is served", True)
    icon = "document.querySelector('link[rel=icon]').getAttribute('href')"
    old = page.evaluate(icon)
    watch.edit("public/icon.svg", "</svg>", "<!-- e2e --></svg>")
    wait_for("the icon's address", lambda: page.evaluate(icon) != old, 20)
    check("a changed file has its new address in the page", True)


def tell_problems(browser, page, watch):
    """A compiler's error is told in every tab until it is gone; the rest goes on."""
    watch.edit("components/SiteFooter.swift", "var view: HTML {",
               "var view: HTML {\n        let nothing: Int = nme")
    wait_for("the error in the tab", lambda: "nme" in page.evaluate(PROBLEMS), 120)
    text = page.evaluate(PROBLEMS)
    check("an error is told with file, line and column",
          re.search(r"components/SiteFooter\.swift:\d+:\d+", text), text)
    check("with the source around it", "let nothing: Int = nme" in text, text)
    page.screenshot(OUTPUT / "screenshots/watch-error.png")
    place = re.search(r"components/SiteFooter\.swift:(\d+):(\d+)", text)
    page.evaluate(f"{OVERLAY}.querySelector('.place').click()")
    opened = watch.folder / "opened"
    wait_for("the editor", opened.exists)
    wait_for("its arguments", lambda: opened.read_text().strip())
    words = opened.read_text().split()
    check("a click opens the editor there", words[0].endswith("components/SiteFooter.swift")
          and words[1] == f"{place[1]}:{place[2]}", str(words))

    with browser.page() as late:
        late.show(390)
        late.open(watch.url("/about/"), until="load")
        wait_for("the error in a new tab", lambda: "nme" in late.evaluate(PROBLEMS))
        check("a tab opened later shows it, too", True)
        late.screenshot(OUTPUT / "screenshots/watch-error-phone.png")
    watch.edit("site/Styles/site.css", "rgb(1, 2, 4)", "rgb(1, 2, 5)")
    wait_for("a style meanwhile", lambda: page.evaluate(OUTLINE) == "rgb(1, 2, 5)", 20)
    check("styles go on, and the error stays", "nme" in page.evaluate(PROBLEMS))
    page.evaluate("dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))")
    check("Escape folds it into a corner", page.evaluate(BADGE) == "1 problem",
          page.evaluate(BADGE))
    page.screenshot(OUTPUT / "screenshots/watch-badge.png")
    check("the page is still served", watch.fetch("/").status == 200)
    watch.edit("components/SiteFooter.swift", "\n        let nothing: Int = nme", "")
    wait_for("the error to go", lambda: page.evaluate(BADGE) == "", 120)
    check("it goes with its repair", True)


def follow_views(page, watch):
    """A view that PostgreSQL refuses is told with its file and line, before it is installed."""
    with psycopg.connect(watch.postgres.url()) as other:
        # What another installation holds: `db apply` waits for as long as it goes on.
        other.execute("SELECT pg_advisory_xact_lock(32485570960123246)")
        watch.edit("site/database/home.sql", "SELECT", "SELECT nothing_like_it, ")
        wait_for("the view's error",
                 lambda: "home.sql" in page.evaluate(PROBLEMS), 25)
        text = page.evaluate(PROBLEMS)
        check("a wrong view is told with file and line", re.search(r"home\.sql:\d+", text), text)
        wait_for("`db apply` to wait", lambda: watch.postgres.query(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"), 60)
        check("which `db apply` has not said yet", "was asked" not in text, text)
    wait_for("what `db apply` adds", lambda: "was asked" in page.evaluate(PROBLEMS), 60)
    told = watch.program.text().count('"nothing_like_it" does not exist')
    check("the terminal has it once", told == 1, watch.program.text()[-800:])
    page.screenshot(OUTPUT / "screenshots/watch-view.png")
    with psycopg.connect(watch.postgres.url()) as other:
        other.execute("SELECT pg_advisory_xact_lock(32485570960123246)")
        watch.edit("site/database/home.sql", "SELECT nothing_like_it, ", "SELECT")
        wait_for("the error to go", lambda: not page.evaluate(PROBLEMS), 25)
        check("and goes with its repair, before that is installed", True)
    # What `db apply` says of a text that is mended meanwhile is old.
    watch.edit("site/database/home.sql", "SELECT", "SELECT nothing_like_it, ")
    wait_for("the error again", lambda: "home.sql" in page.evaluate(PROBLEMS), 25)
    watch.edit("site/database/home.sql", "SELECT nothing_like_it, ", "SELECT")
    wait_for("the error to go", lambda: not page.evaluate(PROBLEMS), 25)


def follow_columns(page, watch):
    """Another column of a view, and a page that shows it, while the view cannot be installed."""
    shown = "document.body.textContent.includes('E2E column')"
    installed = ("SELECT 1 FROM pg_attribute WHERE attrelid = 'sitegen.home'::regclass "
                 "AND attname = 'extra'")
    edits = [("site/database/home.sql", "    e.letter,",
              "    e.letter, 'E2E column' AS extra,"),
             ("site/Pages/FrontPage.swift", "p { row.letter }", "p { row.letter; row.extra }")]
    with psycopg.connect(watch.postgres.url()) as other:
        other.execute("SELECT pg_advisory_xact_lock(32485570960123246)")
        for name, old, new in edits:
            watch.edit(name, old, new)
        wait_for("the column in the tab", lambda: page.evaluate(shown), 60)
        check("another column is in the tab before it is installed",
              not watch.postgres.query(installed))
        watch.postgres.query("UPDATE fashion.edition SET letter = letter || ' E2E letter'")
        wait_for("a row of the view", lambda: page.evaluate(
            "document.body.textContent.includes('E2E letter')"), 60)
        check("and is shown with changed rows", page.evaluate(shown))
    wait_for("the view to be installed", lambda: watch.postgres.query(installed), 120)
    for name, old, new in edits:
        watch.edit(name, new, old)
    wait_for("the column to go", lambda: not page.evaluate(shown), 60)
    wait_for("its end in the database", lambda: not watch.postgres.query(installed), 120)
    check("it is installed later, and goes as it came", not page.evaluate(PROBLEMS),
          page.evaluate(PROBLEMS))
    said = watch.program.text()
    check("no error was said of it, and none of a text that was mended",
          "extra does not exist" not in said
          and said.count('"nothing_like_it" does not exist') == 2, said[-1500:])


def follow_swift(page, watch):
    """A word in a component is in the tab; a trap in one is told with its place."""
    watch.edit("components/SiteFooter.swift", "var view: HTML {",
               "var view: HTML {\n        p(.id(\"e2e\")) { \"E2E footer\" }")
    word = "document.querySelector('#e2e')?.textContent ?? ''"
    wait_for("the word in the tab", lambda: page.evaluate(word) == "E2E footer", 180)
    check("a component's text reaches the open tab", True)

    follow_literal(page, watch)
    watch.edit("components/SiteFooter.swift", "\"E2E footer\"", "\"\\([1][Int(\"3\")!])\"")
    wait_for("the trap in the tab", lambda: "Index out of range" in page.evaluate(PROBLEMS), 180)
    # The message comes first, the trace with the place behind it.
    wait_for("its trace", lambda: "SiteFooter <" in page.evaluate(PROBLEMS), 60)
    text = page.evaluate(PROBLEMS)
    check("a trap is told with its page, its component and the component's file",
          "while it rendered /" in text and "SiteFooter <" in text
          and "components/SiteFooter.swift" in text, text)
    check("and with the page type and the columns of its row's key",
          "of FrontPage, a row by " in text, text)
    page.screenshot(OUTPUT / "screenshots/watch-trap.png")
    check("what does not trap is still served", watch.fetch("/feed.atom").status == 200)
    check("the page's last good form is still there", watch.fetch("/").status == 200)
    watch.edit("components/SiteFooter.swift", "\"\\([1][Int(\"3\")!])\"", "\"E2E again\"")
    wait_for("the repair in the tab", lambda: page.evaluate(word) == "E2E again", 180)
    wait_for("the problem to go", lambda: not page.evaluate(PROBLEMS), 20)
    check("the repair is in the tab, and the problem is gone", True)


def follow_literal(page, watch):
    """The styles that stand in a component are in the tab, once, and stay when it is compiled."""
    colour = "getComputedStyle(document.querySelector('.foot')).outlineColor"
    lines = functools.partial(lines_of, watch, "components/SiteFooter.swift")
    said = lines()
    watch.edit("components/SiteFooter.swift", 'static let styles: CSS? = """',
               'static let styles: CSS? = """\n        .foot { outline-color: rgb(7, 7, 7) }')
    wait_for("the component's style", lambda: page.evaluate(colour) == "rgb(7, 7, 7)", 60)
    renderers = set(watch.renderers())
    wait_for("the compiled component", lambda: set(watch.renderers()) - renderers, 60)
    check("styles in a component reach the open tab", page.evaluate(colour) == "rgb(7, 7, 7)")
    check("and are told once", lines() == said + 1, watch.program.text()[-800:])


def lines_of(watch, name):
    """How many lines a file has, once no more come: one waits half a second for its frame."""
    seen, since = -1, time.monotonic()
    while time.monotonic() < since + 1:
        now = watch.program.text().count(f"{name}  ")
        if now != seen:
            seen, since = now, time.monotonic()
        time.sleep(0.1)
    return seen


def follow_sources(page, watch):
    """A new file, what another file needs of it, and a warning."""
    file = watch.root / "components/Greeting.swift"
    source = """import SiteAuthoring

struct Greeting: Component {
    let count: TYPE
    var view: HTML { p(.id("greeting")) { "\\(count)" } }
}
"""
    text = "document.querySelector('#greeting')?.textContent ?? ''"
    file.write_text(source.replace("TYPE", "String"))
    watch.edit("components/SiteFooter.swift", "var view: HTML {",
               "var view: HTML {\n        Greeting(count: \"new\")")
    wait_for("the new component", lambda: page.evaluate(text) == "new", 120)
    check("a component in a new file is in the tab", True)

    file.write_text(source.replace("TYPE", "Int"))
    wait_for("the error of the other file",
             lambda: "components/SiteFooter.swift:" in page.evaluate(PROBLEMS), 120)
    check("what no longer fits in another file is told", "Int" in page.evaluate(PROBLEMS),
          page.evaluate(PROBLEMS))
    said = len(watch.program.text())
    watch.edit("components/SiteFooter.swift", "Greeting(count: \"new\")",
               "let unused = 1\n        Greeting(count: 7)")
    wait_for("the repair", lambda: page.evaluate(text) == "7", 120)
    wait_for("the warning", lambda: page.evaluate(BADGE) == "1 warning", 20)
    check("a warning is told and stops nothing", True)
    line = r"components/SiteFooter\.swift.* ms  \(compile "
    wait_for("the line of the edit", lambda: re.search(line, watch.program.text()[said:]), 20)
    check("and the line of its edit is printed like any other", True)
    file.write_text(source.replace("TYPE", "Int").replace("(count)", "(count + 1)"))
    wait_for("the other file's text", lambda: page.evaluate(text) == "8", 120)
    check("it stays while another file is compiled", page.evaluate(BADGE) == "1 warning",
          page.evaluate(PROBLEMS))
    file.unlink()
    watch.edit("components/SiteFooter.swift",
               "let unused = 1\n        Greeting(count: 7)", "")
    wait_for("the file's end", lambda: page.evaluate(text) == "", 120)
    wait_for("the warning's end", lambda: not page.evaluate(BADGE), 20)
    check("a file that is removed is gone, and the warning with its cause", True)


def keep_state(browser, watch):
    """What a visitor typed, opened and scrolled stays, and what scripts added."""
    with browser.page() as page:
        page.show(1200)
        page.open(watch.url("/about/"), until="load")
        page.evaluate(MARK)
        page.evaluate("""
            const field = document.createElement('input');
            field.id = 'typed'; field.value = 'half a sentence';
            document.querySelector('main').after(field);
            field.focus(); field.setSelectionRange(2, 6);
            scrollTo(0, 30);""")
        watch.edit("components/SiteFooter.swift", "E2E again", "E2E twice")
        word = "document.querySelector('#e2e')?.textContent ?? ''"
        wait_for("the word in the tab", lambda: page.evaluate(word) == "E2E twice", 180)
        state = page.evaluate("[typed.value, typed.selectionStart, typed.selectionEnd, "
                              "document.activeElement.id, sitegenMark]")
        check("a script's field, what is typed in it, selection and focus stay",
              state == ["half a sentence", 2, 6, "typed", 1], str(state))


def follow_tabs(browser, watch):
    """More tabs of one browser than it has connections for: all load and all follow."""
    first = browser.page()
    pages = [first] + [first.beside() for _ in range(8)]
    for page in pages:
        page.open(watch.url("/"), until="load")
    check("nine tabs of one browser load", True)
    watch.postgres.query("UPDATE fashion.collection SET title = 'E2E nine tabs' "
                         "WHERE title LIKE 'E2E%'")
    for page in pages:
        wait_for("the row in each tab",
                 lambda page=page: "nine" in (page.evaluate(TITLE) or ""), 20)
    check("nine tabs of one browser follow", True)


if __name__ == "__main__":
    run(main)
