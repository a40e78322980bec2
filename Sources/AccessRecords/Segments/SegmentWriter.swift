// One event loop's segment: records go straight into the mapped file.
//
// A request never waits: without room its record is dropped, and counted by the owner. Space is
// reserved by `grow`, which is called several times a second. A frame is begun only where all of it
// is reserved, so a record that fits its frame can be stored.

/// Writes one segment.
struct SegmentWriter: ~Copyable {
    private var file: MappedFile
    private let sizeMax: Int
    let began: SpoolClock
    /// The open frame; nil before the first, and while there is no room for the next.
    private var frame: Frame?
    private var nextFrame = 0
    /// Behind the last record.
    private(set) var end = SegmentHeader.byteCount
    private(set) var hasRecords = false

    private struct Frame {
        let index: Int
        let clock: SpoolClock
        var length = 0
    }

    /// Begins a segment in a new file.
    ///
    /// - Parameters:
    ///   - path: where; nothing may be there.
    ///   - server: whose it is.
    ///   - id: which it is.
    ///   - sizeMax: how long it may become; a multiple of a frame.
    ///   - now: when it begins.
    /// - Throws: a failure of the system; then there is no file.
    init(
        at path: String, server: SpoolID, id: SpoolID, sizeMax: Int, now: SpoolClock
    ) throws(SpoolFault) {
        var file = try MappedFile(making: path, span: sizeMax)
        let code = file.reserve(min(AccessLimits.growthBytes, sizeMax))
        guard code == 0 else {
            file.remove()
            throw .system(call: "fallocate", file: path, code: code)
        }
        let header = SegmentHeader(server: server, id: id, began: now.wall)
        file.store(header.bytes, at: 0)
        self.file = file
        self.sizeMax = sizeMax
        began = now
    }

    /// The file's path.
    var path: String { file.path }

    /// Whether less is left than a moment may need.
    var isShort: Bool {
        file.reserved < sizeMax && file.reserved - end < AccessLimits.roomBytesMin
    }

    /// Whether it is so long that another shall follow.
    var isLong: Bool { sizeMax - end < AccessLimits.roomBytesMin }

    /// Reserves more room; the system's code, or 0.
    mutating func grow() -> Int32 { file.reserve(file.reserved + AccessLimits.growthBytes) }

    /// Makes ready for a record: begins a frame if none is open.
    ///
    /// - Parameters:
    ///   - now: the monotonic clock.
    ///   - encoder: the loop's own; its tables are of the open frame.
    /// - Returns: microseconds since the frame's clock; nil if there is no room.
    mutating func age(at now: UInt64, _ encoder: inout RecordEncoder) -> UInt64? {
        guard let open = frame ?? begin(&encoder) else { return nil }
        let clock = open.clock.monotonic
        return now > clock ? (now - clock) / 1_000 : 0
    }

    /// Stores a record that was encoded for the open frame.
    ///
    /// - Returns: false if the frame has no room for it, and is closed: it has to be encoded anew,
    ///   since the tables have what does not stand in this frame.
    mutating func store(_ record: [UInt8]) -> Bool {
        guard let open = frame else { return false }
        let length = open.length + record.count
        guard length <= SegmentFrame.room(open.index) else {
            finish(open)
            return false
        }
        let body = SegmentFrame.body(open.index)
        file.store(record, at: body + open.length)
        file.publish(UInt32(length), at: SegmentFrame.start(open.index))
        frame?.length = length
        end = body + length
        hasRecords = true
        return true
    }

    private mutating func begin(_ encoder: inout RecordEncoder) -> Frame? {
        let start = SegmentFrame.start(nextFrame)
        guard (nextFrame + 1) * AccessLimits.frameBytes <= file.reserved else { return nil }
        let clock = SpoolClock.now()
        file.store(
            SegmentFrame.bytes(clock.wall) + SegmentFrame.bytes(clock.monotonic), at: start + 8)
        file.publish(0, at: start)
        encoder.beginFrame()
        let open = Frame(index: nextFrame, clock: clock)
        frame = open
        nextFrame += 1
        return open
    }

    private mutating func finish(_ open: Frame) {
        let body = SegmentFrame.body(open.index)
        let bytes = file.read((body - SegmentFrame.clockBytes)..<(body + open.length))
        file.publish(
            SegmentFrame.storedSum(of: bytes.span), at: SegmentFrame.start(open.index) + 4)
        frame = nil
    }

    /// Begins a new frame if the clocks have parted since the open one was begun: the wall clock
    /// was set, or the machine slept.
    mutating func heed(_ now: SpoolClock) {
        guard let open = frame else { return }
        let wall = now.wall - open.clock.wall
        let monotonic = (Int64(bitPattern: now.monotonic &- open.clock.monotonic)) / 1_000
        if abs(wall - monotonic) > Self.partingMicrosMax { finish(open) }
    }

    /// How far the clocks may part within a frame.
    private static let partingMicrosMax: Int64 = 1_000_000

    /// Closes the segment; one without records is removed.
    consuming func close() {
        if let open = frame { finish(open) }
        if hasRecords {
            // Cut first: behind its mark nobody expects anything but records.
            file.truncate(to: end)
            file.publish(1, at: SegmentHeader.closedOffset)
        } else {
            file.remove()
        }
    }
}
