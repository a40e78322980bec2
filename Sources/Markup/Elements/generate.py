#!/usr/bin/env python3
"""Writes the element and attribute files of this folder from the tables below, and the tables of
docs/authoring.md.

Run it here after changing a table, then `swift format -i *.swift`; the output is checked in.
"""

import pathlib

# attribute: (Swift name, kinds of value, tags that have it)
FORM_FIELDS = "input button select textarea fieldset output"
ATTRIBUTES = {
    "href": ("url", "a area link base"),
    "hreflang": ("text", "a link"),
    "target": ("text", "a area form base"),
    "rel": ("text", "a area link form"),
    "download": ("text", "a area"),
    "referrerpolicy": ("text", "a area img iframe link"),
    "src": ("url", "img source iframe audio video track input"),
    "alt": ("text", "img area input"),
    "srcset": ("urls", "img source"),
    "sizes": ("text", "img source link"),
    "width": ("int", "img source iframe video canvas input svg"),
    "height": ("int", "img source iframe video canvas input svg"),
    "loading": ("text", "img iframe"),
    "decoding": ("text", "img"),
    "fetchpriority": ("text", "img link"),
    "crossorigin": ("text", "img link audio video"),
    "media": ("text", "source link meta"),
    "type": ("text", "a link source input button ol"),
    "name": ("text", "meta form iframe details " + FORM_FIELDS),
    "content": ("text", "meta"),
    "http-equiv": ("text", "meta"),
    "charset": ("text", "meta"),
    "property": ("text", "meta"),
    "integrity": ("text", "link"),
    "as": ("text", "link"),
    "imagesrcset": ("urls", "link"),
    "imagesizes": ("text", "link"),
    "action": ("url", "form"),
    "method": ("text", "form"),
    "enctype": ("text", "form"),
    "novalidate": ("flag", "form"),
    "autocomplete": ("text", "form input select textarea"),
    "formaction": ("url", "input button"),
    "formmethod": ("text", "input button"),
    "formnovalidate": ("flag", "input button"),
    "form": ("text", FORM_FIELDS),
    "value": ("text int", "input option button data li progress meter"),
    "placeholder": ("text", "input textarea"),
    "required": ("flag", "input select textarea"),
    "checked": ("flag", "input"),
    "selected": ("flag", "option"),
    "disabled": ("flag", "input button select option optgroup textarea fieldset"),
    "readonly": ("flag", "input textarea"),
    "multiple": ("flag", "input select"),
    "min": ("text int", "input meter"),
    "max": ("text int", "input meter progress"),
    "step": ("text int", "input"),
    "low": ("int", "meter"),
    "high": ("int", "meter"),
    "optimum": ("int", "meter"),
    "minlength": ("int", "input textarea"),
    "maxlength": ("int", "input textarea"),
    "size": ("int", "input select"),
    "pattern": ("text", "input"),
    "list": ("text", "input"),
    "accept": ("text", "input"),
    "rows": ("int", "textarea"),
    "cols": ("int", "textarea"),
    "wrap": ("text", "textarea"),
    "for": ("text", "label output"),
    "colspan": ("int", "td th"),
    "rowspan": ("int", "td th"),
    "headers": ("text", "td th"),
    "scope": ("text", "th"),
    "span": ("int", "col colgroup"),
    "start": ("int", "ol"),
    "reversed": ("flag", "ol"),
    "datetime": ("text", "time ins del"),
    "cite": ("url", "blockquote q ins del"),
    "open": ("flag", "details dialog"),
    "poster": ("url", "video"),
    "controls": ("flag", "audio video"),
    "autoplay": ("flag", "audio video"),
    "loop": ("flag", "audio video"),
    "muted": ("flag", "audio video"),
    "playsinline": ("flag", "video"),
    "preload": ("text", "audio video"),
    "kind": ("text", "track"),
    "srclang": ("text", "track"),
    "label": ("text", "track option optgroup"),
    "default": ("flag", "track"),
    "allow": ("text", "iframe"),
    "sandbox": ("text", "iframe"),
    "allowfullscreen": ("flag", "iframe"),
    "popovertarget": ("text", "button input"),
    "viewBox": ("text", "svg"),
    "xmlns": ("text", "svg"),
    "fill": ("text", "svg"),
    "stroke": ("text", "svg"),
    "stroke-width": ("text", "svg"),
    "preserveAspectRatio": ("text", "svg"),
}
GLOBALS = {
    "id": "text", "title": "text", "lang": "text", "dir": "text", "role": "text",
    "tabindex": "int", "hidden": "flag", "inert": "flag", "autofocus": "flag",
    "accesskey": "text", "translate": "text", "draggable": "text", "contenteditable": "text",
    "spellcheck": "text", "inputmode": "text", "enterkeyhint": "text", "popover": "text",
    "part": "text", "itemscope": "flag", "itemprop": "text", "itemtype": "text", "itemid": "text",
    "itemref": "text",
}
# what authors of HTML expect and the language has elsewhere: member, kind of value, where it is
ELSEWHERE = [
    ("class", "text", "it is spelt cls"),
    ("style", "text", "put the rule into the component's styles, and name its class by cls"),
    ("onclick", "text", "put the code into the component's script"),
]
# file: tags with content; "tag:region" brings a region, "tag!" is written with its own function
ELEMENTS = {
    "Sections": "html title:title header footer nav main section article aside hgroup h1 h2 h3 h4 "
    "h5 h6 p div address blockquote pre:pre ul ol li dl dt dd menu figure figcaption search "
    "template:inert noscript:inert dialog details summary",
    "Text": "a span em strong small mark b i u s q cite code kbd samp dfn abbr sub sup del ins "
    "time data bdi bdo ruby rt rp picture audio video canvas svg:svg iframe-",
    "TablesAndForms": "table:tableParts caption colgroup:tableParts thead:tableParts "
    "tbody:tableParts tfoot:tableParts tr:tableParts td th form label button select:select "
    "datalist:select optgroup:select option:select textarea:textarea fieldset legend output "
    "progress meter",
}
VOIDS = "meta link base img source track input hr br wbr col area"

# tags that often have more than four attributes: eight of theirs need no array
WIDE = "img input iframe video".split()

SPELLING = {
    "http-equiv": "httpEquiv", "referrerpolicy": "referrerPolicy", "fetchpriority": "fetchPriority",
    "stroke-width": "strokeWidth", "novalidate": "noValidate", "formaction": "formAction",
    "formmethod": "formMethod", "formnovalidate": "formNoValidate", "readonly": "readOnly",
    "minlength": "minLength", "maxlength": "maxLength", "imagesrcset": "imageSrcset",
    "imagesizes": "imageSizes", "playsinline": "playsInline", "allowfullscreen": "allowFullScreen",
    "popovertarget": "popoverTarget", "contenteditable": "contentEditable",
    "inputmode": "inputMode", "enterkeyhint": "enterKeyHint", "accesskey": "accessKey",
}
KEYWORDS = {"for", "as", "default", "class"}
HEAD = "// Generated by generate.py from its tables; change those, not this file.\n//\n"


def spelled(name):
    name = SPELLING.get(name, name)
    return f"`{name}`" if name in KEYWORDS else name


def upper(name):
    name = SPELLING.get(name, name)
    return name[0].upper() + name[1:]


def padded(text):
    """A literal as the writer copies it: 16 or 32 bytes, of which the first ones count."""
    assert len(text) <= 32, text
    escaped = text.ljust(32 if len(text) > 16 else 16).replace('"', '\\"')
    return f'Padded("{escaped}", {len(text)})'


def member(name, kind, body=True):
    """One static member; the twins that refuse have the same shape."""
    swift = spelled(name)
    if kind == "flag":
        value = f"{{ Attr(Attribute(.flag, {padded(' ' + name)}, \"\")) }}" if body else "{ .none }"
        return f"static var {swift}: Attr {value}"
    type_ = "Int" if kind == "int" else "String"
    written = {"int": "text"}.get(kind, kind)
    text = "decimal(value)" if kind == "int" else "value"
    literal = padded(f' {name}="')
    value = f"{{ Attr(Attribute(.{written}, {literal}, {text})) }}" if body else "{ .none }"
    return f"static func {swift}(_ value: {type_}) -> Attr {value}"


def tags():
    having = {}
    names = [e.split(":")[0].rstrip("-") for g in ELEMENTS.values() for e in g.split()]
    names += VOIDS.split() + ["head", "body"]
    for attribute, (_, elements) in ATTRIBUTES.items():
        for element in elements.split():
            assert element in names, (attribute, element)
            having.setdefault(element, []).append(attribute)
    out = HEAD + ("// The tags, as types that decide which attributes an element takes. "
                  "They have no values.\n")
    out += "\n/// The types that stand for elements in `Attr`.\npublic enum Tags {\n"
    for name in sorted(set(names)):
        traits = ", ".join(f"Traits.Has{upper(a)}" for a in having.get(name, []))
        suffix = ': ' + traits if traits else ''
        out += f"    /// The tag of `{name}`.\n    public enum {upper(name)}{suffix} {{}}\n"
    out += "}\n"
    write("Tags.swift", out)
    out = HEAD + ("// The traits of tags: one protocol for each attribute that not every "
                  "element has.\n")
    out += "\n/// What tags may take; each trait is named like its attribute.\n"
    out += "public enum Traits {\n"
    for name in ATTRIBUTES:
        out += f"    /// Takes `{name}`.\n    public protocol Has{upper(name)} {{}}\n"
    out += "}\n"
    write("Traits.swift", out)


def attributes():
    out = HEAD + "// Attributes that every element takes.\n\nextension Attr {\n"
    for name, kind in GLOBALS.items():
        out += f"    /// The attribute `{name}`.\n    @inlinable public {member(name, kind)}\n"
    write("GlobalAttributes.swift", out + "}\n")
    items = list(ATTRIBUTES.items())
    half = len(items) // 2
    for file, part in (("AttributesAToF", items[:half]), ("AttributesFToZ", items[half:])):
        out = HEAD + "// Attributes that only some elements take, by trait.\n"
        for name, (kinds, _) in part:
            out += f"\nextension Attr where Tag: Traits.Has{upper(name)} {{\n"
            for kind in kinds.split():
                note = {"url": "; its scheme is checked",
                        "urls": "; schemes are checked"}.get(kind, "")
                out += f"    /// The attribute `{name}`{note}.\n"
                out += f"    @inlinable public {member(name, kind)}\n"
            out += "}\n"
        write(f"{'Attributes' if file.endswith('F') else 'MoreAttributes'}.swift", out)
    out = HEAD + "// Twins that say in plain words that an element has no such attribute.\n"
    out += "\nextension Attr {\n"
    for name, (kinds, _) in items:
        for kind in kinds.split():
            out += f"    /// Not an attribute of this element.\n"
            out += "    @available(*, unavailable, message: "
            out += f'"this element has no attribute {name}")\n'
            out += f"    public {member(name, kind, body=False)}\n"
    for name, kind, place in ELSEWHERE:
        out += f"    /// Not a member: {place}.\n"
        out += f'    @available(*, unavailable, message: "{place}")\n'
        out += f"    public {member(name, kind, body=False)}\n"
    write("RefusedAttributes.swift", out + "}\n")


def element(tag, region, kind):
    t = f"Attr<Tags.{upper(tag)}>"
    names = [f"a{n}" for n in range(8 if tag in WIDE else 4)]
    fixed = ", ".join(f"_ {n}: {t} = .none" for n in names)
    out = f"\n/// The element `{tag}`.\n"
    out += f"@inlinable\npublic func {tag}(\n    {fixed}, _ more: {t}..."
    content = ",\n    @HTMLBuilder content: () -> HTML = { HTML.here }\n"
    out += content if kind == "content" else "\n"
    out += ") -> HTML {\n"
    items = ", ".join(f"a{number}.item" for number in range(4))
    out += f"    let page = PageWriter.begin({padded('<' + tag)}, {items})\n"
    if tag in WIDE:
        out += "    page.write(a4.item, a5.item, a6.item, a7.item)\n"
    end = padded(f"</{tag}>")
    out += "    if !more.isEmpty { page.write(more: more) }\n"
    if kind == "content":
        extra = f", .{region or 'flow'}"
        out += f'    return page.finish({end}{extra}, content)\n'
    elif kind == "empty":
        out += f'    return page.finish({end}, .flow) {{ HTML.here }}\n'
    else:
        out += "    return page.finishVoid()\n"
    return out + "}\n"


def elements():
    for file, names in ELEMENTS.items():
        parts = names.split()
        chunks = [parts[:22], parts[22:]] if len(parts) > 22 else [parts]
        for index, chunk in enumerate(chunks):
            out = HEAD + "// Elements with content; each writes as it is called.\n"
            for entry in chunk:
                tag, _, region = entry.rstrip("-").partition(":")
                out += element(tag, region, "empty" if entry.endswith("-") else "content")
            write(f"{'More' if index else ''}{file}.swift", out)
    out = HEAD + "// Elements that never have content.\n"
    for tag in VOIDS.split():
        out += element(tag, None, "void")
    write("VoidElements.swift", out)


def write(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


def row(cells):
    return "| " + " | ".join(cells) + " |"


def document(path):
    """Writes the tables between the marks of a page."""
    kinds = {"text": "text", "int": "number", "url": "address", "urls": "addresses", "flag": "flag"}
    out = ["", row(["attribute of every element", "written as", "value"]), "|---|---|---|"]
    out += [row([f"`{name}`", f"`.{spelled(name).strip('`')}`", kinds[kind]])
            for name, kind in GLOBALS.items()]
    out += ["", row(["attribute", "written as", "value", "elements"]), "|---|---|---|---|"]
    for name, (given, elements) in sorted(ATTRIBUTES.items(), key=lambda item: item[0].lower()):
        values = " or ".join(kinds[kind] for kind in given.split())
        out.append(row([f"`{name}`", f"`.{spelled(name).strip('`')}`", values,
                        ", ".join(sorted(set(elements.split())))]))
    with_content = {entry.partition(":")[0].rstrip("-")
                    for entry in " ".join(ELEMENTS.values()).split()}
    out += ["", "Elements with content: " + ", ".join(sorted(with_content | {"head", "body"}))
            + ".", "", "Without: " + ", ".join(sorted(VOIDS.split())) + ".", ""]
    text = path.read_text(encoding="utf-8")
    start = text.index("\n", text.index("<!-- elements:")) + 1
    end = text.index("<!-- elements end -->")
    path.write_text(text[:start] + "\n".join(out) + text[end:], encoding="utf-8")


tags()
attributes()
elements()
page = pathlib.Path("../../../docs/authoring.md")
if page.exists():
    document(page)
