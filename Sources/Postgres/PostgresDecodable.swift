// How a Swift type reads a column's binary value.
//
// A type is first asked whether it accepts the column's type, then gets the bytes; NULL never
// reaches it. Bytes are big-endian throughout. They are lent as a span: whoever wants to keep
// them copies. Nothing here converts with loss: an int8 column is not an Int32.

/// A Swift type that can be read from a column.
public protocol PostgresDecodable {
    /// What the type is called in errors, such as "Int64".
    static var postgresExpectation: String { get }
    /// Whether values of `type` can be read at all.
    static func accepts(_ type: PostgresType) -> Bool
    /// Reads a value in PostgreSQL's binary form; nil if the bytes are not one.
    init?(postgres bytes: Span<UInt8>, type: PostgresType)
    /// The value for NULL, or nil if there is none. Only `Optional` has one.
    static var postgresNull: Self? { get }
}

extension PostgresDecodable {
    /// Nothing: NULL is an error.
    @inlinable public static var postgresNull: Self? { nil }
    /// The type's own name.
    public static var postgresExpectation: String { "\(Self.self)" }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    /// The wrapped type's name and "?".
    public static var postgresExpectation: String { "\(Wrapped.postgresExpectation)?" }
    /// Whatever the wrapped type accepts.
    @inlinable public static func accepts(_ type: PostgresType) -> Bool { Wrapped.accepts(type) }
    /// A value that is not NULL.
    @inlinable public init?(postgres bytes: Span<UInt8>, type: PostgresType) {
        guard let value = Wrapped(postgres: bytes, type: type) else { return nil }
        self = .some(value)
    }
    /// NULL is nil.
    @inlinable public static var postgresNull: Self? { .some(.none) }
}

extension FixedWidthInteger {
    /// Reads as many big-endian bytes as the type has, from `offset`; the caller checked the count.
    @inlinable init(bigEndian bytes: Span<UInt8>, at offset: Int = 0) {
        var value: Self = 0
        for index in 0..<(Self.bitWidth / 8) {
            value = (value << 8) | Self(truncatingIfNeeded: bytes[offset + index])
        }
        self = value
    }
}

extension Bool: PostgresDecodable {
    /// `bool`.
    @inlinable public static func accepts(_ type: PostgresType) -> Bool { type == .bool }
    /// One byte, 0 or 1.
    @inlinable public init?(postgres bytes: Span<UInt8>, type: PostgresType) {
        guard bytes.count == 1 else { return nil }
        self = bytes[0] != 0
    }
}

extension Int16: PostgresDecodable {
    /// `int2`.
    @inlinable public static func accepts(_ type: PostgresType) -> Bool { type == .int2 }
    /// Two bytes.
    @inlinable public init?(postgres bytes: Span<UInt8>, type: PostgresType) {
        guard bytes.count == 2 else { return nil }
        self.init(bigEndian: bytes)
    }
}

extension Int32: PostgresDecodable {
    /// `int2` and `int4`.
    @inlinable public static func accepts(_ type: PostgresType) -> Bool {
        type == .int4 || type == .int2
    }
    /// Two or four bytes.
    @inlinable public init?(postgres bytes: Span<UInt8>, type: PostgresType) {
        switch bytes.count {
        case 4: self.init(bigEndian: bytes)
        case 2: self = Int32(Int16(bigEndian: bytes))
        default: return nil
        }
    }
}

extension Int64: PostgresDecodable {
    /// `int2`, `int4` and `int8`.
    @inlinable public static func accepts(_ type: PostgresType) -> Bool {
        type == .int8 || type == .int4 || type == .int2
    }
    /// Two, four or eight bytes.
    @inlinable public init?(postgres bytes: Span<UInt8>, type: PostgresType) {
        switch bytes.count {
        case 8: self.init(bigEndian: bytes)
        case 4: self = Int64(Int32(bigEndian: bytes))
        case 2: self = Int64(Int16(bigEndian: bytes))
        default: return nil
        }
    }
}

extension Int: PostgresDecodable {
    /// `int2`, `int4` and `int8`.
    @inlinable public static func accepts(_ type: PostgresType) -> Bool { Int64.accepts(type) }
    /// Two, four or eight bytes.
    @inlinable public init?(postgres bytes: Span<UInt8>, type: PostgresType) {
        guard let value = Int64(postgres: bytes, type: type) else { return nil }
        self.init(value)
    }
}

extension UInt32: PostgresDecodable {
    /// `oid`.
    @inlinable public static func accepts(_ type: PostgresType) -> Bool { type == .oidType }
    /// Four bytes.
    @inlinable public init?(postgres bytes: Span<UInt8>, type: PostgresType) {
        guard bytes.count == 4 else { return nil }
        self.init(bigEndian: bytes)
    }
}

extension Float: PostgresDecodable {
    /// `float4`.
    @inlinable public static func accepts(_ type: PostgresType) -> Bool { type == .float4 }
    /// Four bytes, IEEE 754.
    @inlinable public init?(postgres bytes: Span<UInt8>, type: PostgresType) {
        guard bytes.count == 4 else { return nil }
        self.init(bitPattern: UInt32(bigEndian: bytes))
    }
}

extension Double: PostgresDecodable {
    /// `float4` and `float8`; for `numeric` see `Numeric`, which is exact.
    @inlinable public static func accepts(_ type: PostgresType) -> Bool {
        type == .float8 || type == .float4
    }
    /// Four or eight bytes, IEEE 754.
    @inlinable public init?(postgres bytes: Span<UInt8>, type: PostgresType) {
        switch bytes.count {
        case 8: self.init(bitPattern: UInt64(bigEndian: bytes))
        case 4: self = Double(Float(bitPattern: UInt32(bigEndian: bytes)))
        default: return nil
        }
    }
}

extension String: PostgresDecodable {
    /// `text`, `varchar`, `char`, `name`, `json`, `jsonb`, `xml` and the labels of enums.
    @inlinable public static func accepts(_ type: PostgresType) -> Bool {
        type.isTextual || type == .jsonb
    }
    /// UTF-8, checked; `jsonb` has a version byte before its text.
    @inlinable public init?(postgres bytes: Span<UInt8>, type: PostgresType) {
        if type == .jsonb {
            guard bytes.count > 0, bytes[0] == 1 else { return nil }
            self.init(utf8: bytes.extracting(1..<bytes.count))
        } else if type.oid >= 16_384, bytes.holdsZero {
            return nil  // A composite value: text holds no zero byte.
        } else {
            self.init(utf8: bytes)
        }
    }

    @inlinable init?(utf8 bytes: Span<UInt8>) {
        guard let text = try? UTF8Span(validating: bytes) else { return nil }
        self.init(copying: text)
    }
}

extension Span<UInt8> {
    @usableFromInline var holdsZero: Bool {
        for index in 0..<count where self[index] == 0 { return true }
        return false
    }
}

/// The bytes of a `bytea` column.
public struct Bytea: Hashable, Sendable, PostgresDecodable {
    /// The bytes themselves.
    public var bytes: [UInt8]

    /// Wraps bytes.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// `bytea`.
    public static func accepts(_ type: PostgresType) -> Bool { type == .bytea }
    /// Any bytes.
    public init?(postgres bytes: Span<UInt8>, type: PostgresType) {
        self.bytes = [UInt8](copying: bytes)
    }
}

extension [UInt8] {
    /// Copies a span.
    init(copying span: Span<UInt8>) {
        self = unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
    }
}

extension Array: PostgresDecodable where Element: PostgresDecodable {
    /// The element's name in brackets.
    public static var postgresExpectation: String { "[\(Element.postgresExpectation)]" }

    /// Arrays of what the element accepts; a user's array type is checked by its values.
    public static func accepts(_ type: PostgresType) -> Bool {
        if let element = type.builtInElement { return Element.accepts(element) }
        return type.oid >= PostgresType.firstUserOID
    }

    /// One dimension or none; NULL elements need an optional `Element`.
    ///
    /// The form: dimensions, a flag, the element's OID, for each dimension its length and lower
    /// bound, then each element as length (-1 for NULL) and bytes; array_recv in arrayfuncs.c.
    public init?(postgres bytes: Span<UInt8>, type: PostgresType) {
        guard bytes.count >= 12 else { return nil }
        let dimensions = Int32(bigEndian: bytes)
        let element = PostgresType(oid: UInt32(bigEndian: bytes, at: 8))
        guard Element.accepts(element) else { return nil }
        self.init()
        if dimensions == 0 { return }
        guard dimensions == 1, bytes.count >= 20 else { return nil }
        let count = Int(Int32(bigEndian: bytes, at: 12))
        guard count >= 0, count <= PostgresLimits.arrayElementsMax else { return nil }
        reserveCapacity(Swift.min(count, bytes.count / 4))
        var offset = 20
        for _ in 0..<count {
            guard offset + 4 <= bytes.count else { return nil }
            let length = Int(Int32(bigEndian: bytes, at: offset))
            offset += 4
            if length == -1 {
                guard let null = Element.postgresNull else { return nil }
                append(null)
                continue
            }
            guard length >= 0, offset + length <= bytes.count,
                let value = Element(
                    postgres: bytes.extracting(offset..<offset + length), type: element)
            else { return nil }
            append(value)
            offset += length
        }
        guard offset == bytes.count else { return nil }
    }
}
