// Cuts long strings short in a stream of replies, before anybody keeps their bytes.
//
// RESP2 is a row of lines; behind `$<length>` come as many bytes and a line end. A string beyond
// the limit is passed on with the limit as its length, and the rest of it is dropped. What is no
// RESP2 passes as it is: refusing it is the parser's affair.

/// The place in a stream of replies, with what is to be dropped there.
struct RedisStringCut {
    private enum Place {
        case lineStart
        /// A line that announces no string; whether its last byte was a CR.
        case line(hasCR: Bool)
        /// `$` and what came behind it.
        case length([UInt8])
        /// A string: the bytes that are still passed on, then those that are dropped.
        case string(kept: Int, dropped: Int)
    }

    private let bytesMax: Int
    private var place = Place.lineStart

    /// The longest line that may announce a string, in bytes with its end.
    private static let lengthBytesMax = 32

    /// A cut at the beginning of a stream; no string is longer than `bytesMax` behind it.
    init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// The bytes to go on with for the next bytes of the stream.
    mutating func pass(_ bytes: Span<UInt8>) -> [UInt8] {
        var passed: [UInt8] = []
        passed.reserveCapacity(bytes.count)
        var at = 0
        while at < bytes.count {
            switch place {
            case .lineStart:
                place = bytes[at] == UInt8(ascii: "$") ? .length([]) : .line(hasCR: false)
            case .line(let hasCR):
                let byte = bytes[at]
                at += 1
                passed.append(byte)
                place = hasCR && byte == 0x0A ? .lineStart : .line(hasCR: byte == 0x0D)
            case .length(var line):
                line.append(bytes[at])
                at += 1
                place = .length(line)
                if line.ends(with: [0x0D, 0x0A]) {
                    announce(line, &passed)
                } else if line.count >= Self.lengthBytesMax {
                    passed += line
                    place = .line(hasCR: line.last == 0x0D)
                }
            case .string(let kept, let dropped):
                at += pass(kept, dropped, bytes.extracting(at..<bytes.count), &passed)
            }
        }
        return passed
    }

    /// Passes on the line of a string, with a length that is not too long.
    private mutating func announce(_ line: [UInt8], _ passed: inout [UInt8]) {
        let digits = line.dropFirst().dropLast(2)
        guard let count = Int(String(decoding: digits, as: UTF8.self)), count >= 0 else {
            passed += line
            place = .lineStart
            return
        }
        guard count > bytesMax else {
            passed += line
            place = .string(kept: count + 2, dropped: 0)
            return
        }
        passed += Array("$\(bytesMax)\r\n".utf8)
        place = .string(kept: bytesMax, dropped: count - bytesMax)
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
            if kept == count, dropped == 0 { place = .lineStart }
        } else {
            // The line end behind what was dropped is passed on.
            place =
                dropped == count
                ? .string(kept: 2, dropped: 0) : .string(kept: 0, dropped: dropped - count)
        }
        return count
    }
}

extension [UInt8] {
    fileprivate func ends(with end: [UInt8]) -> Bool { suffix(end.count).elementsEqual(end) }
}
