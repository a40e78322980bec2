// The views of a site as files, with what PostgreSQL says about their columns.
//
// Nothing is installed: where a statement reads a card, the card's own statement stands in its
// place while PostgreSQL looks at it.

import MaterializedViews
import Postgres

/// View files and row types.
struct DescribedViews {
    private let definitions: [ViewDefinition]
    private let columns: [String: [ViewColumn]]
    private let texts: [ViewText]

    /// Writes the views of an outline and has them described.
    ///
    /// - Throws: what PostgreSQL or the rules of view files say against one of them.
    init(
        _ outline: SiteOutline, _ sections: [HomeSection], on connection: borrowing Connection
    ) throws(ScaffoldingError) {
        var inlined = SiteViews(isUnicode: outline.isUnicode)
        let plain = inlined
        let cards = Dictionary(
            outline.pages.map { ($0.base, plain.card($0).sql) },
            uniquingKeysWith: { first, _ in first })
        inlined.source = { "(\(cards[$0.base] ?? "SELECT"))" }
        let described = Self.texts(of: outline, sections, inlined)
        let columns: [String: [ViewColumn]]
        do throws(ViewError) {
            columns = try RowGenerator.columns(of: Self.definitions(described), on: connection)
        } catch {
            throw .view(error)
        }
        try self.init(outline, sections, and: [], columns: columns)
    }

    /// Writes the views of an outline and others, whose columns are known.
    ///
    /// - Throws: as the other initialiser.
    init(
        _ outline: SiteOutline, _ sections: [HomeSection], and others: [ViewText],
        columns: [String: [ViewColumn]]
    ) throws(ScaffoldingError) {
        texts =
            Self.texts(of: outline, sections, SiteViews(isUnicode: outline.isUnicode)) + others
        self.columns = columns
        do throws(ViewError) {
            definitions = try Self.definitions(texts)
            generated = try RowGenerator.source(definitions: definitions, columns: columns)
        } catch {
            throw .view(error)
        }
    }

    private static func texts(
        of outline: SiteOutline, _ sections: [HomeSection], _ views: SiteViews
    ) -> [ViewText] {
        outline.pages.flatMap { [views.card($0), views.page($0), views.list($0)] }
            + [views.home(sections)]
    }

    private static func definitions(_ texts: [ViewText]) throws(ViewError) -> [ViewDefinition] {
        var definitions: [ViewDefinition] = []
        for text in texts { definitions.append(try text.definition()) }
        return definitions
    }

    /// The text of Rows.generated.swift.
    private let generated: String

    /// The files of the views and of their row types.
    var files: [WrittenFile] {
        texts.map { WrittenFile($0.file, $0.text) } + [WrittenFile(RowGenerator.path, generated)]
    }

    /// The file of a view; nil if there is none of that name.
    func file(_ name: String) -> WrittenFile? {
        texts.first { $0.name == name }.map { WrittenFile($0.file, $0.text) }
    }

    /// A made-up row of a view; nil if there is no such view, or none can be made up.
    func sample(_ name: String) -> String? {
        guard let definition = definitions.first(where: { $0.name == name }),
            let columns = columns[name]
        else { return nil }
        return RowSamples.row(definition, columns)
    }
}
