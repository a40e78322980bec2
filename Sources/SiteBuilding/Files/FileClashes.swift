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
    /// - Throws: `.pages` for the first one, `.database`, `.release`.
    func checkFiles(
        _ files: PublicFiles, against live: StoredManifest?, _ reading: inout RowReading
    ) throws(BuildError) {
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
    ) throws(BuildError) -> (source: EntrySource, isWebPage: Bool)? {
        for route in site.routes {
            guard case .single(let page) = route.source, page.path == path else { continue }
            var source = EntrySource(view: route.viewName, key: "")
            source.route = route.name
            return (source, route.isWebPage)
        }
        let known = try releasing { () throws(ReleaseError) in try live?.entry(atPath: path) }
        guard let source = known?.source,
            let route = site.routes.first(where: { $0.name == source.route }),
            case .rows(let schema, let decode) = route.source
        else { return nil }
        let rows = try reading.rows(of: schema, keys: [source.key], decode: decode)
        for row in rows {
            if case .success(let page) = row.value, page.path == path {
                return (source, route.isWebPage)
            }
        }
        return nil
    }
}

extension Route {
    /// Whether the route makes web pages, as opposed to files.
    fileprivate var isWebPage: Bool {
        if case .page = output { true } else { false }
    }
}
