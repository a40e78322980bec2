// How a Swift value becomes a parameter.
//
// A statement's parameters have types that the server chose. A value goes out in binary form if
// that type is one whose form it knows, and otherwise as text, which the server reads by the rules
// of its own type: so an Int fits int2, int4, int8 and numeric, a String fits an enum or a date.

import Groundwork

/// A Swift type that can be a parameter.
public protocol PostgresEncodable: Sendable {
    /// Appends the binary form of `type` and returns true, or returns false without a change if
    /// the value has no such form; then `postgresText` is sent.
    func encode(as type: PostgresType, into bytes: inout [UInt8]) -> Bool
    /// The value as PostgreSQL reads it, unquoted.
    var postgresText: String { get }
}

/// One parameter of a statement; nil stands for NULL.
public struct Parameter: Sendable {
    let value: (any PostgresEncodable)?

    /// A value or NULL.
    public init(_ value: (any PostgresEncodable)?) { self.value = value }

    /// NULL.
    public static let null = Parameter(nil)
}

extension Parameter: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByFloatLiteral, ExpressibleByNilLiteral
{
    /// A text.
    public init(stringLiteral value: String) { self.init(value) }
    /// A whole number.
    public init(integerLiteral value: Int) { self.init(value) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self.init(value) }
    /// A floating-point number.
    public init(floatLiteral value: Double) { self.init(value) }
    /// NULL.
    public init(nilLiteral: ()) { self.init(nil) }
}

extension [UInt8] {
    /// Appends a number, most significant byte first.
    mutating func append(bigEndian number: some FixedWidthInteger) {
        for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}

extension BinaryInteger {
    /// The binary form as an int2, int4, int8 or oid that can hold the number.
    func encodeInteger(as type: PostgresType, into bytes: inout [UInt8]) -> Bool {
        switch type {
        case .int2:
            guard let number = Int16(exactly: self) else { return false }
            bytes.append(bigEndian: number)
        case .int4:
            guard let number = Int32(exactly: self) else { return false }
            bytes.append(bigEndian: number)
        case .int8:
            guard let number = Int64(exactly: self) else { return false }
            bytes.append(bigEndian: number)
        case .oidType:
            guard let number = UInt32(exactly: self) else { return false }
            bytes.append(bigEndian: number)
        default: return false
        }
        return true
    }
}

extension PostgresEncodable where Self: BinaryInteger {
    /// Whole-number types that can hold the value.
    public func encode(as type: PostgresType, into bytes: inout [UInt8]) -> Bool {
        encodeInteger(as: type, into: &bytes)
    }
    /// Decimal digits.
    public var postgresText: String { "\(self)" }
}

extension Int: PostgresEncodable {}
extension Int16: PostgresEncodable {}
extension Int32: PostgresEncodable {}
extension Int64: PostgresEncodable {}
extension UInt32: PostgresEncodable {}

extension Bool: PostgresEncodable {
    /// `bool`.
    public func encode(as type: PostgresType, into bytes: inout [UInt8]) -> Bool {
        guard type == .bool else { return false }
        bytes.append(self ? 1 : 0)
        return true
    }
    /// "t" or "f".
    public var postgresText: String { self ? "t" : "f" }
}

extension Double: PostgresEncodable {
    /// `float8`.
    public func encode(as type: PostgresType, into bytes: inout [UInt8]) -> Bool {
        guard type == .float8 else { return false }
        bytes.append(bigEndian: bitPattern)
        return true
    }
    /// The shortest digits that give the same number back; "NaN", "Infinity".
    public var postgresText: String {
        isFinite ? "\(self)" : isNaN ? "NaN" : self < 0 ? "-Infinity" : "Infinity"
    }
}

extension Float: PostgresEncodable {
    /// `float4`.
    public func encode(as type: PostgresType, into bytes: inout [UInt8]) -> Bool {
        guard type == .float4 else { return false }
        bytes.append(bigEndian: bitPattern)
        return true
    }
    /// The shortest digits that give the same number back; "NaN", "Infinity".
    public var postgresText: String {
        isFinite ? "\(self)" : isNaN ? "NaN" : self < 0 ? "-Infinity" : "Infinity"
    }
}

extension String: PostgresEncodable {
    /// `text`, `varchar`, `char`, `name`, `json` and `jsonb`; every other type reads the text.
    public func encode(as type: PostgresType, into bytes: inout [UInt8]) -> Bool {
        switch type {
        case .jsonb: bytes.append(1)
        case .text, .varchar, .bpchar, .name, .json: break
        default: return false
        }
        bytes.append(contentsOf: utf8)
        return true
    }
    /// Itself; PostgreSQL cannot hold U+0000 and refuses it.
    public var postgresText: String { self }
}

extension Bytea: PostgresEncodable {
    /// `bytea`.
    public func encode(as type: PostgresType, into bytes: inout [UInt8]) -> Bool {
        guard type == .bytea else { return false }
        bytes.append(contentsOf: self.bytes)
        return true
    }
    /// "\x" and hexadecimal digits.
    public var postgresText: String {
        "\\x" + Base16.text(of: bytes)
    }
}

extension PostgresUUID: PostgresEncodable {
    /// `uuid`.
    public func encode(as type: PostgresType, into bytes: inout [UInt8]) -> Bool {
        guard type == .uuid else { return false }
        bytes.append(bigEndian: high)
        bytes.append(bigEndian: low)
        return true
    }
    /// The usual form with hyphens.
    public var postgresText: String { description }
}

extension Numeric: PostgresEncodable {
    /// `numeric`.
    public func encode(as type: PostgresType, into bytes: inout [UInt8]) -> Bool {
        guard type == .numeric, let weight = Int16(exactly: weight) else { return false }
        bytes.append(bigEndian: UInt16(digits.count))
        bytes.append(bigEndian: weight)
        bytes.append(bigEndian: sign.rawValue)
        bytes.append(bigEndian: UInt16(clamping: scale))
        for digit in digits { bytes.append(bigEndian: digit) }
        return true
    }
    /// Decimal digits.
    public var postgresText: String { description }
}

extension PostgresDate: PostgresEncodable {
    /// `date`.
    public func encode(as type: PostgresType, into bytes: inout [UInt8]) -> Bool {
        guard type == .date else { return false }
        bytes.append(bigEndian: daysSince2000)
        return true
    }
    /// ISO 8601, with "BC" where PostgreSQL wants it.
    public var postgresText: String {
        guard isFinite, year < 1 else { return description }
        return PostgresDate.commonEra(1 - year, description) + " BC"
    }

    /// Replaces the year in front of "-MM-DD…".
    static func commonEra(_ year: Int, _ text: String) -> String {
        let digits = String(year)
        let rest = text.drop { $0 == "-" }.drop { $0 != "-" }
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + rest
    }
}

extension Timestamp: PostgresEncodable {
    /// `timestamptz` and `timestamp`.
    public func encode(as type: PostgresType, into bytes: inout [UInt8]) -> Bool {
        guard type == .timestamptz || type == .timestamp else { return false }
        bytes.append(bigEndian: microsecondsSince2000)
        return true
    }
    /// ISO 8601, with "BC" where PostgreSQL wants it.
    public var postgresText: String {
        guard isFinite, year < 1 else { return description }
        return PostgresDate.commonEra(1 - year, description) + " BC"
    }
}

extension Interval: PostgresEncodable {
    /// `interval`.
    public func encode(as type: PostgresType, into bytes: inout [UInt8]) -> Bool {
        guard type == .interval else { return false }
        bytes.append(bigEndian: microseconds)
        bytes.append(bigEndian: days)
        bytes.append(bigEndian: months)
        return true
    }
    /// ISO 8601.
    public var postgresText: String { description }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    /// Only as an element of an array; a NULL parameter is `Parameter.null`.
    public func encode(as type: PostgresType, into bytes: inout [UInt8]) -> Bool {
        self?.encode(as: type, into: &bytes) ?? false
    }
    /// The wrapped value's text, or "NULL", which arrays read as such.
    public var postgresText: String { self?.postgresText ?? "NULL" }
}

extension Array: PostgresEncodable where Element: PostgresEncodable {
    /// Arrays of the built-in types that the elements have a binary form for.
    public func encode(as type: PostgresType, into bytes: inout [UInt8]) -> Bool {
        guard let elementType = type.builtInElement else { return false }
        let start = bytes.count
        var hasNull = false
        bytes.append(bigEndian: Int32(isEmpty ? 0 : 1))
        bytes.append(bigEndian: Int32(0))
        bytes.append(bigEndian: elementType.oid)
        if !isEmpty {
            bytes.append(bigEndian: Int32(clamping: count))
            bytes.append(bigEndian: Int32(1))
        }
        for element in self {
            let lengthAt = bytes.count
            if (element as? any NullableValue)?.isNull == true {
                hasNull = true
                bytes.append(bigEndian: Int32(-1))
                continue
            }
            bytes.append(bigEndian: Int32(0))
            guard element.encode(as: elementType, into: &bytes) else {
                bytes.removeLast(bytes.count - start)
                return false
            }
            bytes.set(bigEndian: Int32(bytes.count - lengthAt - 4), at: lengthAt)
        }
        if hasNull { bytes.set(bigEndian: Int32(1), at: start + 4) }
        return true
    }

    /// "{…}" with every element in quotes; section "Array Input and Output Syntax".
    public var postgresText: String {
        let elements = map { element in
            if (element as? any NullableValue)?.isNull == true { return "NULL" }
            var text = "\""
            for character in element.postgresText.unicodeScalars {
                if character == "\"" || character == "\\" { text += "\\" }
                text.unicodeScalars.append(character)
            }
            return text + "\""
        }
        return "{\(elements.joined(separator: ","))}"
    }
}

/// What an array needs to know of its elements.
private protocol NullableValue { var isNull: Bool { get } }
extension Optional: NullableValue { fileprivate var isNull: Bool { self == nil } }

extension [UInt8] {
    /// Replaces a number that was appended.
    mutating func set(bigEndian number: Int32, at offset: Int) {
        for index in 0..<4 {
            self[offset + index] = UInt8(truncatingIfNeeded: number >> (24 - 8 * index))
        }
    }
}
