import ReleaseFormat

/// What a thread makes of a row, as far as the row is identified by it.
struct NotedWork: Sendable, Equatable {
    /// The author's page or fragment type.
    let route: String
    /// The view; the route's name when it reads none.
    let view: String
    /// The row's key; empty without a row.
    let key: String
    /// The digest of the row's columns; nil without a row.
    let digest: RowDigest?
}

extension NotedWork {
    /// The row as messages name it.
    var place: String { key.isEmpty ? view : "\(view), row \(key)" }
}
