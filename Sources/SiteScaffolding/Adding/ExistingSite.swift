// What `sitegen add` has to know of a site that is there: its views, and the files with marks.
//
// Reads files below the site's folder and nothing else. Which table a page is of, is told by the
// view of its names: `album_card.sql` reads FROM public.album.

import FoundationEssentials
import MaterializedViews
package import Postgres

/// A site in a folder.
package struct ExistingSite {
    /// The site's folder.
    let root: String
    /// Where its views are installed.
    let schema: SiteSchema
    /// The view files, by name.
    let views: [String: ViewDefinition]
    /// The texts of the view files, by name.
    let texts: [String: String]

    /// Reads the views of a site.
    ///
    /// - Parameters:
    ///   - root: its folder.
    ///   - schema: where its views are installed.
    /// - Throws: `.noSite`, or `.site` for view files that cannot be read.
    package init(root: String, in schema: SiteSchema = .unnamed) throws(ScaffoldingError) {
        self.root = root
        self.schema = schema
        let folder = "\(root)/site/database"
        guard FileManager.default.fileExists(atPath: folder) else { throw .noSite(path: root) }
        var views: [String: ViewDefinition] = [:]
        var texts: [String: String] = [:]
        do throws(ViewError) {
            for view in try ViewDefinition.load(directory: folder, in: schema) {
                views[view.name] = view
                texts[view.name] = Self.text(at: "\(folder)/\(view.name).sql")
            }
        } catch {
            throw .site(error)
        }
        self.views = views
        self.texts = texts
    }

    /// The text of a file; nil if it is not there.
    func text(of path: String) -> String? { Self.text(at: "\(root)/\(path)") }

    private static func text(at path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The tables that have pages, with what these are called.
    func pages(of tables: [DatabaseTable]) -> [Int: String] {
        var pages: [Int: String] = [:]
        for (name, text) in texts where name.hasSuffix("_card") {
            let base = String(name.dropLast("_card".count))
            let lines = text.split(separator: "\n")
            let table = tables.first { lines.contains("FROM \($0.quoted) t") }
            if let table, views["\(base)_page"] != nil { pages[table.oid] = base }
        }
        return pages
    }

    /// A view with another text.
    ///
    /// - Throws: `.site` for a text that is no view file.
    func changed(_ view: String, _ text: String) throws(ScaffoldingError) -> ViewDefinition {
        do throws(ViewError) {
            return try ViewDefinition(
                name: view, file: "site/database/\(view).sql", text: text, in: schema)
        } catch {
            throw .site(error)
        }
    }

    /// A view by name.
    ///
    /// - Throws: `.unknownView`.
    func view(_ name: String) throws(ScaffoldingError) -> ViewDefinition {
        guard let view = views[name] else {
            throw .unknownView(name: name, known: views.keys.sorted())
        }
        return view
    }
}
