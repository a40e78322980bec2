"""The kinds of edits whose way to the tab is measured: styles, rows, files, views, Swift.

Each function makes its edits in a watched copy of the demo whose front page is in a tab, and gives
a `Timing` a row of the table. Every edit is repaired before the next kind begins.
"""

import os
import statistics
import time

from harness import free_port, wait_for
from watch_workspace import OVERLAY

# What an edit does behind what is shown should be over before the next one, in seconds.
PAUSE = 3
# Between an edit that is shown and the next: frames, and what tabs are told besides.
BREATH = 0.3
SEEN = """
new Promise(resolve => {
    const look = () => (CONDITION) ? requestAnimationFrame(() => resolve(Date.now()))
        : requestAnimationFrame(look);
    look();
})"""
TOLD = f"{OVERLAY}?.querySelector('article')"
PAGE = """// A page for a benchmark.

import SiteAuthoring

struct BenchPage: StaticPage {
    static let path: PagePath = "/bench/"

    var view: HTML {
        PageShell(facts: PageFacts(heading: "Bench", summary: "A page.", path: Self.path)) {
            p(.id("bench")) { "here" }
        }
    }
}
"""


class Timing:
    """Milliseconds of one kind of edit."""

    def __init__(self, kind):
        self.kind = kind
        self.times = []

    def measure(self, page, condition, edit):
        """One edit; `condition` is JavaScript that is true of the page that shows it."""
        page.evaluate("window.seen = " + SEEN.replace("CONDITION", condition) + "; 0")
        edit()
        saved = time.time() * 1000
        self.times.append(page.evaluate("window.seen") - saved)
        time.sleep(BREATH)

    def line(self):
        """Median and the 95th percentile."""
        ordered = sorted(self.times)
        high = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
        return f"| {self.kind} | {statistics.median(ordered):.0f} | {high:.0f} | {len(ordered)} |"


def measure_pages(watch, beside, edits):
    """A page and its route that come: the tab at its address has the page of unknown ones."""
    added = Timing("page and route added")
    routes = (watch.root / "site/Site.swift").read_text()
    page = watch.root / "site/Pages/BenchPage.swift"
    beside.open(watch.url("/bench/"), until="load")
    there = "document.querySelector('#bench') !== null"

    def add():
        page.write_text(PAGE)
        replace(watch.root / "site/Site.swift",
                routes.replace(".page(AboutPage.self),", ".page(AboutPage.self),\n"
                               "        .page(BenchPage.self),", 1))

    for _ in range(edits):
        added.measure(beside, there, add)
        time.sleep(PAUSE)
        page.unlink()
        replace(watch.root / "site/Site.swift", routes)
        wait_for("the page to go", lambda: not beside.evaluate(there), 120)
        time.sleep(PAUSE)
    return [added]


def measure_columns(watch, page, edits):
    """A view file with another column, which the page shows; and a statement that is wrong."""
    column, wrong = Timing("view file, another column"), Timing("wrong SQL, told")
    right = Timing("its repair, gone again")
    view, front = watch.root / "site/database/home.sql", watch.root / "site/Pages/FrontPage.swift"
    statement, source = view.read_text(), front.read_text()
    for number in range(edits):
        name = f"extra{number}"

        def edit(name=name):
            replace(view, statement.replace("    e.letter,", f"    e.letter, '{name}' AS {name},"))
            replace(front, source.replace("p { row.letter }", f"p {{ row.letter; row.{name} }}"))
        column.measure(page, f"document.body.textContent.includes('{name}')", edit)
        time.sleep(PAUSE)
    replace(view, statement)
    replace(front, source)
    wait_for("the page without it",
             lambda: not page.evaluate(f"document.body.textContent.includes('{name}')"), 120)
    time.sleep(PAUSE)
    for _ in range(edits):
        wrong.measure(page, TOLD, lambda: replace(
            view, statement.replace("    e.letter,", "    e.lettr,")))
        right.measure(page, f"!({TOLD})", lambda: replace(view, statement))
        time.sleep(PAUSE)
    return [column, wrong, right]


def measure_trap(watch, page, edits):
    """A component that traps when the page is rendered, and its repair."""
    told, right = Timing("trap in a component, told"), Timing("its repair, shown again")
    path = watch.root / "components/SiteFooter.swift"
    good, mark = path.read_text(), "var view: HTML {"
    for number in range(edits):
        told.measure(page, TOLD, lambda: replace(path, good.replace(
            mark, f'{mark}\nlet none = [Int]()\np(.id("bench")) {{ "\\(none[3])" }}', 1)))
        time.sleep(PAUSE)
        text = f"back {number}"
        right.measure(
            page, f"(document.querySelector('#bench')?.textContent ?? '') === '{text}'",
            lambda text=text: replace(path, good.replace(
                mark, f'{mark}\np(.id("bench")) {{ "{text}" }}', 1)))
        time.sleep(PAUSE)
    replace(path, good)
    time.sleep(PAUSE)
    return [told, right]


def measure_starts(watch, browser, edits):
    """From the command to the front page in a tab that was open before, nothing changed."""
    start = Timing("start, nothing changed")
    for _ in range(edits):
        watch.port = free_port()
        with browser.page() as page:
            page.show(1200)
            began = time.time() * 1000
            with watch.running():
                page.open(watch.url(), until="load")
                wait_for("the front page", lambda page=page: page.evaluate(
                    "document.querySelector('h1') !== null && document.body.textContent.length"
                    " > 1000"), 120, 0.005)
                start.times.append(time.time() * 1000 - began)
    return [start]


def measure_rest(watch, page, seconds=20, edits=200):
    """What the watch and its renderers use while nothing happens, and after many edits."""
    def processes():
        return [watch.program.child.pid, *watch.renderers()]

    def ticks():
        return sum(sum(map(int, open(f"/proc/{process}/stat").read().rpartition(")")[2]
                           .split()[11:13])) for process in processes())

    def kilobytes():
        status = open(f"/proc/{watch.program.child.pid}/status").read()
        return int(status.partition("VmRSS:")[2].split()[0])

    sheet = watch.root / "site/Styles/site.css"
    css = sheet.read_text()

    def edit(number):
        colour = f"rgb(9, 8, {number})"
        page.evaluate("window.seen = " + SEEN.replace(
            "CONDITION", f"getComputedStyle(document.body).outlineColor === '{colour}'") + "; 0")
        replace(sheet, css + f"\nbody {{ outline-color: {colour}; }}\n")
        page.evaluate("window.seen")

    time.sleep(2 * PAUSE)
    before = ticks()
    time.sleep(seconds)
    share = (ticks() - before) / os.sysconf("SC_CLK_TCK") / seconds
    for number in range(10):
        edit(number)
    few = kilobytes()
    for number in range(10, edits):
        edit(number)
    many = kilobytes()
    replace(sheet, css)
    print(f"at rest {100 * share:.2f} % of a core; memory after {edits} edits "
          f"{many / few:.3f} times that after 10 ({few} kB)")


def replace(path, text):
    """Saves a file as most editors do."""
    other = path.with_name(f".{path.name}.new")
    other.write_text(text)
    os.replace(other, path)


def measure_all(watch, browser, edits):
    """All kinds of edits of the demo."""
    with watch.running(), browser.page() as page, browser.page() as beside:
        page.show(1200)
        page.open(watch.url(), until="load")
        timings = [*measure_styles(watch, page, edits), *measure_text(watch, page, edits),
                   *measure_rows(watch, page, edits), *measure_swift(watch, page, edits),
                   *measure_trap(watch, page, edits), *measure_pages(watch, beside, edits),
                   *measure_columns(watch, page, edits)]
        measure_rest(watch, page)
    return timings + measure_starts(watch, browser, edits)


def measure_styles(watch, page, edits):
    """A style, a file of public/, a wrong style and its repair."""
    sheet = watch.root / "site/Styles/site.css"
    css = sheet.read_text()

    def save(text):
        replace(sheet, text)

    style, icon = Timing("style sheet"), Timing("public file")
    wrong, right = Timing("wrong style, told"), Timing("its repair, gone")
    for number in range(edits):
        colour = f"rgb(1, 2, {number})"
        style.measure(page, f"getComputedStyle(document.body).outlineColor === '{colour}'",
                      lambda colour=colour: save(css + f"\nbody {{ outline-color: {colour}; }}\n"))
    save(css)
    time.sleep(1)
    for number in range(edits):
        old = page.evaluate("document.querySelector('link[rel=icon]').getAttribute('href')")
        icon.measure(
            page, f"document.querySelector('link[rel=icon]').getAttribute('href') !== '{old}'",
            lambda number=number: (watch.root / "public/icon.svg").write_text(
                f"<svg xmlns='http://www.w3.org/2000/svg'><!-- {number} --></svg>"))
    for _ in range(edits):
        wrong.measure(page, TOLD, lambda: save(css + "\n}}}\n"))
        right.measure(page, f"!({TOLD})", lambda: save(css))
    return [style, icon, wrong, right]


def measure_rows(watch, page, edits):
    """A row that one view reads, and one that nine read; psql has ended when the clock begins."""
    one, nine = Timing("row, one view"), Timing("row, nine views")
    for number in range(edits):
        text = f"letter {number} of the edition"
        one.measure(page, f"document.body.textContent.includes('{text}')",
                    lambda text=text: watch.postgres.query(
                        f"UPDATE fashion.edition SET letter = '{text}'"))
    old = page.evaluate("document.querySelector('h1').textContent").replace("'", "''")
    for number in range(edits):
        name = f"edit {number}"
        nine.measure(page, f"document.querySelector('h1').textContent === '{name}'",
                     lambda old=old, name=name: watch.postgres.query(
                         f"UPDATE fashion.collection SET title = '{name}' WHERE title = '{old}'"))
        old = name
    return one, nine


def measure_text(watch, page, edits):
    """The styles in a component, and a view file whose columns stay, read by key."""
    literal, view = Timing("styles in a component"), Timing("view file, same columns")
    name, mark = "components/SiteFooter.swift", 'static let styles: CSS? = """\n'
    path = watch.root / name
    good = path.read_text()

    for number in range(edits):
        colour = f"rgb(3, 2, {number})"
        literal.measure(
            page, f"getComputedStyle(document.querySelector('.foot')).outlineColor === '{colour}'",
            lambda colour=colour: replace(path, good.replace(
                mark, mark + f"        .foot {{ outline-color: {colour}; }}\n", 1)))
        time.sleep(PAUSE)
    replace(path, good)
    time.sleep(PAUSE)
    path = watch.root / "site/database/home.sql"
    good = path.read_text()
    for number in range(edits):
        text = f"view {number}"
        view.measure(page, f"document.body.textContent.includes('{text}')",
                     lambda text=text: replace(path, good.replace(
                         "SELECT c.description", f"SELECT '{text} ' || c.description", 1)))
        wait_for("the view's installation",
                 lambda text=text: text in watch.postgres.query(
                     "SELECT lead_text FROM sitegen.home LIMIT 1")[0][0], 120)
        time.sleep(PAUSE)
    replace(path, good)
    time.sleep(PAUSE)
    return literal, view


def measure_swift(watch, page, edits):
    """A word of a component on every page, what a component takes, and a compiler's error."""
    body, interface = Timing("Swift, a word"), Timing("Swift, an interface")
    wrong, right = Timing("Swift, an error, told"), Timing("its repair, shown")
    name, mark = "components/SiteFooter.swift", "var view: HTML {"
    footer = (watch.root / name).read_text()
    word = "document.querySelector('#bench')?.textContent ?? ''"

    def save(text):
        replace(watch.root / name, footer.replace(mark, mark + text, 1))

    for number in range(edits):
        body.measure(page, f"({word}) === 'word {number}'",
                     lambda number=number: save(f'\np(.id("bench")) {{ "word {number}" }}'))
    replace(watch.root / name, footer)
    time.sleep(PAUSE)
    picture = watch.root / "components/PictureView.swift"
    source = picture.read_text()
    for number in range(edits):
        # A stored property with a value is part of what a component provides; ten files use it.
        interface.measure(
            page, f"document.querySelector('img').dataset.bench === '{number}'",
            lambda number=number: replace(picture, source.replace(
                "    var view", f"    let bench{number} = {number}\n    var view", 1).replace(
                    "img(", f'img(.data("bench", bench{number}),', 1)))
        time.sleep(PAUSE)
    replace(picture, source)
    time.sleep(PAUSE)
    for number in range(edits):
        wrong.measure(page, TOLD, lambda: save("\nnme"))
        right.measure(page, f"({word}) === 'good {number}'",
                      lambda number=number: save(f'\np(.id("bench")) {{ "good {number}" }}'))
    replace(watch.root / name, footer)
    time.sleep(PAUSE)
    return [body, interface, wrong, right]
