// What a build of a preview does otherwise: it has a folder of its own, and no search engine lists
// it.
//
// Which rows it reads is `PreviewReading`; that no server shows it to everybody is SiteServing's.

import ReleaseFormat
import SiteAuthoring

extension SiteBuilder {
    /// Refuses a preview in the place of the public site, and the other way round.
    func checkKind(of live: StoredManifest?) throws {
        guard let live, BuildInput.isPreview(live.inputs) != (options.preview != nil) else {
            return
        }
        throw BuildError.site(
            reason: options.preview == nil
                ? "\(options.output) holds a preview; the public site must not take its place."
                : "\(options.output) holds the public site; a preview must not take its place.",
            remedy: "Name another folder with --release.")
    }

    /// What keeps a preview out of search engines.
    var previewHeaders: [HeaderRule] {
        options.preview == nil ? [] : [.set("x-robots-tag", to: "noindex, nofollow")]
    }
}
