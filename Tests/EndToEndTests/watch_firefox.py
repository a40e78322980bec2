"""The core of `sitegen watch` in Firefox: a style, a row, an error in the panel, and eight tabs.

`watch.py` tries everything in Chromium; here the same page runs in another engine. Whether a page
was loaded again shows a global variable of it.
"""

from firefox import Firefox
from harness import check, run, temporary_folder, wait_for
from watch_workspace import MARK, PROBLEMS, Watch

TITLE = "document.querySelector('h1')?.textContent ?? ''"
OUTLINE = "document.body && getComputedStyle(document.body).outlineColor"
TABS = 8


def title(watch, text):
    watch.postgres.query(
        f"UPDATE fashion.collection SET title = '{text}' "
        "WHERE id IN (SELECT id FROM fashion.collection)")


def one_tab(browser, watch):
    """A style and a row change the page in place; an error is told until it is gone."""
    browser.open(watch.url())
    browser.evaluate(MARK)
    browser.evaluate("scrollTo(0, 300)")
    watch.edit("site/Styles/site.css", "body {", "body { outline-color: rgb(1, 2, 3);")
    wait_for("the style", lambda: browser.evaluate(OUTLINE) == "rgb(1, 2, 3)", 20)
    check("a style reaches the open tab", True)
    title(watch, "E2E <b>title</b>")
    wait_for("the row", lambda: "E2E" in browser.evaluate(TITLE), 20)
    check("a row reaches the open tab, as text", "<b>" in browser.evaluate(TITLE))
    check("nothing was loaded again, and the page stays where it was scrolled to",
          browser.evaluate("[window.sitegenMark, scrollY]") == [1, 300],
          browser.evaluate("[window.sitegenMark, scrollY]"))
    watch.edit("site/database/home.sql", "SELECT", "SELECT nothing_like_it, ")
    wait_for("the error", lambda: "home.sql" in browser.evaluate(PROBLEMS), 60)
    check("an error is told in the panel", "nothing_like_it" in browser.evaluate(PROBLEMS),
          browser.evaluate(PROBLEMS))
    watch.edit("site/database/home.sql", "SELECT nothing_like_it, ", "SELECT")
    wait_for("the error to go", lambda: not browser.evaluate(PROBLEMS), 180)
    check("and goes with its repair", browser.evaluate("window.sitegenMark") == 1)


def many_tabs(browser, watch):
    """More tabs than a browser has connections for all load, and hidden ones catch up."""
    handles = browser.command("WebDriver:GetWindowHandles")
    for _ in range(TABS - len(handles)):
        made = browser.command("WebDriver:NewWindow", type="tab", focus=True)
        browser.command("WebDriver:SwitchToWindow", handle=made["handle"], focus=True)
        browser.open(watch.url())
    handles = browser.command("WebDriver:GetWindowHandles")
    check(f"{TABS} tabs load", len(handles) == TABS, str(handles))
    title(watch, "E2E eight tabs")
    for handle in handles:
        browser.command("WebDriver:SwitchToWindow", handle=handle, focus=True)
        wait_for("the row in each tab", lambda: "eight" in browser.evaluate(TITLE), 20)
    check(f"{TABS} tabs follow, each when it is shown", True)


def main():
    with temporary_folder() as folder:
        watch = Watch(folder)
        try:
            with watch.running():
                with Firefox(folder) as browser:
                    one_tab(browser, watch)
                    many_tabs(browser, watch)
                left = watch.ends()
                check("nothing is left of the watch", not [w for w in left if b"firefox" not in w],
                      str(left))
        finally:
            watch.close()


if __name__ == "__main__":
    run(main)
