// Checks that a fragment's HTML stays inside its slot.
//
// A fragment is put into a page as it is, followed by a comment of padding. HTML that leaves a
// tag, an attribute or a raw-text element open would swallow that comment and the page after it;
// a script or style is not in the page's Content-Security-Policy. This is a scan of tags in the
// manner of the HTML tokenizer, no validator: unbalanced `<b>` is the author's own affair.

/// What is wrong with a fragment's HTML.
package enum FragmentFault: Equatable, Sendable {
    /// Larger than `FragmentLimits.bytesMax`; `bytes` is its size.
    case tooLarge(bytes: Int)
    /// An element that no fragment may hold, such as `script`.
    case forbiddenElement(String)
    /// An attribute that runs script, such as `onclick`.
    case eventHandler(String)
    /// A comment without `-->`.
    case unclosedComment
    /// `<!` that begins no comment, such as `<![CDATA[`, which ends elsewhere inside `svg`.
    case declaration
    /// An element whose text is markup inside `svg` or `math`, behind the start of one of them.
    case elementInForeignContent(String)
    /// A tag or a quoted attribute value without an end.
    case unclosedTag
    /// A raw-text element without its end tag, such as `textarea`.
    case unclosedElement(String)
    /// Bytes that are not UTF-8, or NUL.
    case notText
}

extension FragmentFault: CustomStringConvertible {
    /// What is wrong and what to change.
    package var description: String {
        switch self {
        case .tooLarge(let bytes):
            "It has \(bytes) bytes; write at most \(FragmentLimits.bytesMax)."
        case .forbiddenElement(let name): "It holds <\(name)>; move that into the page."
        case .eventHandler(let name): "It has the attribute \(name); move that into a script."
        case .unclosedComment: "It holds a comment without -->; close it."
        case .declaration: "It holds <! without --; write < as &lt; or leave it out."
        case .elementInForeignContent(let name):
            "It holds <\(name)> inside or behind <svg> or <math>; move it in front of them."
        case .unclosedTag: "It ends inside a tag; close the tag and its quotes."
        case .unclosedElement(let name): "It holds <\(name)> without </\(name)>; close it."
        case .notText: "It is not UTF-8 text; encode it."
        }
    }
}

/// The scan for faults.
package enum FragmentCheck {
    /// Elements with no place in a fragment: they run code, style the page, redirect its links or
    /// frames, or switch the tokenizer for good.
    private static let forbidden: Set<String> = [
        "script", "style", "base", "meta", "link", "iframe", "frame", "frameset", "object",
        "embed", "plaintext", "xmp", "noembed", "noframes", "noscript", "html", "head", "body",
        "title", "template",
    ]
    /// Elements of `svg` and `math` that may hold HTML (HTML standard, section 13.2.6), besides
    /// those that are forbidden.
    private static let integrating: Set<String> = [
        "foreignobject", "desc", "annotation-xml", "mi", "mo", "mn", "ms", "mtext",
    ]

    /// The first fault of a fragment's HTML; nil if it may be published and shown.
    package static func fault(in html: [UInt8]) -> FragmentFault? {
        guard html.count <= FragmentLimits.bytesMax else { return .tooLarge(bytes: html.count) }
        guard !html.contains(0), String(validating: html, as: UTF8.self) != nil else {
            return .notText
        }
        var scanner = TagScanner(html)
        while let fault = scanner.step() {
            if case .found(let fault) = fault { return fault }
        }
        return nil
    }

    private enum Step {
        case advanced
        case found(FragmentFault)
    }

    private struct TagScanner {
        private let html: [UInt8]
        private var at = 0
        /// The `svg` and `math` that a browser may still be in, at least.
        private var foreign: [String] = []
        /// Whether an end tag of these proves nothing any more.
        private var isUnsure = false

        init(_ html: [UInt8]) { self.html = html }

        /// Handles the next `<`; nil at the end.
        mutating func step() -> Step? {
            guard let open = html[at...].firstIndex(of: UInt8(ascii: "<")) else { return nil }
            at = open + 1
            guard at < html.count else { return .found(.unclosedTag) }
            switch html[at] {
            case UInt8(ascii: "!"): return comment()
            case UInt8(ascii: "?"): return bogusComment()
            case UInt8(ascii: "/"):
                guard at + 1 < html.count else { return .found(.unclosedTag) }
                if isLetter(html[at + 1]) {
                    at += 1
                    return tag(isEnd: true)
                }
                return bogusComment()
            case let byte where isLetter(byte): return tag(isEnd: false)
            default: return .advanced
            }
        }

        private mutating func comment() -> Step {
            guard html[at...].starts(with: "!--".utf8) else { return .found(.declaration) }
            at += 3
            // `<!-->` and `<!--->` are whole comments for a browser.
            for short in [">", "->"] where html[at...].starts(with: short.utf8) {
                at += short.utf8.count
                return .advanced
            }
            while at < html.count {
                let rest = html[at...]
                for end in ["-->", "--!>"] where rest.starts(with: end.utf8) {
                    at += end.utf8.count
                    return .advanced
                }
                at += 1
            }
            return .found(.unclosedComment)
        }

        private mutating func bogusComment() -> Step {
            guard let close = html[at...].firstIndex(of: UInt8(ascii: ">")) else {
                return .found(.unclosedComment)
            }
            at = close + 1
            return .advanced
        }

        private mutating func tag(isEnd: Bool) -> Step {
            let name = lowercasedWord { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ">") }
            if FragmentCheck.forbidden.contains(name) {
                return .found(.forbiddenElement(name))
            }
            while true {
                skip { isSpace($0) || $0 == UInt8(ascii: "/") }
                guard at < html.count else { return .found(.unclosedTag) }
                if html[at] == UInt8(ascii: ">") { break }
                let attribute = attributeName()
                if attribute.hasPrefix("on"), attribute.utf8.count > 2 {
                    return .found(.eventHandler(attribute))
                }
                guard skipValue() else { return .found(.unclosedTag) }
            }
            at += 1
            noteForeign(name, isEnd: isEnd)
            guard name == "textarea", !isEnd else { return .advanced }
            return foreign.isEmpty ? rawText(until: name) : .found(.elementInForeignContent(name))
        }

        /// Follows where a browser may take names for those of `svg` or `math`.
        ///
        /// It may leave them earlier than is noted here, never later: HTML inside of them, in which
        /// `</svg>` could be without effect, is begun by the elements of `integrating` only.
        private mutating func noteForeign(_ name: String, isEnd: Bool) {
            if name == "svg" || name == "math" {
                if !isEnd {
                    foreign.append(name)
                } else if foreign.last == name, !isUnsure {
                    foreign.removeLast()
                }
            } else if !foreign.isEmpty, FragmentCheck.integrating.contains(name) {
                isUnsure = true
            }
        }

        private mutating func attributeName() -> String {
            // A leading `=` belongs to the name, as in the HTML tokenizer.
            let first = at
            at += 1
            skip { byte in
                !isSpace(byte) && byte != UInt8(ascii: "/") && byte != UInt8(ascii: ">")
                    && byte != UInt8(ascii: "=")
            }
            return String(decoding: html[first..<at], as: UTF8.self).lowercased()
        }

        /// Skips `= value` if there is one; false if the value has no end.
        private mutating func skipValue() -> Bool {
            skip(isSpace)
            guard at < html.count, html[at] == UInt8(ascii: "=") else { return at < html.count }
            at += 1
            skip(isSpace)
            guard at < html.count else { return false }
            let quote = html[at]
            if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
                guard let close = html[(at + 1)...].firstIndex(of: quote) else { return false }
                at = close + 1
            } else {
                skip { !isSpace($0) && $0 != UInt8(ascii: ">") }
            }
            return at < html.count
        }

        private mutating func rawText(until name: String) -> Step {
            while at < html.count {
                let rest = html[at...]
                let word = rest.dropFirst(2)
                if rest.starts(with: "</".utf8),
                    word.prefix(name.utf8.count).elementsEqual(
                        name.utf8, by: { ($0 | 0x20) == $1 }),
                    let next = word.dropFirst(name.utf8.count).first,
                    isSpace(next) || next == UInt8(ascii: ">") || next == UInt8(ascii: "/")
                {
                    return .advanced
                }
                at += 1
            }
            return .found(.unclosedElement(name))
        }

        private mutating func lowercasedWord(until isEnd: (UInt8) -> Bool) -> String {
            let first = at
            skip { !isSpace($0) && !isEnd($0) }
            return String(decoding: html[first..<at], as: UTF8.self).lowercased()
        }

        private mutating func skip(_ condition: (UInt8) -> Bool) {
            while at < html.count, condition(html[at]) { at += 1 }
        }
    }
}

private func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0C || byte == 0x0D
}

private func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
}
