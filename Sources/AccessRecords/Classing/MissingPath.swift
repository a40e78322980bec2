// What is kept of a path that leads nowhere. Strangers write it, and may write about people: their
// addresses, numbers of orders, telephones. So it is cut, and what may be such a thing is masked.
// Nothing is masked of a path of the release, which its author has published.

/// Such a path.
package enum MissingPath {
    /// A path cut to 200 bytes; a part with `@` and six or more digits in a row are `*`.
    ///
    /// It is masked first: of an address that is cut before its `@`, the name would stay.
    package static func text(of path: [UInt8]) -> String {
        var kept: [UInt8] = []
        for (index, part) in path.split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false
        ).enumerated() {
            if index > 0 { kept.append(UInt8(ascii: "/")) }
            if part.contains(UInt8(ascii: "@")) {
                kept.append(UInt8(ascii: "*"))
            } else {
                mask(part, into: &kept)
            }
        }
        // What is no UTF-8 becomes longer as text.
        var text = String.UnicodeScalarView()
        var count = 0
        for scalar in String(decoding: kept, as: UTF8.self).unicodeScalars {
            count += UTF8.width(scalar)
            guard count <= AccessLimits.missingPathBytesMax else { break }
            text.append(scalar)
        }
        return String(text)
    }

    private static func mask(_ part: ArraySlice<UInt8>, into kept: inout [UInt8]) {
        var rest = part
        while let first = rest.first {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            if digits.count >= digitsMin {
                kept.append(UInt8(ascii: "*"))
            } else {
                kept.append(contentsOf: digits)
            }
            rest = rest.dropFirst(digits.count)
            if digits.isEmpty {
                kept.append(first)
                rest.removeFirst()
            }
        }
    }

    /// So many digits in a row may be somebody's number.
    private static let digitsMin = 6
}
