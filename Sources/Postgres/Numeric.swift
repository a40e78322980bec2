/// An exact decimal number of any size, NaN or an infinity.
public struct Numeric: Hashable, Sendable {
    /// Base-10000 digits, the most significant first, without zeros at either end.
    var digits: [Int16]
    /// The power of 10,000 of the first digit.
    var weight: Int
    var sign: Sign
    /// Decimal digits after the point in print.
    public internal(set) var scale: Int

    /// The codes of the protocol; NUMERIC_POS and so on in numeric.c.
    enum Sign: UInt16 {
        case positive = 0x0000, negative = 0x4000, nan = 0xC000, infinity = 0xD000
        case minusInfinity = 0xF000
    }

    /// The nearest Double; nil only beyond its range.
    public var double: Double? {
        switch sign {
        case .nan: .nan
        case .infinity: .infinity
        case .minusInfinity: -.infinity
        default: Double(description)
        }
    }
}

extension Numeric: CustomStringConvertible, LosslessStringConvertible {
    /// As PostgreSQL prints it: "-12345.6700", "NaN", "Infinity"; never with an exponent.
    public var description: String {
        switch sign {
        case .nan: return "NaN"
        case .infinity: return "Infinity"
        case .minusInfinity: return "-Infinity"
        case .positive, .negative: break
        }
        var text: [UInt8] = sign == .negative ? [UInt8(ascii: "-")] : []
        func group(_ index: Int) -> Int {
            digits.indices.contains(index) ? Int(digits[index]) : 0
        }
        if weight < 0 {
            text.append(UInt8(ascii: "0"))
        } else {
            text.append(contentsOf: String(group(0)).utf8)
            for index in stride(from: 1, through: weight, by: 1) {
                text.append(contentsOf: String(group(index) + 10_000).utf8.dropFirst())
            }
        }
        if scale > 0 {
            text.append(UInt8(ascii: "."))
            let end = text.count + scale
            var index = weight + 1
            while text.count < end {
                text.append(contentsOf: String(group(index) + 10_000).utf8.dropFirst())
                index += 1
            }
            text.removeLast(text.count - end)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads what `description` writes; nil for anything else, exponents included.
    public init?(_ text: String) {
        switch text {
        case "NaN": self.init(digits: [], weight: 0, sign: .nan, scale: 0)
        case "Infinity": self.init(digits: [], weight: 0, sign: .infinity, scale: 0)
        case "-Infinity": self.init(digits: [], weight: 0, sign: .minusInfinity, scale: 0)
        default: self.init(decimal: text)
        }
    }

    private init?(decimal text: String) {
        let unsigned = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let parts = unsigned.split(
            separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty, parts.count == 1 || !parts[1].isEmpty,
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } })
        else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        // Zeros so that both sides of the point are whole groups of four.
        let before = String(repeating: "0", count: (4 - whole.utf8.count % 4) % 4) + whole
        let after = fraction + String(repeating: "0", count: (4 - fraction.utf8.count % 4) % 4)
        let bytes = Array((before + after).utf8)
        guard bytes.count / 4 <= PostgresLimits.numericDigitsMax else { return nil }
        var groups = stride(from: 0, to: bytes.count, by: 4).map { start in
            bytes[start..<start + 4].reduce(0 as Int16) { $0 * 10 + Int16($1 - 48) }
        }
        var weight = before.utf8.count / 4 - 1
        let leading = groups.prefix { $0 == 0 }.count
        groups.removeFirst(leading)
        weight -= leading
        while groups.last == 0 { groups.removeLast() }
        let isNegative = text.hasPrefix("-") && !groups.isEmpty
        self.init(
            digits: groups, weight: groups.isEmpty ? 0 : weight,
            sign: isNegative ? .negative : .positive, scale: fraction.utf8.count)
    }
}

extension Numeric: PostgresDecodable {
    /// `numeric`.
    public static func accepts(_ type: PostgresType) -> Bool { type == .numeric }

    /// Count, weight, sign and scale in 16 bits each, then the digits; numeric_recv in numeric.c.
    public init?(postgres bytes: Span<UInt8>, type: PostgresType) {
        guard bytes.count >= 8, let sign = Sign(rawValue: UInt16(bigEndian: bytes, at: 4)) else {
            return nil
        }
        guard sign == .positive || sign == .negative else {
            // The server sends an unused scale with these.
            self.init(digits: [], weight: 0, sign: sign, scale: 0)
            return
        }
        let count = Int(UInt16(bigEndian: bytes))
        guard bytes.count == 8 + 2 * count else { return nil }
        var digits: [Int16] = []
        digits.reserveCapacity(count)
        for index in 0..<count { digits.append(Int16(bigEndian: bytes, at: 8 + 2 * index)) }
        guard digits.allSatisfy({ (0...9_999).contains($0) }) else { return nil }
        self.init(
            digits: digits, weight: Int(Int16(bigEndian: bytes, at: 2)), sign: sign,
            scale: Int(UInt16(bigEndian: bytes, at: 6)))
    }
}
