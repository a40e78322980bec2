// What components can ask for while they are rendered: addresses of assets and of the site itself.
//
// It is the same for all pages and never changes, so pages may be rendered on any thread.

import Glibc
import Markup
import SiteAuthoring

/// The environment of every page of one build.
final class BuildEnvironment: RenderEnvironment {
    let origin: String
    let basePath: String
    let clock: (@Sendable () -> UInt64)?
    let namesComponents: Bool
    private let publicFiles: PublicFiles

    /// - Parameters:
    ///   - publicFiles: what `asset()` knows.
    ///   - origin: where the site will be reached.
    ///   - isMeasuring: whether components are measured.
    ///   - namesComponents: whether elements say which component wrote them.
    init(
        _ publicFiles: PublicFiles, origin: Origin, isMeasuring: Bool = false,
        namesComponents: Bool = false
    ) {
        self.publicFiles = publicFiles
        self.namesComponents = namesComponents
        if isMeasuring {
            clock = { BuildEnvironment.nanoseconds() }
        } else {
            clock = nil
        }
        self.origin = "\(origin)"
        basePath = origin.basePath
    }

    /// A clock that only goes forward.
    private static func nanoseconds() -> UInt64 {
        var time = timespec()
        guard unsafe clock_gettime(CLOCK_MONOTONIC, &time) == 0 else { return 0 }
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    func assetPath(_ path: String) -> String? { publicFiles.assetPath(of: path) }
}
