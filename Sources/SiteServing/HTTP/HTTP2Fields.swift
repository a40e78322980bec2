// The head of an answer as HTTP/2 has it: names in lower case, and nothing about the connection.
//
// Lines that many answers share are split once; which fields enter the table is `HPACKTable`'s
// rule.

import NIOHPACK

/// Makes fields of HTTP/2.
enum HTTP2Fields {
    /// The fields of an answer; `common` are those that every one begins with.
    static func headers(_ answer: Answer, common: FieldLines) -> HPACKHeaders {
        var headers = HPACKHeaders()
        headers.add(name: ":status", value: "\(answer.status)")
        headers.add(contentsOf: common.headers)
        if let fields = answer.fields { headers.add(contentsOf: fields.headers) }
        if let validators = answer.validators { headers.add(contentsOf: validators.headers) }
        if !answer.own.isEmpty { add(answer.own, to: &headers) }
        if let length = answer.length, !answer.saysLength {
            headers.add(name: "content-length", value: "\(length)", indexing: .nonIndexable)
        }
        return headers
    }

    /// Adds the fields of lines, each `name: value` and its line end.
    static func add(_ lines: [UInt8], to headers: inout HPACKHeaders) {
        var start = 0
        while start < lines.count {
            var colon = start
            while colon < lines.count, lines[colon] != UInt8(ascii: ":") { colon += 1 }
            var end = colon
            while end < lines.count, lines[end] != Byte.cr { end += 1 }
            var value = colon + 1
            while value < end, lines[value] == Byte.space { value += 1 }
            if value <= end {
                let name = String(decoding: lines[start..<colon], as: UTF8.self).lowercased()
                let text = String(decoding: lines[value..<end], as: UTF8.self)
                headers.add(name: name, value: text, indexing: HPACKTable.indexing(name, text))
            }
            start = end + 2
        }
    }
}
