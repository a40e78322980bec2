// Reads a segment while it is written, or later. It asks for nothing but the file.
//
// A reader that has taken some records says how far it came (`done`) and goes on from there, even
// inside the open frame: that frame is read from its head again, for its tables. A frame that was
// closed must have the checksum that was stored then, or it is skipped and counted.

/// Reads one segment.
package struct SegmentReader: ~Copyable {
    private let file: SegmentFile
    /// What the segment said of itself when it was opened.
    package let header: SegmentHeader

    /// Opens a segment.
    ///
    /// - Throws: what is wrong with it; `.notBegun` if its writer has written nothing yet.
    package init(atPath path: String) throws(SpoolFault) {
        let file = try SegmentFile(at: path)
        header = try file.header()
        self.file = file
    }

    /// Reads what stands behind a place.
    ///
    /// - Parameters:
    ///   - done: 0, or what an item or a batch said.
    ///   - max: the most records.
    /// - Returns: records, and how far they reach.
    /// - Throws: a failure of the system.
    package func read(behind done: Int, max: Int) throws(SpoolFault) -> SegmentBatch {
        // Looked at first: what is closed now has nothing that comes later.
        let isClosed = try file.header().isClosed
        let length = try file.length()
        var batch = SegmentBatch(done: Swift.max(done, SegmentHeader.byteCount))
        var index = SegmentFrame.index(of: batch.done)
        while batch.items.count < max {
            guard SegmentFrame.start(index) + SegmentFrame.headBytes <= length else {
                batch.isAtEnd = true
                break
            }
            let isLast = try read(frame: index, isClosed: isClosed, max: max, into: &batch)
            if isLast { break }
            index += 1
        }
        batch.isOver = isClosed && batch.isAtEnd
        return batch
    }

    /// Reads what is new of a frame; true if the reading ends with it.
    private func read(
        frame index: Int, isClosed: Bool, max: Int, into batch: inout SegmentBatch
    ) throws(SpoolFault) -> Bool {
        let frame = try file.frame(index)
        let isOpen = frame.map { $0.sum == 0 } ?? false
        if !isClosed, isOpen || frame?.isBegun == false {
            guard let frame, frame.isBegun else {
                batch.isAtEnd = true
                return true
            }
            var decoder = RecordDecoder(try file.body(of: frame), wall: frame.wall)
            take(&decoder, of: index, max: max, into: &batch)
            batch.isAtEnd = batch.items.count < max
            return true
        }
        guard let (frame, body) = try closed(frame) else {
            skip(index, into: &batch)
            return false
        }
        var decoder = RecordDecoder(body, wall: frame.wall)
        take(&decoder, of: index, max: max, into: &batch)
        guard batch.items.count < max else { return true }
        if decoder.isAtEnd {
            batch.done = Swift.max(batch.done, frame.end)
        } else {
            skip(index, into: &batch)
        }
        return false
    }

    /// The frame and its body, if they have the checksum of each other.
    ///
    /// The head is read once more: of a frame that is being closed, the sum may have been read with
    /// the length before.
    private func closed(
        _ first: SegmentFrame?
    ) throws(SpoolFault) -> (frame: SegmentFrame, body: [UInt8])? {
        guard let first, let second = try file.frame(first.index) else { return nil }
        for frame in [first, second] where frame.isBegun && frame.sum != 0 {
            if let bytes = try file.summed(frame) {
                return (frame, Array(bytes.dropFirst(SegmentFrame.clockBytes)))
            }
        }
        return nil
    }

    private func take(
        _ decoder: inout RecordDecoder, of index: Int, max: Int, into batch: inout SegmentBatch
    ) {
        let body = SegmentFrame.body(index)
        while batch.items.count < max, !decoder.isAtEnd, let record = decoder.next() {
            let done = body + decoder.at
            guard done > batch.done else { continue }
            batch.items.append(SegmentBatch.Item(record: record, done: done))
            batch.done = done
        }
    }

    /// Goes on behind a frame that cannot be read.
    private func skip(_ index: Int, into batch: inout SegmentBatch) {
        batch.damagedFrames += 1
        batch.done = Swift.max(batch.done, SegmentFrame.start(index + 1))
    }
}
