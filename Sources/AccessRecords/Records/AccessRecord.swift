// One request and its answer, as the statistics know it.
//
// It has no address, no User-Agent and no query: whoever writes one has made a keyed hash and a
// class of them before. Texts that strangers sent (hosts, campaigns, paths that lead nowhere) are
// bounded by `AccessLimits`, by who writes and again by who reads.

/// What is kept of one request.
package struct AccessRecord: Equatable, Sendable {
    /// When it was answered, in microseconds since 2000-01-01 00:00 UTC.
    package var at: Int64
    /// What it is counted as.
    package var kind: RequestKind
    /// Whether it was a HEAD.
    package var isHead = false
    /// Whether the visitor objects to being measured: the answer is counted by hour, kind and
    /// status, and the record has nothing else.
    package var isObjected = false
    /// Who asked, under a key that lives one day; nil if nobody shall know.
    package var visitor: UInt64?
    /// What the browser said of the request.
    package var signals = RequestSignals()
    /// The status of the answer.
    package var status: Int
    /// The length of its body.
    package var bytes: Int = 0
    /// The work for it, in microseconds.
    package var micros: Int = 0
    /// What the body was coded by.
    package var coding = AnswerCoding.identity
    /// What asked.
    package var agent = AgentClass()
    /// Why it is taken for a robot; nil unless the kind is `.robot`.
    package var reason: RobotReason?
    /// What was answered with.
    package var name: AccessName
    /// Where the visitor came from.
    package var source = AccessSource.none
    /// What brought the visitor here, if the address says so.
    package var campaign: Campaign?
    /// The primary part of the first language that the browser asks for, lower case; else empty.
    package var language = ""
    /// The fragments of the page, and how each came by what it showed.
    package var slots: [SlotRecord] = []

    /// A record with nothing but what every one has.
    package init(at: Int64, kind: RequestKind, status: Int, name: AccessName) {
        self.at = at
        self.kind = kind
        self.status = status
        self.name = name
    }
}

/// What a body was coded by.
package enum AnswerCoding: UInt8, CaseIterable, Sendable {
    /// Nothing.
    case identity = 0
    /// gzip.
    case gzip = 1
    /// brotli.
    case brotli = 2
    /// A difference to a page that the browser has (`dcb`, `dcz`).
    case delta = 3
}

/// One slot of an answered page.
package struct SlotRecord: Hashable, Sendable {
    /// The fragment's name.
    package var fragment: String
    /// How it came by what it showed.
    package var outcome: SlotOutcome

    /// A slot.
    package init(fragment: String, outcome: SlotOutcome) {
        self.fragment = fragment
        self.outcome = outcome
    }
}
