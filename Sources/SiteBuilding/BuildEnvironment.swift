// What components can ask for while they are rendered: addresses of assets and of the site itself.
//
// It is the same for all pages and never changes, so pages may be rendered on any thread.

import Markup
import SiteAuthoring

/// The environment of every page of one build.
final class BuildEnvironment: RenderEnvironment {
    let origin: String
    private let publicFiles: PublicFiles

    init(_ publicFiles: PublicFiles, origin: Origin) {
        self.publicFiles = publicFiles
        self.origin = "\(origin)"
    }

    func assetURL(_ path: String) -> String? { publicFiles.assetPath(of: path) }
}
