// What an output may be: media types that fit their bytes, redirects that lead somewhere.
//
// A type that does not fit makes a file that no reader takes, and nobody sees it before one tries:
// so each rule stops the page here, by name, and says what to write instead.

import Groundwork
import Markup
import ReleaseFormat
import SiteAuthoring

/// The rules of outputs; what they refuse is a problem of the page.
enum OutputRules {
    /// The type of a document in XML.
    static func xml(_ mediaType: String) throws(PageFailure) -> MediaType {
        let essence = try essence(mediaType)
        guard essence.hasSuffix("/xml") || essence.hasSuffix("+xml") else {
            throw .problem(
                "its media type \(mediaType) is no XML, and an XMLFile begins with <?xml.\n"
                    + "Make it a JSONFile, a TextFile or a DataFile.")
        }
        return .custom(mediaType)
    }

    /// The type of a file in JSON.
    static func json(_ mediaType: String) throws(PageFailure) -> MediaType {
        let essence = try essence(mediaType)
        guard essence.hasSuffix("/json") || essence.hasSuffix("+json") else {
            throw .problem(
                "its media type \(mediaType) is no JSON.\nUse application/json or a type that "
                    + "ends in +json, or make it a TextFile.")
        }
        return .custom(mediaType)
    }

    /// The type of a file of text or bytes.
    static func file(_ mediaType: String) throws(PageFailure) -> MediaType {
        let essence = try essence(mediaType)
        guard essence != "text/html", essence != "application/xhtml+xml" else {
            throw .problem(
                "its media type \(mediaType) is that of web pages, which nothing would escape.\n"
                    + "Make it a Page of components.")
        }
        return .custom(mediaType)
    }

    /// The bytes of JSON.
    static func bytes(of json: JSONDocument) throws(PageFailure) -> [UInt8] {
        switch json.bytes {
        case .success(let bytes): return bytes
        case .failure(let fault):
            throw .problem("\(fault.reason).\nChange the row, or what makes the JSON of it.")
        }
    }

    /// What stands at an address that leads elsewhere.
    ///
    /// - Parameters:
    ///   - destination: where it leads.
    ///   - path: the address that leads there, in the folder of the site.
    ///   - folder: that folder; empty for none.
    /// - Returns: the redirect, or that the page is gone.
    /// - Throws: `.problem` for what is no address, and for what leads to itself.
    static func kind(
        of destination: Destination, at path: String, under folder: String
    ) throws(PageFailure) -> EntryKind {
        guard let redirect = destination.redirect else { return .gone }
        let location = redirect.location
        let isOwn = location.hasPrefix("/") && !location.dropFirst().hasPrefix("/")
        let isWhole = ["https://", "http://"].contains {
            location.hasPrefix($0) && location.utf8.count > $0.utf8.count
        }
        let isPlain = location.utf8.allSatisfy {
            (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\")
        }
        guard isOwn || isWhole, isPlain else {
            throw .problem(
                "it leads to \(PrintableText.of(location)), which is neither an address of "
                    + "the site nor a whole URL.\nBegin with / and one name, or with https://.")
        }
        let target = isOwn ? folder + location : location
        if target == PagePath(path).url.text {
            throw .problem("it leads to itself.\nChange the row, or the view that has it.")
        }
        return .redirect(to: target, status: redirect.status.rawValue)
    }

    /// Refuses a document with a fault, or with a slot that would show its fallback for ever.
    ///
    /// - Parameters:
    ///   - document: as it was rendered.
    ///   - fragments: the names of those that are published.
    /// - Throws: `.problem`.
    static func check(
        _ document: RenderedDocument, fragments: Set<String>
    ) throws(PageFailure) {
        if let fault = document.faults.first { throw .problem("\(fault)") }
        guard let slot = document.slots.first(where: { !fragments.contains($0.descriptor.name) })
        else { return }
        throw .problem(
            "slot `\(slot.descriptor.name)` is of a fragment that nobody publishes.\n"
                + "Add it to `fragments:` of the site, or its name to `foreignFragments:` if "
                + "another program does.")
    }

    /// Refuses a row of too many outputs.
    static func check(count: Int) throws(PageFailure) {
        guard count > BuildLimits.outputsPerRowMax else { return }
        throw .problem(
            "it becomes \(count) pages and files; a row may become "
                + "\(BuildLimits.outputsPerRowMax).\nMake rows of them in a view.")
    }

    /// Refuses a file that is too large.
    static func check(length: Int) throws(PageFailure) {
        guard length > BuildLimits.fileBytesMax else { return }
        throw .problem(
            "its file has \(length) bytes; one may have \(BuildLimits.fileBytesMax).\n"
                + "Serve it from elsewhere, or cut it into several.")
    }

    /// Type and subtype in small letters (RFC 9110 section 8.3.1).
    private static func essence(_ mediaType: String) throws(PageFailure) -> String {
        let parts = mediaType.split(separator: ";", omittingEmptySubsequences: false)
        let names = parts[0].split(separator: "/", omittingEmptySubsequences: false)
        let hasParameters = parts.dropFirst().allSatisfy { part in
            let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            return pair.count == 2 && isToken(pair[0]) && !pair[1].isEmpty
        }
        guard names.count == 2, names.allSatisfy(isToken), hasParameters else {
            throw .problem(
                "\(PrintableText.of(mediaType)) is no media type.\n"
                    + "Write type/subtype, such as text/csv; charset=utf-8.")
        }
        return parts[0].lowercased()
    }

    private static func isToken(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$&^_.+-".utf8.contains($0)
                }
            }
    }
}
