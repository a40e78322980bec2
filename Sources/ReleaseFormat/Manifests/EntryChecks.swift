// What every entry must satisfy, checked when a manifest is made and again when it is read.
//
// One set of rules for both sides: what a builder may write is exactly what a server accepts.

import ContentEncoding

extension Entry {
    /// Checks the path and that the parts agree with each other.
    ///
    /// - Throws: `.pathInvalid` or `.entryInvalid`.
    package func check() throws(ReleaseError) {
        if let reason = Self.fault(ofPath: path) {
            throw .pathInvalid(path: path, reason: reason, source: source)
        }
        // The last of these goes over the record, whose counts the others have checked.
        if let reason = faultOfTexts ?? faultOfForms ?? faultOfSlots ?? faultOfLength {
            throw .entryInvalid(path: path, reason: reason)
        }
    }

    /// What is wrong with a path; nil when it can be served.
    static func fault(ofPath path: String) -> String? {
        let bytes = path.utf8
        if bytes.first != UInt8(ascii: "/") { return "it does not start with /" }
        if bytes.count > ReleaseLimits.pathBytesMax {
            return "it has more than \(ReleaseLimits.pathBytesMax) bytes"
        }
        let isPlain = bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }
        if !isPlain { return "it has a control character or a backslash" }
        let parts = bytes.dropFirst().split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if parts.count > 1, parts.first?.elementsEqual("-".utf8) == true {
            return "addresses below /-/ are the server's own"
        }
        if parts.count > ReleaseLimits.pathPartsMax {
            return "it has more than \(ReleaseLimits.pathPartsMax) parts"
        }
        for (index, part) in parts.enumerated() {
            if part.isEmpty, index < parts.count - 1 { return "it has two slashes in a row" }
            if part.elementsEqual(".".utf8) || part.elementsEqual("..".utf8) {
                return "it has a dot segment"
            }
            if part.count > ReleaseLimits.pathPartBytesMax {
                return "one part has more than \(ReleaseLimits.pathPartBytesMax) bytes"
            }
        }
        return nil
    }

    private var faultOfTexts: String? {
        if case .redirect(let target, let status) = kind {
            if !EntryKind.redirectStatuses.contains(status) {
                return "a redirect has no status \(status)"
            }
            if target.isEmpty || HeaderField(name: "location", value: target) == nil {
                return "the redirect's target is not a header value"
            }
        }
        if !kind.hasBytes {
            if !contentType.isEmpty { return "what has no bytes has no media type" }
        } else if contentType.isEmpty
            || HeaderField(name: "content-type", value: contentType) == nil
        {
            return "the media type is not a header value"
        }
        if headers.fields.count > ReleaseLimits.headerFieldsMax { return "it has too many headers" }
        if source.assets.count > ReleaseLimits.assetsPerPageMax {
            return "it needs too many assets"
        }
        if source.reads.count > ReleaseLimits.readsPerPageMax {
            return "it names more than \(ReleaseLimits.readsPerPageMax) files of public/"
        }
        return nil
    }

    private var faultOfLength: String? {
        var (entry, longest) = (self, LongestText())
        entry.fields(&longest)
        return longest.bytes <= ReleaseLimits.textBytesMax
            ? nil : "a name or key has more than \(ReleaseLimits.textBytesMax) bytes"
    }

    private var faultOfForms: String? {
        if !kind.hasBytes {
            let isBare = representations.isEmpty && slots == nil
            return isBare ? nil : "a redirect, or what is gone, has no bytes"
        }
        guard representations.first?.coding == .identity else {
            return "the uncoded form is missing"
        }
        let codings = representations.map(\.coding)
        if zip(codings, codings.dropFirst()).contains(where: { $0 >= $1 }) {
            return "a coding occurs twice"
        }
        let lengths = 0...ReleaseLimits.blobBytesMax
        if !representations.allSatisfy({ lengths.contains($0.length) }) {
            return "a form has more than \(ReleaseLimits.blobBytesMax) bytes"
        }
        return nil
    }

    private var faultOfSlots: String? {
        guard let slots else { return nil }
        guard slots.tailCount >= 0, slots.layout.takesTail == (slots.tailCount > 0),
            slots.bindings.count <= EncodingLimits.slotsMax
        else { return "the slots and their names do not match" }
        guard let gzip = representation(.gzip) else { return "slots need the gzip form" }
        do throws(EncodingError) {
            try slots.layout.validate(
                gzipLength: gzip.length, brotliLength: representation(.brotli)?.length)
        } catch {
            return "the layout of the slots is inconsistent"
        }
        if slots.layout.brotli != nil, representation(.brotli) == nil {
            return "slots in brotli need the brotli form"
        }
        if representation(.identity)?.length != Int(slots.layout.length) {
            return "the layout of the slots is not the one of the page"
        }
        if slots.isPrivate, cachePolicy != .private {
            return "a slot depends on the visitor, so the cache policy must be private"
        }
        return cachePolicy == .immutable ? "an entry with slots cannot be immutable" : nil
    }
}

/// How long the longest text of a record is.
private struct LongestText: RecordTextVisitor {
    private(set) var bytes = 0

    mutating func visit(_ text: String) { bytes = max(bytes, text.utf8.count) }
}
