// Bounds a stream of replies before anybody keeps its bytes: one limit each for a line, for the
// members, the nesting and the bytes of a whole reply, arrays within arrays included.
//
// RESP2 is a row of lines; behind `$<length>` come as many bytes and a line end. A string beyond
// its limit is passed on with the limit as its length, and the rest of it is dropped, so that it
// spoils no other one. A line is passed on when it is whole: nobody looks through its beginning
// again for each read. What the bytes mean is the parser's affair, but lengths are read here.

/// The place in a stream of replies, with what the reply that is under way has had so far.
struct RedisReplyBounds {
    private enum Place {
        /// A line and what came of it.
        case line
        /// A string: the bytes that are still passed on, then those that are dropped.
        case string(kept: Int, dropped: Int)
    }

    private let stringBytesMax: Int
    private var place = Place.line
    private var line: [UInt8] = []
    /// The members that are still to come of each array that is open.
    private var open: [Int] = []
    private var elements = 0
    private var byteCount = 0

    /// What a member costs besides its bytes: a reply of hiredis and the pointer to it.
    private static let elementBytes = 64

    /// Bounds from the beginning of a stream; no string is longer than `stringBytesMax` behind it.
    init(stringBytesMax: Int) { self.stringBytesMax = stringBytesMax }

    /// The bytes to go on with for the next bytes of the stream.
    ///
    /// - Throws: `.tooLarge` or `.protocolViolation`; the stream cannot be read on then.
    mutating func pass(_ bytes: Span<UInt8>) throws(RedisError) -> [UInt8] {
        var passed: [UInt8] = []
        passed.reserveCapacity(bytes.count)
        var at = 0
        while at < bytes.count {
            switch place {
            case .line:
                at += takeLine(bytes.extracting(at..<bytes.count))
                guard line.count <= RedisLimits.lineBytesMax else {
                    throw .tooLarge(limit: "lineBytesMax")
                }
                guard line.last == 0x0A, line.dropLast().last == 0x0D else { continue }
                try interpret(&passed)
                line.removeAll(keepingCapacity: true)
            case .string(let kept, let dropped):
                at += pass(kept, dropped, bytes.extracting(at..<bytes.count), &passed)
            }
        }
        return passed
    }

    /// Adds the first of these bytes to the line, up to a line feed; how many they were.
    private mutating func takeLine(_ bytes: Span<UInt8>) -> Int {
        // One byte beyond the limit shows that the line is too long.
        let room = RedisLimits.lineBytesMax + 1 - line.count
        var count = 0
        while count < bytes.count, count < room {
            line.append(bytes[count])
            count += 1
            if bytes[count - 1] == 0x0A { break }
        }
        return count
    }

    /// Passes on a whole line, counted for the reply that it belongs to.
    private mutating func interpret(_ passed: inout [UInt8]) throws(RedisError) {
        try count(bytes: line.count + Self.elementBytes)
        switch line[0] {
        case UInt8(ascii: "$"):
            let length = try length()
            guard length >= 0 else { break }
            let kept = min(length, stringBytesMax)
            try count(bytes: kept)
            passed += Array("$\(kept)\r\n".utf8)
            place =
                length > kept
                ? .string(kept: kept, dropped: length - kept) : .string(kept: kept + 2, dropped: 0)
            return
        case UInt8(ascii: "*"):
            let members = try length()
            guard members > 0 else { break }
            guard open.count < RedisLimits.nestingMax else { throw .tooLarge(limit: "nestingMax") }
            elements += members
            guard members <= RedisLimits.elementsMax, elements <= RedisLimits.elementsMax else {
                throw .tooLarge(limit: "elementsMax")
            }
            open.append(members)
            passed += line
            return
        default: break
        }
        passed += line
        endMember()
    }

    /// The number of a line that begins a string or an array.
    private func length() throws(RedisError) -> Int {
        let digits = line.dropFirst().dropLast(2)
        guard digits.elementsEqual("-1".utf8) || (1...10).contains(digits.count),
            digits.elementsEqual("-1".utf8) || digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let length = Int(String(decoding: digits, as: UTF8.self))
        else { throw .protocolViolation(reason: "a length is no number") }
        return length
    }

    private mutating func count(bytes: Int) throws(RedisError) {
        byteCount += bytes
        guard byteCount <= RedisLimits.replyBytesMax else {
            throw .tooLarge(limit: "replyBytesMax")
        }
    }

    /// Notes the end of a member, of the arrays that end with it, and maybe of the reply.
    private mutating func endMember() {
        while let left = open.popLast() {
            if left > 1 {
                open.append(left - 1)
                return
            }
        }
        (elements, byteCount) = (0, 0)
    }

    /// Passes on or drops the first of these bytes; how many they were.
    private mutating func pass(
        _ kept: Int, _ dropped: Int, _ bytes: Span<UInt8>, _ passed: inout [UInt8]
    ) -> Int {
        let count = min(bytes.count, kept > 0 ? kept : dropped)
        if kept > 0 {
            unsafe bytes.extracting(first: count).withUnsafeBufferPointer {
                unsafe passed.append(contentsOf: $0)
            }
            place = .string(kept: kept - count, dropped: dropped)
            if kept == count, dropped == 0 {
                place = .line
                endMember()
            }
        } else {
            // The line end behind what was dropped is passed on.
            place =
                dropped == count
                ? .string(kept: 2, dropped: 0) : .string(kept: 0, dropped: dropped - count)
        }
        return count
    }
}
