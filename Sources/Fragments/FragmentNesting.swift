// Follows what a browser's parser has open while it reads a fragment (HTML standard, section
// 13.2.6), so that nothing of it is still open behind it, nor anything of the page closed.
//
// It is no parser: wherever the standard repairs what is written (an element that closes another
// from a distance, formatting that goes on, a child that is moved out of its table), the fragment
// is refused. End tags that may be left out may be, as long as the fragment itself ends what is
// open. What the page has open around the slot is not known here.

import Groundwork

/// The elements of a fragment that are open.
struct FragmentNesting {
    private enum Space {
        case html
        case svg
        case math
    }

    private struct Element {
        let name: String
        let space: Space
        /// Whether HTML stands in it, although it belongs to `svg` or `math`.
        var holdsHTML = false
    }

    private var open: [Element] = []

    /// Whether a start tag would be one of `svg` or `math` here, which have no text elements.
    func isForeign(_ name: String) -> Bool {
        guard let last = open.last, last.space != .html else { return false }
        if last.holdsHTML { return name == "mglyph" || name == "malignmark" }
        return !(last.name == "annotation-xml" && name == "svg")
    }

    /// The element that is still open at the end; nil is as it must be.
    var unclosed: String? { open.last?.name }

    // MARK: Start tags

    /// Takes a start tag; what is wrong with it.
    mutating func begin(_ tag: HTMLTag) -> FragmentFault? {
        guard open.count < FragmentLimits.nestingMax else { return .tooDeep }
        return isForeign(tag.name) ? beginForeign(tag) : beginHTML(tag)
    }

    private mutating func beginForeign(_ tag: HTMLTag) -> FragmentFault? {
        let space = open.last?.space ?? .html
        let isStyledFont =
            tag.name == "font"
            && ["color", "face", "size"].contains { tag[$0] != nil }
        // These end `svg` and `math`, and `textarea` is no text element there.
        if HTMLNames.endingForeign.contains(tag.name) || isStyledFont || tag.name == "textarea" {
            return .elementInForeignContent(tag.name)
        }
        if tag.isSelfClosing { return nil }
        var element = Element(name: tag.name, space: space)
        switch space {
        case .svg: element.holdsHTML = ["foreignobject", "desc", "title"].contains(tag.name)
        case .math:
            let isAnnotation = tag.name == "annotation-xml"
            // What stands in it depends on the value, which references to characters would hide.
            let encoding = String(decoding: tag["encoding"] ?? [], as: UTF8.self).lowercased()
            if isAnnotation, encoding.contains("&") {
                return .elementInForeignContent(tag.name)
            }
            element.holdsHTML =
                HTMLNames.mathText.contains(tag.name)
                || isAnnotation
                    && ["text/html", "application/xhtml+xml"].contains(encoding)
        case .html: break
        }
        open.append(element)
        return nil
    }

    private mutating func beginHTML(_ tag: HTMLTag) -> FragmentFault? {
        let name = tag.name
        if name == "svg" || name == "math" {
            if let fault = place(name) { return fault }
            if !tag.isSelfClosing {
                open.append(Element(name: name, space: name == "svg" ? .svg : .math))
            }
            return nil
        }
        if let fault = place(name) { return fault }
        if !HTMLNames.void.contains(name) { open.append(Element(name: name, space: .html)) }
        return nil
    }

    /// Ends what an element ends whose end tags may be left out; a fault where it may not stand.
    private mutating func place(_ name: String) -> FragmentFault? {
        let isRuby = isOpen("ruby", until: HTMLNames.scope)
        for ended in HTMLNames.ended(by: name, isRuby: isRuby) {
            while let last = open.last, last.space == .html, ended.contains(last.name) {
                open.removeLast()
                if !HTMLNames.tableParts.contains(name) { break }
            }
        }
        let parent = open.last.flatMap { $0.space == .html ? $0.name : nil }
        let misplaced = FragmentFault.misplacedElement(name, in: parent ?? "")
        if let parts = parent.flatMap({ HTMLNames.tableChildren[$0] }) {
            return parts.contains(name) ? nil : misplaced
        }
        if HTMLNames.tableParts.contains(name) { return misplaced }
        if isOpen("select", until: []) {
            return ["option", "optgroup", "hr"].contains(name) ? nil : misplaced
        }
        if name == "optgroup" { return misplaced }
        if HTMLNames.blocks.contains(name), isOpen("p", until: HTMLNames.buttonScope) {
            return .misplacedElement(name, in: "p")
        }
        switch name {
        case "a" where isOpen("a", until: HTMLNames.markers, isBoundByForeign: false),
            "button" where isOpen("button", until: HTMLNames.scope),
            "nobr" where isOpen("nobr", until: HTMLNames.scope),
            "form" where isOpen("form", until: []),
            "li" where isOpen("li", until: HTMLNames.itemBounds),
            "dd" where isOpen("dd", until: HTMLNames.itemBounds),
            "dd" where isOpen("dt", until: HTMLNames.itemBounds),
            "dt" where isOpen("dd", until: HTMLNames.itemBounds),
            "dt" where isOpen("dt", until: HTMLNames.itemBounds):
            return .misplacedElement(name, in: name)
        case _ where HTMLNames.headings.contains(name):
            return parent.map(HTMLNames.headings.contains) == true ? misplaced : nil
        default: return nil
        }
    }

    /// Whether an element is open, and none of `bounds` inside of it.
    private func isOpen(
        _ name: String, until bounds: Set<String>, isBoundByForeign: Bool = true
    ) -> Bool {
        for element in open.reversed() {
            if element.space != .html {
                if element.holdsHTML, isBoundByForeign, !bounds.isEmpty { return false }
                continue
            }
            if element.name == name { return true }
            if bounds.contains(element.name) { return false }
        }
        return false
    }

    // MARK: End tags

    /// Takes an end tag; what is wrong with it.
    mutating func end(_ name: String) -> FragmentFault? {
        let implied = HTMLNames.impliedEnds(before: name)
        while let last = open.last, last.space == .html, last.name != name,
            implied.contains(last.name)
        {
            open.removeLast()
        }
        guard let last = open.last, last.name == name else {
            return open.contains { $0.name == name }
                ? .wrongNesting(outer: name, inner: open.last?.name ?? name) : .strayEndTag(name)
        }
        open.removeLast()
        return nil
    }
}

/// The lists of the HTML standard that nesting needs, of elements that a fragment may hold.
private enum HTMLNames {
    static let void: Set<String> = [
        "area", "basefont", "bgsound", "br", "col", "embed", "hr", "image", "img", "input",
        "keygen", "param", "source", "track", "wbr",
    ]
    static let headings: Set<String> = ["h1", "h2", "h3", "h4", "h5", "h6"]
    /// Elements that end a paragraph that is open.
    static let blocks: Set<String> = headings.union([
        "address", "article", "aside", "blockquote", "center", "dd", "details", "dialog", "dir",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header",
        "hgroup", "hr", "li", "listing", "main", "menu", "nav", "ol", "p", "pre", "search",
        "section", "summary", "table", "ul",
    ])
    static let markers: Set<String> = ["applet", "caption", "marquee", "object", "td", "th"]
    static let scope = markers.union(["table"])
    static let buttonScope = scope.union(["button"])
    /// Behind which an item of a list is not looked for: the standard's special elements but three.
    ///
    /// `dialog` is none of them, and `search` is not in browsers of before 2023.
    static let itemBounds = blocks.union(scope).union([
        "button", "colgroup", "select", "tbody", "textarea", "tfoot", "thead", "tr",
    ]).subtracting(["address", "div", "p", "li", "dd", "dt", "dialog", "search"])

    static let tableParts: Set<String> = [
        "caption", "col", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr",
    ]
    /// What may stand in the parts of a table; all else a parser moves out of the table.
    static let tableChildren: [String: Set<String>] = [
        "table": ["caption", "col", "colgroup", "tbody", "tfoot", "thead", "tr"],
        "colgroup": ["col"], "tbody": ["tr"], "tfoot": ["tr"], "thead": ["tr"],
        "tr": ["td", "th"],
    ]
    static let mathText: Set<String> = ["mi", "mn", "mo", "ms", "mtext"]
    /// Elements that end `svg` and `math` when they begin in them.
    static let endingForeign: Set<String> = headings.union([
        "b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em",
        "embed", "head", "hr", "i", "img", "li", "listing", "menu", "meta", "nobr", "ol", "p",
        "pre", "ruby", "s", "small", "span", "strike", "strong", "sub", "sup", "table", "tt",
        "u", "ul", "var",
    ])

    /// The innermost elements that the beginning of another ends, in the order they are looked for.
    static func ended(by name: String, isRuby: Bool) -> [Set<String>] {
        switch name {
        case "li": [["p"], ["li"]]
        case "dd", "dt": [["p"], ["dd", "dt"]]
        case "option": [["option"]]
        case "optgroup": [["option"], ["optgroup"]]
        case "rb", "rtc": isRuby ? [["rb", "rp", "rt"], ["rtc"]] : []
        case "rp", "rt": isRuby ? [["rb", "rp", "rt"]] : []
        case "td", "th": [items.union(["td", "th"])]
        case "tr": [items.union(["td", "th", "tr", "caption", "colgroup"])]
        case "tbody", "tfoot", "thead": [items.union(tableParts)]
        default: blocks.contains(name) ? [["p"]] : []
        }
    }

    private static let items: Set<String> = [
        "dd", "dt", "li", "optgroup", "option", "p", "rb", "rp", "rt", "rtc",
    ]
    private static let closers = blocks.union(["applet", "button", "marquee"])

    /// The elements that an end tag ends before its own.
    static func impliedEnds(before name: String) -> Set<String> {
        switch name {
        case "ruby": ["rb", "rp", "rt", "rtc"]
        case "optgroup", "datalist": ["option"]
        case "select": ["option", "optgroup"]
        case "table", "tbody", "tfoot", "thead", "tr": items.union(tableParts)
        case "td", "th", "caption": items
        case _ where closers.contains(name): items
        default: []
        }
    }
}
