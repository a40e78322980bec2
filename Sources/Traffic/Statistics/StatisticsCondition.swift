// Conditions on rows, as people write them: `page=/looks/*,device=phone`.
//
// A column is one of a list, and a value becomes a parameter: nothing of it is ever SQL.

/// A condition on rows: `page=/looks/*`.
package struct StatisticsCondition: Equatable, Sendable {
    /// What it is about, and the SQL that a text is compared with.
    private static let columns = [
        "page": "p.path", "source": "n.name", "campaign": "c.name", "browser": "a.family",
        "system": "a.system", "language": "a.language",
        "device":
            "(ARRAY['unknown', 'desktop', 'phone', 'tablet', 'television'])[a.device + 1]",
    ]
    let column: String
    let value: String

    /// Reads conditions with commas between them.
    ///
    /// - Throws: `.badCondition`.
    package static func all(in text: String) throws -> [Self] {
        try text.split(separator: ",").map { part in
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, let column = columns[String(sides[0])] else {
                throw TrafficError.badCondition(
                    """
                    \(part) is no condition.
                    Write \(columns.keys.sorted().joined(separator: ", ")), each as \
                    NAME=VALUE with * for any text, and commas between them.
                    """)
            }
            return Self(column: column, value: String(sides[1]))
        }
    }

    /// The pattern of LIKE.
    var pattern: String {
        var pattern = ""
        for character in value {
            switch character {
            case "*": pattern += "%"
            case "%", "_", "\\": pattern += "\\\(character)"
            default: pattern.append(character)
            }
        }
        return pattern
    }
}
