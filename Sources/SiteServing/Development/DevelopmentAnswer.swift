// An answer of a development server: bytes that are made for it, or a stream of events.
//
// The server adds length, date and what may keep it; everything else is the answer's own.

import Groundwork

/// What a development server answers.
package enum DevelopmentAnswer: Sendable {
    /// Bytes, which nothing may keep.
    case whole(status: Int, fields: [(name: String, value: String)], body: [UInt8])
    /// Events as they happen, each in the form that `message` gives; it ends with the stream, and
    /// the stream with the client.
    case events(AsyncStream<[UInt8]>)

    /// A text in one line.
    package static func text(_ status: Int, _ text: String) -> DevelopmentAnswer {
        .whole(
            status: status, fields: [("content-type", "text/plain; charset=utf-8")],
            body: Array("\(text)\n".utf8))
    }

    /// One event in the format of https://html.spec.whatwg.org/#event-stream-interpretation.
    package static func message(event: String, data: String) -> [UInt8] {
        var text = "event: \(event.filter { !$0.isNewline })\n"
        // Only these end a line of a stream; U+2028 and its like are data.
        for line in data.sourceLines { text += "data: \(line)\n" }
        return Array((text + "\n").utf8)
    }

    /// What keeps a stream alive that has nothing to say.
    package static let comment = Array(": \n\n".utf8)
}
