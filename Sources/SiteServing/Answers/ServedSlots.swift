// The slots of a page made ready: what fills them, and where it goes.
//
// Which fragments a request needs is decided here: those that all share are the same for everyone,
// a visitor's own is found by a cookie.

import ContentEncoding
import Fragments
import ReleaseFormat

/// The slots of one page; a class, so that taking them costs one reference.
final class ServedSlots: Sendable {
    /// What fills each slot inside the page, then each place behind it.
    let bindings: [SlotBinding]
    let splicer: Splicer
    /// The places that are filled from behind the page.
    let places: [TailPlace]
    /// Whether any of them depends on the visitor.
    let isPrivate: Bool
    /// One for each binding: the key of a shared fragment; nil for a visitor's own.
    private let sharedKeys: [FragmentKey?]

    init(_ table: SlotTable) {
        bindings = table.bindings
        splicer = Splicer(table.layout)
        places = (0..<table.tailCount).map { TailPlace($0) }
        isPrivate = table.isPrivate
        sharedKeys = table.bindings.map { binding in
            binding.scope == .shared
                ? try? FragmentKey(shared: binding.name, key: binding.key) : nil
        }
    }

    /// The keys of the fragments for one request, one for each binding.
    ///
    /// nil is a slot with nothing to ask for: the visitor is anonymous, or the name no name.
    func keys(for head: RequestHead) -> [FragmentKey?] {
        guard isPrivate else { return sharedKeys }
        return zip(bindings, sharedKeys).map { binding, shared in
            guard case .perVisitor(let cookie) = binding.scope else { return shared }
            return try? FragmentKey(
                perVisitor: binding.name, cookieValue: head.cookieValue(cookie))
        }
    }
}
