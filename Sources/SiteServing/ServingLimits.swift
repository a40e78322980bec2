// Every limit of the server in one place.
//
// The defaults are those of docs on serving; tests set smaller ones. A limit of the request's
// syntax is a constant, since nothing but an attacker needs more; times and counts are options.

import NIOCore

/// Limits of one request's bytes.
enum RequestLimits {
    /// The longest request line, in bytes with its line end; beyond it 414.
    static let requestLineBytesMax = 8_192
    /// The longest path within the request line, in bytes as sent; beyond it 414.
    package static let pathBytesMax = 2_048
    /// The most bytes of all header lines; beyond it 431.
    static let headerBytesMax = 16_384
    /// The most header lines; beyond it 431.
    package static let headerFieldsMax = 100
    /// The most members of one Accept-Encoding, If-None-Match or If-Match that are read.
    static let listMembersMax = 64
    /// The most pieces of one Range; beyond it the whole file is sent.
    static let rangesMax = 8
}

/// Limits of connections, times and memory.
package struct ServingLimits: Sendable {
    /// How long a request head may take from its first byte to its last.
    package var headTime = Duration.seconds(5)
    /// How long a connection may wait between requests.
    package var idleTime = Duration.seconds(30)
    /// How long a client may take for `writeBytesMin` bytes of an answer.
    package var writeTime = Duration.seconds(10)
    /// What a client must take of a waiting answer within `writeTime`, in bytes: 1 KiB a second.
    ///
    /// A stream of HTTP/2 must take any piece of `HTTP2Codec.pieceBytes`.
    var writeBytesMin = 10 << 10
    /// How long a client of HTTP/2 may take to say that it has seen the connection's end coming.
    var goAwayTime = Duration.seconds(1)
    /// The most open connections; one more is answered 503 and closed.
    package var connectionsMax = 10_000
    /// The most open connections of one client address; 0 for any number.
    package var connectionsPerAddressMax = 0
    /// The requests a second of one client address; 0 for any number.
    package var requestsPerAddressRate = 0.0
    /// The requests that one client address may send at once before that counts.
    package var requestsPerAddressBurst = 100.0
    /// The most open connections to the listener of operations; one more closes the oldest.
    var operationsConnectionsMax = 64
    /// The lines of the access log that wait at most, in bytes of one event loop.
    var logBytesMax = 64 << 10
    /// The most requests of one connection.
    var requestsPerConnectionMax = 10_000
    /// The bytes that the system takes for a client before they are on their way (TCP only).
    var unsentBytesMax = 128 << 10
    /// The most requests of one connection that are answered in one turn of its event loop.
    var pipelinedMax = 8
    /// The same of all streams of a connection of HTTP/2.
    var streamsPerTurnMax = 32
    /// The bytes of answers after which further pipelined requests wait for the client.
    var pipelinedBytesMax = 64 << 10
    /// The bytes that one connection writes in one turn, if its client takes them.
    var writeBytesMax = 512 << 10
    /// A body up to this many bytes is copied behind its head, for one write.
    var copiedBodyBytesMax = 16 << 10
    /// The stored bytes that are kept in memory.
    var memoryMax = 256 << 20
    /// The bytes that wait for the clients of each event loop; beyond it those are closed that hold
    /// most for longest.
    var waitingMemoryMax = 48 << 20
    /// The entries of the manifest that are kept ready to be answered with, in bytes.
    var entryMemoryMax = 24 << 20
    /// How long a page waits for its fragments.
    var fragmentTime = Duration.milliseconds(10)
    /// How long a known fragment may be shown.
    var fragmentTimes = FragmentTimes()
    /// The shared fragments that each event loop keeps, in bytes with their compressed forms.
    var fragmentMemoryMax = 8 << 20
    /// The visitors' own fragments that each event loop keeps, in the same bytes.
    var privateFragmentMemoryMax = 4 << 20
    /// The pages with their fragments in place that each event loop keeps, in bytes.
    var assembledMemoryMax = 16 << 20
    /// The most fragments of one event loop that are on their way from Redis.
    var fragmentFlightsMax = 8_192
    /// The most keys of one MGET: as many as the largest values fit one reply.
    var fragmentKeysMax = 128
    /// The most pages of one event loop that wait for Redis.
    var fragmentWaitersMax = 4_096
    /// How often deadlines are looked at.
    package var sweepInterval = Duration.milliseconds(250)
    /// The most releases before the current one whose pages may be dictionaries and whose files
    /// are served on.
    var earlierReleasesMax = 3
    /// The most bytes of all their manifests, which stay in memory.
    var earlierManifestBytesMax = 64 << 20
    /// The bytes that comparisons with earlier dictionaries may take.
    var dictionaryPlansMax = 4 << 20
    /// How many slots that overflowed, and files that cannot be used, each release remembers, to
    /// tell of each once.
    var toldMax = 1_024

    /// The defaults.
    package init() {}

    /// What may wait for the clients of an event loop even if nothing is to be kept.
    static let waitingMemoryMin = 1 << 20

    /// Divides a budget among all that is kept in memory by all event loops together.
    ///
    /// Stored files get most of it; what an event loop keeps for itself is divided by their number.
    package mutating func divide(memory: Int, threads: Int) {
        let (part, threads) = (memory / 32, max(1, threads))
        memoryMax = part * 12
        assembledMemoryMax = part * 6 / threads
        entryMemoryMax = part * 4
        waitingMemoryMax = max(part * 6 / threads, Self.waitingMemoryMin)
        fragmentMemoryMax = part * 3 / threads
        privateFragmentMemoryMax = part / threads
    }
}

extension Duration {
    /// The same as SwiftNIO counts time.
    var amount: TimeAmount { .nanoseconds(Int64(self / .nanoseconds(1))) }
}
