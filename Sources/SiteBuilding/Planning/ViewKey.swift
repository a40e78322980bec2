import ReleaseFormat
import SiteAuthoring
import Synchronization

/// A row of a view; two are the same if their bytes are.
struct ViewKey: Hashable, Sendable {
    let view: String
    let key: String

    init(_ view: String, _ key: String) {
        self.view = view
        self.key = key
    }

    static func == (one: ViewKey, other: ViewKey) -> Bool {
        one.key.utf8.elementsEqual(other.key.utf8) && one.view.utf8.elementsEqual(other.view.utf8)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

    /// What rows are sorted by: first by view, then by key.
    static func bytes(_ view: String, _ key: some Collection<UInt8>) -> [UInt8] {
        Array(view.utf8) + [0] + key
    }

    /// The bytes of this row.
    var bytes: [UInt8] { Self.bytes(view, key.utf8) }
}
