// Lines of the access log, written one behind the other into one buffer; nothing else is allocated.
//
// A line has no cookie, no query and no value of one. What a client sent is escaped, so that a line
// is one line and reads in the order it has.

internal import Groundwork

/// Writes lines.
package struct AccessLogWriter: Sendable {
    private let format: AccessLogFormat
    /// The lines that were not taken yet.
    package private(set) var bytes: [UInt8] = []
    private var second = Int.min
    private var stamp: [UInt8] = []

    /// A writer of lines of one form.
    package init(_ format: AccessLogFormat) { self.format = format }

    /// Hands the lines over.
    package mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    /// Adds a line; `now` is in seconds since 1970.
    package mutating func add(_ answer: LoggedAnswer, now: Int) {
        if now != second {
            second = now
            stamp = Array(
                (format == .json
                    ? DateText.timestamp(secondsSince1970: now)
                    : DateText.logTime(secondsSince1970: now)).utf8)
        }
        switch format {
        case .json: addJSON(answer)
        case .combined: addCombined(answer)
        }
        bytes.append(0x0A)
    }

    private mutating func addJSON(_ answer: LoggedAnswer) {
        add("{\"time\":\"")
        bytes.append(contentsOf: stamp)
        add("\",\"client\":\"")
        bytes.append(contentsOf: answer.client)
        add("\",\"method\":\"")
        escape(answer.method, isJSON: true)
        add("\",\"path\":\"")
        escape(answer.path, isJSON: true)
        add("\",\"version\":\"")
        escape(answer.version, isJSON: true)
        add("\",\"status\":")
        add(answer.status)
        add(",\"bytes\":")
        add(answer.bytes)
        if let coding = answer.coding {
            add(",\"coding\":\"")
            bytes.append(contentsOf: coding.utf8)
            add("\"")
        }
        add(",\"microseconds\":")
        add(answer.micros)
        if !answer.slots.isEmpty {
            add(",\"slots\":[")
            for (place, slot) in answer.slots.enumerated() {
                add(place == 0 ? "{\"name\":\"" : ",{\"name\":\"")
                bytes.append(contentsOf: slot.fragment.utf8)
                add("\",\"outcome\":\"")
                bytes.append(contentsOf: slot.outcome.name.utf8)
                add("\"}")
            }
            add("]")
        }
        if !answer.agent.isEmpty {
            add(",\"agent\":\"")
            escape(answer.agent, isJSON: true)
            add("\"")
        }
        if !answer.referer.isEmpty {
            add(",\"referer\":\"")
            escape(answer.referer, isJSON: true)
            add("\"")
        }
        add("}")
    }

    private mutating func addCombined(_ answer: LoggedAnswer) {
        bytes.append(contentsOf: answer.client)
        add(" - - [")
        bytes.append(contentsOf: stamp)
        add("] \"")
        var isFirst = true
        for word in [answer.method, answer.path, answer.version] where !word.isEmpty {
            if !isFirst { add(" ") }
            isFirst = false
            escape(word, isJSON: false)
        }
        if isFirst { add("-") }
        add("\" ")
        add(answer.status)
        add(" ")
        add(answer.bytes)
        add(" \"")
        if answer.referer.isEmpty { add("-") } else { escape(answer.referer, isJSON: false) }
        add("\" \"")
        if answer.agent.isEmpty { add("-") } else { escape(answer.agent, isJSON: false) }
        add("\"")
        for slot in answer.slots {
            add(" ")
            bytes.append(contentsOf: slot.fragment.utf8)
            add("=")
            bytes.append(contentsOf: slot.outcome.name.utf8)
        }
    }

    // MARK: Parts

    private mutating func add(_ text: StaticString) {
        text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    }

    private mutating func add(_ number: Int) {
        guard number > 0 else { return bytes.append(UInt8(ascii: "0")) }
        let start = bytes.count
        var left = number
        while left > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(left % 10))
            left /= 10
        }
        bytes[start...].reverse()
    }

    /// Quotes, backslashes, controls and (outside JSON) all that is not ASCII, escaped; in JSON
    /// also what is no character to be seen, such as a change of the direction of writing.
    private mutating func escape(_ text: ArraySlice<UInt8>, isJSON: Bool) {
        if text.allSatisfy({ Self.isPlain($0) }) { return bytes.append(contentsOf: text) }
        if isJSON, !text.allSatisfy({ $0 < 0x80 }),
            let characters = String(validating: text, as: UTF8.self)
        {
            for scalar in characters.unicodeScalars { escape(scalar) }
            return
        }
        for byte in text { escape(byte, isJSON: isJSON) }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8, isJSON: Bool) {
        if Self.isPlain(byte) {
            bytes.append(byte)
        } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        } else {
            add(isJSON ? "\\u00" : "\\x")
            bytes.append(Self.digit(byte >> 4))
            bytes.append(Self.digit(byte & 15))
        }
    }

    private mutating func escape(_ scalar: Unicode.Scalar) {
        guard scalar.value >= 0x80 else { return escape(UInt8(scalar.value), isJSON: true) }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
            .unassigned:
            for unit in String(scalar).utf16 {
                add("\\u")
                for shift in stride(from: 12, through: 0, by: -4) {
                    bytes.append(Self.digit(UInt8(unit >> UInt16(shift) & 15)))
                }
            }
        default: bytes.append(contentsOf: String(scalar).utf8)
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
