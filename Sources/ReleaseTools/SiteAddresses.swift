import Groundwork

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
        return InternalLink(
            path: target, hasQuery: parts.first?.contains("?") ?? false, anchor: anchor)
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
        return PercentCoding.decoded(bytes.span, bytes.indices, isLenient: true)
            .flatMap { String(validating: $0, as: UTF8.self) } ?? String(text)
    }
}
