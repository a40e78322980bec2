// What an answer costs: it reads the stored bytes that it sends, and no others.

import ContentEncoding
import Foundation
import NIOCore
import ReleaseFormat
import Synchronization
import Testing

@testable import SiteServing

private let piece = Blobs.pieceBytes

@Suite("Work in proportion to the answer") struct ProportionTests {
    private func exchange(
        _ output: String, _ request: String, memory: Int = 1 << 24,
        onEvent: @escaping @Sendable (ServerEvent) -> Void = { _ in }
    ) throws -> (bytes: [UInt8], dialogue: Dialogue) {
        var dialogue = try Dialogue(output, memory: memory, onEvent: onEvent)
        let bytes = converse(&dialogue, request).bytes
        return (bytes, dialogue)
    }

    @Test(arguments: [
        ("HEAD", "", 200), ("HEAD", "Range: bytes=0-0\r\n", 200),
        ("GET", "If-None-Match: *\r\n", 304),
        ("HEAD", "If-None-Match: *\r\n", 304), ("GET", "If-Match: \"x\"\r\n", 412),
        ("GET", "If-None-Match: *\r\nAccept-Encoding: br\r\n", 304),
        ("GET", "If-Match: \"x\"\r\nRange: bytes=0-0\r\n", 412),
        ("GET", "If-None-Match: *\r\nRange: bytes=0-0\r\n", 304),
        ("GET", "Range: bytes=99999999-\r\n", 416), ("GET", "Range: bytes=-0\r\n", 416),
        ("GET", "Accept-Encoding: *;q=0\r\n", 406), ("PUT", "", 405),
        ("HEAD", "Accept-Encoding: br\r\n", 200),
    ])
    func `no stored byte is read for an answer that has none`(
        method: String, fields: String, status: Int
    ) throws {
        let release = try FileRelease([0, 1, piece, 3 * piece + 5], isCoded: true)
        for path in ["/1", "/\(piece)", "/\(3 * piece + 5)"] {
            let (bytes, dialogue) = try exchange(
                release.output, "\(method) \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
            var rest = bytes[...]
            #expect(TestAnswer(&rest, isHead: method == "HEAD")?.status == status, "\(path)")
            #expect(rest.isEmpty)
            #expect(dialogue.readings.isEmpty, "\(path)")
        }
    }

    @Test(arguments: [
        ("HEAD", "", 200), ("GET", "If-None-Match: *\r\n", 304),
        ("GET", "If-Match: \"x\"\r\n", 412),
    ])
    func `no stored byte is read for a page with slots that is not sent`(
        method: String, fields: String, status: Int
    ) throws {
        let fixture = try ReleaseFixture()
        for path in ["/look/", "/tail/", "/bag/"] {
            let (bytes, dialogue) = try exchange(
                fixture.output, "\(method) \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
            var rest = bytes[...]
            #expect(TestAnswer(&rest, isHead: method == "HEAD")?.status == status, "\(path)")
            #expect(dialogue.readings.isEmpty, "\(path)")
        }
    }

    @Test func `a range of a file that is not kept reads its own bytes`() throws {
        let length = 5 * piece + 7
        let release = try FileRelease([length])
        let path = "/\(length)"
        let file = try #require(release.files[path])
        for (range, expected) in [
            ("0-0", [0..<1]), ("\(length - 1)-", [length - 1..<length]),
            ("-3", [length - 3..<length]),
            ("\(piece - 1)-\(piece)", [piece - 1..<piece + 1]),
            ("10-\(piece + 9)", [10..<piece + 10]),
            ("10-\(piece + 10)", [10..<piece + 10, piece + 10..<piece + 11]),
            (
                "0-1,\(2 * piece)-\(2 * piece + 1),-1",
                [0..<2, 2 * piece..<2 * piece + 2, length - 1..<length]
            ),
        ] as [(String, [Range<Int>])] {
            let (bytes, dialogue) = try exchange(
                release.output, "GET \(path) HTTP/1.1\r\nHost: a\r\nRange: bytes=\(range)\r\n\r\n",
                memory: 0)
            var rest = bytes[...]
            let answer = try #require(TestAnswer(&rest), "\(range)")
            #expect(answer.status == 206)
            #expect(dialogue.readings == expected, "\(range)")
            if !range.contains(",") {
                let sent = expected.first!.lowerBound..<expected.last!.upperBound
                #expect(answer.body == Array(file[sent]), "\(range)")
            }
        }
    }

    @Test func `many ranges of a long file are that file's, each under its own head`() throws {
        let length = 4 * piece
        let release = try FileRelease([length])
        let file = try #require(release.files["/\(length)"])
        let ranges = [0..<5, piece - 2..<piece + 2, 2 * piece..<3 * piece + 1, length - 1..<length]
        let field = ranges.map { "\($0.lowerBound)-\($0.upperBound - 1)" }.joined(separator: ", ")
        for memory in [0, 1 << 24] {
            let (bytes, _) = try exchange(
                release.output,
                "GET /\(length) HTTP/1.1\r\nHost: a\r\nRange: bytes=\(field)\r\n\r\n",
                memory: memory)
            var rest = bytes[...]
            let answer = try #require(TestAnswer(&rest))
            #expect(rest.isEmpty)
            let type = try #require(answer.fields["content-type"])
            let boundary = type.dropFirst("multipart/byteranges; boundary=".count)
            var expected: [UInt8] = []
            for range in ranges {
                expected += Array(
                    """
                    \r\n--\(boundary)\r
                    Content-Type: application/octet-stream\r
                    Content-Range: bytes \(range.lowerBound)-\(range.upperBound - 1)/\(length)\r
                    \r\n
                    """.utf8)
                expected += file[range]
            }
            #expect(answer.body == expected + Array("\r\n--\(boundary)--\r\n".utf8))
        }
    }

    @Test(arguments: [0, 1 << 18, 1 << 24])
    func `files of any length are sent whole, whatever is kept`(memory: Int) throws {
        let lengths = [
            0, 1, 15, piece - 1, piece, piece + 1, 2 * piece - 1, 2 * piece, 3 * piece + 1,
        ]
        let release = try FileRelease(lengths, isCoded: true)
        var dialogue = try Dialogue(release.output, memory: memory)
        for _ in 0..<2 {
            for length in lengths {
                let text = "GET /\(length) HTTP/1.1\r\nHost: a\r\n\r\n"
                var rest = converse(&dialogue, text).bytes[...]
                let answer = try #require(TestAnswer(&rest), "\(length)")
                #expect(answer.status == 200 && rest.isEmpty)
                #expect(answer.body == release.files["/\(length)"], "\(length)")
            }
        }
        #expect(dialogue.release.blobs.cost <= memory)
    }

    @Test func `what is kept is read once`() throws {
        let release = try FileRelease([100, 3 * piece])
        var dialogue = try Dialogue(release.output, memory: 1 << 24)
        let text =
            "GET /100 HTTP/1.1\r\nHost: a\r\n\r\nGET /\(3 * piece) HTTP/1.1\r\nHost: a\r\n\r\n"
        _ = converse(&dialogue, text)
        let first = dialogue.readings
        #expect(first == [0..<100, 0..<piece, piece..<2 * piece, 2 * piece..<3 * piece])
        _ = converse(&dialogue, text)
        // A long file is opened anew, with its first piece: its name may be gone before its end.
        #expect(dialogue.readings == first + [0..<piece])
    }

    @Test func `HEAD, GET and HEAD of a long file keep their order`() throws {
        let length = 2 * piece + 1
        let release = try FileRelease([length])
        var dialogue = try Dialogue(release.output, memory: 0)
        func text(_ method: String) -> String { "\(method) /\(length) HTTP/1.1\r\nHost: a\r\n\r\n" }
        var rest = converse(
            &dialogue,
            text("HEAD") + text("GET") + text("HEAD") + "GET /x HTTP/1.1\r\nHost: a\r\n\r\n"
        ).bytes[...]
        #expect(TestAnswer(&rest, isHead: true)?.fields["content-length"] == "\(length)")
        #expect(TestAnswer(&rest)?.body == release.files["/\(length)"])
        #expect(TestAnswer(&rest, isHead: true)?.status == 200)
        #expect(TestAnswer(&rest)?.status == 404)
        #expect(rest.isEmpty)
    }

    @Test func `a range under another tag is the whole file`() throws {
        let length = 2 * piece
        let release = try FileRelease([length])
        let (bytes, _) = try exchange(
            release.output,
            "GET /\(length) HTTP/1.1\r\nHost: a\r\nRange: bytes=0-0\r\nIf-Range: \"x\"\r\n\r\n")
        var rest = bytes[...]
        let answer = try #require(TestAnswer(&rest))
        #expect(answer.status == 200 && answer.body == release.files["/\(length)"])
    }

    // MARK: Files that are not what they should be

    @Test(arguments: ["missing", "shorter", "longer", "link", "pipe", "folder"])
    func `a stored file that cannot be used is an error, told once`(fault: String) throws {
        for length in [100, 2 * piece] {
            let release = try FileRelease([length])
            let path = release.blobPath("/\(length)")
            let files = FileManager.default
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            try files.removeItem(atPath: path)
            switch fault {
            case "shorter": try bytes.dropLast().write(to: URL(fileURLWithPath: path))
            case "longer": try (bytes + [0]).write(to: URL(fileURLWithPath: path))
            case "link":
                try bytes.write(to: URL(fileURLWithPath: path + "x"))
                try files.createSymbolicLink(atPath: path, withDestinationPath: path + "x")
            case "pipe": #expect(mkfifo(path, 0o644) == 0)
            case "folder":
                try files.createDirectory(atPath: path, withIntermediateDirectories: false)
            default: break
            }
            let told = Told()
            var dialogue = try Dialogue(release.output, memory: 1 << 20) { told.take($0) }
            for _ in 0..<3 {
                var rest = converse(&dialogue, "GET /\(length) HTTP/1.1\r\nHost: a\r\n\r\n").bytes[
                    ...]
                #expect(TestAnswer(&rest)?.status == 500)
                rest = converse(&dialogue, "HEAD /\(length) HTTP/1.1\r\nHost: a\r\n\r\n").bytes[...]
                #expect(TestAnswer(&rest, isHead: true)?.status == 200, "nothing is read for it")
            }
            #expect(told.count(of: "storedBytesUnreadable") == 1, "\(length)")
        }
    }

    @Test func `a file goes on as it began, though its name is gone`() throws {
        let length = 4 * piece
        let release = try FileRelease([length])
        var dialogue = try Dialogue(release.output, memory: 0)
        let file = StoredFile(
            try #require(dialogue.release.manifest.entry(at: 0).representation(.identity)),
            of: dialogue.release.reader)
        var hand = AtHand()
        for piece in dialogue.read([dialogue.release.blobs.piece(of: file, at: 0, before: length)])
        {
            hand.add(piece)
        }
        let body = try dialogue.release.body(file, [.stored(0..<length)], hand)
        try FileManager.default.removeItem(atPath: release.blobPath("/\(length)"))
        #expect(dialogue.all(of: body) == release.files["/\(length)"])
    }

    @Test func `a file that becomes shorter while it is sent ends early`() throws {
        let length = 4 * piece
        let release = try FileRelease([length])
        var dialogue = try Dialogue(release.output, memory: 0)
        let file = StoredFile(
            try #require(dialogue.release.manifest.entry(at: 0).representation(.identity)),
            of: dialogue.release.reader)
        var hand = AtHand()
        for piece in dialogue.read([dialogue.release.blobs.piece(of: file, at: 0, before: length)])
        {
            hand.add(piece)
        }
        let body = try dialogue.release.body(file, [.stored(0..<length)], hand)
        #expect(truncate(release.blobPath("/\(length)"), 3 * piece + 1) == 0)
        #expect(
            dialogue.all(of: body)
                == Array(try #require(release.files["/\(length)"])[..<(3 * piece)]))
    }
}
