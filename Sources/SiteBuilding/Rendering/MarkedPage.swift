// A rendered page with the marks that its placements need, and its slots in the order of a release.
//
// Inline slots come first, then the places that are filled from behind the page, which are marked
// in its bytes. A page that something may follow ends without `</body></html>`: HTML lets both be
// left out, and what follows then stands inside the body.

import ContentEncoding
import Fragments
import Markup
import ReleaseFormat

/// A page ready to be laid out.
struct MarkedPage {
    /// The page with the marks of its places.
    let bytes: [UInt8]
    /// The inline slots, in page order.
    let slots: [SlotRequest]
    /// What fills the inline slots, then the places.
    let bindings: [SlotBinding]
    /// Whether there is a place that is filled from behind the page.
    let takesTail: Bool

    private static let bodyEnd = Array("</body></html>".utf8)

    /// Marks a page that is complete with its styles and scripts.
    ///
    /// - Parameters:
    ///   - document: the page.
    ///   - site: the name of the site, whose fragments are meant; nil for none.
    init(_ document: RenderedDocument, of site: String?) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(document.bytes.count + 64)
        var slots: [SlotRequest] = []
        var inline: [SlotBinding] = []
        var tail: [SlotBinding] = []
        var position = 0
        for slot in document.slots {
            bytes += document.bytes[position..<slot.range.lowerBound]
            switch slot.descriptor.placement {
            case .inline(let capacity):
                let start = bytes.count
                slots.append(
                    SlotRequest(
                        fallback: start..<(start + slot.range.count), capacity: capacity))
                bytes += document.bytes[slot.range]
                inline.append(SlotBinding(slot.descriptor, of: site))
            case .tail:
                bytes += TailPlace.start(tail.count).utf8
                bytes += document.bytes[slot.range]
                bytes += TailPlace.end.utf8
                tail.append(SlotBinding(slot.descriptor, of: site))
            }
            position = slot.range.upperBound
        }
        var end = document.bytes[position...]
        if !tail.isEmpty, end.suffix(Self.bodyEnd.count).elementsEqual(Self.bodyEnd) {
            end = end.dropLast(Self.bodyEnd.count)
        }
        self.bytes = bytes + end
        self.slots = slots
        bindings = inline + tail
        takesTail = !tail.isEmpty
    }
}

extension SlotBinding {
    /// The fragment that a component's slot names, as the site's publisher calls it.
    init(_ descriptor: SlotDescriptor, of site: String? = nil) {
        let scope: FragmentScope =
            switch descriptor.scope {
            case .shared: .shared
            case .perVisitor(let cookie): .perVisitor(cookie: cookie)
            }
        self.init(
            name: FragmentKey.name(descriptor.name, of: site), key: descriptor.key, scope: scope)
    }
}

extension EncodingError {
    /// Whether a page cannot be spliced for reasons of its bytes, not of what its author declared.
    var isOfThePageAlone: Bool {
        switch self {
        case .spliceMismatch, .forbiddenByte, .tooFewFreeBytes: true
        default: false
        }
    }
}
