// Carries out the steps of a rebuild, each as a child process of the site's own executable or of
// the compiler.
// Output of children is kept up to a limit and shown only when one fails. Addresses of databases
// have passwords in them, and every user may read the command lines of all processes: children
// get them in their environment, which is their owner's alone.

import FoundationEssentials
import SiteWatching
import Subprocess
import SystemPackage

/// Runs rebuild steps.
struct Rebuilder {
    let folders: FolderOptions
    let databaseURL: String
    let redisURL: String
    /// The site's executable; the compiler replaces the file, the path stays.
    let executable: String

    private static let outputBytesMax = 1 << 20

    /// Where the releases of watching are.
    var release: String { "\(folders.dataFolder)/watch" }

    /// Runs the steps in their order.
    ///
    /// - Throws: a `CommandFailure` with what the failing step printed.
    func run(_ steps: [RebuildStep]) async throws {
        for step in steps {
            switch step {
            case .applyViews: try await sitegen(["db", "apply"])
            case .generateRows: try await sitegen(["db", "generate"])
            case .compile: try await compile()
            case .refreshViews: try await sitegen(["db", "refresh"])
            case .build:
                try await sitegen(
                    ["build", "--quality", "fast", "--keep", "2", "--release", release])
            case .publishFragments:
                try await sitegen(["fragments", "publish", "--release", release])
            }
        }
    }

    private func sitegen(_ arguments: [String]) async throws {
        try await child(
            executable, arguments + ["--root", folders.root],
            environment: .inherit.updating([
                "DATABASE_URL": databaseURL, "REDIS_URL": redisURL,
            ]))
    }

    private func compile() async throws {
        let isRelease = executable.split(separator: "/").suffix(2).first == "release"
        try await child(
            "swift",
            [
                "build", "--package-path", folders.root, "--product",
                String(executable.split(separator: "/").last ?? "sitegen"), "--configuration",
                isRelease ? "release" : "debug",
            ], environment: .inherit.updating(["DATABASE_URL": nil, "REDIS_URL": nil]))
    }

    private func child(
        _ program: String, _ arguments: [String], environment: Subprocess.Environment
    ) async throws {
        let outcome = try await Subprocess.run(
            program.contains("/") ? .path(.init(program)) : .name(program),
            arguments: .init(arguments), environment: environment,
            output: .string(limit: Self.outputBytesMax), error: .string(limit: Self.outputBytesMax))
        guard outcome.terminationStatus.isSuccess else {
            throw CommandFailure(
                .failure, Self.message(outcome.standardOutput + outcome.standardError))
        }
    }

    /// The lines that say what is wrong: errors if there are any, else the end of the output.
    static func message(_ output: String) -> String {
        let lines = output.split(separator: "\n", omittingEmptySubsequences: true)
        let errors = lines.filter { $0.contains("error:") }
        return (errors.isEmpty ? lines.suffix(20) : errors.prefix(20)).joined(separator: "\n")
    }
}
