// The limits of a release, each with a name: a manifest beyond them is refused when it is made
// and when it is read, so that no file on disk can make a server allocate without bound.
// A limit that is lowered makes older releases beyond it unreadable, also for rollback.

/// The largest sizes of a release's parts.
package enum ReleaseLimits {
    /// The longest path of an entry, in bytes of UTF-8.
    package static let pathBytesMax = 2048
    /// The longest part of a path between two slashes: a file name of 255 bytes with its suffixes.
    static let pathPartBytesMax = 240
    /// The most parts of a path, so that the plain tree is not too deep to be removed.
    package static let pathPartsMax = 64
    /// The most entries of one release.
    package static let entriesMax = 4_000_000
    /// The most bytes of a manifest.
    static let manifestBytesMax = 2_000_000_000
    /// The most bytes of one segment of a manifest.
    static let segmentBytesMax = 256 * 1024 * 1024
    /// One path in so many, by its hash, begins a segment of the manifest.
    static let pathsPerSegment: UInt64 = 128
    /// The most inputs of a build that a manifest names.
    static let inputsMax = 64
    /// The most assets that one page needs.
    static let assetsPerPageMax = 255
    /// The most files of public/ that one page names.
    static let readsPerPageMax = 65_535
    /// The most fields of one header block.
    package static let headerFieldsMax = 64
    /// The longest name, value, media type, redirect target, slot name, slot key or row key.
    static let textBytesMax = 16_384
    /// The most bytes of one stored file.
    static let blobBytesMax = 256 * 1024 * 1024
    /// The segments of a manifest that a build holds in memory: some 2,000 pages.
    static let segmentsHeld = 16
    /// The releases that stay for rollback and for assets that old pages still name.
    package static let releasesKept = 5
    /// The most paths of an output folder that were taken down.
    static let withdrawnMax = 10_000
    /// The most lines of the history that are read.
    static let historyLinesMax = 10_000
    /// How often a lock that another holds is asked for before that is an error.
    package static let lockAttemptsMax = 20
    /// The pause between two of these attempts, in microseconds.
    static let lockPauseMicroseconds: UInt32 = 25_000
}
