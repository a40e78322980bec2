// Where a row's key stands in its address, as one row shows it. Most addresses are made of a key
// between two texts that do not change, so the row of another address can be asked for at once; it
// then shows whether the guess was right.

/// How addresses of a route hold keys.
struct KeyGuess: Equatable {
    private let prefix: String
    private let suffix: String

    /// Learns from one row; nil if its key is not in the address exactly once.
    init?(key: String, path: String) {
        let parts = path.split(separator: key, omittingEmptySubsequences: false)
        guard !key.isEmpty, parts.count == 2 else { return nil }
        (prefix, suffix) = (String(parts[0]), String(parts[1]))
    }

    /// The key that an address would hold; nil if it is not of this form.
    func key(of path: String) -> String? {
        guard path.utf8.count > prefix.utf8.count + suffix.utf8.count, path.hasPrefix(prefix),
            path.hasSuffix(suffix)
        else { return nil }
        return String(path.dropFirst(prefix.count).dropLast(suffix.count))
    }
}
