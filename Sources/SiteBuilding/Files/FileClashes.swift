// Files of public/ where pages are, found before anything is rendered: what `build --plan` says.
//
// A build finds every clash when it has all paths. Without rendering, the paths of pages without
// rows are known, and those of the live release, as far as their rows still make them.

import Markup
import ReleaseFormat
import SiteAuthoring

extension SiteBuilder {
    /// Looks for files that have the address of a page.
    ///
    /// - Throws: `.pages` for the first one, a `PostgresError`, a `ReleaseError`.
    func checkFiles(
        _ files: PublicFiles, against live: StoredManifest?, _ reading: inout RowReading
    ) throws {
        for file in files.files {
            for path in [file.path] + AddressSpelling.others(of: file.path) {
                guard let page = try source(of: path, in: live, &reading) else { continue }
                // `/x.html` is the file of a web page `/x`, and of nothing else.
                if file.path == path + ".html", !page.isWebPage { continue }
                throw Collected.refusal(
                    .sameAddress(
                        path: path, other: file.path, first: page.source,
                        second: EntrySource(view: "public/\(file.name)", key: "")))
            }
        }
    }

    /// What makes a page at a path; nil when nothing is known to.
    private func source(
        of path: String, in live: StoredManifest?, _ reading: inout RowReading
    ) throws -> (source: EntrySource, isWebPage: Bool)? {
        for route in site.routes {
            guard case .single(let page) = route.source,
                let output = page.outputs.first(where: { origin.path($0.path) == path })
            else { continue }
            var source = EntrySource(view: route.viewName, key: "")
            source.route = route.name
            return (source, output.isWebPage)
        }
        let known = try live?.entry(atPath: path)
        guard let source = known?.source,
            let route = site.routes.first(where: { $0.name == source.route }),
            case .rows(let schema, let decode) = route.source
        else { return nil }
        let rows = try reading.rows(of: schema, keys: [source.key], for: route.name, decode: decode)
        for row in rows {
            guard case .success(let page) = row.value,
                let output = page.outputs.first(where: { origin.path($0.path) == path })
            else { continue }
            return (source, output.isWebPage)
        }
        return nil
    }
}

extension Output {
    /// Whether it is a web page, as opposed to a file.
    fileprivate var isWebPage: Bool {
        if case .page = body { true } else { false }
    }
}
