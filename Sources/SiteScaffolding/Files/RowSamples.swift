// Made-up rows, for the tests of a written site: a value of every type that a row may hold.
//
// Texts hold what has to be escaped, so that the tests see whether it is. Columns that may be NULL
// are left out: a page must do without them.

import MaterializedViews

/// Writes rows that no database has.
enum RowSamples {
    /// The text that tests look for: everything in it has to be escaped.
    static let text = #"A & B <i>"quoted"</i>"#

    /// An initialiser call of a view's row class.
    ///
    /// - Returns: nil if there is a type of which no value can be made up.
    static func row(_ definition: ViewDefinition, _ columns: [ViewColumn]) -> String? {
        var arguments: [String] = []
        for column in columns {
            guard let property = SwiftName.property(ofColumn: column.name) else { return nil }
            let label = property.split(separator: "`").joined()
            if definition.nullable.contains(column.name) { continue }
            if let json = definition.json[column.name] {
                guard let value = sample(ofJSON: json.text) else { return nil }
                arguments.append("\(label): \(value)")
                continue
            }
            guard let mapping = SwiftTypeMap.mapping(of: column.base),
                let value = values[mapping.swift]
            else { return nil }
            arguments.append("\(label): \(value)")
        }
        return "\(SwiftName.rowType(ofView: definition.name))(\n            "
            + arguments.joined(separator: ",\n            ") + ")"
    }

    private static func sample(ofJSON type: String) -> String? {
        switch type {
        case "NamedLink": "NamedLink(slug: \"a\", name: text)"
        case "[NamedLink]": "[NamedLink(slug: \"a\", name: text)]"
        default: nil
        }
    }

    private static let values = [
        "String": "text", "Int": "12_345", "Bool": "true", "Float": "1.5", "Double": "1.5",
        "PostgresUUID": "PostgresUUID(high: 1, low: 2)",
        "PostgresDate": "PostgresDate(year: 2026, month: 5, day: 3)",
        "Timestamp": "Timestamp(microsecondsSince2000: 0)",
        "Numeric": "Numeric(\"1.5\")!", "[String]": "[text]", "[Int]": "[1]",
    ]
}
