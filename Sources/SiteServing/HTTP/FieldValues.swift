// The values that a request's head keeps, one behind the other in one array.
//
// A head is handed on several times for each request; so it costs one reference, not one for each
// field, and one allocation.

import Glibc

/// The values of some fields of one head, as they were sent.
struct FieldValues: Sendable {
    /// What is kept: parts of a head that can change an answer, or that a log wants.
    enum Field: Int, CaseIterable {
        case host
        case query
        case acceptEncoding
        case availableDictionary
        case ifNoneMatch
        case ifMatch
        case cookie
        case range
        case ifRange
        case origin
        case agent
        case referer
        case acceptLanguage
        case forwarded
    }

    private struct Place {
        var start: Int32 = -1
        var end: Int32 = -1
    }

    private var bytes: [UInt8] = []
    /// The bytes that there is room for when the first value comes.
    private let room: Int
    /// As many as there are fields.
    private var places = InlineArray<14, Place>(repeating: Place())

    /// No values yet.
    ///
    /// - Parameter room: how many bytes there will be, most likely.
    init(room: Int = 128) { self.room = room }

    /// The value; nil if it did not come.
    subscript(field: Field) -> ArraySlice<UInt8>? {
        let place = places[field.rawValue]
        return place.start < 0 ? nil : bytes[Int(place.start)..<Int(place.end)]
    }

    func has(_ field: Field) -> Bool { places[field.rawValue].start >= 0 }

    /// Whether a value is these bytes; one that did not come is empty.
    func holds(_ other: [UInt8], as field: Field) -> Bool {
        let place = places[field.rawValue]
        guard Int(place.end - place.start) == other.count else { return false }
        guard !other.isEmpty else { return true }
        return unsafe bytes.withUnsafeBytes { all in
            unsafe other.withUnsafeBytes { other in
                guard let start = other.baseAddress, let own = all.baseAddress else { return false }
                return unsafe memcmp(own + Int(place.start), start, other.count) == 0
            }
        }
    }

    /// Keeps a value instead of any before it.
    mutating func set(_ field: Field, _ value: borrowing Span<UInt8>) {
        if bytes.isEmpty { bytes.reserveCapacity(room) }
        let start = bytes.count
        unsafe value.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
        places[field.rawValue] = Place(start: Int32(start), end: Int32(bytes.count))
    }

    /// Keeps a value behind the one before it (RFC 9110 section 5.3), if there is one.
    mutating func join(
        _ field: Field, _ value: borrowing Span<UInt8>, by separator: StaticString
    ) {
        guard let before = self[field] else { return set(field, value) }
        let start = bytes.count
        bytes += Array(before)
        separator.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
        unsafe value.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
        places[field.rawValue] = Place(start: Int32(start), end: Int32(bytes.count))
    }

    /// Writes an ASCII value in lower case.
    mutating func lowercase(_ field: Field) {
        let place = places[field.rawValue]
        for index in Int(place.start)..<Int(place.end) {
            bytes[index] = Byte.lowercased(bytes[index])
        }
    }
}

extension FieldValues: Equatable {
    static func == (one: FieldValues, other: FieldValues) -> Bool {
        Field.allCases.allSatisfy { one[$0] == other[$0] }
    }
}
