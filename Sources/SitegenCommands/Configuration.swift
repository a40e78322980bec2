// Where a command reads and writes: flags first, then the environment, then defaults.
//
// An empty variable counts as unset. No value is checked here; what uses it says what is wrong.

public import ArgumentParser
import FoundationEssentials
public import SiteAuthoring

/// The options of commands that need PostgreSQL.
package struct DatabaseOptions: ParsableArguments {
    /// The site's folder and its data.
    @OptionGroup package var folders: FolderOptions

    @Option(
        name: .customLong("db"),
        help: "PostgreSQL's URL; else DATABASE_URL, else a private server.")
    var url: String?

    /// Made by the argument parser.
    package init() {}

    /// Whether servers are named by the environment and by no option.
    package var ignoresEnvironment: Bool {
        url == nil && (Environment.value("DATABASE_URL") ?? Environment.value("REDIS_URL")) != nil
    }

    /// The URL that was given, if any.
    var givenURL: String? { url ?? Environment.value("DATABASE_URL") }
}

/// The option that names a release.
package struct ReleaseOptions: ParsableArguments {
    @Option(help: "The folder of releases; else SITEGEN_RELEASE, else dist.")
    var release: String?

    /// Made by the argument parser.
    package init() {}

    /// The folder to use.
    package var folder: String { release ?? Environment.value("SITEGEN_RELEASE") ?? "dist" }
}

/// The process's environment.
package enum Environment {
    /// Where files go that are too large for memory and for nobody else: TMPDIR, or the folder
    /// that every system has on a disk.
    package static var temporaryFolder: String { value("TMPDIR") ?? "/var/tmp" }

    /// A variable's value; nil if it is unset or empty.
    package static func value(_ name: String) -> String? {
        guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
            return nil
        }
        return value
    }
}

/// The file of the running program.
package enum RunningProgram {
    /// Its path.
    package static func path() throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }

    /// The path of another program, by its name in PATH; nil when there is none.
    package static func path(of name: String) -> String? {
        (Environment.value("PATH") ?? "").split(separator: ":")
            .map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}

extension Origin: ExpressibleByArgument {
    /// Parses the value of an option.
    public init?(argument: String) { self.init(argument) }
}
