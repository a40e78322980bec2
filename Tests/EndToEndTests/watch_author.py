"""An author who edits the demo at random, and what every tab has to show of it.

Each edit changes one part of what the sources and rows say and writes it: by renaming another file
over it or in place, its length kept or not. What the parts are is known, so what a page has to
show is known, too. `EditShape.swift` is what another file depends on in ways that its text does not
show: the size and order of what it declares, and which of two functions is the nearer one.
"""

import os

FOOTER = "components/SiteFooter.swift"
SHEET = "site/Styles/site.css"
SHAPE = "components/EditShape.swift"
EXTRA = "components/EditExtra.swift"
ICON = "public/icon.svg"
NOTE = "public/edit.txt"

# The newest collection that is shown: the lead story of the front page.
NEWEST = ("FROM fashion.collection JOIN sitegen.collection_card USING (id) "
          "ORDER BY date_published DESC, id LIMIT 1")

# What a tab shows of the parts that are in every page.
SEEN = """
(() => {
    const text = (name) => document.querySelector(name)?.textContent ?? '';
    const outline = (name) => {
        const element = document.querySelector(name);
        return element ? getComputedStyle(element).outlineColor : '';
    };
    return { style: outline('body'), literal: outline('.foot'), word: text('#edit-word'),
             shape: text('#edit-shape'), title: text('h1'),
             icon: document.querySelector('link[rel=icon]')?.getAttribute('href') ?? '' };
})()"""

SHAPE_SOURCE = """import SiteAuthoring

struct EditShape {{
    enum Kind {{ case {cases} }}
{pads}    let value: {type}

    init(_ number: Int) {{ value = {type}(number + {number}) }}

    static func name(of kind: Kind) -> String {{
        switch kind {{
        case .first: "first"
        case .second: "second"
        case .third: "third"
        }}
    }}

    static func pick(_ number: Double) -> String {{ "double" }}
}}
"""
EXTRA_SOURCE = """import SiteAuthoring

extension EditShape {
    static func pick(_ number: Int) -> String { "whole" }
}
"""
USE = (r'p(.id("edit-shape")) { "\(EditShape(4).value) \(MemoryLayout<EditShape>.size) '
       r'\(EditShape.name(of: .second)) \(EditShape.pick(3))" }')


class Author:
    """The sources as they should be, and the edits."""

    KINDS = {"row": 4, "style": 4, "literal": 3, "word": 5, "number": 2, "shape": 3, "file": 1,
             "error": 2, "public": 3}

    def __init__(self, watch, random):
        self.watch, self.random = watch, random
        self.sheet = (watch.root / SHEET).read_text()
        self.footer = (watch.root / FOOTER).read_text()
        self.style, self.literal = "rgb(1, 2, 3)", "rgb(4, 5, 6)"
        self.word, self.note, self.icon = "word 1000", "1000", 1000
        self.type, self.number, self.pads = "Int", 1, 0
        self.cases = ["first", "second", "third"]
        self.hasExtra = False
        # What is wrong: nothing, or the file and the kind of an error.
        self.broken = None
        # Whether nothing can be seen before the repair.
        self.isUnseen = False
        self.title = None
        for write in [self.write_sheet, self.write_footer, self.write_shape, self.write_icon,
                      self.write_note]:
            write()

    # ---- Files

    def save(self, name, text):
        """Writes a file as an editor does: in place, or by renaming another over it."""
        path = self.watch.root / name
        if self.random.random() < 0.4:
            path.write_text(text)
            return
        other = path.with_name(f".{path.name}.new")
        other.write_text(text)
        os.replace(other, path)

    def write_sheet(self):
        self.save(SHEET, self.sheet + f"\nbody {{ outline-color: {self.style}; }}\n")

    def write_footer(self):
        wrong = "\n            let nothing: Int = nme" if self.broken == "footer" else ""
        text = self.footer.replace(
            'CSS? = """\n', f'CSS? = """\n        .foot {{ outline-color: {self.literal}; }}\n', 1)
        self.save(FOOTER, text.replace(
            "var view: HTML {\n", "var view: HTML {" + wrong + f"""
        p(.id("edit-word")) {{ "{self.word}" }}
        {USE}
""", 1))

    def write_shape(self):
        pads = "".join(f"    let pad{number} = {number}\n" for number in range(self.pads))
        text = SHAPE_SOURCE.format(cases=", ".join(self.cases), pads=pads, type=self.type,
                                   number=self.number)
        if self.broken == "shape":
            text += "\nlet nothing: Int = nme\n"
        if self.broken == "use":
            # Right by itself; the file that uses it is wrong.
            text = text.replace("name(of kind: Kind)", "name(for kind: Kind)")
        self.save(SHAPE, text)

    def write_icon(self):
        self.save(ICON, f"<svg xmlns='http://www.w3.org/2000/svg'><!-- {self.icon} --></svg>\n")

    def write_note(self):
        self.save(NOTE, self.note)

    # ---- Edits

    def edit(self):
        """One edit; its kind. An error is there until its repair."""
        kinds = list(self.KINDS)
        kind = self.random.choices(kinds, [self.KINDS[kind] for kind in kinds])[0]
        if kind == "error" and self.broken:
            kind = "repair"
        getattr(self, f"edit_{kind}")()
        return kind

    def other(self, old, keeps_length):
        """Another number than `old`, of as many digits or not."""
        digits = len(str(old)) if keeps_length else self.random.choice([1, 2, 3, 4, 5, 6])
        while True:
            new = self.random.randrange(10 ** (digits - 1), 10 ** digits)
            if new != old:
                return new

    def colour(self, old):
        keeps = self.random.random() < 0.5
        while True:
            new = tuple(self.random.randrange(*((1, 10) if keeps else (0, 256)))
                        for _ in range(3))
            if f"rgb{new}" != old:
                return f"rgb{new}"

    def keeps_length(self):
        return self.random.random() < 0.5

    def edit_row(self):
        number = self.other(0, False)
        self.title = f"Edit {number} <i>&"
        self.watch.postgres.query(
            f"UPDATE fashion.collection SET title = '{self.title}' "
            f"WHERE id IN (SELECT id {NEWEST})")

    def edit_style(self):
        self.style = self.colour(self.style)
        self.write_sheet()

    def edit_literal(self):
        self.literal = self.colour(self.literal)
        self.write_footer()

    def edit_word(self):
        self.word = f"word {self.other(int(self.word.split()[1]), self.keeps_length())}"
        self.write_footer()

    def edit_number(self):
        self.number = self.other(self.number, self.keeps_length())
        self.write_shape()

    def edit_shape(self):
        old = (self.type, self.pads, list(self.cases))
        while old == (self.type, self.pads, self.cases):
            match self.random.randrange(3):
                case 0: self.type = self.random.choice(["Int", "Double", "String", "Float"])
                case 1: self.pads = self.random.randrange(4)
                case _: self.random.shuffle(self.cases)
        self.write_shape()

    def edit_file(self):
        self.hasExtra = not self.hasExtra
        if self.hasExtra:
            self.save(EXTRA, EXTRA_SOURCE)
        else:
            (self.watch.root / EXTRA).unlink()

    def edit_error(self):
        self.broken = self.random.choice(["footer", "shape", "use"])
        self.write_footer() if self.broken == "footer" else self.write_shape()

    def edit_repair(self):
        was, self.broken = self.broken, None
        self.isUnseen = False
        self.write_footer() if was == "footer" else self.write_shape()

    def edit_public(self):
        if self.random.random() < 0.5:
            self.icon = self.other(self.icon, self.keeps_length())
            self.write_icon()
        else:
            self.note = str(self.other(int(self.note), self.keeps_length()))
            self.write_note()

    # ---- What is to be seen

    def shape_text(self):
        sizes = {"Int": 8, "Double": 8, "String": 16, "Float": 4}
        number = 4 + self.number
        value = f"{number}.0" if self.type in ("Double", "Float") else f"{number}"
        return (f"{value} {8 * self.pads + sizes[self.type]} second "
                + ("whole" if self.hasExtra else "double"))

    def lacks(self, page):
        """What a tab does not show as it should, as pairs of what it shows and what it should."""
        if self.isUnseen:
            return {}
        seen = page.evaluate(SEEN)
        wanted = {"style": self.style, "literal": self.literal, "word": self.word,
                  "shape": self.shape_text()}
        if self.broken:
            for name in ["literal", "word", "shape"]:
                del wanted[name]
        if page.showsTitle and self.title:
            wanted["title"] = self.title
        lacking = {name: (seen[name], text) for name, text in wanted.items()
                   if seen[name] != text}
        icon = self.watch.fetch(seen["icon"] or "/").body
        if f"<!-- {self.icon} -->".encode() not in icon:
            lacking["icon"] = (seen["icon"], self.icon)
        note = self.watch.fetch("/edit.txt").body.decode()
        if note != self.note:
            lacking["note"] = (note, self.note)
        return lacking
