// Fuzzes the parser of request heads against llhttp, the parser of Node.js that swift-nio has.
//
// `HeadFuzzer heads` mutates good and bad heads for FUZZ_SECONDS (10 unless set). What the server's
// parser accepts, llhttp must accept with the same meaning: method, version, target, host, end of
// the head, body and whether the connection lives on. What the server refuses may be anything:
// it is the stricter of the two on purpose. SEED and FROM repeat an input.

import Foundation
import NIOCore
import NIOEmbedded
import NIOHTTP1
import SiteServing
import TestSupport

/// One head, tried with both.
struct HeadTarget {
    private static let heads = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "HEAD /caf%C3%A9/?a=b HTTP/1.1\r\nHost: example.org:8080\r\nAccept-Encoding: br\r\n\r\n",
        "GET http://a/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\nCookie: a=1; b=2\r\nCookie: c=3\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"x\", W/\"y\"\r\nRange: bytes=0-1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX:\r\nY: \t z \t\r\nExpect: 100-continue\r\n\r\n",
    ]
    private static let pieces = [
        "\r\n", "\n", "\r", "\0", " ", "\t", ":", ": ", "\r\n ", "chunked", "Transfer-Encoding: ",
        "Content-Length: ", "Content-Length: 0\r\n", "Content-Length: 5\r\n", "Host: b\r\n",
        "Host:", "Connection: close\r\n", "Connection: keep-alive\r\n", "Connection: upgrade\r\n",
        "Upgrade: h2c\r\n", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "GET ", "%00", "%2e", "..", "//",
        "?", "#", "\\", "@", "http://", ", ", ";", "\"", "\u{7F}", "\u{80}", "é", "+5", "0x5", "-1",
        "gzip, ", "identity", "Trailer: x\r\n", "\r\n\r\n", "x", "_", "~", "[::1]", "PRI ",
    ]

    /// Makes one input from random numbers.
    private static func input(_ random: inout SeededGenerator) -> [UInt8] {
        var bytes = Array(heads[Int.random(in: 0..<heads.count, using: &random)].utf8)
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0 where place < bytes.count: bytes[place] = .random(in: 0...255, using: &random)
            case 1 where place < bytes.count: bytes.remove(at: place)
            case 2:
                let end = Int.random(in: place...bytes.count, using: &random)
                let to = Int.random(in: 0...bytes.count, using: &random)
                bytes.insert(contentsOf: bytes[place..<end], at: to)
            case 3 where place < bytes.count: bytes[place] ^= 0x20
            default:
                let piece = pieces[Int.random(in: 0..<pieces.count, using: &random)]
                bytes.insert(contentsOf: Array(piece.utf8), at: place)
            }
        }
        return bytes
    }
}

extension HeadTarget: FuzzTarget {
    func run(_ random: inout SeededGenerator) throws -> (isAccepted: Bool, fault: String?) {
        let bytes = Self.input(&random)
        var parser = RequestParser()
        guard case .head(let head, let count) = parser.parse(bytes.span) else {
            return (false, nil)
        }
        let other = Other(Array(bytes[..<count]))
        return (true, other.disagreement(head, bytes[..<count]))
    }
}

/// What llhttp makes of the bytes of one head.
private struct Other {
    private var head: HTTPRequestHead?
    private var isEnded = false
    private var error: String?

    init(_ bytes: [UInt8]) {
        let channel = EmbeddedChannel(
            handler: ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
        do {
            try channel.writeInbound(ByteBuffer(bytes: bytes))
            while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
                switch part {
                case .head(let head): self.head = head
                case .body: error = "a body before its bytes"
                case .end: isEnded = true
                }
            }
        } catch {
            self.error = "\(error)"
        }
        _ = try? channel.finish()
    }

    /// What the two understand differently; nil if nothing.
    func disagreement(_ ours: RequestHead, _ bytes: ArraySlice<UInt8>) -> String? {
        // RFC 9112 section 3.2.4 knows `*` for OPTIONS alone; llhttp needs a host for CONNECT.
        let line = bytes.drop { $0 == 0x0D || $0 == 0x0A }
        if ours.method == .notAllowed || ours.method == .unknown {
            // No target is read for these: the answer is the same whatever it is.
            guard error == nil, head != nil else { return nil }
        }
        guard error == nil, let head else {
            return "llhttp refuses what the server accepts: \(error ?? "no head") in \(text(bytes))"
        }
        var faults: [String] = []
        let method = String(decoding: line.prefix { $0 != 0x20 }, as: UTF8.self)
        if head.method.rawValue != method { faults.append("method \(head.method.rawValue)") }
        if (head.version == .http1_0) != ours.isHTTP10 { faults.append("version \(head.version)") }
        let target = line.drop { $0 != 0x20 }.dropFirst().prefix { $0 != 0x20 }
        if Array(head.uri.utf8) != Array(target) { faults.append("target \(head.uri)") }
        let hosts = head.headers["host"]
        if hosts.count > 1 { faults.append("\(hosts.count) hosts") }
        // An absolute target names the host itself (RFC 9112 section 3.2.2).
        let isAbsolute = target.first != 0x2F && target.first != 0x2A
        if let host = hosts.first, let ourHost = ours.host, !isAbsolute,
            !ourHost.elementsEqual(trimmed(host).lowercased().utf8)
        {
            faults.append("host \(host)")
        }
        let hasBody = !isEnded
        if hasBody != ours.hasBody { faults.append("a body: \(hasBody)") }
        // The server closes after a body; it may close where llhttp would not, never the reverse.
        // swift-nio compares the options of Connection with their white space: read here instead.
        let options = head.headers["connection"].flatMap { $0.split(separator: ",") }.map {
            trimmed($0).lowercased()
        }
        let lives =
            !options.contains("close")
            && (head.version != .http1_0 || options.contains("keep-alive"))
        if ours.keepsAlive, !lives { faults.append("the connection ends") }
        return faults.isEmpty
            ? nil : "\(faults.joined(separator: ", ")) in \(text(bytes))"
    }

    /// A value without the white space of RFC 9110 section 5.6.3 around it: no other counts.
    private func trimmed(_ text: some StringProtocol) -> String {
        let spaces = CharacterSet(charactersIn: " \t")
        return text.trimmingCharacters(in: spaces)
    }

    private func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self).debugDescription
    }
}

switch CommandLine.arguments.dropFirst() {
case ["heads"]: try fuzz(HeadTarget())
default:
    print("usage: HeadFuzzer heads, with FUZZ_SECONDS, SEED and FROM in the environment")
    exit(2)
}
