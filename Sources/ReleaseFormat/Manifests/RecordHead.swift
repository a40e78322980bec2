// How every record begins, for what finds records by their paths without reading them.
//
// These are the first two fields of `RecordFields.swift`: a path behind its length in two bytes,
// then the kind.

/// The beginning of a record in the bytes of a segment.
struct RecordHead {
    /// Where the path is.
    let path: Range<Int>

    /// Finds it in a record that was checked.
    init(at start: Int, in bytes: [UInt8]) {
        let count = Int(bytes[start]) | Int(bytes[start + 1]) << 8
        path = start + 2..<start + 2 + count
    }

    /// Whether the entry is the page for paths that do not exist.
    func isNotFound(in bytes: [UInt8]) -> Bool { bytes[path.upperBound] == EntryKind.notFound.code }
}
