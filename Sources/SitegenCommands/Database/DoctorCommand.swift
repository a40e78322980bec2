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
            discussion: CommandText(
                """
                Reads only, and computes one row of each view. Indexes are judged by structure, so \
                a small copy of the database will do; counters are those of the server that is \
                asked. Run ANALYZE before. When a view cannot be planned or run, the others are \
                examined all the same.
                """,
                input: "site/database; \(CommandText.database), which is only read",
                output: "advice, each with the SQL or the change it asks for",
                status: """
                    \(CommandText.databaseStatus), 1 a view cannot be planned or run
                    """,
                files: "none"
            ).discussion)

        @OptionGroup var options: DatabaseOptions

        func run() async throws {
            try await connected(options) { connection in
                let definitions = try DatabaseWork.definitions(
                    options.folders, on: connection)
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
