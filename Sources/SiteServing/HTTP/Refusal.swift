/// Why a request is answered with an error and the connection closed.
package enum Refusal: Equatable, Sendable {
    /// Not HTTP, or ambiguous: 400.
    case malformed
    /// The request line or path is too long: 414.
    case targetTooLong
    /// The header lines are too long or too many: 431.
    case headerTooLarge
    /// A version other than 1.0 and 1.1: 505.
    case versionUnknown
    /// The head did not come in time: 408.
    case tooSlow
    /// An Expect other than `100-continue`: 417.
    case expectationUnknown
    /// Too many requests of this client: 429.
    case tooMany
    /// A body that is longer than the one kind that is read may be: 413.
    case bodyTooLarge
    /// A body of that kind without its length: 411.
    case lengthMissing
    /// Too many connections: 503.
    case overloaded

    /// The status code of the answer.
    package var status: Int {
        switch self {
        case .malformed: 400
        case .tooSlow: 408
        case .lengthMissing: 411
        case .bodyTooLarge: 413
        case .targetTooLong: 414
        case .expectationUnknown: 417
        case .tooMany: 429
        case .headerTooLarge: 431
        case .overloaded: 503
        case .versionUnknown: 505
        }
    }
}
