// What brought a visitor here, as the query of the address says it. Five fields are looked at, and
// nothing else of a query is kept: it may hold anything. A field is a text in lower case, cut to
// its limit; one that is no text, or has characters that are not seen, is left out.

internal import Groundwork

extension Campaign {
    /// The campaign that a query names; nil if it names none.
    ///
    /// A field that is no text is left out; a long one is cut.
    package init?(query: ArraySlice<UInt8>) {
        var fields: [String: String] = [:]
        for pair in query.split(separator: UInt8(ascii: "&")).prefix(Self.pairsMax) {
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")),
                let field = Self.fields.first(where: { pair[..<equals].elementsEqual($0.utf8) }),
                fields[field] == nil, let value = Self.value(pair[(equals + 1)...])
            else { continue }
            fields[field] = value
        }
        guard !fields.isEmpty else { return nil }
        self.init(
            source: fields["utm_source"] ?? fields["ref"] ?? fields["via"] ?? "",
            medium: fields["utm_medium"] ?? "", name: fields["utm_campaign"] ?? "")
    }

    /// The fields of a query that are looked at.
    private static let pairsMax = 64
    private static let fields = ["utm_source", "utm_medium", "utm_campaign", "ref", "via"]

    /// A value in lower case; nil if it is empty, no UTF-8, or has characters that are not seen.
    private static func value(_ coded: ArraySlice<UInt8>) -> String? {
        let bytes = coded.map { $0 == UInt8(ascii: "+") ? 0x20 : $0 }
        guard let decoded = PercentCoding.decoded(bytes.span, 0..<bytes.count),
            let text = String(validating: decoded, as: UTF8.self), !text.isEmpty,
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else { return nil }
        var lower = text.lowercased()
        while lower.utf8.count > AccessLimits.campaignBytesMax { lower.removeLast() }
        return lower
    }
}
