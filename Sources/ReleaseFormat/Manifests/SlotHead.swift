// The first fields of a record's slots, which are all that an outline looks at.
//
// An entry without slots has the first byte of them alone.

import ContentEncoding

/// What stands before the slots of a record, or in their place.
struct SlotHead {
    /// What is said of the slots.
    struct Flags: OptionSet, RecordCode {
        static let isSlotted = Self(rawValue: 1)
        static let hasBrotli = Self(rawValue: 2)
        static let takesTail = Self(rawValue: 4)

        static var unknown: String { "the slots have unknown flags" }
        let rawValue: UInt8

        init(rawValue: UInt8) { self.rawValue = rawValue }

        init?(code: UInt8) {
            guard code < 8 else { return nil }
            self.init(rawValue: code)
        }
    }

    private(set) var flags: Flags = []
    private(set) var count: UInt8 = 0
    /// How many places are filled from behind the page.
    private(set) var tailCount: UInt8 = 0

    init(_ table: SlotTable?) {
        guard let table else { return }
        flags = .isSlotted
        if table.layout.brotli != nil { flags.insert(.hasBrotli) }
        if table.layout.takesTail { flags.insert(.takesTail) }
        count = UInt8(table.layout.slots.count)
        tailCount = UInt8(table.tailCount)
    }

    mutating func fields<Visitor: RecordVisitor>(
        _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
        try visitor.code(&flags)
        guard flags.contains(.isSlotted) else { return }
        try visitor.number(&count)
        try visitor.number(&tailCount)
    }
}
