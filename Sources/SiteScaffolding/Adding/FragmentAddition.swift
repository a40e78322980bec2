// `sitegen add fragment`: the rows of a view as fragments, for everybody or for one visitor each.
//
// The fragment shows the texts and numbers of a row, to begin with. How much room its slot needs
// is measured by the database: the longest row, escaped as HTML is, and half as much again.

import MaterializedViews
package import Postgres

extension SiteAddition {
    /// Fragments of the rows of a view.
    ///
    /// - Parameters:
    ///   - name: the fragment's name: a–z, 0–9 and hyphens.
    ///   - viewName: the view.
    ///   - cookie: the cookie whose value is the row's key; nil for a fragment that all share.
    ///   - site: the site.
    ///   - connection: a connection outside of any transaction.
    /// - Returns: a file, its registration, and the line of its slot.
    /// - Throws: `.unknownView`, `.fragmentName`, `.nothingToShow`.
    package static func fragment(
        _ name: String, of viewName: String, cookie: String?, to site: ExistingSite,
        on connection: borrowing Connection
    ) throws(ScaffoldingError) -> SiteAddition {
        let view = try site.view(viewName)
        guard isName(name) else { throw .fragmentName(name) }
        let shown = try columns(of: view, on: connection).filter { column in
            let type = SwiftTypeMap.mapping(of: column.base)?.swift
            return (type == "String" || type == "Int") && view.json[column.name] == nil
                && column.name != "slug" && !view.key.contains(column.name)
        }
        guard !shown.isEmpty else { throw .nothingToShow(view: viewName) }
        let type = TypeName.of(name.split(separator: "-").joined(separator: "_"))
        var addition = SiteAddition(to: site)
        addition.add(
            WrittenFile(
                "site/Fragments/\(type).swift", source(type, name, view, shown, cookie: cookie)))
        addition.add(
            [SiteSources.route(type, kind: cookie == nil ? "shared" : "perVisitor")],
            to: "site/Site.swift", at: "fragments")
        let bytes = try longest(shown, of: view, on: connection)
        addition.say("a slot for it, on any page (the longest row takes \(bytes) bytes):")
        let key = cookie == nil ? ", key: row.rowKey" : ""
        addition.say(
            "    Slot(\(type).self\(key), placement: \(placement(bytes))) { p { \"…\" } }")
        return addition
    }

    private static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.first.map { (0x61...0x7A).contains($0) }
                == true
            && name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
            }
    }

    /// Half as much again, as a power of two; what is too long for the page stands behind it.
    static func placement(_ bytes: Int) -> String {
        var capacity = 64
        while capacity < bytes + bytes / 2 { capacity *= 2 }
        return capacity > 65_536 ? ".tail" : ".inline(capacity: \(capacity))"
    }

    /// The bytes of the longest row as HTML.
    private static func longest(
        _ columns: [ViewColumn], of view: ViewDefinition, on connection: borrowing Connection
    ) throws(ScaffoldingError) -> Int {
        let parts = columns.map { column in
            let text = "v.\(SQLName.quoted(column.name))::text"
            let escaped = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")].reduce(text) {
                "replace(\($0), '\($1.0)', '\($1.1)')"
            }
            return "coalesce(octet_length(\(escaped)) + 7, 0)"
        }
        do throws(PostgresError) {
            let rows = try CatalogueReader.texts(
                "SELECT max(\(parts.joined(separator: " + ")))::text FROM sitegen.\(view.name) v",
                on: connection)
            return rows.first?.first.flatMap { Int($0) } ?? 0
        } catch {
            throw .database(error)
        }
    }

    private static func source(
        _ type: String, _ name: String, _ view: ViewDefinition, _ columns: [ViewColumn],
        cookie: String?
    ) -> String {
        let row = SwiftName.rowType(ofView: view.name)
        let body = columns.map { column in
            let value = SwiftName.property(ofColumn: column.name) ?? column.name
            return view.nullable.contains(column.name)
                ? "if let value = row.\(value) { p { value } }" : "p { row.\(value) }"
        }
        let about =
            cookie.map { cookie in
                """
                static let cookie = \(cookie.swiftLiteral)
                    static func visitor(_ row: \(row)) -> String { row.rowKey }
                """
            } ?? "static func key(_ row: \(row)) -> String { row.rowKey }"
        let whose =
            cookie == nil ? "the same for everybody" : "for the visitor whose cookie is its key"
        return """
            // Rows of \(view.name) as fragments: in Redis, put into pages as they are sent.

            import SiteAuthoring

            /// A row, \(whose).
            struct \(type): \(cookie == nil ? "SharedFragment" : "PrivateFragment") {
                static let name = \(name.swiftLiteral)
                \(about)

                let row: \(row)

                var view: HTML {
            \(body.map { "        \($0)\n" }.joined())    }
            }
            """
    }
}
