// The digest of an entry: what must change when a client would see something else.
//
// Every field goes in with its length, so that no two entries give the same bytes. The path and
// the source are left out: they do not change the answer.

import ContentEncoding
import Hashing

/// Computes `Entry.digest`.
enum EntryDigest {
    static func of(
        kind: EntryKind, contentType: String, cachePolicy: CachePolicy, headers: HeaderBlock,
        representations: [Representation], slots: SlotTable?
    ) -> SHA256Digest {
        var bytes = ByteWriter()
        bytes.append(kind.code)
        if case .redirect(let target, _) = kind { bytes.append(longText: target) }
        bytes.append(longText: contentType)
        bytes.append(cachePolicy.rawValue)
        bytes.append(UInt32(truncatingIfNeeded: headers.rendered.count))
        bytes.append(contentsOf: headers.rendered)
        if let identity = representations.first(where: { $0.coding == .identity }) {
            bytes.append(identity.blob)
        }
        if let slots {
            for (index, binding) in slots.bindings.enumerated() {
                if index < slots.layout.slots.count {
                    let slot = slots.layout.slots[index]
                    bytes.append(slot.start)
                    bytes.append(slot.capacity)
                    bytes.append(SlotGeometry.form)
                }
                bytes.append(longText: binding.name)
                bytes.append(longText: binding.key)
                if let cookie = binding.scope.cookie { bytes.append(longText: cookie) }
            }
        }
        return SHA256Digest(of: bytes.bytes)
    }
}
