// Why streams are reset, told from the bytes of their frames.

import NIOCore
import Testing

@testable import SiteServing

@Suite("Ended streams") struct EndedStreamsTests {
    private static func head(_ kind: UInt8, _ flags: UInt8, _ stream: UInt32) throws -> FrameHead {
        var bytes = ByteBuffer(bytes: [0, 0, 4, kind, flags])
        bytes.writeInteger(stream)
        return try #require(FrameHead(bytes, at: 0))
    }

    /// The reason that a reset for this reason is sent with.
    private static func reset(_ streams: inout EndedStreams, _ reason: UInt32) throws -> UInt32? {
        var bytes = ByteBuffer(bytes: [0, 0, 4, 3, 0, 0, 0, 0, 1])
        bytes.writeInteger(reason)
        streams.left(try head(3, 0, 1), in: &bytes)
        return bytes.getInteger(at: 9)
    }

    @Test(
        arguments: [
            ("trailers behind a body", [(1, 4), (0, 0), (1, 5)], UInt32(1)),
            ("a head behind the end of a head", [(1, 5), (1, 4)], 5),
            ("a head behind the end of a body", [(1, 4), (0, 1), (1, 5)], 5),
            ("a head behind trailers", [(1, 4), (1, 5), (1, 5)], 5),
            ("a head behind the client's reset", [(1, 5), (3, 0), (1, 5)], 1),
        ] as [(String, [(UInt8, UInt8)], UInt32)])
    func `what comes behind an end is an error of its own`(
        name: String, frames: [(UInt8, UInt8)], reason: UInt32
    ) throws {
        var streams = EndedStreams()
        for (kind, flags) in frames { streams.came(try Self.head(kind, flags, 1)) }
        #expect(try Self.reset(&streams, 1) == reason)
    }

    @Test func `another reason stays, and what was answered is forgotten`() throws {
        var streams = EndedStreams()
        for _ in 0..<2 { streams.came(try Self.head(1, 5, 1)) }
        #expect(try Self.reset(&streams, 8) == 8)
        for _ in 0..<2 { streams.came(try Self.head(1, 5, 1)) }
        var bytes = ByteBuffer()
        streams.left(try Self.head(0, 1, 1), in: &bytes)
        #expect(try Self.reset(&streams, 1) == 1)
    }
}
