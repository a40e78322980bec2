// The key under which a fragment lies in Redis.
//
// Keys are injective: two different fragments never share one. A name holds no colon, and no slash
// but the one behind the name of its site, so what
// follows the first one is the key; a visitor's value comes after its length, and a shared key
// may not begin like that. A cookie is the visitor's to choose, so only a short token of a narrow
// alphabet is taken from it: anything else is the anonymous visitor, who has no key at all.

/// One fragment's key, as bytes for Redis.
package struct FragmentKey: Hashable, Sendable {
    /// The key: `f:<name>`, `f:<name>:<key>` or `f:<name>:<byte count>:<cookie value>`; a site with
    /// a name has `<site>/<name>` for `<name>`.
    package let bytes: [UInt8]
    /// Whether it is one visitor's own.
    package let isPrivate: Bool

    /// What every key begins with, and no other key in Redis should.
    package static let prefix = "f:"

    /// A key as it lies in Redis; nil if it is none that the other initialisers could make.
    package init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: Self.prefix.utf8) else { return nil }
        let name = bytes.dropFirst(2).prefix { $0 != UInt8(ascii: ":") }
        guard Self.isName(String(decoding: name, as: UTF8.self)) else { return nil }
        let rest = bytes[name.endIndex...].dropFirst()
        self.bytes = bytes
        isPrivate = Self.beginsLikeVisitor(rest)
    }

    /// The key of a fragment that every visitor sees alike.
    ///
    /// - Parameters:
    ///   - name: 1 to 64 of `[a-z0-9-]`, behind its site's name and a slash if that has one.
    ///   - key: which of the fragments of this name; empty if there is only one. At most 200
    ///     bytes of UTF-8 without control characters, not beginning with digits and a colon.
    /// - Throws: `.badName` or `.badKey`.
    package init(shared name: String, key: String = "") throws(FragmentError) {
        guard Self.isName(name) else { throw .badName }
        guard Self.isSharedKey(key) else { throw .badKey(name: name) }
        isPrivate = false
        self.bytes = Array((key.isEmpty ? "f:\(name)" : "f:\(name):\(key)").utf8)
    }

    /// The key of one visitor's own fragment; nil for the anonymous visitor.
    ///
    /// - Parameters:
    ///   - name: 1 to 64 of `[a-z0-9-]`, behind its site's name and a slash if that has one.
    ///   - cookieValue: the cookie's value as it was sent; nil if there was none. Anything but 1
    ///     to 128 bytes of `[A-Za-z0-9_.-]` counts as none.
    /// - Throws: `.badName`.
    package init?<Bytes: Collection<UInt8>>(
        perVisitor name: String, cookieValue: Bytes?
    ) throws(FragmentError) {
        guard Self.isName(name) else { throw .badName }
        guard let cookieValue, Self.isVisitor(cookieValue) else { return nil }
        isPrivate = true
        self.bytes = Array("f:\(name):\(cookieValue.count):".utf8) + cookieValue
    }

    /// The fragment's name, without which of its fragments and whose.
    package var name: String {
        let name = bytes.dropFirst(2).prefix { $0 != UInt8(ascii: ":") }
        return String(decoding: name, as: UTF8.self)
    }

    /// Whether a fragment may have this name.
    package static func isName(_ name: String) -> Bool {
        var bytes = name.utf8[...]
        if let slash = bytes.firstIndex(of: UInt8(ascii: "/")) {
            guard isSite(bytes[..<slash]) else { return false }
            bytes = bytes[bytes.index(after: slash)...]
        }
        return !bytes.isEmpty && bytes.count <= FragmentLimits.nameBytesMax
            && bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// The name of a site's fragment as keys hold it.
    ///
    /// - Parameters:
    ///   - name: what the site calls it.
    ///   - site: the name of the site; nil for none.
    /// - Returns: `<site>/<name>`, or the name.
    package static func name(_ name: String, of site: String?) -> String {
        site.map { "\($0)/\(name)" } ?? name
    }

    private static func isSite(_ bytes: some Collection<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.count <= FragmentLimits.siteBytesMax
            && bytes.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "_")
            }
    }

    /// Whether a cookie's value may name a visitor.
    static func isVisitor(_ value: some Collection<UInt8>) -> Bool {
        !value.isEmpty && value.count <= FragmentLimits.cookieBytesMax
            && value.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    private static func isSharedKey(_ key: String) -> Bool {
        let bytes = key.utf8
        guard bytes.count <= FragmentLimits.keyBytesMax,
            bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { return false }
        return !beginsLikeVisitor(Array(bytes)[...])
    }

    /// Digits and a colon: what follows the name in a visitor's key, and in no shared one.
    private static func beginsLikeVisitor(_ bytes: ArraySlice<UInt8>) -> Bool {
        let afterDigits = bytes.drop { (0x30...0x39).contains($0) }
        return afterDigits.count < bytes.count && afterDigits.first == UInt8(ascii: ":")
    }
}
