// One line for each answer, as bytes; who writes them where is the owner's affair.
//
// A line has method, path and version as they were sent, the path without its query, no cookie and
// no value of one: how each slot came by what it shows is told by the slot's name alone. What a
// client sent is escaped, so that a line is one line and reads in the order it has. Lines are
// handed over many at a time and are dropped, and counted, when nobody takes them.

/// The form of a line.
package enum AccessLogFormat: String, CaseIterable, Sendable {
    /// One JSON object.
    case json
    /// NCSA combined, as Apache and nginx write it, with the slots behind it.
    case combined
}

/// One request and its answer.
package struct AccessRecord: Equatable, Sendable {
    /// The request line as it was sent.
    package var line: SentLine
    /// What was answered.
    package var answered: Answered
    /// User-Agent as it was sent.
    package var agent: [UInt8] = []
    /// Referer without its query.
    package var referer: [UInt8] = []
    /// The slots' names and how each came by what it shows.
    package var slots: [LoggedSlot] = []
    /// Nanoseconds from the head's last byte to the answer's writing.
    package var nanoseconds = 0
}

/// One slot of an answer.
package struct LoggedSlot: Equatable, Sendable {
    /// The fragment's name.
    package var name: String
    /// How it came by what it shows.
    package var outcome: SlotOutcome
}
