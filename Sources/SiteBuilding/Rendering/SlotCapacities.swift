// The slots of a release by what fills them, to tell at publishing which fragments outgrew theirs.
//
// Pages and fragments meet only when a page is served; this looks at both beforehand. A fragment
// that no page has a slot for, or that is sent behind its pages, outgrows nothing.

import ContentEncoding
import ReleaseFormat
import SiteAuthoring

/// A kind of fragment some of which are too long for a slot of the live release.
package struct SlotOverflow: Sendable, Hashable {
    /// How many of them.
    package let count: Int
    /// The bytes of the longest.
    package let longest: Int
    /// The capacity of the smallest slot that one of them does not fit.
    package let capacity: Int
    /// The capacity that takes all of them; nil if only the placement `.tail` does.
    package let needed: Int?
}

/// The smallest slot for each fragment of a release.
struct SlotCapacities {
    private struct Name: Hashable {
        let fragment: String
        /// nil for a visitor's own.
        let key: String?
    }

    private var smallest: [Name: SlotGeometry] = [:]

    /// No slots.
    init() {}

    /// Collects the inline slots of all entries; none without a release.
    init(_ manifest: StoredManifest?) throws {
        guard let manifest else { return }
        try manifest.forEachOutline { outline in
            guard outline.slotCount > 0, let slots = outline.entry.slots else { return }
            for (binding, slot) in zip(slots.bindings, slots.layout.slots) {
                let key = binding.scope == .shared ? binding.key : nil
                let name = Name(fragment: binding.name, key: key)
                if let known = smallest[name], known.capacity <= slot.capacity { continue }
                smallest[name] = slot
            }
        }
    }

    /// The slot that a fragment of so many bytes does not fit; nil if it fits all of its slots.
    func slot(
        tooSmallFor byteCount: Int, of fragment: String, _ address: RenderedFragment.Address
    ) -> SlotGeometry? {
        let key: String? =
            switch address {
            case .shared(let key): key
            case .perVisitor: nil
            }
        guard let slot = smallest[Name(fragment: fragment, key: key)],
            byteCount > slot.fragmentBytesMax
        else { return nil }
        return slot
    }
}

extension SlotOverflow {
    /// Counts one more fragment that does not fit.
    init(_ overflow: SlotOverflow?, adding byteCount: Int, over slot: SlotGeometry) {
        count = (overflow?.count ?? 0) + 1
        longest = max(overflow?.longest ?? 0, byteCount)
        capacity = min(overflow?.capacity ?? .max, Int(slot.capacity))
        needed = Capacity.needed(forFragmentOf: longest)
    }
}
