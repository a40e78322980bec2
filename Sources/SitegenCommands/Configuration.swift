// Where a command reads and writes: flags first, then the environment, then defaults.
//
// An empty variable counts as unset. No value is checked here; what uses it says what is wrong.

public import ArgumentParser
import FoundationEssentials
public import SiteAuthoring

/// The options of commands that need PostgreSQL.
struct DatabaseOptions: ParsableArguments {
    @OptionGroup var folders: FolderOptions

    @Option(
        name: .customLong("db"),
        help: "PostgreSQL's URL; else DATABASE_URL, else a private server.")
    var url: String?

    /// The URL that was given, if any.
    var givenURL: String? { url ?? Environment.value("DATABASE_URL") }
}

/// Where a server for this machine alone listens, and what it is called.
struct LoopbackOptions: ParsableArguments {
    @Option(help: "The port on 127.0.0.1; 4000 for watch and 8080 for demo unless set.")
    var port: Int?

    @Option(
        help: """
            A name this server answers to besides localhost, 127.0.0.1 and [::1], for a tunnel or \
            a proxy; others get 421. May be given many times.
            """)
    var host: [String] = []

    func validate() throws {
        guard (0...65_535).contains(port ?? 0) else {
            throw ValidationError("--port must be between 0 and 65535.")
        }
    }
}

/// The option that names a release.
struct ReleaseOptions: ParsableArguments {
    @Option(help: "The folder of releases; else SITEGEN_RELEASE, else dist.")
    var release: String?

    /// The folder to use.
    var folder: String { release ?? Environment.value("SITEGEN_RELEASE") ?? "dist" }
}

/// The process's environment.
enum Environment {
    /// Where files go that are too large for memory and for nobody else: TMPDIR, or the folder
    /// that every system has on a disk.
    static var temporaryFolder: String { value("TMPDIR") ?? "/var/tmp" }

    /// A variable's value; nil if it is unset or empty.
    static func value(_ name: String) -> String? {
        guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
            return nil
        }
        return value
    }
}

/// The file of the running program.
enum RunningProgram {
    /// Its path.
    static func path() throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }

    /// The path of another program, by its name in PATH; nil when there is none.
    static func path(of name: String) -> String? {
        (Environment.value("PATH") ?? "").split(separator: ":")
            .map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}

extension SitegenCommand {
    /// The site, or a failure for an executable that has none.
    static func requireSite() throws -> Site {
        guard let site else {
            throw CommandFailure(
                .badConfiguration,
                """
                This executable has no site.
                Run the `sitegen` that a site's own package builds.
                """)
        }
        return site
    }
}

extension Origin: ExpressibleByArgument {
    /// Parses the value of an option.
    public init?(argument: String) { self.init(argument) }
}
