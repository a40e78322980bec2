// What a build is told, apart from the site itself.
//
// Everything else that a build depends on is rows and code: nothing is read from the environment.

package import MaterializedViews
package import Postgres
package import ReleaseFormat
package import SiteAuthoring

/// Where a build reads and writes.
package struct BuildOptions: Sendable {
    /// The site's root folder, with `site/` and `public/` in it.
    package var root: String
    /// The output folder.
    package var output: String
    /// Where PostgreSQL is: a libpq URL.
    package var databaseURL: String
    /// The schema in which the site's views are, which has its name.
    package var schema = SiteSchema.unnamed
    /// How hard pages are compressed.
    package var quality: BuildQuality
    /// Where the site will be reached; nil takes the site's own.
    package var origin: Origin?
    /// What the variables of the site's settings have.
    package var settings: [SettingReading.Found] = []
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

    /// Which rows a preview shows; nil builds the public site.
    package var preview: Preview?

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

    /// The database with the site's views.
    var database: DatabaseAddress { DatabaseAddress(databaseURL, schema: schema) }

    /// Which releases stay.
    package var keeping: ReleaseKeeping {
        ReleaseKeeping(count: releasesKept, seconds: secondsKept)
    }

    /// The folder of the view files.
    package var databaseFolder: String { "\(root)/site/database" }
}
