// `sitegen watch`: the site in a browser, up to date with rows, styles and sources.
//
// This process serves and watches, and holds no code of the site: a renderer, a process of the
// site's own program, makes the pages that somebody looks at. The address is taken first, so that
// whatever is wrong with the site is said in the browser.

import ArgumentParser
import SiteServing
import SiteWatching
import SitegenCommands
import UnixSignals

/// Serves the site and shows every change.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Serve the site; show every change of a row, a style or a component at once.",
        discussion: CommandText(
            """
            Runs until Ctrl-C. Needs the sources: run it in the site's root folder. SITEGEN_EDITOR \
            names the editor that a click on a problem opens, such as `code` or \
            `emacsclient -n +{line}:{column} {file}`; one that needs a terminal cannot be opened.
            """,
            input: """
                the sources of the site, which are compiled; the database of --db, \
                DATABASE_URL or a private server
                """,
            output: """
                what changed and what was shown, with its time; one object for each with --json
                """,
            status: """
                0 stopped, 64 usage, 69 no address or no server, 75 the site is watched already, \
                78 there is no site
                """,
            files: "private servers below .sitegen/"
        ).discussion)

    @OptionGroup var database: DatabaseOptions

    @OptionGroup var loopback: LoopbackOptions

    @Option(
        defaultAsFlag: WatchServers.ownAddress,
        help: ArgumentHelp(
            """
            Serve the local network, too, such as a phone: at this address, or at the one that the \
            machine has there. Who has the printed address, which has a token in it, has the site.
            """, valueName: "address"))
    var lan: String? = nil

    @Flag(help: "Open the site in a browser as soon as there is a page.") var open = false

    @Option(
        help: ArgumentHelp(
            "Show the rows of this time, such as 2027-01-01 or '2027-01-01 09:00+01'.",
            valueName: "time"))
    var now: String?

    @Flag(help: "Show drafts (`draft:`), too.") var drafts = false

    @Flag(
        help: """
            Leave out of pages which component wrote an element (data-sitegen-at), so that an \
            Alt-click opens none.
            """)
    var plain = false

    @Flag(help: "Print each line as one JSON object.") var json = false

    func run() async throws {
        try await reportingFailures {
            let signals = await Signals.trap()
            let program = try SiteProgram(root: database.folders.root)
            guard let root = WatchedPath.real(database.folders.root) else {
                throw CommandFailure(.badConfiguration, "\(database.folders.root) is not there.")
            }
            let lock = try WatchLock(dataFolder: database.folders.dataFolder)
            let lines = WatchLines(root: root, isJSON: json)
            let watched = WatchedSite(root: root) { lines.reloaded($0) }
            let servers = try await WatchServers.start(
                watched, port: loopback.port, names: loopback.host, lan: lan)
            lock.note(servers.address)
            servers.tell(lines)
            do {
                let postgres = try DatabaseBackend(database)
                defer { postgres.stop() }
                var site = SiteProcess(
                    program: program, folders: database.folders, databaseURL: postgres.url,
                    redisURL: "")
                site.previewOptions =
                    (now.map { ["--now", $0] } ?? []) + (drafts ? ["--drafts"] : [])
                    + (plain ? ["--plain"] : [])
                guard let data = WatchedPath.real(database.folders.dataFolder) else {
                    throw CommandFailure(
                        .cannotWrite, "\(database.folders.dataFolder) is not there.\nMake it.")
                }
                let traffic = try await WatchedTraffic.start(postgres, database.folders)
                await watched.record(traffic?.visits)
                let compiler = SiteCompiler(
                    program, LibraryFiles(root: root, dataFolder: data)
                ) { lines.printed($0) }
                let events = FileEvents(root: root)
                await watch(
                    WatchRunner(site, compiler, watched, lines, events), events, lines, servers,
                    until: signals)
                await traffic?.stop()
            } catch {
                await servers.stop()
                throw error
            }
            await watched.endStreams()
            await servers.stop()
        }
    }

    /// Watches until a signal or a key asks to stop.
    private func watch(
        _ runner: WatchRunner, _ events: FileEvents, _ lines: WatchLines,
        _ servers: WatchServers, until signals: UnixSignalsSequence
    ) async {
        BlockingWork.thread { events.listen { runner.note(.touched) } }
        let (ends, end) = AsyncStream<Void>.makeStream()
        let hearing = Task {
            for await _ in signals { break }
            end.finish()
        }
        let keys = json ? nil : TerminalKeys()
        if let keys {
            lines.other("Keys: o open · r restart the renderer · c clear · p problems · q quit")
            BlockingWork.thread {
                keys.listen { key in
                    switch key {
                    case "o": Browser.open(servers.address)
                    case "r": runner.note(.wantsRenderer)
                    case "c": lines.clear()
                    case "p": Task { await runner.tellProblems() }
                    case "q": end.finish()
                    default: break
                    }
                }
            }
        }
        let opensAtStart = self.open
        let running = Task {
            await runner.run { if opensAtStart { Browser.open(servers.address) } }
        }
        for await _ in ends {}
        keys?.stop()
        hearing.cancel()
        events.stop()
        runner.stop()
        await running.value
    }
}
