// A list that may be longer than memory should hold: appended to, then read a stretch at a time.
//
// Half a byte for each element is in memory, and the last few elements.

/// Byte strings in the order in which they came.
package struct SpooledList: Sendable {
    /// One place in so many is kept in memory.
    private static let stride = 16
    /// The bytes of a list that are held in memory: there are several lists.
    private static let memory = 64 << 10

    private let spool: Spool
    private var marks: [Int] = []
    private var end = 0
    /// How many there are.
    package private(set) var count = 0

    /// Begins with none.
    ///
    /// - Parameter folder: where the list is put aside, once it is long.
    package init(in folder: SpoolFolder) { spool = Spool(in: folder, memory: Self.memory) }

    /// Appends bytes; only to a list of which there is no copy.
    ///
    /// - Throws: a `SpoolError`.
    package mutating func append(_ bytes: [UInt8]) throws(SpoolError) {
        var element: [UInt8] = []
        element.reserveCapacity(bytes.count + 4)
        element.append(length: bytes.count)
        element += bytes
        if count % Self.stride == 0 { marks.append(end) }
        end = try spool.append(element).upperBound
        count += 1
    }

    /// Some of them.
    ///
    /// - Precondition: `range` is within `0..<count`.
    /// - Throws: a `SpoolError`.
    package func elements(_ range: Range<Int>) throws(SpoolError) -> [[UInt8]] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "a list ends at its count")
        guard !range.isEmpty else { return [] }
        let first = range.lowerBound / Self.stride
        let last = (range.upperBound - 1) / Self.stride + 1
        let bytes = try spool.read(marks[first]..<(last < marks.count ? marks[last] : end))
        var place = 0
        var elements: [[UInt8]] = []
        for number in first * Self.stride..<range.upperBound {
            let start = place + 4
            place = start + bytes.length(at: place)
            if number >= range.lowerBound { elements.append(Array(bytes[start..<place])) }
        }
        return elements
    }
}
