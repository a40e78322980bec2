/// How hard pages are compressed.
package enum BuildQuality: String, Sendable, Hashable, CaseIterable {
    /// gzip 6 and brotli 5: about a hundred times quicker than `best`, some 15 % larger.
    case fast
    /// gzip 9 and brotli 11: what a release should have.
    case best
    /// What changed as `fast`, to be live at once; it is made `best` later, by deepening.
    ///
    /// A release that was deepened to the end is the very one that `best` makes.
    case gradual

    /// zlib's level.
    package var gzipLevel: Int { self == .best ? 9 : 6 }
    /// The number that manifests remember; another one means that stored files are not reused.
    package var recipe: UInt8 { self == .fast ? 3 : 4 }
    /// What the release is to have in the end.
    package var target: BuildQuality { self == .fast ? .fast : .best }
    /// brotli's quality.
    package var brotliQuality: Int { self == .best ? 11 : 5 }
}
