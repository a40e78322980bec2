// One entry of a release, made ready to be answered with.
//
// Everything that does not depend on the request is written once: the lines before the date, the
// lines after it, the tag. Which codings an entry offers is decided in one place, `offers(of:)`.

import ContentEncoding
import Fragments
import NIOCore
import ReleaseFormat

/// An entry with the fixed parts of its answers.
final class ServedEntry: Sendable {
    let entry: Entry
    let offers: [CodingOffer]
    /// One for each offer: the lines that are the same in every answer.
    let forms: [ServedForm]
    /// nil for a page without slots.
    let slots: ServedSlots?
    let isHTML: Bool
    /// Whether nobody but a visitor's browser may keep it.
    let isPrivate: Bool
    /// What later answers of the page may refer to; nil if it offers nothing.
    let dictionary: PageDictionary?
    /// The lines of its own headers.
    let lines: [UInt8]
    /// What tags say of the policy: a changed one must not hide behind a 304.
    let tagMark: String

    /// An entry made ready, its headers sent by these rules.
    init(_ entry: Entry, _ headers: EntryHeaders = EntryHeaders()) {
        self.entry = entry
        let lines = headers.lines(entry.headers)
        self.lines = lines
        let tagMark = headers.isReporting ? "+r" : ""
        self.tagMark = tagMark
        let offers = Self.offers(of: entry)
        self.offers = offers
        let slots = entry.slots.map { ServedSlots($0) }
        self.slots = slots
        isHTML = Self.isHTML(entry)
        let dictionary = PageDictionary(entry, isHTML: isHTML)
        self.dictionary = dictionary
        let variesByCookie = slots?.isPrivate ?? false
        isPrivate = variesByCookie || entry.cachePolicy == .private
        forms = offers.compactMap { offer in
            entry.representation(offer.coding).map {
                ServedForm(
                    representation: $0,
                    answer: AnswerHead(
                        entry, lines, token: $0.coding.token, dictionary: dictionary,
                        hasLink: true, isPrivate: variesByCookie),
                    tagPrefix: Array(
                        "\"\(entry.entityTag($0.coding) ?? "")\(tagMark)".utf8))
            }
        }
    }

    /// Whether an entry is for a browser to show.
    static func isHTML(_ entry: Entry) -> Bool {
        entry.contentType.lowercased().hasPrefix("text/html")
    }

    /// The head of an answer in another coding than the stored ones.
    func head(token: String, hasLink: Bool) -> AnswerHead {
        AnswerHead(
            entry, lines, token: token, dictionary: dictionary, hasLink: hasLink,
            isPrivate: slots?.isPrivate ?? false)
    }

    /// The codings an entry can be sent in.
    ///
    /// A brotli file that could not be made for splicing would show the fallbacks for ever, so
    /// it is not offered.
    static func offers(of entry: Entry) -> [CodingOffer] {
        entry.representations.compactMap { representation in
            if let slots = entry.slots, slots.layout.runs(representation.coding) == nil {
                return nil
            }
            return CodingOffer(coding: representation.coding, length: representation.length)
        }
    }

    /// The form in one coding.
    func form(_ coding: Coding) -> ServedForm? {
        forms.first { $0.representation.coding == coding }
    }

    /// What the entry costs in memory: its header lines with their storage, and the rest of it.
    var cost: Int {
        forms.reduce(1_024 + entry.headers.rendered.count + lines.count) { $0 + $1.cost }
    }
}

/// One coding of an entry; a class, so that finding it costs one reference.
final class ServedForm: Sendable {
    let representation: Representation
    let answer: AnswerHead
    /// The tag without its closing quote, to which a page with slots adds its fragments.
    let tagPrefix: [UInt8]
    /// The whole tag of an entry without slots.
    let tag: [UInt8]
    /// The head of a whole 200 behind Date, for an entry without slots.
    let wholeHead: FieldLines

    init(representation: Representation, answer: AnswerHead, tagPrefix: [UInt8]) {
        self.representation = representation
        self.answer = answer
        self.tagPrefix = tagPrefix
        tag = tagPrefix + [UInt8(ascii: "\"")]
        wholeHead = answer.whole(tag: tag, length: representation.length)
    }

    /// What it costs in memory.
    var cost: Int {
        512 + answer.fields.cost + answer.validators.cost + wholeHead.cost + tag.count
            + tagPrefix.count
    }
}

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
