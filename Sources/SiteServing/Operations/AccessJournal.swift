// What one event loop notes of its answers: a line of the log, a record of the spool.
//
// Both are made when the answer is written, from what is at hand then. Neither waits: lines are
// handed over many at a time, records go into memory that the system writes.

import AccessRecords
import Glibc
import Groundwork
import NIOCore

/// What is noted, and how.
struct JournalOptions: Sendable {
    /// The form of lines; nil for no log.
    var log: AccessLogFormat?
    /// How much of an address they have.
    var loggedAddress = LoggedAddress.network
    /// The most bytes of lines before they are handed over.
    var logBytesMax = 1 << 16
    /// Whether the server speaks TLS itself.
    var isSecure = false
    /// Whom it takes for its clients.
    var clients = ClientNaming()
    /// The names that it answers to, besides the one that a request says.
    var hosts: Set<String> = []
    /// What tells of views.
    var viewsFrom = ViewSource.answers
    /// The hosts whose visits are none.
    var spamHosts: Set<String> = []
}

/// The journal of one event loop.
final class AccessJournal {
    let options: JournalOptions
    private var lines: AccessLogWriter?
    private let onLogLines: @Sendable ([UInt8]) -> Void
    /// nil without a spool.
    let recorder: AnswerRecorder?

    init(
        _ options: JournalOptions, recorder: AnswerRecorder?,
        onLogLines: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.options = options
        self.recorder = recorder
        self.onLogLines = onLogLines
        lines = options.log.map { AccessLogWriter($0) }
    }

    /// What parsers have to keep for it.
    var keptFields: KeptFields {
        KeptFields(client: true, signals: recorder != nil, forwarded: options.clients.field)
    }

    /// Whether it wants request lines as they were sent.
    var wantsLines: Bool { lines != nil }

    /// Notes an answer.
    ///
    /// `head` is nil for what was no request; `line` is that of the log.
    func note(
        _ answer: Answer, to head: RequestHead?, _ line: SentLine, slots: [SlotRecord],
        _ release: ServedRelease?, _ client: JournalClient, isStream: Bool, nanoseconds: Int
    ) {
        if lines != nil {
            log(answer, head, line, slots, client, isStream: isStream, nanoseconds: nanoseconds)
        }
        recorder?.record(
            answer, head, slots, release, client, options, micros: nanoseconds / 1_000)
    }

    private static let version2 = Array("HTTP/2.0".utf8)[...]

    private func log(
        _ answer: Answer, _ head: RequestHead?, _ line: SentLine, _ slots: [SlotRecord],
        _ client: JournalClient, isStream: Bool, nanoseconds: Int
    ) {
        var text = client.text
        if let head, client.isTrusted, head.forwarded != nil {
            text = options.loggedAddress.text(options.clients.client(of: head, client))
        }
        let answered = answer.answered
        var logged = LoggedAnswer(
            client: text, method: line.method, path: line.path,
            version: isStream ? Self.version2 : line.version, status: answered.status,
            bytes: answered.bodyBytes)
        logged.coding = answered.coding
        logged.micros = nanoseconds / 1_000
        logged.slots = slots
        logged.agent = head?.agent ?? []
        if let referer = head?.referer {
            logged.referer = referer.prefix { $0 != UInt8(ascii: "?") }
        }
        lines?.add(logged, now: Glibc.time(nil))
        if let lines, lines.bytes.count >= options.logBytesMax { handOver() }
    }

    /// Hands the lines over that are there.
    func handOver() {
        guard let bytes = lines?.take(), !bytes.isEmpty else { return }
        onLogLines(bytes)
    }
}
