// How much of what was written the other end's system has acknowledged.
//
// What a channel has handed over is no measure of it: the system asks for more only when half of
// what it may hold back is gone, so that a client who reads steadily seems to stand still for tens
// of kilobytes.

import NIOCore

/// Asks a connection of TCP about its peer.
enum TCPProgress {
    /// The first 128 bytes of `struct tcp_info` of Linux, tcp(7).
    private struct Info {
        /// What comes before, in words of 8 bytes.
        var before:
            (
                UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64,
                UInt64,
                UInt64, UInt64, UInt64, UInt64
            )
        /// `tcpi_bytes_acked`.
        var acknowledged: UInt64
    }

    /// TCP_INFO of Linux, tcp(7).
    private static let option: CInt = 11

    /// The bytes that were acknowledged since the connection began; nil where it is none of TCP.
    static func acknowledgedBytes(_ channel: any Channel) -> Int? {
        guard channel.remoteAddress?.port != nil,
            let provider = channel as? any SocketOptionProvider
        else { return nil }
        var bytes: Int?
        let asked: EventLoopFuture<Info> = provider.unsafeGetSocketOption(
            level: .tcp, name: NIOBSDSocket.Option(rawValue: option))
        // On the channel's own event loop the answer is there at once.
        asked.assumeIsolated().whenSuccess { bytes = Int(truncatingIfNeeded: $0.acknowledged) }
        return bytes
    }
}
