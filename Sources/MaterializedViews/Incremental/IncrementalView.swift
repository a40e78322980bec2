// An incremental view with everything that its SQL is made of.
//
// Rows are in table `sitegen.<view>`, the author's statement is view `sitegen.def_<view>`, and four
// functions keep the one equal to the other: `keys_` (changed links to keys), `apply_` (recompute,
// compare, write what differs, tell), `refresh_` (in chunks, setting a bad row aside) and `step_`.

import Postgres

/// An incremental view and what was found out about it.
struct IncrementalView: Equatable {
    let definition: ViewDefinition
    let columns: [ViewColumn]
    let dependencies: ViewDependencies
    /// The schemas in which the statement's functions look for names, as for whoever installed it.
    let searchPath: String
    /// The database's own settings that the statement's functions read, as whoever installed it
    /// had them.
    var settings: [String: String] = [:]

    var name: String { definition.name }
    /// The schema of the site.
    var schema: SiteSchema { definition.schema }
    /// The table of rows.
    var table: String { schema.view(name) }
    /// The author's statement as a view.
    var statement: String { schema.statement(of: name) }
    /// One of the view's functions.
    func function(_ prefix: String) -> String { schema.function(prefix, of: name) }
    /// The watch of its keys that wait.
    var waiting: Watch { Watch.keys(of: name, in: schema) }
    /// The type of arrays of keys.
    var keys: String { "\(dependencies.keyType)[]" }
    /// The view's name as a string of SQL; names are letters, digits and _.
    var literal: String { "'\(name)'" }

    /// The columns of a row by which it is looked up, as they stand in arrays of keys.
    func key(of alias: String) -> String {
        let parts = dependencies.lookup.map { column in "\(alias).\(column.quotedName)" }
        return parts.count == 1 ? parts[0] : RowKey.sql(parts)
    }

    /// That a row is among the keys of an array.
    ///
    /// - Parameters:
    ///   - array: SQL of the array.
    ///   - alias: the row.
    ///   - isComputed: whether the row is one of the statement and not yet there.
    /// - Returns: SQL of a condition.
    func isAmong(_ array: String, _ alias: String, isComputed: Bool = false) -> String {
        let parts = dependencies.lookup.map { column in "\(alias).\(column.quotedName)" }
        guard parts.count > 1 else { return "\(parts[0]) = ANY (\(array))" }
        let values = dependencies.lookupTypes.enumerated().map { place, type in
            RowKey.sql(part: place, of: "k", type: type)
        }
        let pair =
            "(\(parts.joined(separator: ", "))) IN "
            + "(SELECT \(values.joined(separator: ", ")) FROM unnest(\(array)) AS u (k))"
        guard isComputed, let pushed = dependencies.pushed,
            let place = dependencies.lookup.firstIndex(of: pushed)
        else { return pair }
        return "\(parts[place]) = ANY (ARRAY(SELECT DISTINCT \(values[place]) "
            + "FROM unnest(\(array)) AS u (k))) AND \(pair)"
    }

    /// The functions of a view, in the order in which they call each other.
    func createFunctions(_ numbers: [Watch: Int]) -> [String] {
        [createKeys(numbers), createApply, createRefresh, createStep(numbers)]
    }

    /// Drops the statement and the functions of a view, whatever types they take.
    static func drops(
        of name: String, on connection: borrowing Connection
    ) throws(ViewError) -> [String] {
        let functions = try connection.texts(
            """
            SELECT format('DROP FUNCTION %s', p.oid::regprocedure) FROM pg_catalog.pg_proc p
            WHERE p.pronamespace = to_regnamespace('\(connection.schema)') AND p.proname IN
                ('keys_' || $1, 'apply_' || $1, 'refresh_' || $1, 'step_' || $1)
            """, [name], doing: "looking for the functions of \(name)")
        return ["DROP VIEW IF EXISTS \(connection.schema.statement(of: name))"]
            + functions.compactMap { row in row[0] }
    }

    /// That two rows have the same key.
    func isSame(_ first: String, _ second: String) -> String {
        dependencies.key.map { column in
            "\(first).\(column.quotedName) = \(second).\(column.quotedName)"
        }.joined(separator: " AND ")
    }
}

extension IncrementalView {
    /// The settings of texts: a text that depends on the session would make pages differ between
    /// machines, and a link would not be read back as it was written (data types' output functions
    /// read these).
    static let texts = PinnedSettings.clauses(PinnedSettings.ofTexts)

    /// The settings of the function that computes rows.
    var answering: String {
        let language = settings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return "\(computing) \(PinnedSettings.clauses(PinnedSettings.ofAnswers + language))"
    }

    /// The settings of a view's functions.
    var computing: String {
        """
        SECURITY DEFINER SET search_path = \(searchPath)
        SET plan_cache_mode = force_generic_plan SET jit = off
        \(Self.texts)
        """
    }
}
