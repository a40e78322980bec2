// How many streams of a connection count as open: those whose answer has not ended.
//
// A channel without a socket, and an event loop that turns when it is told, so that requests come
// at the one moment that matters.

import NIOCore
import NIOEmbedded
import NIOPosix
import Testing

@testable import SiteServing

@Suite("Streams that count") struct StreamCountTests {
    private static func frame(
        _ kind: UInt8, flags: UInt8, stream: Int, _ body: [UInt8] = []
    ) -> [UInt8] {
        [0, UInt8(body.count >> 8), UInt8(body.count & 0xFF), kind, flags, 0, 0]
            + [UInt8(stream >> 8), UInt8(stream & 0xFF)] + body
    }

    /// GET of a file (RFC 7541: two fields of the static table, two literals that are not kept).
    private static func get(_ path: String, stream: Int) -> [UInt8] {
        let host: [UInt8] = [0x01, 1] + Array("a".utf8)
        let path = [0x04, UInt8(path.utf8.count)] + Array(path.utf8)
        return frame(1, flags: 0x5, stream: stream, [0x82, 0x87] + path + host)
    }

    /// How many streams ended with their answer, and how many by a reset.
    private static func ends(_ channel: EmbeddedChannel) throws -> (answered: Int, reset: Int) {
        var bytes: [UInt8] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) {
            bytes += buffer.readableBytesView
        }
        var (answered, reset) = (0, 0)
        while bytes.count >= 9 {
            let length = Int(bytes[0]) << 16 | Int(bytes[1]) << 8 | Int(bytes[2])
            if bytes[3] <= 1, bytes[4] & 1 == 1 { answered += 1 }
            if bytes[3] == 3 { reset += 1 }
            bytes.removeFirst(9 + length)
        }
        return (answered, reset)
    }

    private static func send(_ bytes: [UInt8], to channel: EmbeddedChannel) throws {
        try channel.writeInbound(ByteBuffer(bytes: bytes))
    }

    @Test func `who was answered may ask again at once, however many are open`() throws {
        let files = try FileRelease([5])
        var dialogue = try Dialogue(files.output)
        _ = converse(&dialogue, "GET /5 HTTP/1.1\r\nHost: a\r\n\r\n")  // now it is in memory
        let readers = NIOThreadPool(numberOfThreads: 1)
        let channel = EmbeddedChannel()
        let options = ServerOptions(output: files.output, address: .tcp(host: "a", port: 1))
        let state = LoopState(
            loop: channel.eventLoop, options: options,
            release: dialogue.release, addresses: nil, readers: readers,
            spool: nil)
        try HTTP2Setup.configure(channel, state, client: nil, address: nil)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try Self.send(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8), to: channel)
        try Self.send(Self.frame(4, flags: 0, stream: 0), to: channel)
        try Self.send(Self.frame(4, flags: 1, stream: 0), to: channel)
        channel.embeddedEventLoop.run()
        _ = try Self.ends(channel)

        let most = HTTP2Setup.streamsMax
        try Self.send((0..<most).flatMap { Self.get("/5", stream: 1 + 2 * $0) }, to: channel)
        let first = try Self.ends(channel)
        #expect(first.answered > 0 && first.answered < most && first.reset == 0)
        // No turn of the loop lies between an answer's end and the next request.
        let next = (most..<most + first.answered).flatMap { Self.get("/5", stream: 1 + 2 * $0) }
        try Self.send(next, to: channel)
        let second = try Self.ends(channel)
        #expect(second == (0, 0))
        try Self.send(Self.get("/5", stream: 2 * (most + first.answered) + 1), to: channel)
        let third = try Self.ends(channel)
        #expect(third == (0, 1), "one too many is refused")
        _ = try? channel.finish()
        try readers.syncShutdownGracefully()
    }

    /// A report of which the last byte is missing.
    private static func post(_ stream: Int) -> [UInt8] {
        let path = [0x04, UInt8(PolicyReports.path.count)] + PolicyReports.path
        let length: [UInt8] = [0x0F, 0x0D, 5] + Array("16000".utf8)
        return frame(
            1, flags: 0x4, stream: stream, [0x83, 0x87] + path + [0x01, 1, 0x61] + length)
            + frame(0, flags: 0, stream: stream, [UInt8](repeating: 0x20, count: 15_999))
    }

    @Test func `what streams hold of requests is in the budget`() throws {
        let files = try FileRelease([5])
        let dialogue = try Dialogue(files.output)
        let readers = NIOThreadPool(numberOfThreads: 1)
        let channel = EmbeddedChannel()
        var options = ServerOptions(output: files.output, address: .tcp(host: "a", port: 1))
        options.takesReports = true
        options.limits.waitingMemoryMax = 128 << 10
        let state = LoopState(
            loop: channel.eventLoop, options: options, release: dialogue.release, addresses: nil,
            readers: readers, spool: nil)
        let started = state.start()
        try HTTP2Setup.configure(channel, state, client: nil, address: nil)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try Self.send(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8), to: channel)
        try Self.send(Self.frame(4, flags: 0, stream: 0), to: channel)
        try Self.send(Self.frame(4, flags: 1, stream: 0), to: channel)
        channel.embeddedEventLoop.run()
        for stream in 0..<3 { try Self.send(Self.post(1 + 2 * stream), to: channel) }
        #expect(state.budget.bytes >= 3 * 15_999 && channel.isActive)
        // A whole one is answered, and counts no more.
        try Self.send(Self.frame(0, flags: 1, stream: 1, [0x20]), to: channel)
        channel.embeddedEventLoop.run()
        #expect((2 * 15_999..<3 * 15_999).contains(state.budget.bytes))
        for stream in 3..<20 {
            try Self.send(Self.post(1 + 2 * stream), to: channel)
            channel.embeddedEventLoop.run()
        }
        #expect(state.counters.streamsRefused > 0 && !state.budget.isExceeded)
        _ = try? channel.finish()
        #expect(state.budget.bytes == 0)
        withExtendedLifetime(started) { state.stop() }
        try readers.syncShutdownGracefully()
    }
}
