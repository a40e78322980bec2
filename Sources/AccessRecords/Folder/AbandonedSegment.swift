// A segment whose server was killed, or whose machine fell: what is whole of it is closed.
//
// After a kill every record is whole. After a loss of power any page may be missing: an open frame
// is cut behind its last whole record.

/// Closes segments that nobody writes any more.
enum AbandonedSegment {
    /// What became of one.
    enum Outcome {
        /// It is closed now, or was before.
        case isClosed
        /// It had no header yet and is removed.
        case isEmpty
        /// Its server lives.
        case isWritten
    }

    /// Closes a segment unless somebody writes it.
    static func close(_ path: String) throws(SpoolFault) -> Outcome {
        let file = try SegmentFile(at: path, isWritable: true)
        guard file.lock() else { return .isWritten }
        let header: SegmentHeader
        do {
            header = try file.header()
        } catch .notBegun {
            AccessSpoolFolder.removeFile(path)
            return .isEmpty
        }
        if header.isClosed { return .isClosed }
        let length = try file.length()
        var end = SegmentHeader.byteCount
        var index = 0
        while SegmentFrame.start(index) + SegmentFrame.headBytes <= length {
            if let frame = try file.frame(index), frame.isBegun {
                end = frame.sum == 0 ? try close(frame, in: file) : frame.end
            }
            index += 1
        }
        try file.truncate(to: min(end, length))
        try file.write(
            SegmentFrame.bytes(UInt32(1)), at: SegmentHeader.closedOffset)
        return .isClosed
    }

    /// Closes a frame behind its last whole record, and says where that ends.
    private static func close(
        _ frame: SegmentFrame, in file: borrowing SegmentFile
    ) throws(SpoolFault) -> Int {
        let body = try file.body(of: frame)
        var decoder = RecordDecoder(body, wall: frame.wall)
        while !decoder.isAtEnd, decoder.next() != nil {}
        let summed =
            SegmentFrame.bytes(frame.wall) + SegmentFrame.bytes(frame.monotonic)
            + body.prefix(decoder.at)
        try file.write(
            SegmentFrame.bytes(UInt32(decoder.at))
                + SegmentFrame.bytes(SegmentFrame.storedSum(of: summed.span)),
            at: SegmentFrame.start(frame.index))
        return SegmentFrame.body(frame.index) + decoder.at
    }
}
