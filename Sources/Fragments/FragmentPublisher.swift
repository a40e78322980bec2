// Writes fragments to Redis, many in one round trip.
//
// Each fragment is compressed here, once, and travels as a `FragmentRecord`. The whole batch is
// checked before its first byte is sent; Redis has no transaction here, so a failure on the way
// may leave a batch half published, and publishing again is right.

import ContentEncoding
package import Redis

/// A fragment that is to be published.
package struct PublishableFragment: Equatable, Sendable {
    /// Where it goes.
    package var key: FragmentKey
    /// Its HTML in UTF-8.
    package var html: [UInt8]
    /// How long it lives, in seconds, 1 to `FragmentLimits.expirySecondsMax`; nil for good.
    package var expiry: Int?

    /// A fragment from its parts.
    package init(key: FragmentKey, html: [UInt8], expiry: Int? = nil) {
        self.key = key
        self.html = html
        self.expiry = expiry
    }
}

/// Publishes through a connection that it owns.
package struct FragmentPublisher: ~Copyable {
    private var connection: RedisConnection

    /// A publisher that owns `connection` from now on.
    package init(_ connection: consuming RedisConnection) { self.connection = connection }

    /// Checks and then writes all fragments, `publishedPerRoundTrip` at a time.
    ///
    /// - Parameters:
    ///   - fragments: their lifetimes count from `now`.
    ///   - now: in milliseconds since 1970.
    /// - Throws: `.badHTML` before anything is sent; `.notCompressed` and `.redis` with part of the
    ///   batch written.
    package mutating func publish(
        _ fragments: [PublishableFragment], at now: UInt64
    ) throws(FragmentError) {
        for (index, fragment) in fragments.enumerated() {
            if let fault = FragmentCheck.fault(in: fragment.html) {
                throw .badHTML(index: index, fault: fault)
            }
            // What the server makes of it: all that is published can be shown. Its length is right,
            // so the server would find a comment.
            guard (try? PreparedFragment(fragment.html)) != nil else {
                throw .badHTML(index: index, fault: .unclosedComment)
            }
        }
        var start = 0
        while start < fragments.count {
            let end = min(start + FragmentLimits.publishedPerRoundTrip, fragments.count)
            var commands: [RedisCommand] = []
            for fragment in fragments[start..<end] {
                commands.append(try Self.command(fragment, at: now))
            }
            do throws(RedisError) {
                for reply in try connection.pipeline(commands) {
                    if case .error(let code, _) = reply { throw RedisError.refused(code: code) }
                }
            } catch {
                throw .redis(error)
            }
            start = end
        }
    }

    /// The command that sets one fragment's record; compresses its HTML.
    private static func command(
        _ fragment: PublishableFragment, at now: UInt64
    ) throws(FragmentError) -> RedisCommand {
        let seconds = fragment.expiry.map { min($0, FragmentLimits.expirySecondsMax) }
        do {
            let record = try FragmentRecord(
                fragment.html, runs: FragmentRuns(compressing: fragment.html),
                expiry: seconds.map { now + 1_000 * UInt64(max($0, 0)) } ?? 0)
            return .set(fragment.key.bytes, to: record.encoded, expiry: seconds)
        } catch {
            throw .notCompressed
        }
    }
}
