// `sitegen watch`: the site in a browser, up to date with rows, styles and sources.
//
// This process serves and watches; it renders nothing. Every rebuild runs the site's executable as
// a child, so that a change of Swift takes effect once the compiler is done: the old pages stay
// until the new release is there, and a compiler error is shown in the open tabs.

import ArgumentParser
import SiteServing
import SiteWatching
import UnixSignals

/// Serves the site and rebuilds it after every change.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Serve the site; show every change of a row, a style or a component at once.",
        discussion: "Runs until Ctrl-C. Needs the sources: run it in the site's root folder.")

    @OptionGroup var database: DatabaseOptions

    @OptionGroup var loopback: LoopbackOptions

    private static let usualPort = 4000

    func run() async throws {
        let site = try SitegenCommand.requireSite()
        try await reportingFailures {
            let signals = await Signals.trap()
            let postgres = try DatabaseBackend(database)
            defer { postgres.stop() }
            let redis = try FragmentBackend(url: nil, folders: database.folders)
            defer { redis.stop() }
            try SitePreparation.run(site, database: postgres.url, folders: database.folders)

            let rebuilder = Rebuilder(
                folders: database.folders, databaseURL: postgres.url, redisURL: redis.url,
                executable: try RunningProgram.path())
            // Before the first build: what is saved while it runs is a change.
            let files = FileWatcher(root: database.folders.root)
            try await rebuilder.run([.build, .publishFragments])
            let running = try RunningSite(
                release: rebuilder.release,
                listen: "127.0.0.1:\(loopback.port ?? Self.usualPort)", redisURL: redis.url,
                development: DevelopmentHooks()
            ) { $0.hosts = .loopback(and: loopback.host) }
            try await running.start()
            let watching = Task {
                try await watch(files, running.server, rebuilder, databaseURL: postgres.url)
            }
            for await signal in signals where signal != .sighup { break }
            watching.cancel()
            await running.server.shutdown(grace: .seconds(1))
        }
    }

    /// Looks for changes until the task is cancelled.
    private func watch(
        _ files: FileWatcher, _ server: Server, _ rebuilder: Rebuilder, databaseURL: String
    ) async throws {
        var files = files
        var rows = try? RowWatcher(url: databaseURL)
        while !Task.isCancelled {
            try await Task.sleep(for: .milliseconds(100))
            var changes = Set(files.changes().map(SiteChange.files))
            if rows == nil || rows?.isBroken == true { rows = try? RowWatcher(url: databaseURL) }
            if (try? rows?.hasChanged()) == true { changes.insert(.rows) }
            guard !changes.isEmpty else { continue }
            await rebuild(changes, server, rebuilder, &rows)
        }
    }

    private func rebuild(
        _ changes: Set<SiteChange>, _ server: Server, _ rebuilder: Rebuilder,
        _ rows: inout RowWatcher?
    ) async {
        let start = ContinuousClock.now
        let names = changes.map(\.name).sorted().joined(separator: ", ")
        do {
            for step in RebuildPlan.steps(for: changes) {
                // The step's own transactions are no change, also when it fails; what others
                // write from then on is.
                defer { if step.writesRows { _ = try? rows?.hasChanged() } }
                try await rebuilder.run([step])
            }
            _ = try? server.reload()
            server.broadcast(event: "reload", data: names)
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            Terminal.line("\(names): rebuilt in \(Display.seconds(seconds))")
        } catch {
            let message = (error as? CommandFailure)?.message ?? "\(error)"
            Terminal.note(message)
            server.broadcast(event: "failure", data: message)
        }
    }
}

extension SiteChange {
    /// What changed, for the line that watching prints.
    fileprivate var name: String {
        switch self {
        case .rows: "rows"
        case .files(.swift): "Swift"
        case .files(.style): "styles"
        case .files(.view): "views"
        case .files(.publicFile): "public files"
        }
    }
}
