// Every bound of a build, by name. A build that meets one stops with an error that names it.
//
// Limits of a document or of a stored file are those of Markup and ReleaseFormat.

import ReleaseFormat

/// The limits of a build.
package enum BuildLimits {
    /// The most files below public/.
    static let publicFilesMax = 100_000
    /// The largest file below public/, in bytes.
    static let publicFileBytesMax = 64 << 20
    /// The largest style sheet of site/Styles, in bytes.
    static let styleSheetBytesMax = 1 << 20
    /// The most pages of one site.
    static let pagesMax = ReleaseLimits.entriesMax
    /// The most pages, files and redirects of one row.
    static let outputsPerRowMax = 1_024
    /// The largest file that is made from a row, in bytes.
    static let fileBytesMax = 64 << 20
    /// Styles of one page that are longer than this after minification become a file of their own.
    static let inlineStyleBytesMax = 24 << 10
    /// Scripts of one page that are longer than this become a file of their own.
    static let inlineScriptBytesMax = 8 << 10
    /// Addresses in one file of the site map; more make an index.
    ///
    /// The protocol of sitemaps.org allows 50,000; shorter files change less when a page does.
    static let siteMapAddressesMax = 10_000
    /// One address in so many, by its hash, begins a file of a site map with an index.
    static let siteMapAddressesCut = 1_250
    /// Rows that one worker takes at a time.
    static let pagesPerBatch = 16
    /// Rows of a fragment's view that are read at a time.
    static let fragmentsPerBatch = 256
    /// Rows of one fragment's view that a proof renders; slots of later rows show fallbacks.
    static let proofFragmentsMax = 10_000
    /// Rows that a proof reads at a time to learn their addresses.
    static let proofRowsPerBatch = 64
    /// How long a statement of a view that is edited and not installed may take, in milliseconds.
    static let editedViewMilliseconds = 2_000
    /// Changes of rows that a proof takes in at once.
    static let proofEventsMax = 20_000
    /// How many problems of pages are kept before the build gives up.
    static let problemsMax = 50
    /// Hexadecimal digits of a digest in the name of an asset.
    static let fingerprintDigits = 12
}
