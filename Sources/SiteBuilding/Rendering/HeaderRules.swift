// Response headers of one page or file: its policy, the fixed security headers, and what the site's
// rules change of both.
//
// Most pages are met by the same rules, so a block is made once for each policy and set of rules.

import ContentSecurity
import ReleaseFormat
import SiteAuthoring
import Synchronization

/// The rules of a site.
final class HeaderRules: Sendable {
    /// What a block is made from.
    private struct Key: Hashable {
        let policy: Policy
        /// The places of the rules that count, in the site's order.
        let rules: [Int]
    }

    private let rules: [HeaderRule]
    private let origin: Origin
    private let blocks = Mutex<[Key: HeaderBlock]>([:])

    private let asksForTLS: Bool

    /// The rules of a site; a proof never asks for TLS, which nobody speaks there.
    init(_ rules: [HeaderRule], origin: Origin, isProof: Bool = false) {
        self.rules = rules
        self.origin = origin
        asksForTLS = origin.isSecure && !isProof
    }

    /// The headers of what is at a path.
    ///
    /// - Parameters:
    ///   - policy: what the page needs by itself; nil for a file.
    ///   - route: what makes it; nil for what no route makes.
    ///   - path: the path, in the folder of the site.
    /// - Returns: the same block for the same policy and rules.
    func headers(of policy: Policy?, route: String?, path: String) -> HeaderBlock {
        let policy = policy ?? .strict(isHTTPS: asksForTLS)
        let key = Key(
            policy: policy,
            rules: rules.indices.filter { isMeant(rules[$0].place, route: route, path: path) })
        return blocks.withLock { blocks in
            if let block = blocks[key] { return block }
            let block = block(key)
            blocks[key] = block
            return block
        }
    }

    private func isMeant(_ place: HeaderRule.Place, route: String?, path: String) -> Bool {
        switch place.kind {
        case .everywhere: return true
        case .route(let name): return route == name
        case .prefix(let prefix):
            let prefix = origin.path(prefix)
            if path.hasPrefix(prefix) { return true }
            let plain = AssetName.plainPath(of: path, under: origin.basePath)
            return plain?.hasPrefix(prefix) ?? false
        }
    }

    private func block(_ key: Key) -> HeaderBlock {
        var policy = key.policy
        var fields = SecurityHeaders.fixed(isHTTPS: asksForTLS)
        for index in key.rules {
            switch rules[index].effect {
            case .allows(let directive, let source): policy.allow(source, in: directive)
            case .sets(let name, let value):
                fields.removeAll { $0.name == name }
                fields.append((name: name, value: value))
            }
        }
        let all = [(name: Policy.headerName, value: policy.text)] + fields
        return HeaderBlock(all.compactMap { HeaderField(name: $0.name, value: $0.value) })
    }
}
