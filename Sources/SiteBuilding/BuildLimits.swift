// Every bound of a build, by name. A build that meets one stops with an error that names it.
//
// Limits of a document or of a stored file are those of Markup and ReleaseFormat.

import ReleaseFormat

/// The limits of a build.
package enum BuildLimits {
    /// The most files below public/.
    package static let publicFilesMax = 100_000
    /// The largest file below public/, in bytes.
    package static let publicFileBytesMax = 64 << 20
    /// The largest style sheet of site/Styles, in bytes.
    package static let styleSheetBytesMax = 1 << 20
    /// The most pages of one site.
    package static let pagesMax = ReleaseLimits.entriesMax
    /// Styles of one page that are longer than this after minification become a file of their own.
    package static let inlineStyleBytesMax = 24 << 10
    /// Scripts of one page that are longer than this become a file of their own.
    package static let inlineScriptBytesMax = 8 << 10
    /// Addresses in one file of the site map; more make an index.
    ///
    /// The protocol of sitemaps.org allows 50,000; shorter files change less when a page does.
    package static let siteMapAddressesMax = 10_000
    /// One address in so many, by its hash, begins a file of a site map with an index.
    package static let siteMapAddressesCut = 1_250
    /// Rows that one worker takes at a time.
    package static let pagesPerBatch = 16
    /// Rows of a fragment's view that are read at a time.
    package static let fragmentsPerBatch = 256
    /// How much of an access log is read, in bytes from its end.
    package static let accessLogBytesMax = 256 << 20
    /// How many findings of one kind a check lists.
    package static let findingsMax = 200
    /// How many problems of pages are kept before the build gives up.
    package static let problemsMax = 50
    /// Hexadecimal digits of a digest in the name of an asset.
    package static let fingerprintDigits = 12
}
