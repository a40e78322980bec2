// The two notations of an address of the site: the path as text, and the URL that is written.
//
// Rows and files give text: `/looks/50% wool?/`. A link, a feed and a header take a URL, in which
// every byte that would mean something else is written as `%XX` (RFC 3986 section 3.3). There is
// one way from the one to the other, and none back: a server decodes once and compares bytes. Text
// has several spellings in Unicode; both types have the composed one (NFC), so that it is one
// address.

internal import Groundwork
@_spi(_Unicode) internal import Swift

/// A path of the site as text, with nothing encoded: `"/looks/\(row.slug)/"`.
public struct PagePath: Hashable, Sendable, ExpressibleByStringInterpolation,
    CustomStringConvertible
{
    /// The text, composed.
    public let text: String

    /// Takes a text as rows and files give it.
    public init(_ text: String) { self.text = composed(text) }

    /// Takes a literal; what is put into it is text, too.
    public init(stringLiteral text: String) { self.init(text) }

    /// The text.
    public var description: String { text }
}

/// What a link can be made of: a path, which is encoded, or an address, which is.
public protocol SiteAddress: Sendable {
    /// The address.
    var url: PageURL { get }
}

extension PagePath: SiteAddress {
    /// The address of the path.
    public var url: PageURL { PageURL(self) }
}

/// What a page can say as its path: text, or a path.
public protocol PathText: Sendable {
    /// The path.
    var pagePath: PagePath { get }
}

extension PagePath: PathText {
    /// The path itself.
    public var pagePath: PagePath { self }
}

extension String: PathText {
    /// The text as a path; nothing in it counts as encoded.
    public var pagePath: PagePath { PagePath(self) }
}

/// The composed form of a text (NFC).
func composed(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var result = ""
    for scalar in text._nfc { result.unicodeScalars.append(scalar) }
    return result
}

/// The text with every byte that may not stand as it is written as `%XX`.
func encoded(_ text: String, _ isAllowed: (UInt8) -> Bool) -> String {
    if text.utf8.allSatisfy(isAllowed) { return text }
    return String(decoding: PercentCoding.encoded(text.utf8, keeping: isAllowed), as: UTF8.self)
}
