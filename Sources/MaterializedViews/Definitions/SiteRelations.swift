// What stands in a site's schema under which name, and how a view file says "in my site's schema".
//
// In every view file `sitegen.` is the schema of the site that the file belongs to, so that a file
// means the same whatever the site is called. Only the statement's words are looked at: a literal
// or a comment stays as it is.

import Postgres

extension SiteSchema {
    /// What view files call the schema of their own site.
    static let authored = "sitegen"

    /// A view or its rows, in SQL.
    func view(_ name: String) -> String { "\(self).\(name.quotedName)" }

    /// The statement of an incremental view, as a view of its own.
    func statement(of view: String) -> String { "\(self).\("def_\(view)".quotedName)" }

    /// A function of an incremental view.
    func function(_ prefix: String, of view: String) -> String {
        "\(self).\("\(prefix)_\(view)".quotedName)"
    }

    /// Where the rows of a view are computed beforehand; no view has a name like that.
    func staged(_ view: String) -> String { "\(self).\("staged \(view)".quotedName)" }

    /// The statement of a view that is computed beforehand.
    func fresh(_ view: String) -> String { "\(self).\("fresh \(view)".quotedName)" }

    /// A view's name with its schema.
    func qualified(_ view: String) -> QualifiedName {
        QualifiedName(schema: description, name: view)
    }

    /// What the names of triggers on tables of others begin with.
    var triggerPrefix: String { "\(self)_" }

    /// A statement of a view file as this site means it.
    func statement(_ sql: String, _ tokens: [SQLToken], from start: Int = 0) -> String {
        guard site != nil else { return sql }
        let places = Self.mentions(in: tokens).map { tokens[$0].range }
        return sql.replacing(
            places.map { $0.lowerBound - start..<$0.upperBound - start }, with: description)
    }

    /// The tokens that name a site's schema: `sitegen` in front of a dot and behind none.
    ///
    /// - Parameters:
    ///   - tokens: a statement's, without comments.
    ///   - name: the schema.
    /// - Returns: their places; behind each there is a dot and a token more.
    static func mentions(in tokens: [SQLToken], of name: String = authored) -> [Int] {
        tokens.indices.dropLast(2).filter { index in
            (tokens[index].kind == .word || tokens[index].kind == .quotedName)
                && tokens[index].text == name && tokens[index + 1].isSymbol(".")
                && (index == 0 || !tokens[index - 1].isSymbol("."))
        }
    }
}

extension Watch {
    /// The watch of the keys of a view that wait.
    static func keys(of view: String, in schema: SiteSchema) -> Watch {
        Watch(table: schema.qualified(view), columns: [], part: .keys)
    }
}

extension String {
    /// The text with some ranges of its UTF-8 replaced; they are in order and apart.
    func replacing(_ ranges: [Range<Int>], with text: String) -> String {
        let bytes = Array(utf8)
        var result: [UInt8] = []
        var at = 0
        for range in ranges {
            result += bytes[at..<range.lowerBound] + Array(text.utf8)
            at = range.upperBound
        }
        return String(decoding: result + bytes[at...], as: UTF8.self)
    }
}
