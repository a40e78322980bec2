// What a page of the live release was made from, and what would make it again: for `sitegen why`.
//
// It reads the release, the site's folder and one row; it renders nothing and takes no lock.

package import ReleaseFormat
import ReleaseTools
import SiteAuthoring

/// What one page was made from, then and now.
package struct PageProvenance: Sendable {
    /// The release the page is in.
    package let release: ReleaseID
    /// The decoded path.
    package let path: String
    /// View, key, page type and digest, as the release has them.
    package let source: EntrySource
    /// The inputs of the release's build that all pages share.
    package let inputs: [BuildInput]
    /// Why a build would make the page anew now.
    package let cause: PageCause
}

extension SiteBuilder {
    /// What the page at a path was made from, and what has changed since.
    ///
    /// - Parameter address: the decoded path, or an address copied from a browser.
    /// - Returns: nil when the live release has no such path.
    /// - Throws: a `ReleaseError` without a release, a `PostgresError` or a `ViewError`.
    package func provenance(of address: String) throws -> PageProvenance? {
        let manifest = try StoredManifest.open(options.output)
        guard let entry = try PageAddress.entry(at: address, in: manifest) else { return nil }
        return PageProvenance(
            release: manifest.id, path: entry.path, source: entry.source, inputs: manifest.inputs,
            cause: try cause(of: entry.source, in: manifest))
    }

    /// The first thing that differs from what the page was made from.
    private func cause(
        of source: EntrySource, in manifest: StoredManifest
    ) throws -> PageCause {
        let sources = try BuildSources(options, origin: origin, warn: { _ in })
        guard let inputs = sources.inputs else {
            return .input(name: "program", was: nil, now: nil)
        }
        if let (name, was, now) = BuildInputs.differenceForAll(
            from: manifest.inputs, to: inputs)
        {
            return .input(name: name, was: was, now: now)
        }
        let changed = try ChangedFiles(from: manifest, inputs: inputs, to: sources.publicFiles)
        if let name = changed.first(in: source.reads) { return .file(name: name) }
        let schemas = site.routes.compactMap { route in
            if case .rows(let schema, _) = route.source { schema } else { nil }
        }
        guard source.row != nil, let schema = schemas.first(where: { $0.name == source.view })
        else { return .unchanged }
        var reading = try snapshot()
        guard let now = try reading.digest(of: source.key, in: schema) else { return .removed }
        return now == source.row ? .unchanged : .row(was: source.row, now: now)
    }
}
