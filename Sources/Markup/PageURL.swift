internal import Groundwork

/// An address as it is written in a link: whatever has to be encoded is.
public struct PageURL: Hashable, Sendable, CustomStringConvertible {
    /// The address.
    public let text: String

    /// The address of a path: the one conversion.
    public init(_ path: PagePath) {
        text = Markup.encoded(path.text, PercentCoding.isPathByte)
    }

    /// Takes what is an address already, such as one with a query.
    public init(encoded text: String) { self.text = text }

    /// The address.
    public var description: String { text }

    /// The same page at the place with an `id`.
    public func place(_ id: String) -> PageURL {
        PageURL(
            encoded: text + "#"
                + Markup.encoded(composed(id)) {
                    PercentCoding.isPathByte($0) || $0 == UInt8(ascii: "?")
                })
    }

    /// A text as one segment of a path, or as one name or value of a query: all that means
    /// something in an address is encoded, slashes too.
    ///
    /// `.` and `..` cannot be segments; they come back as they are.
    public static func segment(_ text: String) -> String {
        Markup.encoded(composed(text), PercentCoding.isUnreserved)
    }
}

/// An address in the folder of a site, if it is a path that begins at the host.
func inFolder(_ base: String, _ address: String) -> String {
    guard !base.isEmpty, address.utf8.first == UInt8(ascii: "/"),
        address.utf8.dropFirst().first != UInt8(ascii: "/")
    else { return address }
    return base + address
}

/// The same for each address of a list: of candidates with descriptors, or of addresses alone.
///
/// A comma ends a candidate behind a descriptor or at the end of its address (HTML, `srcset`); one
/// inside of an address is a part of it.
func listInFolder(_ base: String, _ list: String) -> String {
    let (slash, comma) = (UInt8(ascii: "/"), UInt8(ascii: ","))
    let bytes = Array(list.utf8)
    var text: [UInt8] = []
    // An address comes next; white space came since the last one began.
    var (expects, isSpaced) = (true, false)
    for (place, byte) in bytes.enumerated() {
        let next = bytes[(place + 1)...].first
        if byte <= 0x20 {
            isSpaced = true
        } else if byte == comma {
            if isSpaced || next.map({ $0 <= 0x20 }) ?? true { (expects, isSpaced) = (true, false) }
        } else if expects || byte == slash && place > 0 && bytes[place - 1] <= 0x20 {
            // No descriptor begins with a slash.
            if byte == slash, next != slash { text += base.utf8 }
            (expects, isSpaced) = (false, false)
        }
        text.append(byte)
    }
    return String(decoding: text, as: UTF8.self)
}

extension PageURL: SiteAddress {
    /// The address itself.
    public var url: PageURL { self }
}
