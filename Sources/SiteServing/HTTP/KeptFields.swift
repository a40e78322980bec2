// Fields that change no answer: what a log and the spool want to know of a client. They are looked
// at only if one of them wants them, so a server without both pays nothing. Nothing of them is
// refused: what makes no sense says nothing.

import AccessRecords

/// Which of them a parser keeps.
package struct KeptFields: Sendable {
    /// None of them.
    package static let none = KeptFields()
    /// What a record of a visit has.
    static let ofVisit = KeptFields(client: true, signals: true)

    /// Whether User-Agent and Referer are kept.
    let client: Bool
    /// Whether `Sec-Fetch-*` and the like are, and Accept-Language.
    let signals: Bool
    /// The name of the field in which proxies name their clients, in lower case; nil for none.
    let forwarded: [UInt8]?

    init(client: Bool = false, signals: Bool = false, forwarded: ForwardedField? = nil) {
        self.client = client
        self.signals = signals
        self.forwarded = forwarded.map { Array($0.name.utf8) }
    }
}

extension HeaderFields {
    /// Takes a field that only the spool wants; false for any other.
    mutating func takeKept(
        _ bytes: borrowing Span<UInt8>, _ name: Range<Int>, value: Range<Int>
    ) -> Bool {
        if let forwarded = kept.forwarded, name.count == forwarded.count,
            forwarded.indices.allSatisfy({
                Byte.lowercased(bytes[name.lowerBound + $0]) == forwarded[$0]
            })
        {
            values.join(.forwarded, bytes.extracting(value), by: ", ")
            return true
        }
        guard kept.signals else { return false }
        switch name.count {
        case 3 where Byte.equalIgnoringCase(bytes, name, "dnt"),
            7 where Byte.equalIgnoringCase(bytes, name, "sec-gpc"):
            if Byte.equal(bytes, value, "1") { signals.refusesTracking = true }
        case 5 where Byte.equalIgnoringCase(bytes, name, "x-moz"),
            7 where Byte.equalIgnoringCase(bytes, name, "purpose"),
            11 where Byte.equalIgnoringCase(bytes, name, "sec-purpose"):
            if Self.beginsWithPrefetch(bytes, value) { signals.isPrefetch = true }
        case 14 where Byte.equalIgnoringCase(bytes, name.prefix(10), "sec-fetch-"):
            return takeFetch(bytes, name.suffix(4), value)
        case 15 where Byte.equalIgnoringCase(bytes, name, "accept-language"):
            if !values.has(.acceptLanguage) {
                values.set(.acceptLanguage, bytes.extracting(value))
            }
        case 17 where Byte.equalIgnoringCase(bytes, name, "x-forwarded-proto"):
            isForwardedSecure = Byte.equalIgnoringCase(bytes, value, "https")
        default: return false
        }
        return true
    }

    /// Takes one of the fields `Sec-Fetch-*`, by the end of its name.
    private mutating func takeFetch(
        _ bytes: borrowing Span<UInt8>, _ end: Range<Int>, _ value: Range<Int>
    ) -> Bool {
        switch Byte.lowercased(bytes[end.lowerBound]) {
        case UInt8(ascii: "d") where Byte.equalIgnoringCase(bytes, end, "dest"):
            signals.destination =
                Byte.equalIgnoringCase(bytes, value, "document") ? .document : .other
        case UInt8(ascii: "m") where Byte.equalIgnoringCase(bytes, end, "mode"):
            signals.navigates = Byte.equalIgnoringCase(bytes, value, "navigate")
        case UInt8(ascii: "u") where Byte.equalIgnoringCase(bytes, end, "user"):
            signals.isByUser = Byte.equal(bytes, value, "?1")
        case UInt8(ascii: "s") where Byte.equalIgnoringCase(bytes, end, "site"):
            if Byte.equalIgnoringCase(bytes, value, "none") {
                signals.site = .none
            } else {
                let isSame = Byte.equalIgnoringCase(bytes, value, "same-origin")
                signals.site = isSame ? .same : .cross
            }
        default: return false
        }
        return true
    }

    /// `prefetch`, alone or with parameters (`prefetch;prerender`).
    private static func beginsWithPrefetch(
        _ bytes: borrowing Span<UInt8>, _ value: Range<Int>
    ) -> Bool {
        let end = value.lowerBound + 8
        return value.count >= 8
            && Byte.equalIgnoringCase(bytes, value.lowerBound..<end, "prefetch")
    }
}
