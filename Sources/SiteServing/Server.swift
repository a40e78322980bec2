// The server: event loops, a listener, and the release that all of them answer from.
//
// A new release is loaded beside the old one and handed to each event loop as a message; a request
// under way keeps the one it began with. It handles no signal; its owner reloads and shuts it down.

import AccessRecords
import Groundwork
import NIOCore
import NIOPosix
package import ReleaseFormat
import Synchronization

/// One server, started and shut down once.
package final class Server: Sendable {
    private struct Running {
        let group: MultiThreadedEventLoopGroup
        let listener: any Channel
        let operations: (any Channel)?
        let loops: [NIOLoopBound<LoopState>]
    }

    private enum Phase {
        case new
        case starting
        case running(Running)
        case over
    }

    /// TCP_NOTSENT_LOWAT of Linux, tcp(7).
    private static let unsentOption: CInt = 25

    private let options: ServerOptions
    private let blobs: Blobs
    /// What reads stored files, so that no event loop waits for a disk.
    private let threads = NIOThreadPool(numberOfThreads: PieceLoader.threadCount)
    private let served = Mutex<ServedRelease?>(nil)
    /// The release that is served and those before it.
    private let readers = Mutex<[ReleaseReader]>([])
    private let phase = Mutex(Phase.new)
    /// Held while a release is taken, so that all event loops end with the same.
    private let reloading = Mutex(())
    private let connectionCount = Atomic(0)
    private let operationsConnections = FewConnections()
    private let addresses: AddressLimits?
    private let facts = ServerFacts()
    private let certificates = Mutex<Certificates?>(nil)
    private let spool = Mutex<ServerSpool?>(nil)

    /// A server that is not started.
    package init(_ options: ServerOptions) {
        self.options = options
        blobs = Blobs(bytesMax: options.limits.memoryMax)
        let addresses = AddressLimits(options.limits)
        self.addresses = addresses.isOn ? addresses : nil
    }

    /// Loads the current release, connects to Redis (waiting at most a second) and listens.
    ///
    /// - Returns: the address that is listened on, with the port that was taken.
    /// - Throws: `.release`, `.cannotListen`, `.socketInUse`, `.notASocket`, `.notStartable`.
    package func start() async throws(ServingError) -> ListenAddress {
        let isNew = phase.withLock { phase in
            guard case .new = phase else { return false }
            phase = .starting
            return true
        }
        guard isNew else { throw .notStartable }
        let release = try load()
        if let files = options.certificate {
            let read = try Certificates(files)
            certificates.withLock { $0 = read }
        }
        if case .unix(let path) = options.address { try ListenAddress.removeStaleSocket(path) }
        try openSpool()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, options.threads))
        threads.start()
        do {
            var loops: [NIOLoopBound<LoopState>] = []
            for loop in group.makeIterator() {
                loops.append(try await startLoop(loop, release))
            }
            facts.set(release: release.manifest.id, withdrawals: release.withdrawals)
            spool.withLock { $0 }?.start(on: group.next(), threads)
            let listener = try await listen(group, loops)
            let operations = try await listenForOperations(group)
            phase.withLock { phase in
                phase = .running(
                    Running(
                        group: group, listener: listener, operations: operations, loops: loops))
            }
            return listener.localAddress.map { ListenAddress($0, asked: options.address) }
                ?? options.address
        } catch {
            phase.withLock { $0 = .over }
            try? await group.shutdownGracefully()
            try? await threads.shutdownGracefully()
            // In the system's words, without the name of the call that NIO's text has.
            let code = (error as? IOError)?.errnoCode
            let reason = code.map(SystemCall.text) ?? "\(error)"
            throw .cannotListen(address: options.address.description, reason: reason)
        }
    }

    /// Serves the release that is current now; the old one stays if that cannot be loaded.
    ///
    /// - Returns: the name of the release.
    /// - Throws: `.release`; the event says so, too.
    @discardableResult package func reload() throws(ServingError) -> ReleaseID {
        do throws(ServingError) {
            return try reloading.withLock { _ throws(ServingError) in try takeRelease() }
        } catch {
            facts.releasesRefused.add(1, ordering: .relaxed)
            if case .release(let reason) = error { options.onEvent(.releaseRefused(reason)) }
            throw error
        }
    }

    private func takeRelease() throws(ServingError) -> ReleaseID {
        let release = try load()
        for loop in running?.loops ?? [] {
            loop.execute { $0.serve(release) }
        }
        facts.set(release: release.manifest.id, withdrawals: release.withdrawals)
        options.onEvent(.releaseChanged(release.manifest.id))
        return release.manifest.id
    }

    /// Reads the certificate again for the connections to come; the old one stays if that fails.
    ///
    /// - Throws: `.certificateUnusable`.
    package func reloadCertificate() throws(ServingError) {
        try certificates.withLock({ $0 })?.reload()
    }

    /// Closes the open segments of the access spool; the records to come go into others.
    package func closeSegments() {
        for loop in running?.loops ?? [] {
            loop.execute { $0.journal?.recorder?.writer.closeSegment() }
        }
    }

    /// Whether answers are recorded.
    var hasSpool: Bool { options.spool != nil }

    private func openSpool() throws(ServingError) {
        guard let options = options.spool else { return }
        do throws(SpoolFault) {
            let opened = try ServerSpool(options, loops: max(1, self.options.threads))
            if opened.spool.isCopied { self.options.onEvent(.spoolWasCopied) }
            spool.withLock { $0 = opened }
        } catch {
            throw .spool(error)
        }
    }

    /// Serves each new release from the moment it becomes current; returns when it is cancelled.
    ///
    /// One that cannot be loaded is tried again, after a second and then ever more rarely, up to a
    /// minute: what it needs may still be on its way (`rsync`).
    package func followReleases() async {
        let watch = CurrentReleaseWatch(options.output)
        var refused: (release: ReleaseID, next: ContinuousClock.Instant)?
        var pauses = Pauses(from: .seconds(1), to: .seconds(60))
        while !Task.isCancelled {
            await watch.wait()
            guard let current = try? ReleaseReader.currentID(options.output),
                current != facts.release || isWithdrawalNew
            else { continue }
            if current != refused?.release { pauses.reset() }
            if let refused, current == refused.release, .now < refused.next { continue }
            do throws(ServingError) {
                try reload()
                refused = nil
            } catch {
                refused = (current, .now + pauses.take())
            }
        }
    }

    /// Whether something was taken down, or taken back, since the release was loaded.
    private var isWithdrawalNew: Bool {
        guard let withdrawals = try? Withdrawals.read(options.output) else { return false }
        return withdrawals != facts.withdrawals
    }

    /// What all event loops know and counted, added up; nil if the server does not run.
    func snapshot(on eventLoop: any EventLoop) -> EventLoopFuture<LoopSnapshot>? {
        guard let loops = running?.loops else { return nil }
        let parts = loops.map { loop in loop.eventLoop.submit { loop.value.snapshot() } }
        return EventLoopFuture.whenAllSucceed(parts, on: eventLoop).map { parts in
            parts.dropFirst().reduce(parts[0], +)
        }
    }

    /// Stops listening, ends connections after their answers, and closes what is left.
    ///
    /// - Parameter grace: how long answers under way may take.
    package func shutdown(grace: Duration = .seconds(10)) async {
        let running: Running? = phase.withLock { phase in
            defer { phase = .over }
            guard case .running(let running) = phase else { return nil }
            return running
        }
        guard let running else { return }
        facts.isDraining.store(true, ordering: .relaxed)
        try? await running.listener.close()
        let drained = running.loops.map { loop in loop.submit { $0.drain() } }
        for loop in running.loops {
            loop.schedule(in: grace.amount) { $0.closeAll() }
            loop.schedule(in: grace.amount + .seconds(1)) { $0.abandon() }
        }
        for future in drained { try? await future.get() }
        try? await running.operations?.close()
        for loop in running.loops { try? await loop.submit { $0.stopped() }.get() }
        try? await running.group.shutdownGracefully()
        try? await threads.shutdownGracefully()
        if case .unix(let path) = options.address {
            try? ListenAddress.removeStaleSocket(path)
        }
    }

    /// Where operations are told, with the port that was taken; nil for nowhere.
    var operationsAddress: ListenAddress? {
        guard let asked = options.operations, let bound = running?.operations?.localAddress else {
            return nil
        }
        return ListenAddress(bound, asked: asked)
    }

    /// How many lines of the access log were lost.
    var lostLogLines: Int { options.lostLogLines() }

    /// The stored bytes that are kept.
    var storedBytes: Int { blobs.cost }

    /// The bytes of entries that are ready to be sent.
    var entryBytes: Int { served.withLock { $0?.entryBytes ?? 0 } }

    /// What is true of the whole server.
    var state: ServerFacts { facts }

    private var running: Running? {
        phase.withLock { phase in
            guard case .running(let running) = phase else { return nil }
            return running
        }
    }

    private func load() throws(ServingError) -> ServedRelease {
        // What a new release has in common with the last ones is not read again.
        let known = readers.withLock { $0 }
        let reader: ReleaseReader
        do throws(ReleaseError) {
            reader = try ReleaseReader.open(options.output, reusing: known.first)
        } catch {
            throw .release(error)
        }
        guard options.mayServe(reader.manifest) else { throw .preview }
        do throws(ReleaseError) {
            let earlier = EarlierReleases.open(
                options.output, before: reader.manifest.id, limits: options.limits, known: known)
            readers.withLock { $0 = [reader] + earlier }
            let release = ServedRelease(
                reader, blobs: blobs, limits: options.limits, earlier: earlier,
                headers: EntryHeaders(options),
                withdrawals: try Withdrawals.read(options.output))
            served.withLock { $0 = release }
            return release
        } catch {
            throw .release(error)
        }
    }

    private func startLoop(
        _ loop: any EventLoop, _ release: ServedRelease
    ) async throws -> NIOLoopBound<LoopState> {
        let (options, addresses, readers) = (options, addresses, threads)
        let spool = spool.withLock { $0 }
        return try await loop.flatSubmit {
            let state = LoopState(
                loop: loop, options: options, release: release, addresses: addresses,
                readers: readers, spool: spool)
            let bound = NIOLoopBound(state, eventLoop: loop)
            return state.start().map { bound }
        }.get()
    }

    private func listen(
        _ group: MultiThreadedEventLoopGroup, _ loops: [NIOLoopBound<LoopState>]
    ) async throws -> any Channel {
        let states = Dictionary(
            uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.eventLoop), $0) })
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelInitializer(Self.pausing)
            .childChannelOption(.autoRead, value: false)
            // Who has sent all requests may still wait for answers.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let state = states[ObjectIdentifier(channel.eventLoop)] else { return }
                    try accept(channel, state.value)
                }
            }
        switch options.address {
        case .unix(let path):
            return try await bootstrap.bind(unixDomainSocketPath: path).get()
        case .tcp(let host, let port):
            return
                try await bootstrap
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .bind(host: host, port: port).get()
        case .inherited(let descriptor):
            return try await bootstrap.withBoundSocket(descriptor).get()
        }
    }

    /// Waits a moment when a connection cannot be accepted, as when too many files are open: until
    /// then the listener would say again and again that one is there.
    @Sendable private static func pausing(_ listener: any Channel) -> EventLoopFuture<Void> {
        listener.eventLoop.makeCompletedFuture {
            try listener.pipeline.syncOperations.addHandler(
                AcceptBackoffHandler(shouldForwardIOErrorCaught: false) { _ in .milliseconds(100) })
        }
    }

    private func listenForOperations(
        _ group: MultiThreadedEventLoopGroup
    ) async throws -> (any Channel)? {
        guard let address = options.operations else { return nil }
        let hosts = ServedHosts.operations(on: address, and: options.operationsHosts)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelInitializer(Self.pausing)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    try acceptForOperations(channel, hosts)
                }
            }
        switch address {
        case .unix(let path):
            try ListenAddress.removeStaleSocket(path)
            return try await bootstrap.bind(unixDomainSocketPath: path).get()
        case .tcp(let host, let port):
            return
                try await bootstrap.serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: host, port: port).get()
        case .inherited(let descriptor):
            return try await bootstrap.withBoundSocket(descriptor).get()
        }
    }

    /// The same for the listener of operations.
    private func acceptForOperations(_ channel: any Channel, _ hosts: ServedHosts) throws {
        operationsConnections.add(channel, most: options.limits.operationsConnectionsMax)
        try channel.pipeline.syncOperations.addHandler(OperationsHandler(self, hosts: hosts))
    }

    /// Gives a new connection its handler, or refuses it when there are too many.
    private func accept(_ channel: any Channel, _ state: LoopState) throws {
        let open = connectionCount.add(1, ordering: .relaxed).newValue
        let pipeline = channel.pipeline.syncOperations
        let address = addresses == nil ? nil : ClientAddress(channel.remoteAddress)
        let isCounted = address.map { addresses?.open($0, .now()) ?? true } ?? true
        channel.closeFuture.whenComplete { [self] _ in
            connectionCount.subtract(1, ordering: .relaxed)
            if isCounted, let address { addresses?.close(address) }
        }
        guard open <= options.limits.connectionsMax, isCounted else {
            if let count = facts.countRefusal(.now()) {
                options.onEvent(.connectionsRefused(count: count))
            }
            let refusal: Refusal = isCounted ? .overloaded : .tooMany
            try pipeline.addHandler(
                RefusingHandler(
                    refusal, common: state.common(), isSecure: options.certificate != nil))
            return
        }
        state.counters.connections += 1
        if channel.remoteAddress?.port != nil {
            // Else the system takes megabytes for a client that takes nothing.
            try? channel.syncOptions?.setOption(
                .tcpOption(NIOBSDSocket.Option(rawValue: Self.unsentOption)),
                value: options.limits.unsentBytesMax)
        }
        let client = state.journal.map { JournalClient(channel.remoteAddress, $0) }
        guard let certificates = certificates.withLock({ $0 }) else {
            try pipeline.addHandler(HTTPHandler(state, client: client, address: address))
            return
        }
        try TLSConnection.configure(channel, certificates, state, client: client, address: address)
    }
}
