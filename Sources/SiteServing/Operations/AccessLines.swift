/// Writes lines.
struct AccessLines: Sendable {
    let format: AccessLogFormat
    private(set) var bytes: [UInt8] = []
    private var second = Int.min
    private var stamp: [UInt8] = []

    init(_ format: AccessLogFormat) { self.format = format }

    /// Hands the lines over.
    mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    /// Adds a line; `client` is an address or `-`, `now` seconds since 1970.
    mutating func add(_ record: AccessRecord, client: String, now: Int) {
        if now != second {
            second = now
            stamp = Array(
                (format == .json
                    ? DateText.timestamp(secondsSince1970: now)
                    : DateText.logTime(secondsSince1970: now)).utf8)
        }
        switch format {
        case .json: addJSON(record, client)
        case .combined: addCombined(record, client)
        }
        bytes.append(0x0A)
    }

    private mutating func addJSON(_ record: AccessRecord, _ client: String) {
        bytes += Array("{\"time\":\"".utf8) + stamp + Array("\",\"client\":\"\(client)\"".utf8)
        for (name, value) in [
            ("method", record.line.method), ("path", record.line.path),
            ("version", record.line.version),
        ] {
            bytes += Array(",\"\(name)\":\"".utf8)
            escape(value, isJSON: true)
            bytes.append(UInt8(ascii: "\""))
        }
        let answered = record.answered
        bytes += Array(",\"status\":\(answered.status),\"bytes\":\(answered.bodyBytes)".utf8)
        if let coding = answered.coding { bytes += Array(",\"coding\":\"\(coding)\"".utf8) }
        bytes += Array(",\"microseconds\":\(record.nanoseconds / 1_000)".utf8)
        if !record.slots.isEmpty {
            let slots = record.slots.map {
                "{\"name\":\"\($0.name)\",\"outcome\":\"\($0.outcome)\"}"
            }
            bytes += Array(",\"slots\":[\(slots.joined(separator: ","))]".utf8)
        }
        for (name, value) in [("agent", record.agent), ("referer", record.referer)]
        where !value.isEmpty {
            bytes += Array(",\"\(name)\":\"".utf8)
            escape(value, isJSON: true)
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func addCombined(_ record: AccessRecord, _ client: String) {
        bytes += Array("\(client) - - [".utf8) + stamp
        bytes += Array("] \"".utf8)
        escape(record.line.text, isJSON: false)
        let answered = record.answered
        bytes += Array("\" \(answered.status) \(answered.bodyBytes) \"".utf8)
        escape(record.referer.isEmpty ? [UInt8(ascii: "-")] : record.referer, isJSON: false)
        bytes += Array("\" \"".utf8)
        escape(record.agent.isEmpty ? [UInt8(ascii: "-")] : record.agent, isJSON: false)
        bytes.append(UInt8(ascii: "\""))
        for slot in record.slots { bytes += Array(" \(slot.name)=\(slot.outcome)".utf8) }
    }

    /// Quotes, backslashes, controls and (outside JSON) all that is not ASCII, escaped; in JSON
    /// also what is no character to be seen, such as a change of the direction of writing.
    private mutating func escape(_ text: [UInt8], isJSON: Bool) {
        if isJSON, !text.allSatisfy({ $0 < 0x80 }),
            let characters = String(validating: text, as: UTF8.self)
        {
            for scalar in characters.unicodeScalars { escape(scalar) }
            return
        }
        for byte in text {
            let isQuoted = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
            if isQuoted {
                bytes += [UInt8(ascii: "\\"), byte]
            } else if byte >= 0x20, byte < 0x7F {
                bytes.append(byte)
            } else {
                bytes += Array((isJSON ? "\\u00" : "\\x").utf8)
                bytes += [Self.digit(byte >> 4), Self.digit(byte & 15)]
            }
        }
    }

    private mutating func escape(_ scalar: Unicode.Scalar) {
        guard scalar.value >= 0x80 else { return escape([UInt8(scalar.value)], isJSON: true) }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
            .unassigned:
            for unit in String(scalar).utf16 {
                bytes += Array("\\u".utf8)
                for shift in stride(from: 12, through: 0, by: -4) {
                    bytes.append(Self.digit(UInt8(unit >> UInt16(shift) & 15)))
                }
            }
        default: bytes += Array(String(scalar).utf8)
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
