// One entry of a release, made ready to be answered with.
//
// Everything that does not depend on the request is written once: the lines before the date, the
// lines after it, the tag. Which codings an entry offers is decided in one place, `offers(of:)`.

import AccessRecords
import ContentEncoding
import Fragments
import NIOCore
import ReleaseFormat

/// An entry with the fixed parts of its answers.
final class ServedEntry: Sendable {
    let entry: Entry
    /// Its place in the manifest of its release; nil if that is not the one that is served.
    let number: Int?
    /// What statistics call it.
    let name: AccessName
    /// What a request for it may be counted as.
    let target: RequestFacts.Target
    let offers: [CodingOffer]
    /// One for each offer: the lines that are the same in every answer.
    let forms: [ServedForm]
    /// nil for a page without slots.
    let slots: ServedSlots?
    let isHTML: Bool
    /// Whether nobody but a visitor's browser may keep it.
    let isPrivate: Bool
    /// Whether answers are not the same for everybody: a private slot, or a gate before all of it.
    private let variesByCookie: Bool
    /// What later answers of the page may refer to; nil if it offers nothing.
    let dictionary: PageDictionary?
    /// The lines of its own headers.
    let lines: [UInt8]
    /// What tags say of the policy: a changed one must not hide behind a 304.
    let tagMark: String

    /// An entry made ready, its headers sent by these rules.
    init(_ entry: Entry, _ headers: EntryHeaders = EntryHeaders(), number: Int? = nil) {
        self.entry = entry
        self.number = number
        name = AccessName(path: entry.path, view: entry.source.view, key: entry.source.key)
        let lines = headers.lines(entry.headers)
        self.lines = lines
        let tagMark = headers.isReporting ? "+r" : ""
        self.tagMark = tagMark
        let offers = Self.offers(of: entry)
        self.offers = offers
        let slots = entry.slots.map { ServedSlots($0) }
        self.slots = slots
        isHTML = Self.isHTML(entry)
        target = .of(contentType: entry.contentType, isPage: isHTML && entry.kind == .page)
        let dictionary = headers.isGated ? nil : PageDictionary(entry, isHTML: isHTML)
        self.dictionary = dictionary
        let variesByCookie = headers.isGated || slots?.isPrivate ?? false
        self.variesByCookie = variesByCookie
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
            isPrivate: variesByCookie)
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
