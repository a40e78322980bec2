// The lines that every answer begins with: Server, Date, and what a server's options add.
//
// They are written once a second, for HTTP/1.1 and for HTTP/2. One event loop owns one of these.

import Glibc
import Groundwork

/// What every answer has in common.
struct CommonFields {
    private let added: [UInt8]
    private var second = Int.min
    private var lines = FieldLines([])

    /// Those of a server that adds these lines, each with its line end.
    init(adding added: [UInt8] = []) { self.added = added }

    /// Those of now.
    mutating func now() -> FieldLines {
        let now = Glibc.time(nil)
        if now != second {
            second = now
            let date = DateText.date(secondsSince1970: now)
            lines = FieldLines(Array("Server: sitegen\r\nDate: \(date)\r\n".utf8) + added)
        }
        return lines
    }
}
