// `sitegen db doctor`: what would make the views cheaper, with the statement to run.
//
// Advice is no failure: the exit status is 0 however much there is to say, unless a view cannot be
// examined.

import ArgumentParser
import MaterializedViews
import Postgres

extension DatabaseCommand {
    /// `sitegen db doctor`.
    struct Doctor: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "doctor",
            abstract: "Look for missing and unused indexes, costly views and waiting changes.",
            discussion: """
                Reads only, and computes one row of each view. Indexes are judged by structure, so \
                a small copy of the database will do; counters are those of the server that is \
                asked. Run ANALYZE before. Exit status 1 when a view cannot be planned or run; the \
                others are examined all the same.
                """)

        @OptionGroup var options: DatabaseOptions

        func run() async throws {
            try await connected(options) { connection in
                let definitions = try ViewDefinition.load(
                    directory: options.folders.databaseFolder)
                let advice = try ViewDoctor(definitions).advice(on: connection)
                if advice.isEmpty { Terminal.line("nothing to advise") }
                for piece in advice { Terminal.line("\(piece)") }
                let broken = advice.contains { piece in
                    if case .brokenView = piece { true } else { false }
                }
                if broken {
                    throw CommandFailure(.failure, "Some views cannot be examined; see above.")
                }
            }
        }
    }
}
