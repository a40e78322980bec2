// Data for scripts and search engines: JSON in a script element that runs nothing.
//
// The tree is typed, so a value of a row can be a string, a number or a flag and nothing else.
// `<`, `>`, `&` and the two line separators that old JavaScript stumbled over are written as
// escapes, so no text can end the element.

/// A JSON value; literals of Swift make one.
public indirect enum JSONValue: Hashable, Sendable {
    /// A text.
    case string(String)
    /// A whole number.
    case int(Int)
    /// A number; an infinite one is a fault and written as null.
    case double(Double)
    /// A flag.
    case bool(Bool)
    /// Nothing.
    case null
    /// A list.
    case array([JSONValue])
    /// Members in the order given; a name that comes twice is written twice.
    case object([Member])

    /// A member of an object.
    public struct Member: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The value.
        public var value: JSONValue

        /// A member of an object.
        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    public init(integerLiteral value: Int) { self = .int(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// A flag.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Nothing.
    public init(nilLiteral: ()) { self = .null }
    /// A list.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object, with its members in the order written.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}

/// Writes data as a script element of a JSON type, which browsers do not run.
///
/// - Parameters:
///   - value: the data.
///   - type: `application/ld+json`, or another type that ends in `json`; others stop the program.
///   - id: an id to find the element by, or nil.
/// - Returns: the element, written.
public func json(
    _ value: JSONValue, type: StaticString = "application/json", id: String? = nil
) -> HTML {
    let page = PageWriter.current
    page.checkNothingPending()
    if !type.description.hasSuffix("json") {
        stop("`json()` cannot have the type \(type). Use one that ends in json.")
    }
    page.write("<script type=\"")
    page.writeQuoted(type.description)
    if let id {
        page.write("\" id=\"")
        page.writeQuoted(id)
    }
    page.write("\">")
    page.write(value, depth: 0)
    page.write("</script>")
    return page.ended()
}

extension PageWriter {
    fileprivate func write(_ value: JSONValue, depth: Int) {
        if depth > MarkupLimits.nestingDepthMax {
            fault(.nestedTooDeep)
            return write("null")
        }
        switch value {
        case .string(let text): write(jsonString: text)
        case .int(let number): writeRaw(String(number))
        case .double(let number):
            if !number.isFinite { fault(.notANumber) }
            writeRaw(number.isFinite ? number.description : "null")
        case .bool(let flag): writeRaw(flag ? "true" : "false")
        case .null: write("null")
        case .array(let values):
            for (index, value) in values.enumerated() {
                write(byte: index == 0 ? 0x5b : 0x2c)
                write(value, depth: depth + 1)
            }
            write(values.isEmpty ? "[]" : "]")
        case .object(let members):
            for (index, member) in members.enumerated() {
                write(byte: index == 0 ? 0x7b : 0x2c)
                write(jsonString: member.name)
                write(byte: 0x3a)
                write(member.value, depth: depth + 1)
            }
            write(members.isEmpty ? "{}" : "}")
        }
    }

    private func write(jsonString text: String) {
        write(byte: 0x22)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": write("\\\"")
            case "\\": write("\\\\")
            case "\n": write("\\n")
            case "<", ">", "&", "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}", "\u{2028}", "\u{2029}":
                write("\\u")
                for shift in [12, 8, 4, 0] as [UInt32] {
                    let digit = UInt8(truncatingIfNeeded: scalar.value >> shift & 15)
                    write(byte: digit < 10 ? 0x30 + digit : 0x57 + digit)
                }
            default:
                for byte in scalar.utf8 { write(byte: byte) }
            }
        }
        write(byte: 0x22)
    }
}
