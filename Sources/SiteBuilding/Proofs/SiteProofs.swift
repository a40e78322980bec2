// A site as it would be built now, one address at a time and in memory: nothing is compressed,
// stored or published.
//
// Pages are those of a build but for their styles and scripts (`ProofSheets`), their slots, which
// hold the fragments of the rows without padding, and their policy, which allows the site's own
// styles and scripts and never asks for TLS. It is used by one thread; nothing here waits for long.

import Glibc
import Hashing
package import MaterializedViews
import Minification
package import Postgres
import ReleaseFormat
package import SiteAuthoring

/// Shows one site; not safe to be used by two threads.
package final class SiteProofs {
    let site: Site
    let root: String
    let database: DatabaseAddress
    let preview: Preview?
    private let consumer: String
    private(set) var files: PublicFiles
    private(set) var environment: BuildEnvironment
    let rules: HeaderRules
    var sheets: ProofSheets
    var fragments: ProofFragments
    var index = ProofIndex()
    /// The routes whose rows are still to be read for their addresses, the next one first.
    var unread: [Int] = []
    /// The rows that changed while addresses are read: what that snapshot says of them is old.
    var changedMeanwhile: Set<ViewKey> = []
    /// The keys of the route that is being read.
    var seenKeys: Set<String> = []
    /// Where other processes found addresses.
    var expected: [String: (route: Int, key: String)] = [:]
    /// How addresses of a route hold keys; nil for those that do not.
    var guesses: [Int: KeyGuess?] = [:]
    /// Is told the route of each page before its code runs, and the columns of its row's key.
    package var onRoute: (_ name: String, _ key: [String]) -> Void = { _, _ in }
    private(set) var open: ProofConnections?
    /// Where the write-ahead log ended when somebody asked last.
    private var written: String?
    /// The views whose files say something else than what is installed.
    var edited: EditedViews?

    /// Reads the site's files; nothing is connected yet.
    ///
    /// - Parameters:
    ///   - site: the compiled site.
    ///   - root: the folder with `site/` and `public/` in it.
    ///   - databaseURL: a libpq URL.
    ///   - schema: where the site's views are.
    ///   - preview: which rows are shown; nil for those that are public now.
    ///   - namesComponents: whether elements of pages say which component wrote them.
    /// - Throws: `BuildError.publicFile`.
    package init(
        _ site: Site, root: String, databaseURL: String, schema: SiteSchema = .unnamed,
        preview: Preview? = nil, namesComponents: Bool = false
    ) throws {
        self.site = site
        self.root = root
        database = DatabaseAddress(databaseURL, schema: schema)
        self.preview = preview
        consumer = "watch \(FollowConnections.consumerName(of: root).dropFirst("build ".count))"
        files = try PublicFiles(folder: "\(root)/public", under: site.origin.basePath)
        rules = HeaderRules(site.headers, origin: site.origin, isProof: true)
        environment = BuildEnvironment(
            files, origin: site.origin, namesComponents: namesComponents)
        sheets = ProofSheets(ofSite: try Self.sheets(root), under: site.origin.basePath)
        fragments = ProofFragments(site.fragments)
    }

    private static func sheets(_ root: String) throws -> [(name: String, text: String)] {
        try Bundles.styleSheets(in: "\(root)/site/Styles").map { ($0.name, $0.text) }
    }

    /// Reads site/Styles again, and public/; on an error, everything stays as it was.
    ///
    /// - Parameter hasFiles: whether public/ may have changed since it was read.
    /// - Throws: `BuildError.publicFile`.
    package func reload(hasFiles: Bool) throws {
        let styles = try Self.sheets(root)
        guard hasFiles else { return sheets.ofSite = styles }
        let read = try PublicFiles(folder: "\(root)/public", under: site.origin.basePath)
        sheets.ofSite = styles
        guard read.files.map(\.assetPath) != files.files.map(\.assetPath) else { return }
        files = read
        environment = BuildEnvironment(
            read, origin: site.origin, namesComponents: environment.namesComponents)
        fragments.forget()
    }

    /// The folder of the site on its host; empty for none.
    package var folder: String { site.origin.basePath }

    /// The text of a style sheet, as the author wrote it; nil if there is none of that name.
    package func sheet(_ name: String) -> String? { sheets.style(name) }

    /// Takes another text for the sheet of a component, until the program is another.
    ///
    /// - Parameters:
    ///   - type: the component's name without its module.
    ///   - text: the sheet.
    /// - Returns: whether a page had the sheet.
    package func changeSheet(_ type: String, to text: String) -> Bool {
        sheets.change(type, to: text)
    }

    /// The text of a script in a function of its own; nil if no page had it.
    package func script(_ name: String) -> String? { sheets.script(name) }

    // MARK: The database

    /// The schemas of the rows that pages and fragments are made from.
    var schemas: [ViewSchema] {
        var seen: Set<String> = []
        return (site.routes.compactMap(\.schema) + site.fragments.map(\.schema)).filter {
            seen.insert($0.name).inserted
        }
    }

    /// Connects, unless that is done.
    ///
    /// - Throws: `ViewError.disagreement` when the compiled rows do not fit the database, and what
    ///   keeps it from being asked.
    package func connect() throws { _ = try connections() }

    /// The open connections, or new ones.
    func connections() throws -> ProofConnections {
        if let open { return open }
        let made = try ProofConnections(
            database, schemas, consumer: consumer, preview: try previewReading())
        try editUninstalled(made)
        open = made
        fragments.unlogged = made.unlogged
        fragments.forget()
        // What changed meanwhile was told to nobody: all addresses are looked for again.
        unread = site.routes.indices.filter { site.routes[$0].schema != nil }
        changedMeanwhile = []
        for (number, route) in site.routes.enumerated() {
            if case .single(let row) = route.source {
                try index.set(row.outputs, of: number, key: nil, in: site)
            }
        }
        return made
    }

    /// How the rows of a preview are read, from the view files as they are now.
    private func previewReading() throws -> PreviewReading? {
        try preview.map { preview in
            PreviewReading(
                preview: preview,
                definitions: try ViewDefinition.load(
                    directory: "\(root)/site/database", in: database.schema))
        }
    }

    /// Drops the connections, as after an error of theirs; the next question makes new ones.
    package func disconnect() { (open, edited) = (nil, nil) }

    /// Has the server look for changes from now on, a second at most; nothing else of `takeChanges`
    /// and `hasOutdatedViews` may be asked until `hasWaited`.
    ///
    /// - Parameter pause: between two looks.
    /// - Returns: a socket that can be read when the wait may have ended.
    /// - Throws: what PostgreSQL and the views throw; disconnect then.
    package func beginWaiting(pause: Duration) throws -> Int32 {
        let open = try connections()
        try open.following.beginWaiting(after: open.event, pause: pause)
        return open.following.waitingSocket
    }

    /// Whether the wait has ended.
    ///
    /// - Throws: what PostgreSQL and the views throw; disconnect then.
    package func hasWaited() throws -> Bool { try open?.following.hasWaited() ?? true }

    /// Lets the views take in what is queued, and reads the addresses of the rows that changed.
    ///
    /// - Returns: the views with changed rows; none if nothing changed.
    /// - Throws: what PostgreSQL and the views throw; disconnect then.
    package func takeChanges() throws -> Set<String> {
        let open = try connections()
        guard try open.following.hasEvents(after: open.event) else { return [] }
        _ = try open.following.begin()
        defer { try? open.following.end() }
        let events = try open.following.reading.events(
            after: open.event, limit: BuildLimits.proofEventsMax)
        guard let last = events.last else { return [] }
        var changed: [String: Set<String>] = [:]
        for event in events { changed[event.view, default: []].insert(event.key) }
        for (view, keys) in changed {
            fragments.forget(view: view)
            // It will be read as a whole, once it is installed.
            if open.uninstalled.contains(view) { continue }
            if !unread.isEmpty {
                for key in keys { changedMeanwhile.insert(ViewKey(view, key)) }
            }
            do {
                try takeAddresses(of: Array(keys), in: view, &open.following.reading)
            } catch let error as ViewError {
                // The view may have been installed anew, for the program that comes next.
                try open.compare(schemas)
                guard case .sql = error, open.uninstalled.contains(view) else { throw error }
                _ = try open.following.begin()
            }
        }
        open.event = last.sequence
        try open.following.acknowledge(consumer, last.sequence)
        return Set(changed.keys)
    }

    private func takeAddresses(
        of keys: [String], in view: String, _ reading: inout RowReading
    ) throws {
        for (number, route) in site.routes.enumerated() {
            guard case .rows(let schema, let decode) = route.source, schema.name == view else {
                continue
            }
            for start in stride(from: 0, to: keys.count, by: BuildLimits.fragmentsPerBatch) {
                let some = Array(
                    keys[start..<min(start + BuildLimits.fragmentsPerBatch, keys.count)])
                for key in some { index.remove(key, of: number) }
                for row in try reading.rows(
                    of: schema, keys: some, for: route.name, decode: decode)
                {
                    guard case .success(let outputs) = row.value else { continue }
                    try index.set(outputs.outputs, of: number, key: row.key, in: site)
                }
            }
        }
    }

    /// Whether another view than at the last call was made from something that is another thing
    /// now, such as a function that was replaced.
    ///
    /// - Throws: what PostgreSQL throws; disconnect then.
    package func hasOutdatedViews() throws -> Bool {
        var found = false
        try connections().following.look { _ in found = true }
        return found
    }

    /// Whether rows may change without a word, since their view writes no log.
    package var hasUnloggedViews: Bool { !(open?.unlogged.isEmpty ?? true) }

    /// Whether anybody has written on the server since the last call.
    ///
    /// - Throws: what PostgreSQL throws; disconnect then.
    package func hasWrites() throws -> Bool {
        let now = try connections().following.position()
        defer { written = now }
        return now == nil || now != written
    }

    /// Has the addresses and fragments of views that write no log read again.
    package func forgetUnlogged() {
        guard let open else { return }
        fragments.forgetUnlogged()
        for (number, route) in site.routes.enumerated()
        where route.schema.map({ open.unlogged.contains($0.name) }) ?? false {
            if !unread.contains(number) { unread.append(number) }
        }
    }
}

extension Route {
    /// The schema of the rows; nil without any.
    var schema: ViewSchema? {
        if case .rows(let schema, _) = source { schema } else { nil }
    }
}
