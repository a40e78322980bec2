// What one connection sends: requests as text, or frames, made at random and then maybe damaged.

import TestSupport

/// The bytes of a connection.
struct StreamInput {
    private(set) var bytes: [UInt8]
    /// Whether the frames are as the protocol wants them.
    private(set) var isWhole = true
    /// The bytes of bodies that the client allowed in all.
    private(set) var window = 65_535

    private static let names = [
        "Range", "If-Range", "If-Match", "If-None-Match", "Accept-Encoding",
        "Available-Dictionary", "Cookie", "Host", "Connection", "Content-Length",
        "Transfer-Encoding", "Expect", "User-Agent", "Referer", "Content-Encoding", "Upgrade",
        "Origin", "X",
    ]
    private static let values = [
        "bytes=0-0", "bytes=-5", "bytes=1-2,4-5", "\"a\"", "*", "W/\"x\"", "gzip;q=0.5", "br",
        "identity;q=0", ":\(String(repeating: "A", count: 43))=:", "bag=alice", "x", "close", "0",
        "5", "chunked", "100-continue", String(repeating: "a", count: 200), "é", "",
        "bytes=999999999999999999-", "dcb, dcz, br;q=0.1", "http://evil.example",
    ]
    private static let paths = [
        "/", "/slot/", "/assets/file.bin", "/-/csp", "/-/dict/AAAAAAAAAAAAAAAAAAAAAA/", "/none",
        "/old", "/index.html", "/%41", "/?q", "*", "http://x/", "//", "/../",
    ]
    private static let methods = ["GET", "GET", "GET", "HEAD", "POST", "OPTIONS", "PUT", "get"]

    // MARK: Requests

    /// Some requests of HTTP/1.1.
    static func requests(_ random: inout SeededGenerator) -> StreamInput {
        var text = ""
        for _ in 0..<Int.random(in: 1...5, using: &random) {
            let version = pick(["1.1", "1.1", "1.1", "1.0"], &random)
            text += "\(pick(methods, &random)) \(pick(paths, &random)) HTTP/\(version)\r\n"
            if Int.random(in: 0..<20, using: &random) > 0 { text += "Host: x\r\n" }
            for _ in 0..<Int.random(in: 0...5, using: &random) {
                text += "\(pick(names, &random)): \(pick(values, &random))\r\n"
            }
            text += "\r\n"
        }
        var input = StreamInput(bytes: Array(text.utf8))
        for _ in 0..<Int.random(in: 0...3, using: &random) { input.damage(from: 0, &random) }
        return input
    }

    // MARK: Frames

    /// A connection of HTTP/2, sometimes damaged behind its preface.
    static func frames(_ random: inout SeededGenerator) -> StreamInput {
        var input = StreamInput(bytes: Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8))
        let preface = input.bytes.count
        var settings: [UInt8] = []
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let (name, value) =
                [
                    (1, 0), (1, 100), (1, 4_096), (2, 0), (3, 100), (4, 0), (4, 1_000), (4, 65_535),
                    (6, 4_096), (99, 7),
                ].randomElement(using: &random) ?? (99, 0)
            settings += number(name, 2) + number(value, 4)
        }
        input.add(4, 0, 0, settings)
        var stream = 1
        for _ in 0..<Int.random(in: 1...20, using: &random) {
            switch Int.random(in: 0..<14, using: &random) {
            case 0..<8:
                input.addRequest(on: stream, &random)
                stream += 2
            case 8:
                let increment = [1, 1_000, 100_000].randomElement(using: &random) ?? 1
                input.add(8, 0, 0, number(increment, 4))
                input.window += increment
            case 9: input.add(6, 0, 0, [UInt8](repeating: 7, count: 8))
            case 10: input.add(4, 1, 0, [])
            default: input.addAnything(&random, below: stream)
            }
        }
        if Int.random(in: 0..<3, using: &random) == 0 {
            input.isWhole = false
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                input.damage(from: preface, &random)
            }
        }
        return input
    }

    private mutating func addRequest(on stream: Int, _ random: inout SeededGenerator) {
        let method = Self.pick(Self.methods, &random)
        var fields = [
            (":method", method), (":scheme", "https"), (":path", Self.pick(Self.paths, &random)),
            (":authority", "x"),
        ]
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            fields.append(
                (Self.pick(Self.names, &random).lowercased(), Self.pick(Self.values, &random)))
        }
        var block: [UInt8] = []
        for (name, value) in fields { block += [0] + Self.text(name) + Self.text(value) }
        let hasBody = Int.random(in: 0..<4, using: &random) == 0
        add(1, hasBody ? 4 : 5, stream, block)
        guard hasBody else { return }
        let count = [0, 1, 100, 5_000].randomElement(using: &random) ?? 0
        add(0, 1, stream, [UInt8](repeating: 0x61, count: count))
    }

    /// A frame that is allowed nowhere, or of no known kind.
    private mutating func addAnything(_ random: inout SeededGenerator, below stream: Int) {
        isWhole = false
        let body = (0..<Int.random(in: 0...40, using: &random)).map { _ in
            UInt8.random(in: 0...255, using: &random)
        }
        add(
            Int.random(in: 0...12, using: &random), Int.random(in: 0...255, using: &random),
            Int.random(in: 0...(stream + 2), using: &random), body)
    }

    private mutating func add(_ kind: Int, _ flags: Int, _ stream: Int, _ body: [UInt8]) {
        bytes += Self.number(body.count, 3) + [UInt8(kind), UInt8(flags)]
        bytes += Self.number(stream, 4) + body
    }

    private static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// A string of HPACK without Huffman's code (RFC 7541 section 5.2).
    private static func text(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        if bytes.count < 127 { return [UInt8(bytes.count)] + bytes }
        var left = bytes.count - 127
        var length: [UInt8] = [127]
        while left >= 128 {
            length.append(UInt8(left % 128 + 128))
            left /= 128
        }
        return length + [UInt8(left)] + bytes
    }

    // MARK: Damage

    private mutating func damage(from start: Int, _ random: inout SeededGenerator) {
        guard bytes.count > start else { return }
        let place = Int.random(in: start..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] = .random(in: 0...255, using: &random)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
        case 2:
            bytes.removeSubrange(
                place..<min(bytes.count, place + .random(in: 1...8, using: &random)))
        case 3:
            let byte = UInt8.random(in: 0...255, using: &random)
            bytes.insert(
                contentsOf: [UInt8](repeating: byte, count: .random(in: 1...5, using: &random)),
                at: place)
        default:
            let piece = Array(bytes[place...].prefix(30))
            bytes.insert(contentsOf: piece, at: .random(in: start...bytes.count, using: &random))
        }
    }

    private static func pick(_ texts: [String], _ random: inout SeededGenerator) -> String {
        texts.randomElement(using: &random) ?? ""
    }
}
