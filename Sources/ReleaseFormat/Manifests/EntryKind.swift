/// What an entry is.
package enum EntryKind: Sendable, Hashable {
    /// An HTML page made from a row or written by the author.
    case page
    /// Another document made by the author: a feed, a site map, an image in SVG.
    case file
    /// A file of `public/`, copied.
    case asset
    /// A redirect with no body; its status is one of `redirectStatuses`.
    case redirect(to: String, status: Int)
    /// What was here once and will not come back: status 410, with the page for unknown paths.
    case gone
    /// The page for paths that do not exist; at most one for each release.
    case notFound

    /// What a redirect may say: for good or for a while, with the same method or with GET
    /// (RFC 9110 section 15.4).
    static let redirectStatuses = [301, 302, 307, 308]

    /// Whether it has bytes of its own.
    var hasBytes: Bool {
        switch self {
        case .redirect, .gone: false
        case .page, .file, .asset, .notFound: true
        }
    }
}

extension EntryKind: RecordCode {
    static var unknown: String { "a kind of entry is unknown" }

    /// The kind of a number; a redirect leads nowhere yet.
    init?(code: UInt8) {
        switch code {
        case 0: self = .page
        case 1: self = .file
        case 2: self = .asset
        case 3: self = .redirect(to: "", status: 308)
        case 4: self = .redirect(to: "", status: 307)
        case 5: self = .notFound
        case 6: self = .redirect(to: "", status: 301)
        case 7: self = .redirect(to: "", status: 302)
        case 8: self = .gone
        default: return nil
        }
    }

    /// The number of a kind in manifests.
    var code: UInt8 {
        switch self {
        case .page: 0
        case .file: 1
        case .asset: 2
        case .redirect(_, 308): 3
        case .redirect(_, 307): 4
        case .notFound: 5
        case .redirect(_, 301): 6
        case .redirect: 7
        case .gone: 8
        }
    }
}
