// Parse trees that were read before, by their texts.
//
// An installation asks for the same trees several times: for the plan, for what a view was made
// from, for its judgement, for its settings. Reading one costs far more than finding it here, and
// equal texts have equal trees, so nothing here grows old.

import Synchronization

/// The trees of some megabytes of texts.
final class TreeCache: Sendable {
    private struct Held {
        var trees: [String: NodeTree] = [:]
        var bytes = 0
    }

    /// More text than this is not held: everything is forgotten then.
    static let bytesMax = 8 << 20
    /// Those of this process.
    static let shared = TreeCache()

    private let held = Mutex(Held())

    /// The tree of a text, read by `read` if it is not here.
    func tree(
        of text: String, read: () throws(NodeTreeError) -> NodeTree
    ) throws(NodeTreeError) -> NodeTree {
        if let tree = held.withLock({ $0.trees[text] }) { return tree }
        let tree = try read()
        held.withLock { held in
            let size = text.utf8.count
            guard size <= Self.bytesMax else { return }
            if held.bytes + size > Self.bytesMax { held = Held() }
            if held.trees.updateValue(tree, forKey: text) == nil { held.bytes += size }
        }
        return tree
    }
}
