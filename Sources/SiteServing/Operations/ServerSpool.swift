// The access spool of a server: its folder, its keys, and the thread that looks after both. Event
// loops share it; what may wait for the disk runs on threads that read files, or in a sweep.
// Without the option there is none, and requests are as cheap as ever.

import AccessRecords
import NIOCore
import NIOPosix
import Synchronization

/// What event loops share of the spool.
final class ServerSpool: Sendable {
    let spool: AccessSpool
    let keys: VisitorKeyRing
    /// Hosts whose visits are none, as the site's own list names them.
    let spamHosts: Set<String>
    private let options: SpoolOptions
    /// The event loops whose records are lost, or have no visitors.
    private let inTrouble = Atomic(0)
    /// Whether it was told that a proxy seems to be in front.
    private let hasToldOfProxy = Atomic(false)

    /// How often what is old is looked for.
    static let maintenanceTime = TimeAmount.minutes(10)

    /// Opens the folder.
    init(_ options: SpoolOptions, loops: Int) throws(SpoolFault) {
        self.options = options
        spool = try AccessSpool(options.folder, bytesMax: options.bytesMax, loops: loops)
        keys = VisitorKeyRing(spool.folder)
        spamHosts = try spool.folder.spamHosts()
    }

    /// Counts an event loop that came into trouble, or out of it; what is to be told of that.
    func count(_ fault: SpoolFault?) -> ServerEvent? {
        if let fault {
            return inTrouble.add(1, ordering: .relaxed).oldValue == 0 ? .spoolInTrouble(fault) : nil
        }
        return inTrouble.subtract(1, ordering: .relaxed).newValue == 0 ? .spoolGoesOn : nil
    }

    /// What is to be told of a proxy that nobody named, once.
    func tellOfProxy() -> ServerEvent? {
        hasToldOfProxy.exchange(true, ordering: .relaxed) ? nil : .clientsArePrivate
    }

    /// Begins to look after the folder; the tasks end with the event loop.
    func start(on loop: any EventLoop, _ threads: NIOThreadPool) {
        let spool = spool
        loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: Self.maintenanceTime) { _ in
            threads.submit { _ in spool.maintain() }
        }
        guard let seconds = options.syncSeconds else { return }
        let pause = TimeAmount.seconds(Int64(seconds))
        loop.scheduleRepeatedTask(initialDelay: pause, delay: pause) { _ in
            threads.submit { _ in spool.sync() }
        }
    }
}

extension ServerOptions {
    /// The journal of an event loop; nil if nothing is noted.
    func journal(_ spool: ServerSpool?) -> AccessJournal? {
        guard accessLog != nil || spool != nil else { return nil }
        var journal = JournalOptions()
        journal.log = accessLog
        journal.loggedAddress = loggedAddress
        journal.logBytesMax = limits.logBytesMax
        journal.isSecure = certificate != nil
        journal.clients = clients
        journal.hosts = hosts.ownNames
        journal.spamHosts = spool?.spamHosts ?? []
        journal.viewsFrom = self.spool?.viewsFrom ?? .answers
        return AccessJournal(
            journal, recorder: spool.map { AnswerRecorder($0) }, onLogLines: onLogLines)
    }
}
