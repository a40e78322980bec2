// Whether what a server sent is well-formed: a row of answers, or a row of frames.

import NIOCore
import NIOHPACK

/// Answers of HTTP/1.1.
enum AnswerCheck {
    /// What is wrong with them; nil if nothing is.
    static func fault(in bytes: [UInt8]) -> String? {
        var rest = bytes[...]
        while !rest.isEmpty {
            // What refuses a connection before TLS begins is an alert, which NIO takes for itself.
            guard rest.starts(with: "HTTP/1.1 ".utf8) else { return "no status line" }
            guard let end = headEnd(rest) else { return "a head without its end" }
            let lines = String(decoding: rest[..<end], as: UTF8.self).split(
                separator: "\r\n", omittingEmptySubsequences: false)
            guard let status = Int(lines[0].dropFirst(9).prefix(3)), (100...599).contains(status),
                !lines[0].contains("\n")
            else { return "a broken status line \(lines[0])" }
            var length: Int?
            for line in lines.dropFirst() {
                guard let colon = line.firstIndex(of: ":"), colon > line.startIndex,
                    !line.contains("\r"), !line.contains("\n")
                else { return "a broken line \(line)" }
                guard line[..<colon].lowercased() == "content-length" else { continue }
                guard length == nil, let value = Int(line[colon...].dropFirst(2)) else {
                    return "a broken length \(line)"
                }
                length = value
            }
            rest = rest[(end + 4)...]
            if status < 200 || status == 204 || status == 304 { continue }
            guard let length else { return "\(status) without a length" }
            // The answer to HEAD has a length and no body, which no body here could begin like.
            if rest.isEmpty || rest.starts(with: "HTTP/1.1 ".utf8) { continue }
            guard rest.count >= length else { return "a body cut after \(rest.count) of \(length)" }
            rest = rest[(rest.startIndex + length)...]
        }
        return nil
    }

    private static func headEnd(_ bytes: ArraySlice<UInt8>) -> Int? {
        var index = bytes.startIndex
        while index + 3 < bytes.endIndex {
            if bytes[index] == 0x0D, bytes[index..<(index + 4)].elementsEqual("\r\n\r\n".utf8) {
                return index
            }
            index += 1
        }
        return nil
    }
}

/// Frames of HTTP/2.
enum FrameCheck {
    private struct Stream {
        var length: Int?
        var received = 0
        var isHead = false
    }

    /// What is wrong with the frames that answer an input; nil if nothing is.
    static func fault(in bytes: [UInt8], of input: StreamInput) -> String? {
        var rest = bytes[...]
        var isFirst = true
        var decoder = HPACKDecoder(allocator: ByteBufferAllocator())
        var block: [UInt8] = []
        var streams: [Int: Stream] = [:]
        var bodyBytes = 0
        while rest.count >= 9 {
            let header = Array(rest.prefix(9))
            let length = Int(header[0]) << 16 | Int(header[1]) << 8 | Int(header[2])
            let (kind, flags) = (header[3], header[4])
            let stream = header[5...].reduce(0) { $0 << 8 | Int($1) } & 0x7FFF_FFFF
            guard length <= 16_384 else { return "a frame of \(length) bytes" }
            guard rest.count >= 9 + length else { return nil }
            let body = Array(rest.dropFirst(9).prefix(length))
            rest = rest.dropFirst(9 + length)
            if isFirst, kind != 4 { return "frame \(kind) before SETTINGS" }
            isFirst = false
            guard [0, 1, 3, 4, 6, 7, 8, 9].contains(kind) else { return "a frame of kind \(kind)" }
            guard input.isWhole else { continue }
            switch kind {
            case 0:
                bodyBytes += length
                streams[stream]?.received += length
                guard streams[stream] != nil else { return "a body before its head" }
                guard bodyBytes <= input.window else { return "more than the window allows" }
            case 1, 9:
                guard stream % 2 == 1 else { return "a head on stream \(stream)" }
                block += body
                guard flags & 4 != 0 else { continue }
                var buffer = ByteBuffer(bytes: block)
                block = []
                guard let fields = try? decoder.decodeHeaders(from: &buffer),
                    let status = fields.first(name: ":status"), status.utf8.count == 3
                else { return "a head that is none" }
                if status.hasPrefix("1") { continue }
                streams[stream] = Stream(
                    length: fields.first(name: "content-length").flatMap { Int($0) },
                    isHead: flags & 1 != 0)
            default: break
            }
            if kind == 0, flags & 1 != 0, let known = streams[stream], let length = known.length,
                known.received != length
            {
                return "a body of \(known.received) bytes that was said to have \(length)"
            }
        }
        return nil
    }
}
