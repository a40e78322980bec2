import FoundationEssentials
import Postgres

/// The bytes of a JSON column, copied once, to where Foundation wants them.
struct JSONText: PostgresDecodable {
    let data: Data

    /// One decoder for the process.
    ///
    /// It keeps nothing between two calls, and its options are never changed. (Making one for each
    /// value was measured at 4 % of reading an object of four members, and below noise for more.)
    static let decoder = JSONDecoder()

    static var postgresExpectation: String { "JSON" }

    static func accepts(_ type: PostgresType) -> Bool { String.accepts(type) }

    init?(postgres bytes: Span<UInt8>, type: PostgresType) {
        var bytes = bytes
        if type == .jsonb {
            guard bytes.count > 0, bytes[0] == 1 else { return nil }
            bytes = bytes.extracting(1..<bytes.count)
        }
        data = unsafe bytes.withUnsafeBytes { raw in unsafe Data(raw) }
    }

    /// Where and why a decoding failed, without any value.
    static func problem(_ error: any Error) -> String {
        if let key = error as? MisspeltKey { return "\(key)" }
        guard let error = error as? DecodingError else { return "it cannot be read" }
        switch error {
        case .keyNotFound(let key, let context):
            return "\(path(context.codingPath))it has no key `\(key.stringValue)`"
        case .valueNotFound(_, let context):
            return "\(path(context.codingPath))a value is null"
        case .typeMismatch(let type, let context):
            return "\(path(context.codingPath))a value is no \(type)"
        case .dataCorrupted(let context):
            return "\(path(context.codingPath))it is not valid"
        @unknown default:
            return "it cannot be read"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        guard !keys.isEmpty else { return "" }
        var text = "at "
        for key in keys {
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += (text == "at " ? "" : ".") + key.stringValue
            }
        }
        return text + ", "
    }
}
