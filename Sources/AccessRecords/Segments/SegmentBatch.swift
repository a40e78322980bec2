/// Some records of a segment, in the order in which they were written.
package struct SegmentBatch: Sendable {
    /// A record and how far a reader has come that has taken it.
    package struct Item: Equatable, Sendable {
        /// The record.
        package let record: SpooledRecord
        /// The offset behind it: where a reader goes on.
        package let done: Int

        init(record: SpooledRecord, done: Int) {
            self.record = record
            self.done = done
        }
    }

    /// The records.
    package internal(set) var items: [Item] = []
    /// Where the next reading goes on; behind the last record, or behind frames that were skipped.
    package internal(set) var done: Int
    /// Frames that were damaged and skipped.
    package internal(set) var damagedFrames = 0
    /// Whether there is nothing more now.
    package internal(set) var isAtEnd = false
    /// Whether there is nothing more and nothing will come: the segment is closed.
    package internal(set) var isOver = false

    init(done: Int) { self.done = done }
}
