// What a build reads besides the database: the files of public/, the styles, the program itself.
//
// They are read once, at the start; what every page depends on is noted in the manifest as inputs.

import ReleaseFormat
import SiteAuthoring

/// What the site's folder adds to its rows and code.
struct BuildSources {
    let publicFiles: PublicFiles
    let bundles: Bundles
    /// What every page depends on; nil when the program is not known.
    let inputs: [BuildInput]?

    /// Reads public/ and site/Styles.
    init(
        _ options: BuildOptions, origin: Origin, warn: @escaping @Sendable (String) -> Void
    ) throws {
        publicFiles = try PublicFiles(
            folder: "\(options.root)/public", under: origin.basePath)
        publicFiles.omissions.forEach(warn)
        bundles = try Bundles(
            stylesFolder: "\(options.root)/site/Styles", origin: origin, warn: warn)
        inputs = BuildInputs.of(
            options, origin: origin, publicFiles: publicFiles, styles: bundles.styleTexts)
    }
}
