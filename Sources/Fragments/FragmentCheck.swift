// Checks that a fragment's HTML stays inside its slot.
//
// A fragment is put into a page as it is, followed by a comment of padding. HTML that leaves a
// tag, an attribute or an element open would swallow that comment and the page after it, and an
// end tag too many would end an element of the page; a script or style is not in the page's
// Content-Security-Policy. This is a scan of tags in the manner of the HTML tokenizer, and
// `FragmentNesting` follows what they open.

/// The scan for faults.
package enum FragmentCheck {
    /// Elements with no place in a fragment: they run code, style the page, redirect its links or
    /// frames, or switch the tokenizer for good.
    private static let forbidden: Set<String> = [
        "script", "style", "base", "meta", "link", "iframe", "frame", "frameset", "object",
        "embed", "plaintext", "xmp", "noembed", "noframes", "noscript", "html", "head", "body",
        "title", "template",
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
        return scanner.nesting.unclosed.map { .unclosedElement($0) }
    }

    private enum Step {
        case advanced
        case found(FragmentFault)
    }

    private struct TagScanner {
        private let html: [UInt8]
        private var at = 0
        private(set) var nesting = FragmentNesting()

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
            var tag = FragmentTag(name: name)
            while true {
                let gap = at
                skip { isSpace($0) || $0 == UInt8(ascii: "/") }
                guard at < html.count else { return .found(.unclosedTag) }
                if html[at] == UInt8(ascii: ">") {
                    // A slash at the end of an unquoted value belongs to that.
                    tag.isSelfClosing = at > gap && html[at - 1] == UInt8(ascii: "/")
                    break
                }
                let attribute = attributeName()
                if attribute.hasPrefix("on"), attribute.utf8.count > 2 {
                    return .found(.eventHandler(attribute))
                }
                let start = at
                guard skipValue() else { return .found(.unclosedTag) }
                if attribute == "encoding", !tag.attributes.contains(attribute) {
                    tag.encoding = Self.value(html[start..<at])
                }
                tag.attributes.append(attribute)
            }
            at += 1
            let isText = name == "textarea" && !isEnd
            if let fault = isEnd ? nesting.end(name) : nesting.begin(tag) { return .found(fault) }
            return isText ? rawText(until: name) : .advanced
        }

        /// The value in `= "value"`, in lower case.
        private static func value(_ text: ArraySlice<UInt8>) -> String {
            var text = text.drop { isSpace($0) || $0 == UInt8(ascii: "=") }
            if let quote = text.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
                text = text.dropFirst().dropLast()
            }
            return String(decoding: text, as: UTF8.self).lowercased()
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
