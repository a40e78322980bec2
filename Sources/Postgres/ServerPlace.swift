// Which server and database a connection string names, in words that anyone may read.
//
// libpq takes the string apart, in each of its forms; user, password and whatever else it holds are
// never part of the words.

internal import CLibPQ

/// The place that a connection string names.
package enum ServerPlace {
    /// `database shop at db.example, port 5433`, as far as the string says; nil if libpq cannot
    /// read it.
    package static func words(of string: String) -> String? {
        guard let options = unsafe PQconninfoParse(string, nil) else { return nil }
        defer { unsafe PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                unsafe values[String(cString: keyword)] = String(cString: value)
            }
            unsafe option += 1
        }
        var words = values["dbname"].map { "database \($0)" } ?? "the user's database"
        let host = values["host"] ?? values["hostaddr"] ?? "the usual place"
        // A password with an `@` that is not encoded ends up in the host, one without the `@`
        // behind it in the port.
        guard !host.contains("@") else { return nil }
        words += " at \(host)"
        if let port = values["port"], port.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            words += ", port \(port)"
        }
        return words
    }
}
