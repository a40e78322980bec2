// What PostgreSQL says about the columns of a view, and whether the view file fits them.
//
// PostgreSQL knows names and types of a view's columns, not whether they can be NULL: that is what
// `-- nullable:` is for. Type names are those of `format_type`, the longest and stablest spelling.

/// A column as the database describes it.
package struct ViewColumn: Equatable, Sendable {
    /// The column's name.
    package let name: String
    /// The type as PostgreSQL writes it, with its modifier: `character varying(20)`.
    package let type: String
    /// The kind of value it is read as.
    package let base: BaseType

    /// A column of a view.
    package init(name: String, type: String, base: BaseType) {
        self.name = name
        self.type = type
        self.base = base
    }

    /// What a type of PostgreSQL is.
    package indirect enum BaseType: Equatable, Sendable {
        /// A type of the system catalogue, by its internal name: `int4`, `text`, `jsonb` …
        case builtIn(String)
        /// A type made with CREATE TYPE … AS ENUM.
        case enumeration
        /// An array of another type.
        case array(BaseType)
        /// Anything that rows cannot hold: composites, ranges, types of extensions.
        case other(String)
    }
}

extension ViewDefinition {
    /// Everything in the header that does not fit the columns of the view.
    package func problems(with columns: [ViewColumn]) -> [DefinitionProblem] {
        var problems: [DefinitionProblem] = []
        func report(_ header: String, _ message: String) {
            problems.append(DefinitionProblem(file, headerLines[header] ?? sqlLine, message))
        }
        let names = columns.map(\.name)
        let list = names.joined(separator: ", ")
        if columns.count > ViewLimits.columnsMax {
            report("key", "A view has at most \(ViewLimits.columnsMax) columns.")
        }
        if refresh == .incremental, names.contains("rev") {
            report(
                "key",
                "`rev` is the column in which sitegen numbers changes. Rename yours with AS.")
        }
        for column in key where !names.contains(column) {
            report("key", "The view has no column \(column) for its key. It has \(list).")
        }
        for column in nullable.sorted() where !names.contains(column) && json[column] == nil {
            report("nullable", "The view has no column \(column). It has \(list).")
        }
        for (column, type) in json.sorted(by: { $0.key < $1.key }) {
            guard let found = columns.first(where: { $0.name == column }) else {
                report("json", "The view has no column \(column). It has \(list).")
                continue
            }
            switch found.base {
            case .builtIn("json"), .builtIn("jsonb"): break
            case .builtIn("text"), .builtIn("varchar"):
                report(
                    "json",
                    "\(column) is \(found.type), and nobody has seen to it that it is JSON. "
                        + "Cast what makes it: (…)::jsonb AS \(column).")
            default:
                report(
                    "json",
                    "\(column) is \(found.type), so it cannot be read as \(type.text). "
                        + "JSON columns are json or jsonb.")
            }
        }
        problems += rowProblems(columns)
        for column in columns where SwiftName.property(ofColumn: column.name) == nil {
            let line = line(ofNameIn: "\"\(column.name)\"") ?? sqlLine
            problems.append(
                DefinitionProblem(
                    file, line,
                    column.name == "?column?"
                        ? "A column has no name. Give every expression one with AS."
                        : "`\(column.name)` cannot be a property of a Swift type. Give the column "
                            + "another name with AS: letters, digits and _."))
        }
        var properties: [String: String] = [:]
        for column in columns {
            guard let property = SwiftName.property(ofColumn: column.name) else { continue }
            if let other = properties.updateValue(column.name, forKey: property) {
                report(
                    "key",
                    "\(other) and \(column.name) would both be \(property) in Swift. "
                        + "Give one of them another name with AS.")
            }
        }
        return problems
    }

    /// What does not fit of the headers that decide which rows are shown, and where.
    private func rowProblems(_ columns: [ViewColumn]) -> [DefinitionProblem] {
        var problems: [DefinitionProblem] = []
        func report(_ header: String, _ message: String) {
            problems.append(DefinitionProblem(file, headerLines[header] ?? sqlLine, message))
        }
        let names = columns.map(\.name)
        let list = names.joined(separator: ", ")
        if let draft, columns.first(where: { $0.name == draft })?.base != .builtIn("bool") {
            report(
                "draft",
                names.contains(draft)
                    ? "`draft:` names a column of type boolean. Make \(draft) one."
                    : "The view has no column \(draft). It has \(list).")
        }
        if let moved {
            switch columns.first(where: { $0.name == moved })?.base {
            case nil: report("moved", "The view has no column \(moved). It has \(list).")
            case .builtIn("text"), .builtIn("varchar"): break
            default: report("moved", "`moved:` keeps texts. Cast \(moved) to text.")
            }
        }
        return problems
    }
}
