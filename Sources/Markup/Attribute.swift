// Attributes: one type for all of them, three words, no allocation of its own.
//
// The first word holds the address, the length and the kind of a literal such as ` href="`, so
// that writing an attribute is two copies. The word 0 is `.none`, which makes a conditional
// attribute free. Names are literals always; values are strings and escaped by kind.

/// An attribute of the element `Tag`.
///
/// Made by static members: `.id("x")`, `.cls("card", and: "new", when: isNew)`, `.href(url)`.
/// A conditional one is `flag ? .checked : .none`.
@dynamicMemberLookup
public struct Attr<Tag>: Sendable {
    /// The attribute without its tag.
    @usableFromInline let item: Attribute

    @inlinable init(_ item: Attribute) { self.item = item }

    /// No attribute.
    @inlinable public static var none: Attr { Attr(Attribute(key: 0, value: "")) }

    /// Not a member of an attribute: `.href(url) .rel("next")` lacks a comma.
    @available(*, unavailable, message: "a comma is missing between two attributes")
    public subscript(dynamicMember name: String) -> (String) -> Attr { { _ in self } }
}

/// How the value of an attribute is written.
@usableFromInline enum AttributeKind: UInt8, Sendable {
    case absent = 0
    /// The literal is ` name="`.
    case text
    /// As `text`, the value being a URL whose scheme is checked.
    case url
    /// As `url`, for a list of candidates with descriptors.
    case urls
    /// The literal is ` name`; there is no value.
    case flag
    /// The literal is the bare name, as is the case for all that follow; see `checkName(of:)`.
    case named
    case namedURL
    case namedURLs
    case data
    case aria
}

/// An attribute whose tag is forgotten.
@usableFromInline struct Attribute: Sendable {
    /// The kind in bits 0–7, the length of the literal in 8–15, its address above.
    @usableFromInline let key: UInt64
    @usableFromInline let value: String

    @inlinable init(key: UInt64, value: String) {
        self.key = key
        self.value = value
    }

    /// An attribute with a name of ours.
    @inlinable init(_ kind: AttributeKind, _ literal: Padded, _ value: String) {
        key =
            UInt64(literal.start) << 16 | UInt64(truncatingIfNeeded: literal.count) << 8
            | UInt64(kind.rawValue)
        self.value = value
    }

    /// An attribute named by its author; the name is checked when the attribute is written.
    @inlinable init(_ kind: AttributeKind, named name: StaticString, _ value: String) {
        // Neither a literal that is a single scalar nor a long one fits the key; as a name of no
        // bytes it is refused.
        let fits = name.hasPointerRepresentation && name.utf8CodeUnitCount < 256
        let literal: StaticString = fits ? name : ""
        let address = unsafe UInt64(UInt(bitPattern: literal.utf8Start))
        let count = UInt64(truncatingIfNeeded: literal.utf8CodeUnitCount)
        key = address << 16 | count << 8 | UInt64(kind.rawValue)
        self.value = value
    }

    /// Every key is made from a kind, so its byte is always one.
    var kind: AttributeKind {
        unsafe unsafeBitCast(UInt8(truncatingIfNeeded: key), to: AttributeKind.self)
    }
    var length: Int { Int(truncatingIfNeeded: key >> 8 & 0xff) }
    var name: UInt { UInt(truncatingIfNeeded: key >> 16) }
}

extension Attr {
    /// The value of the attribute `class`, here and everywhere else spelled `cls`.
    @inlinable public static func cls(_ names: String) -> Attr {
        Attr(Attribute(.text, Padded(" class=\"        ", 8), names))
    }

    /// Classes, one of which is only there under a condition.
    @inlinable
    public static func cls(_ names: String, and more: String, when condition: Bool) -> Attr {
        cls(condition ? names + " " + more : names)
    }

    /// An attribute `data-…`; `name` is what follows the hyphen.
    @inlinable public static func data(_ name: StaticString, _ value: String) -> Attr {
        Attr(Attribute(.data, named: name, value))
    }

    /// An attribute `data-…` with a whole number.
    @inlinable public static func data(_ name: StaticString, _ value: Int) -> Attr {
        data(name, decimal(value))
    }

    /// An attribute `aria-…`; `name` is what follows the hyphen.
    @inlinable public static func aria(_ name: StaticString, _ value: String) -> Attr {
        Attr(Attribute(.aria, named: name, value))
    }

    /// An attribute `aria-…` that is `true` or `false`.
    @inlinable public static func aria(_ name: StaticString, _ value: Bool) -> Attr {
        aria(name, value ? "true" : "false")
    }

    /// Any other attribute, by its name.
    ///
    /// Names beginning with `on`, `style` and `srcdoc` stop the program: they hold code. Names
    /// known to hold URLs have their schemes checked as the typed ones have.
    @inlinable public static func attr(_ name: StaticString, _ value: String) -> Attr {
        Attr(Attribute(.named, named: name, value))
    }

    /// Any other attribute, with a whole number.
    @inlinable public static func attr(_ name: StaticString, _ value: Int) -> Attr {
        attr(name, decimal(value))
    }
}

/// Stops the program unless the name of an attribute is one; returns what its value holds.
@inline(never) func checkName(of attribute: Attribute) -> AttributeKind {
    let name = unsafe String(
        decoding: UnsafeBufferPointer(
            start: UnsafePointer<UInt8>(bitPattern: attribute.name), count: attribute.length),
        as: UTF8.self)
    check(name: name)
    return attribute.kind == .named ? customKind(name) : attribute.kind
}

/// Stops the program if this is no name of an attribute or element.
func check(name: String) {
    let count = name.utf8.count
    let isSound = name.utf8.allSatisfy { byte in
        switch byte {
        case 0x61...0x7a, 0x41...0x5a, 0x30...0x39, 0x2d, 0x2e, 0x3a, 0x5f: true
        default: false
        }
    }
    if !isSound || count == 0 || count > MarkupLimits.nameBytesMax {
        stop("`\(name)` is no name of an attribute or element. Use letters, digits, - . : and _.")
    }
}

/// What the value of an attribute named by its author has to be checked for.
private func customKind(_ name: String) -> AttributeKind {
    let lowered = name.lowercased()
    if lowered.utf8.starts(with: "on".utf8) {
        stop("`\(lowered)` holds code. Put it into the component's `static let script`.")
    }
    switch lowered {
    case "style":
        stop("`style` holds code. Use `.cls` and put the rule into the component's `styles`.")
    case "srcdoc":
        stop("`srcdoc` holds markup. Make it a page and use `.src`.")
    case "srcset", "imagesrcset", "ping", "archive":
        return .namedURLs
    case "href", "src", "action", "formaction", "poster", "cite", "data", "xlink:href", "manifest",
        "background", "longdesc", "codebase", "classid", "profile", "icon", "usemap", "lowsrc",
        "dynsrc", "xml:base":
        return .namedURL
    default:
        return .named
    }
}
