// The limits of a fragment, of its name and of its key.
//
// The server refuses what exceeds them and shows the page's fallback; the publisher refuses to
// write it. Both read the numbers here, so that nothing can be published that is never shown.

import ContentEncoding

/// The limits of fragments and their keys.
package enum FragmentLimits {
    /// The largest fragment, in bytes of HTML before compression: what the largest slot takes.
    package static let bytesMax = EncodingLimits.capacityMax - EncodingLimits.slotOverhead
    /// The longest compressed form of a fragment, in bytes; what is longer than raw is not written.
    static let runBytesMax = bytesMax + 64
    /// The longest value in Redis, in bytes: a record of a largest fragment with both forms.
    package static let valueBytesMax = FragmentRecord.headerBytes + bytesMax + 2 * (4 + runBytesMax)
    /// How deep elements may nest: far below where browsers begin to flatten pages.
    package static let nestingMax = 128
    /// The longest name, in bytes.
    package static let nameBytesMax = 64
    /// Bytes of the name of a site that stands before it.
    static let siteBytesMax = 32
    /// The longest key of a shared fragment, in bytes.
    package static let keyBytesMax = 200
    /// The longest cookie value that names a visitor, in bytes.
    static let cookieBytesMax = 128
    /// How many fragments one round trip to Redis publishes.
    static let publishedPerRoundTrip = 256
    /// The longest life of a published fragment, in seconds: 30 days.
    static let expirySecondsMax = 30 * 86_400
}
