// What a check needs to know of one page, from its bytes alone: links, places, title, images, and
// what its policy has to allow.
//
// Addresses are resolved the way a browser does it (RFC 3986 section 5), as far as links inside one
// site go; everything on another origin is left alone.

import ContentSecurity
import Hashing

/// A link inside the site.
struct InternalLink: Hashable {
    /// The decoded path.
    let path: String
    /// The place in the page behind `#`; nil when there is none.
    let anchor: String?
}

/// What one page has in it.
struct PageFacts {
    private(set) var links: [InternalLink] = []
    /// Links inside the site that are not written as a URL is.
    private(set) var unencoded: [String] = []
    private(set) var places: Set<String> = []
    private(set) var title: String?
    private(set) var canonical: String?
    /// How many images have no `alt`.
    private(set) var imagesWithoutText = 0
    /// The digests of inline styles and scripts, as a policy writes them.
    private(set) var styleHashes: Set<String> = []
    private(set) var scriptHashes: Set<String> = []
    /// Whether files of the site's own are styles and scripts of the page.
    private(set) var hasStyleFile = false
    private(set) var hasScriptFile = false
    /// The first attribute that no policy of this project allows: `onclick`, `style`.
    private(set) var forbiddenAttribute: String?

    private let addresses: SiteAddresses

    /// Reads a page.
    init(_ bytes: [UInt8], at path: String, origin: String) {
        addresses = SiteAddresses(origin: origin, path: path)
        var scan = PageScan(bytes)
        while let tag = scan.next() { take(tag) }
    }

    private mutating func take(_ tag: PageTag) {
        for address in StyleScan((tag["style"] ?? "").utf8).addresses { link(address) }
        for (name, _) in tag.attributes
        where forbiddenAttribute == nil && (name == "style" || name.hasPrefix("on")) {
            forbiddenAttribute = name
        }
        if let id = tag["id"] { places.insert(id) }
        if tag.name == "a", let name = tag["name"] { places.insert(name) }
        for attribute in ["href", "src", "action", "poster"] {
            if let address = tag[attribute] { link(address) }
        }
        for candidate in (tag["srcset"] ?? "").split(separator: ",") {
            if let address = candidate.split(separator: " ").first { link(String(address)) }
        }
        switch tag.name {
        case "title" where title == nil:
            title = CharacterReferences.resolved(tag.text)
        case "img" where tag["alt"] == nil: imagesWithoutText += 1
        case "link":
            let relations = (tag["rel"] ?? "").lowercased().split(separator: " ")
            if relations.contains("canonical") { canonical = tag["href"] }
            if relations.contains("stylesheet") { hasStyleFile = true }
        case "style":
            styleHashes.insert(Self.hash(tag.text))
            for address in StyleScan(tag.text).addresses { link(address) }
        case "meta":
            let property = tag["property"] ?? tag["name"] ?? ""
            if ["og:url", "og:image", "twitter:image"].contains(property) {
                link(tag["content"] ?? "")
            }
        case "script":
            if tag["src"] != nil {
                hasScriptFile = true
            } else if Self.isExecuted(tag["type"]) {
                scriptHashes.insert(Self.hash(tag.text))
            }
        default: break
        }
    }

    private mutating func link(_ address: String) {
        guard let link = addresses.link(address) else { return }
        links.append(link)
        if !SiteAddresses.isEncoded(address) { unencoded.append(address) }
    }

    private static func hash(_ text: ArraySlice<UInt8>) -> String {
        "'sha256-\(SHA256Digest(of: Array(text)).base64)'"
    }

    /// Whether a policy is asked about a script of this type: data blocks never run.
    private static func isExecuted(_ type: String?) -> Bool {
        guard let type = type?.lowercased(), !type.isEmpty else { return true }
        return type.contains("javascript") || type == "module" || type == "importmap"
            || type == "speculationrules"
    }
}

/// What a page's policy says, as far as a check compares it with the page.
struct PolicyText {
    private let directives: [Substring: [Substring]]

    /// Reads the value of a Content-Security-Policy header.
    init(_ text: String) {
        var directives: [Substring: [Substring]] = [:]
        for directive in text.split(separator: ";") {
            let words = directive.split(separator: " ")
            if let name = words.first { directives[name] = Array(words.dropFirst()) }
        }
        self.directives = directives
    }

    /// The first difference between the policy and what the page needs; nil when it fits.
    func difference(from page: PageFacts) -> String? {
        if let attribute = page.forbiddenAttribute {
            return "the page has an attribute `\(attribute)`, which no policy allows"
        }
        for (name, needed, hasFile) in [
            ("style-src", page.styleHashes, page.hasStyleFile),
            ("script-src", page.scriptHashes, page.hasScriptFile),
        ] {
            let sources = Set((directives[name[...]] ?? []).map(String.init))
            let hashes = sources.filter { $0.hasPrefix("'sha") }
            if let missing = needed.subtracting(hashes).sorted().first {
                return "\(name) lacks \(missing), which the page has inline"
            }
            if let spare = hashes.subtracting(needed).sorted().first {
                return "\(name) allows \(spare), which the page does not have"
            }
            if hasFile, !sources.contains("'self'") {
                return "\(name) lacks 'self', and the page has such a file"
            }
            if sources.contains("'unsafe-inline'") || sources.contains("'unsafe-eval'") {
                return "\(name) allows unsafe sources"
            }
        }
        return nil
    }
}

/// Resolves the addresses of one page.
struct SiteAddresses {
    let origin: String
    let path: String

    /// The link that an address of the page is; nil when it leads out of the site.
    func link(_ address: String) -> InternalLink? {
        var rest = address.split(separator: "\n").joined()[...]
        if !origin.isEmpty, rest.lowercased().hasPrefix(origin) {
            rest = rest.dropFirst(origin.count)
            guard rest.isEmpty || "/?#".contains(rest.first ?? "/") else { return nil }
            if rest.first != "/" { rest = "/" + rest }
        } else if rest.hasPrefix("//") || Self.hasScheme(rest) {
            return nil
        }
        let parts = rest.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let anchor = parts.count == 2 && !parts[1].isEmpty ? Self.decoded(parts[1]) : nil
        let named = (parts.first ?? "").prefix { $0 != "?" }
        let target = named.isEmpty ? path : resolved(Self.decoded(named))
        return InternalLink(path: target, anchor: anchor)
    }

    /// Whether an address has nothing in it that a URL cannot have (RFC 3986 section 2); white
    /// space around it does not count.
    static func isEncoded(_ address: String) -> Bool {
        let bytes = Array(address.utf8).drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }
        let text = Array(bytes.reversed())
        for (place, byte) in text.enumerated() {
            if byte == UInt8(ascii: "%") {
                let digits = text[(place + 1)...].prefix(2)
                guard digits.count == 2,
                    digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit })
                else { return false }
            }
            guard (0x21..<0x7F).contains(byte), !"\"<>\\^`{|}".utf8.contains(byte) else {
                return false
            }
        }
        return true
    }

    private func resolved(_ reference: String) -> String {
        guard !reference.hasPrefix("/") else { return Self.withoutDots(reference) }
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
        return Self.withoutDots(folder + reference)
    }

    /// Removes `.` and `..` (RFC 3986 section 5.2.4).
    private static func withoutDots(_ path: String) -> String {
        guard path.contains("/.") else { return path }
        var parts: [Substring] = []
        let all = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for (place, part) in all.enumerated() {
            let isLast = place == all.count - 1
            switch part {
            case ".": if isLast { parts.append("") }
            case "..":
                _ = parts.popLast()
                if isLast { parts.append("") }
            default: parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/")
    }

    private static func hasScheme(_ address: Substring) -> Bool {
        guard let colon = address.firstIndex(of: ":") else { return false }
        return address[..<colon].allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0))
        }
    }

    /// Percent-decoding; what is not UTF-8 or no escape stays as it is.
    private static func decoded(_ text: some StringProtocol) -> String {
        guard text.contains("%") else { return String(text) }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var place = 0
        while place < bytes.count {
            if bytes[place] == UInt8(ascii: "%"), place + 2 < bytes.count,
                let value = UInt8(
                    String(decoding: bytes[place + 1...place + 2], as: UTF8.self), radix: 16)
            {
                result.append(value)
                place += 3
            } else {
                result.append(bytes[place])
                place += 1
            }
        }
        return String(validating: result, as: UTF8.self) ?? String(text)
    }
}
