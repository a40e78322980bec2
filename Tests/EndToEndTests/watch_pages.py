"""What joins a page that is open under `sitegen watch`, and what it names by addresses that stay:
sheets, data, files of public/, and what the policy refuses.

Whether a page was loaded again shows a global variable of it. The files are drawings, so that how
wide each one is in the tab says which form of it the tab has.
"""

import contextlib
import os
import re
import signal

from chromium import Chromium
from harness import Program, check, run, temporary_folder, wait_for
from watch_workspace import BADGE, MARK, OVERLAY, PROBLEMS, Watch

OUTLINE = "document.body && getComputedStyle(document.body).outlineColor"
SHEETS = "[...document.querySelectorAll('link[rel=stylesheet]')].map(link => link.href).join(' ')"
FOOTER = "components/SiteFooter.swift"
NAMES = rb' data-sitegen-at="[^"]*"'
EXTRA = "site/Styles/zz-extra.css"


def main():
    with temporary_folder() as folder:
        watch = Watch(folder)
        try:
            with watch.running():
                with Chromium(folder) as browser, browser.page() as page:
                    page.show(1200)
                    follow_data(page, watch)
                    follow_live(page, watch)
                    follow_lost_sheets(page, watch)
                    follow_new_sheet(page, watch)
                    follow_kill(page, watch)
                    follow_drawings(browser, page, watch)
                    follow_refusals(page, watch)
                    say_places(page, watch)
                    follow_framed(page, watch)
                    open_components(page, watch)
            left = wait_for("the end of all processes", lambda: not watch.left(), 5)
            check("nothing is left of the watch", left)
        finally:
            watch.close()


def follow_data(page, watch):
    """A row that stands in a block of data, too, changes both, and loads nothing."""
    [[slug]] = watch.postgres.query("SELECT slug FROM sitegen.look_page ORDER BY slug LIMIT 1")
    page.open(watch.url(f"/looks/{slug}/"), until="load")
    page.evaluate(MARK)
    page.evaluate("""
        const field = document.createElement('input');
        field.id = 'typed'; field.value = 'half a sentence';
        document.querySelector('main').after(field);""")
    watch.postgres.query(f"UPDATE fashion.look SET name = 'E2E name' WHERE slug = '{slug}'")
    wait_for("the name in the tab",
             lambda: page.evaluate("document.querySelector('h1').textContent") == "E2E name", 20)
    check("a row that is in a block of data loads nothing, and what was typed stays",
          page.evaluate("[window.sitegenMark, typed.value]") == [1, "half a sentence"])
    data = "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').text)"
    check("the data has it, too", page.evaluate(f"{data}.headline") == "E2E name")


def follow_live(page, watch):
    """A view that writes no log is read again when somebody writes."""
    shown = "document.querySelector('.bag')?.textContent ?? ''"
    page.open(watch.url("/bag/"), until="load")
    page.evaluate("document.querySelector('.borrow button').click()")
    wait_for("the borrowed bag", lambda: "×" in page.evaluate(shown), 20)
    page.evaluate(MARK)
    for number in [7, 8]:
        watch.postgres.query(f"UPDATE fashion.bag_item SET quantity = {number}")
        wait_for("its rows in the tab",
                 lambda number=number: f"{number} ×" in page.evaluate(shown)
                 or f"× {number}" in page.evaluate(shown), 20)
    check("a row of a view without a log is in the tab, and loads nothing",
          page.evaluate("window.sitegenMark") == 1, page.evaluate(shown))


def follow_lost_sheets(page, watch):
    """Sheets that could not be had when the page came are asked for until they can."""
    have = """[...document.querySelectorAll('link[rel=stylesheet]')].every(link => {
        try { return link.sheet.cssRules.length > 0 } catch { return false } })"""
    page.command("Network.setBlockedURLs", urls=["*/-/style/*"])
    page.open(watch.url("/about/"), until="load")
    check("a page comes without its sheets", not page.evaluate(have))
    page.evaluate(MARK)
    page.command("Network.setBlockedURLs", urls=[])
    wait_for("the sheets", lambda: page.evaluate(have), 20)
    check("they come as soon as they can be had, and nothing is loaded again",
          page.evaluate("window.sitegenMark") == 1)


def follow_new_sheet(page, watch):
    """A sheet that comes while a page is open is followed like those that it began with."""
    page.open(watch.url("/about/"), until="load")
    page.evaluate(MARK)
    (watch.root / EXTRA).write_text("body { outline-color: rgb(1, 1, 1) }\n")
    wait_for("the new sheet", lambda: page.evaluate(OUTLINE) == "rgb(1, 1, 1)", 20)
    watch.edit(EXTRA, "rgb(1, 1, 1)", "rgb(1, 1, 2)")
    wait_for("its edit", lambda: page.evaluate(OUTLINE) == "rgb(1, 1, 2)", 20)
    check("a sheet that joined an open page is followed", True)
    component = watch.root / "components/Greeting.swift"
    component.write_text("""import SiteAuthoring

struct Greeting: Component {
    static let styles: CSS? = \"\"\"
        #greeting { outline-color: rgb(2, 2, 2) }
        \"\"\"

    var view: HTML { p(.id("greeting")) { "hello" } }
}
""")
    watch.edit(FOOTER, "var view: HTML {", "var view: HTML {\n        Greeting()")
    colour = ("(e => e ? getComputedStyle(e).outlineColor : '')"
              "(document.querySelector('#greeting'))")
    wait_for("the component with its styles",
             lambda: page.evaluate(colour) == "rgb(2, 2, 2)", 120)
    watch.edit("components/Greeting.swift", "rgb(2, 2, 2)", "rgb(2, 2, 3)")
    wait_for("an edit of them", lambda: page.evaluate(colour) == "rgb(2, 2, 3)", 120)
    check("so are the styles of a component that joined it", True)
    check("the page was not loaded again", page.evaluate("window.sitegenMark") == 1)


def follow_kill(page, watch):
    """A renderer that ends while it is asked for sheets costs none of them."""
    number = 3
    for _ in range(5):
        for process in watch.renderers():
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
        watch.edit(EXTRA, f"rgb(1, 1, {number - 1})", f"rgb(1, 1, {number})")
        wait_for("a style after the renderer's end",
                 lambda number=number: page.evaluate(OUTLINE) == f"rgb(1, 1, {number})", 30)
        number += 1
    check("styles are followed after a renderer was killed", True)
    watch.edit(FOOTER, 'Greeting()', 'Greeting(); p { "\\([1][Int("3")!])" }')
    wait_for("the trap", lambda: "Index out of range" in page.evaluate(PROBLEMS), 120)
    watch.edit(EXTRA, f"rgb(1, 1, {number - 1})", f"rgb(1, 1, {number})")
    wait_for("a style during the problem",
             lambda: page.evaluate(OUTLINE) == f"rgb(1, 1, {number})", 30)
    check("so they are while a page traps", True)
    watch.edit(FOOTER, 'Greeting(); p { "\\([1][Int("3")!])" }', 'Greeting()')
    wait_for("the problem to go", lambda: not page.evaluate(PROBLEMS), 120)


def drawing(width):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="10">'
            f'<rect width="{width}" height="10" fill="#789"/></svg>\n')


def follow_drawings(browser, page, watch):
    """A file of public/ that is named by its own address is asked for again once it is another."""
    (watch.root / "public/plain drawing.svg").write_text(drawing(20))
    (watch.root / "public/back.svg").write_text(drawing(20))
    watch.edit(FOOTER, "Greeting()",
               'Greeting()\n        img(.id("plain"), .src("/plain%20drawing.svg"), .alt("x"))')
    (watch.root / EXTRA).write_text(
        (watch.root / EXTRA).read_text() + "body { background: url(/back.svg) }\n")
    width = "document.querySelector('#plain')?.naturalWidth ?? 0"
    wait_for("the drawing", lambda: page.evaluate(width) == 20, 120)
    page.evaluate(MARK)
    (watch.root / "public/plain drawing.svg").write_text(drawing(30))
    wait_for("its next form", lambda: page.evaluate(width) == 30, 20)
    check("a file that a page names by its own address is there again", True)
    line = r"public/plain drawing\.svg .* → 1 tab"
    wait_for("its line", lambda: re.search(line, watch.program.text()), 20)
    back = "getComputedStyle(document.body).backgroundImage"
    before = page.evaluate(back)
    (watch.root / "public/back.svg").write_text(drawing(40))
    wait_for("the sheet that names a file",
             lambda: "/back.svg?v=" in page.evaluate(back) != before, 20)
    check("a file that a style names has another address there", True)
    with browser.page() as late:
        late.open(watch.url("/about/"), until="load")
        check("a tab that comes later has both",
              late.evaluate(width) == 30 and "/back.svg?v=" in late.evaluate(back))
    check("none of them loaded the page again", page.evaluate("window.sitegenMark") == 2)
    served = watch.fetch("/about/").body
    check("the page itself is as a build has it", b'src="/plain%20drawing.svg"' in served)


def follow_refusals(page, watch):
    """What the policy refuses is a problem of its page until it is gone."""
    watch.edit(FOOTER, "Greeting()",
               'Greeting()\n        img(.id("away"), .src("http://192.0.2.1/a/secret"), .alt("x"))')
    wait_for("the refusal", lambda: "the policy refuses" in page.evaluate(PROBLEMS), 120)
    text = page.evaluate(PROBLEMS)
    check("what the policy refuses is told with its page, its origin and the directive",
          "/about/: the policy refuses http://192.0.2.1 by img-src" in text
          and "secret" not in text, text)
    watch.edit(FOOTER,
               '\n        img(.id("away"), .src("http://192.0.2.1/a/secret"), .alt("x"))', "")
    gone = "document.readyState === 'complete' && !document.querySelector('#away')"
    wait_for("the page without it", lambda: page.evaluate(gone), 120)
    wait_for("the refusal to go", lambda: not page.evaluate(BADGE)
             and not page.evaluate(PROBLEMS), 20)
    check("until it is gone", True)


def say_places(page, watch):
    """Where no editor is and nothing can be copied, a place says so for a moment, and is back."""
    good = (watch.root / EXTRA).read_text()
    (watch.root / EXTRA).write_text(good + "}}}\n")
    wait_for("the problem", lambda: EXTRA in page.evaluate(PROBLEMS), 20)
    page.evaluate("""
        Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true });
        window.sitegenFetch = window.fetch;
        window.fetch = (address, ...more) => String(address).includes('/-/open')
            ? Promise.resolve(new Response('a:1', { status: 409 }))
            : sitegenFetch(address, ...more);""")
    button = f"{OVERLAY}.querySelector('.place')"
    place = page.evaluate(f"{button}.textContent")
    page.evaluate(f"{button}.click()")
    wait_for("the word", lambda: "SITEGEN_EDITOR" in page.evaluate(f"{button}.textContent"), 5)
    check("what was not copied is not said to be",
          page.evaluate(f"{button}.textContent") == "set SITEGEN_EDITOR to open it")
    page.evaluate(f"{button}.click()")
    wait_for("the place again", lambda: page.evaluate(f"{button}.textContent") == place, 10)
    check("after a second click the place is there again", True)
    page.evaluate("window.fetch = sitegenFetch; delete navigator.clipboard")
    (watch.root / EXTRA).write_text(good)
    wait_for("the problem to go", lambda: not page.evaluate(PROBLEMS), 20)


def follow_framed(page, watch):
    """A feed and a drawing, which hold no script, are followed in the frame of a page."""
    inside = "document.querySelector('iframe').contentDocument?.documentElement"
    page.open(watch.url("/-/view?of=/back.svg"), until="load")
    page.evaluate(MARK)
    width = f"{inside}?.getAttribute('width') ?? ''"
    wait_for("the drawing in the frame", lambda: page.evaluate(width) == "40", 20)
    (watch.root / "public/back.svg").write_text(drawing(50))
    wait_for("its next form", lambda: page.evaluate(width) == "50", 20)
    check("a drawing in a frame is followed", page.evaluate("window.sitegenMark") == 1)
    page.open(watch.url("/-/view?of=/feed.atom"), until="load")
    page.evaluate(MARK)
    watch.postgres.query("UPDATE fashion.collection SET title = 'E2E framed'")
    wait_for("the row in the feed",
             lambda: "E2E framed" in (page.evaluate(f"{inside}?.textContent ?? ''") or ""), 20)
    check("a feed in a frame is followed", page.evaluate("window.sitegenMark") == 1)
    check("the frame breaks no policy", not page.problems(), str(page.problems()))
    check("a page needs no frame", watch.fetch("/-/view?of=/about/").status == 404)
    page.open(watch.url("/about/"), until="load")


def open_components(page, watch):
    """Alt-click opens the component that wrote an element; else pages are as with --plain."""
    opened = watch.folder / "opened"
    opened.unlink(missing_ok=True)
    page.evaluate("""document.querySelector('.foot-name').dispatchEvent(
        new MouseEvent('click', { altKey: true, bubbles: true, cancelable: true }))""")
    wait_for("the editor", lambda: opened.exists() and opened.read_text().strip(), 20)
    file, place = opened.read_text().split()
    line = (watch.root / FOOTER).read_text().split("\n").index("struct SiteFooter: Component {") + 1
    check("Alt-click opens the component that wrote an element",
          file.endswith(FOOTER) and place == f"{line}:1", f"{file} {place}")
    named = {path: watch.fetch(path).body for path in ["/", "/about/"]}
    check("elements say which component wrote them",
          all(b'<footer data-sitegen-at="Site.SiteFooter"' in body for body in named.values()))
    watch.program.stop()
    watch.describe()
    # An editor that runs is found by the name of its process.
    editor = watch.folder / "bin/code"
    editor.write_text(f"#!/bin/sh\n[ $# = 0 ] && sleep 300\necho \"$@\" >> '{opened}'\n")
    editor.chmod(0o755)
    with Program([*watch.command(), "--plain"], watch.folder, "plain",
                 env={**watch.environment(), "SITEGEN_EDITOR": ""}) as plain, \
            Program([editor], watch.folder, "code"):
        plain.wait_for_line(r" ready in ", 120)
        different = [path for path, body in named.items()
                     if bare(watch.fetch(path).body) != bare(re.sub(NAMES, b"", body))]
        check("with --plain none does, and nothing else differs",
              not different and b"data-sitegen-at" not in watch.fetch("/").body, str(different))
        opened.unlink()
        token = re.search(rb'data-token="([^"]*)"', watch.fetch("/").body)[1].decode()
        watch.fetch(f"/-/open?token={token}&file={FOOTER}&line=3&column=2", method="POST")
        wait_for("the editor that runs", opened.exists, 20)
        wait_for("its arguments", lambda: opened.read_text().strip(), 5)
        check("without a setting the editor that runs opens a file",
              opened.read_text().split()[0] == "--goto"
              and opened.read_text().strip().endswith(f"{FOOTER}:3:2"), opened.read_text())
        plain.stop()


def bare(page):
    """A page less the watch's own script, which has another token in each run."""
    return re.sub(rb"<script[^>]* data-sitegen=.*?</script>", b"", page)


if __name__ == "__main__":
    run(main)
