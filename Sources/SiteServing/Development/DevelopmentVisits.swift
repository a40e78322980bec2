// The visits of a development server, for the statistics of a site on its author's machine.
//
// They are recorded as a server of releases records its answers, less what only a release has: the
// numbers of its entries. Whoever looks at a page is its visitor, whatever the address.

package import AccessRecords
import Groundwork

/// Records what a development server answers with.
package actor DevelopmentVisits {
    private let spool: ServerSpool
    private let recorder: AnswerRecorder
    private let client: JournalClient
    private let options: JournalOptions
    private var sweeping: Task<Void, Never>?

    /// How often segments are looked after.
    private static let sweepTime = Duration.milliseconds(250)
    /// How often what is old is looked for.
    private static let maintenanceTime = Duration.seconds(600)

    /// Opens the folder of a spool; nothing is recorded before `start`.
    ///
    /// - Parameter folder: the folder; it is made if it is not there.
    /// - Throws: why it cannot be one.
    package init(folder: String) throws(SpoolFault) {
        let spool = try ServerSpool(SpoolOptions(folder: folder), loops: 1)
        var options = JournalOptions()
        options.spamHosts = spool.spamHosts
        let journal = AccessJournal(options, recorder: nil) { _ in }
        self.spool = spool
        self.options = options
        recorder = AnswerRecorder(spool)
        client = JournalClient(nil, journal)
    }

    /// Begins to record.
    package func start() {
        sweep()
        sweeping = Task { [weak self] in
            var next = ContinuousClock.now
            while !Task.isCancelled {
                if ContinuousClock.now >= next {
                    await self?.maintain()
                    next = .now + Self.maintenanceTime
                }
                try? await Task.sleep(for: Self.sweepTime)
                await self?.sweep()
            }
        }
    }

    private func sweep() { _ = recorder.sweep() }

    private func maintain() { spool.spool.maintain() }

    /// Ends recording; what was recorded is for whoever reads the folder.
    package func stop() {
        sweeping?.cancel()
        recorder.writer.closeSegment()
    }

    /// Records an answer.
    ///
    /// - Parameters:
    ///   - request: what was asked.
    ///   - name: what it was answered with; what is not there has none.
    ///   - isPage: whether that is a web page.
    ///   - status: the status.
    ///   - byteCount: the length of the body.
    package func record(
        _ request: DevelopmentRequest, _ name: AccessName, isPage: Bool, status: Int,
        byteCount: Int
    ) {
        let isMissing = status == 404 || status == 410
        recorder.record(
            isMissing ? AccessName(path: MissingPath.text(of: request.head.path)) : name,
            isPage: isPage && !isMissing, status: status,
            byteCount: byteCount, request.head, client, options)
    }
}

extension AnswerRecorder {
    /// Records an answer that is of no release.
    fileprivate func record(
        _ name: AccessName, isPage: Bool, status: Int, byteCount: Int, _ head: RequestHead,
        _ client: JournalClient, _ options: JournalOptions
    ) {
        let agent = self.agent(of: head, client)
        let source = self.source(of: head, client, nil, options)
        var facts = RequestFacts(
            status: status, target: isPage ? .page : .asset, isGet: head.method == .get,
            signals: head.signals, isSecure: false, hasLanguage: head.acceptLanguage != nil)
        facts.isSpam = source.isSpam
        let (kind, reason) = facts.kind(agent.verdict)
        var record = AccessRecord(at: 0, kind: kind, status: status, name: name)
        record.isHead = head.method == .head
        record.bytes = byteCount
        if MeasuringChoice.isOff(head) {
            (record.isObjected, record.name) = (true, AccessName(path: ""))
            return writer.add(record)
        }
        (record.reason, record.signals, record.source) = (reason, head.signals, source.source)
        if kind == .view { record.language = language(of: head, client) }
        if reason == nil, !head.signals.refusesTracking {
            record.visitor = visitor(of: head, client, options)
        }
        writer.add(record, agent: agent.known)
    }
}
