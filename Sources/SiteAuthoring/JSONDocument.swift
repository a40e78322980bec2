internal import FoundationEssentials

/// JSON that becomes a file, from whichever side an author has it: what PostgreSQL made, or a Swift
/// value.
///
/// What is not JSON stops the build, with the row's key and the place.
public struct JSONDocument: Sendable {
    /// The bytes, or why there are none.
    package let bytes: Result<[UInt8], Fault>

    /// Why there is no JSON.
    package struct Fault: Error {
        /// A clause.
        package let reason: String
    }

    /// JSON that is one already, such as a column that `json_agg` made; it is checked.
    public init(_ text: String) {
        let text = Array(text.utf8)
        bytes =
            switch JSONSyntax.fault(in: text) {
            case let fault?: .failure(Fault(reason: "it is not JSON: \(fault)"))
            case nil: .success(text)
            }
    }

    /// A Swift value; members are sorted by name, so that equal values give equal bytes.
    public init(encoding value: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            bytes = .success([UInt8](try encoder.encode(value)))
        } catch EncodingError.invalidValue(_, let context) {
            let place = context.codingPath.map(\.stringValue).joined(separator: ".")
            bytes = .failure(Fault(reason: "JSON has no such value, at \(place)"))
        } catch {
            bytes = .failure(Fault(reason: "JSON has no such value"))
        }
    }
}
