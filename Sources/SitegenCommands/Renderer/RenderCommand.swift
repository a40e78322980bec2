// `render`, a command of a site's program that nobody types: `sitegen watch` starts it and asks it
// for pages.
//
// Questions come on standard input, answers go to standard output; what the site's own code prints
// goes to standard error. The process ends when its input does, and a moment later whatever it is
// doing: a watcher that was killed leaves nothing behind.

import ArgumentParser
import Glibc
import MaterializedViews
import Postgres
import SiteBuilding

/// Renders pages on request.
struct RenderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render", abstract: "Render pages for `sitegen watch`.", shouldDisplay: false)

    @OptionGroup var database: DatabaseOptions

    @Option(help: "Show the rows of this time.") var now: String?

    @Flag(help: "Show drafts, too.") var drafts = false

    @Flag(help: "Leave the names of components out of pages.") var plain = false

    /// Whether this process was started for it.
    static var isAsked: Bool {
        CommandLine.arguments.dropFirst().first == configuration.commandName
    }

    func run() async throws {
        guard let url = database.givenURL else {
            throw CommandFailure(
                .usage, "`render` is what `sitegen watch` runs.\nRun `sitegen watch`.")
        }
        let site = try await SitegenCommand.requireSite(in: database.folders.root)
        let output = dup(STDOUT_FILENO)
        guard output >= 0, dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 else {
            throw CommandFailure(.failure, "Standard output cannot be used.\nOpen it.")
        }
        Self.endWithInput()
        try await reportingFailures {
            let schema = try SiteName.schema(root: database.folders.root)
            let proofs = try SiteProofs(
                site, root: database.folders.root, databaseURL: url, schema: schema,
                preview: try preview(DatabaseAddress(url, schema: schema)),
                namesComponents: !plain)
            var loop = RenderLoop(proofs, output: output)
            try loop.run()
        }
    }

    /// Which rows are shown; nil for those that are public now.
    private func preview(_ database: DatabaseAddress) throws -> Preview? {
        guard now != nil || drafts else { return nil }
        return Preview(
            time: try Preview.time(now, on: Connection(to: database)), showsDrafts: drafts)
    }

    /// How long the process may go on once nobody can ask it any more, in microseconds.
    private static let endingMicroseconds: UInt32 = 300_000

    /// Ends the process soon after its input, even if it renders a page that never ends.
    private static func endWithInput() {
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, nil,
            { _ in
                let gone = Int16(POLLHUP | POLLERR | POLLNVAL)
                var input = pollfd(fd: STDIN_FILENO, events: 0, revents: 0)
                while input.revents & gone == 0 { _ = unsafe poll(&input, 1, -1) }
                usleep(RenderCommand.endingMicroseconds)
                _exit(0)
            }, nil)
        if code == 0 { pthread_detach(thread) }
    }
}
