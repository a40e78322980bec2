// What a build is told, apart from the site itself.
//
// Everything else that a build depends on is rows and code: nothing is read from the environment.

package import MaterializedViews
package import ReleaseFormat
package import SiteAuthoring

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

/// Where a build reads and writes.
package struct BuildOptions: Sendable {
    /// The site's root folder, with `site/` and `public/` in it.
    package var root: String
    /// The output folder.
    package var output: String
    /// Where PostgreSQL is: a libpq URL.
    package var databaseURL: String
    /// How hard pages are compressed.
    package var quality: BuildQuality
    /// Where the site will be reached; nil takes the site's own.
    package var origin: Origin?
    /// How many pages are rendered at the same time; at least 1.
    package var jobs: Int
    /// Whether the release gets a plain tree of files for other servers.
    package var hasTree: Bool
    /// How many releases stay, this one included.
    package var releasesKept: Int
    /// How long releases stay in any case, in seconds; 0 counts them only.
    package var secondsKept = 0
    /// The digest of the running program; nil when it is not known, and every page is rendered.
    package var program: String?
    /// The digest of the program that minifies styles and scripts; nil when it is not there.
    package var minifier: String?
    /// Whether every page is rendered, whatever has changed.
    package var rendersAll = false
    /// Whether the report says what each component costs.
    package var isMeasured = false
    /// Whether everything is rendered a second time and compared before it goes live.
    package var isVerified = false
    /// The part of the site's rows to build, for `merge`; nil builds the whole site.
    package var shard: RowPart?
    /// A snapshot that another connection has exported; nil takes one.
    package var snapshot: String?

    /// Describes a build.
    package init(
        root: String, output: String, databaseURL: String, quality: BuildQuality = .best,
        origin: Origin? = nil, jobs: Int, hasTree: Bool = false, releasesKept: Int = 5
    ) {
        self.root = root
        self.output = output
        self.databaseURL = databaseURL
        self.quality = quality
        self.origin = origin
        self.jobs = jobs
        self.hasTree = hasTree
        self.releasesKept = releasesKept
    }

    /// Which releases stay.
    package var keeping: ReleaseKeeping {
        ReleaseKeeping(count: releasesKept, seconds: secondsKept)
    }

    /// The folder of the view files.
    package var databaseFolder: String { "\(root)/site/database" }
}
