// What no row makes: the files of public/, the assets of bundles, the site map, robots.txt.
//
// They follow from the pages that a release has, however it came by them: the result is the same
// for pages that were rendered now and for pages taken over from the release before.

import ContentEncoding
import MaterializedViews
import ReleaseFormat
import SiteAuthoring

/// Adds the files that belong to a release's pages.
struct SiteFiles {
    let publicFiles: PublicFiles
    let finisher: PageFinisher
    let origin: Origin

    /// The name under which reports list the files of public/ and the assets of bundles.
    static let publicRoute = "public"
    /// The name under which reports list the site map and robots.txt.
    static let siteMapRoute = "sitemap"
    private static let assetSource = "components"

    /// The route under which reports count an entry.
    static func route(of outline: EntryOutline) -> String {
        if outline.isMadeByRoute { return outline.route }
        return outline.view == siteMapRoute ? siteMapRoute : publicRoute
    }

    /// Brings the files in line with the pages of `manifest`.
    ///
    /// - Parameters:
    ///   - manifest: the pages, and maybe files of an earlier release of the same inputs.
    ///   - collected: begins with `manifest`; receives what changes.
    /// - Throws: what stops the build.
    func settle(
        _ manifest: StoredManifest, into collected: borrowing Collected
    ) async throws {
        var stale: Set<String> = []
        var needed: Set<String> = []
        var listedCount = 0
        try manifest.forEachOutline { outline in
            if outline.isListed { listedCount += 1 }
            if outline.isMadeByRoute {
                needed.formUnion(outline.assets)
            } else {
                stale.insert(String(decoding: outline.path, as: UTF8.self))
            }
        }
        try collected.remove(stale)
        try collected.take(try await files(needed, manifest), route: Self.publicRoute)
        try addSiteMap(of: manifest, listedCount, to: collected)
    }

    /// The assets that pages need, alone: what a part of a site has.
    func settleAssets(
        _ manifest: StoredManifest, into collected: borrowing Collected
    ) async throws {
        var needed: Set<String> = []
        try manifest.forEachOutline { needed.formUnion($0.assets) }
        var batch = FinishedBatch()
        try await addAssets(needed, manifest, to: &batch)
        try collected.take(batch, route: Self.publicRoute)
    }

    private func files(
        _ needed: Set<String>, _ manifest: StoredManifest
    ) async throws -> FinishedBatch {
        var batch = FinishedBatch()
        for file in publicFiles.files {
            for (path, policy) in [
                (file.path, CachePolicy.revalidate), (file.assetPath, .immutable),
            ] {
                let page = try finisher.file(file, at: path, cachePolicy: policy)
                // One name, two addresses: a fault of the name is told once.
                try Collected.check(page.entry)
                batch.pages.append(page)
            }
        }
        try await addAssets(needed, manifest, to: &batch)
        return batch
    }

    /// The bundles' assets: made now, or those that the pages taken over need.
    private func addAssets(
        _ needed: Set<String>, _ manifest: StoredManifest, to batch: inout FinishedBatch
    ) async throws {
        let made = try await finisher.bundles.assets()
        for asset in made where needed.contains(asset.path) {
            batch.pages.append(
                try finisher.file(
                    asset.bytes, at: asset.path, kind: .asset, type: asset.type,
                    cachePolicy: .immutable, from: Self.assetSource))
        }
        for path in needed.subtracting(made.map(\.path)).sorted() {
            let last = try manifest.entry(atPath: path)
            guard let entry = last else {
                throw BuildError.site(
                    reason: "A page of the last release needs \(path), which it does not have.",
                    remedy: "Run `sitegen build --all`.")
            }
            batch.pages.append(FinishedPage(entry: entry, isChanged: false))
        }
    }

    /// Makes the site map file by file, so that one file's addresses are in memory at a time.
    private func addSiteMap(
        of manifest: StoredManifest, _ listedCount: Int, to collected: borrowing Collected
    ) throws {
        var siteMap = SiteMap(origin: origin, count: listedCount)
        var cursor = manifest.outlines()
        while let outline = try cursor.next() {
            guard outline.isListed else { continue }
            let address = SiteMapAddress(
                path: String(decoding: outline.path, as: UTF8.self),
                modified: outline.modified.map {
                    Timestamp(microsecondsSince2000: $0.microseconds, isInstant: $0.hasZone)
                })
            if let file = siteMap.add(address) { try take(file, .xml, into: collected) }
        }
        for file in siteMap.finish() { try take(file, .xml, into: collected) }
        if !publicFiles.files.contains(where: { $0.name == "robots.txt" }) {
            try take((origin.path("/robots.txt"), siteMap.robots), .text, into: collected)
        }
    }

    private func take(
        _ file: SiteMap.File, _ type: MediaType, into collected: borrowing Collected
    ) throws {
        let page = try finisher.file(
            file.bytes, at: file.path, kind: .file, type: type, cachePolicy: .revalidate,
            from: Self.siteMapRoute)
        try collected.take(FinishedBatch(pages: [page]), route: Self.siteMapRoute)
    }
}
