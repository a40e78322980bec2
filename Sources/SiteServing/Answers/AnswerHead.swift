import ContentEncoding
import Fragments
import NIOCore
import ReleaseFormat

/// The lines of an answer's head that do not depend on the request.
struct AnswerHead: Sendable {
    /// Content-Type first, then Content-Encoding, Link and the entry's own headers.
    let fields: FieldLines
    /// Vary and Cache-Control: also in 304 and 412.
    let validators: FieldLines
    /// The token of the coding.
    let token: String

    init(fields: [UInt8], validators: [UInt8], token: String) {
        self.fields = FieldLines(fields)
        self.validators = FieldLines(validators)
        self.token = token
    }

    init(
        _ entry: Entry, _ lines: [UInt8], token: String, dictionary: PageDictionary?,
        hasLink: Bool, isPrivate: Bool
    ) {
        var fields = "Content-Type: \(entry.contentType)\r\n"
        if token != Coding.identity.token { fields += "Content-Encoding: \(token)\r\n" }
        // Ranges of a page whose bytes change between two requests would not fit together.
        let takesRanges = entry.slots == nil && entry.kind != .notFound
        fields += takesRanges ? "Accept-Ranges: bytes\r\n" : "Accept-Ranges: none\r\n"
        self.fields = FieldLines(
            Array(fields.utf8) + lines + (hasLink ? dictionary?.link ?? [] : []))
        var vary = "Accept-Encoding"
        if isPrivate { vary += ", Cookie" }
        if dictionary != nil { vary += ", Available-Dictionary" }
        validators = FieldLines(
            Array("Vary: \(vary)\r\n\(CacheControl.lines(entry, isPrivate: isPrivate))".utf8))
        self.token = token
    }

    /// All lines of a whole 200; `varying` are those that come before the tag.
    func whole(tag: [UInt8], length: Int, varying: [UInt8] = []) -> FieldLines {
        FieldLines(
            fields.bytes + validators.bytes + varying + Array("ETag: ".utf8) + tag
                + Array("\r\nContent-Length: \(length)\r\n".utf8))
    }
}
