import ContentEncoding
import Fragments
import NIOCore
import ReleaseFormat

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
