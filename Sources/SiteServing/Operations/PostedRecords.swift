// What browsers post, as records: violated policies, and pages that were left.
//
// Anybody can post. So a page is one of the release or nothing, a host is a host, numbers are
// clamped, and one client address is heard so often and no more. Whoever objects to being measured
// is not heard at all, and a robot's script counts no more than a robot.

import AccessRecords
import Groundwork
import NIOCore

extension AnswerRecorder {
    /// What a client may post: so many at once, and so many a second.
    static let postsBurst = 60.0
    static let postsPerSecond = 2.0

    /// Records what a body says.
    func record(
        _ posted: PostedBody, _ body: Span<UInt8>, _ release: ServedRelease,
        _ client: JournalClient, _ options: JournalOptions
    ) {
        guard !MeasuringChoice.isOff(posted.head) else { return }
        guard mayPost(options.clients.client(of: posted.head, client)) else {
            switch posted.kind {
            case .reports: unheard.reports += 1
            case .beacon: unheard.beacons += 1
            }
            return
        }
        switch posted.kind {
        case .reports: record(reports: body, posted.head, release, options)
        case .beacon: record(beacon: body, posted.head, release, client, options)
        }
    }

    private func mayPost(_ address: IPAddress?) -> Bool {
        // Without an address it is a program of this machine.
        guard let address else { return true }
        return posts.take(ClientAddress(address), .now())
    }

    private func record(
        reports body: Span<UInt8>, _ head: RequestHead, _ release: ServedRelease,
        _ options: JournalOptions
    ) {
        for violation in PolicyViolation.all(in: body) {
            let page = RefererSource(
                referer: violation.document[...], host: head.host, otherHosts: options.hosts,
                signals: RequestSignals())
            var name = AccessName(path: "")
            switch page {
            case .inside(let path): name = Self.knownPage(path, release)?.name ?? name
            case .elsewhere: continue
            case .none, .typed, .hidden: break
            }
            writer.add(
                ReportRecord(
                    at: 0, directive: PolicyReports.directives[violation.directive], name: name,
                    blocked: violation.blockedText(head, options.hosts)))
        }
    }

    private func record(
        beacon body: Span<UInt8>, _ head: RequestHead, _ release: ServedRelease,
        _ client: JournalClient, _ options: JournalOptions
    ) {
        var bytes: [UInt8] = []
        for index in 0..<body.count { bytes.append(body[index]) }
        guard head.signals.site == .same, let beacon = BeaconBody(bytes),
            let page = Self.knownPage(beacon.page, release), page.target == .page
        else { return }
        let agent = self.agent(of: head, client)
        guard agent.verdict.reason == nil else { return }
        var record = beacon.record(of: page.name)
        record.agent = agent.verdict.agent
        record.language = language(of: head, client)
        record.isOnlyWitness = options.viewsFrom == .beacon
        if !head.signals.refusesTracking {
            record.visitor = visitor(of: head, client, options)
        }
        record.age = min(record.age, keyAge)
        writer.add(record)
    }

    /// The entry of a path as it was sent, if the release has one.
    private static func knownPage(_ sent: [UInt8], _ release: ServedRelease) -> ServedEntry? {
        guard let path = PercentCoding.decoded(sent.span, 0..<sent.count, isLenient: true),
            case .entry(let entry) = release.route(path)
        else { return nil }
        return release.entry(entry)
    }
}
