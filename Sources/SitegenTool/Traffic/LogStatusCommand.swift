// `sitegen log status`: whether the traffic of a site is taken in, and what it costs to keep.
//
// It reads and changes nothing. That nobody reads a spool shows in how long ago one was read.

import AccessRecords
import ArgumentParser
import SitegenCommands
import Traffic

/// Tells how ingesting goes.
struct LogStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show servers, losses, days that are not proved, sizes and settings.",
        discussion: CommandText(
            input: CommandText.database,
            output: "lines for people",
            status: "\(TrafficWork.status), 78 the schema is not there or has another version",
            files: "none"
        ).discussion)

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        try await TrafficWork.connected(database) { connection in
            try TrafficSchema.require(on: connection)
            try TrafficWork.lines(on: connection).forEach(Terminal.line)
            let status = try TrafficStatus(on: connection)
            for server in status.servers {
                Terminal.line(
                    """
                    server         \(server.name.prefix(8)): \(server.open) open segments, read \
                    \(Display.seconds(server.secondsSinceRead)) ago
                    """)
            }
            if status.servers.isEmpty { Terminal.line("server         none was read yet") }
            Terminal.line("lost           \(Display.number(status.lostThisWeek)) answers in 7 days")
            Terminal.line("damaged        \(Display.number(status.damagedFrames)) frames")
            Terminal.line(
                "not sealed     "
                    + (status.unsealed.isEmpty ? "-" : status.unsealed.joined(separator: ", ")))
            for size in status.sizes {
                let name = size.name.padding(to: 14)
                Terminal.line("\(name) \(Display.bytes(size.bytes))")
            }
        }
    }
}

extension String {
    /// The text with spaces behind it.
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
