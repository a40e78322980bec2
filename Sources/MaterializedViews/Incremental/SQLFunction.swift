// A function of the database as text, in dollar quotes that nothing inside can end.
//
// Bodies hold names of tables and columns, and a name may hold anything, also what looks like our
// quotes. The tag is one that the body does not hold, so the body is never read as anything else.

/// A function that sitegen makes in the database.
struct SQLFunction: Equatable {
    /// Everything before AS.
    let head: String
    /// What stands between the quotes.
    let body: String

    /// One CREATE FUNCTION.
    var create: String {
        var tag = "$sitegen$"
        var number = 1
        while body.contains(tag) {
            tag = "$sitegen\(number)$"
            number += 1
        }
        return "\(head) AS \(tag)\(body)\(tag)"
    }
}

extension SQLText {
    /// A string in single quotes, whatever `standard_conforming_strings` says.
    static func literal(_ text: String) -> String {
        let quoted = text.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "''")
        guard quoted.contains("\\") else { return "'\(quoted)'" }
        return "E'"
            + quoted.split(separator: "\\", omittingEmptySubsequences: false)
            .joined(separator: "\\\\") + "'"
    }
}
