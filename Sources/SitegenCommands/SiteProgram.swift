// The program of a site: what renders and builds it, compiled from the site's own package.
//
// The tool knows no site. Where a command needs one, the program is brought up to date by the
// compiler and takes the tool's place, with the same arguments: signals, output and exit status are
// its own. A site's package has it as its product `Site`.

import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage

/// A site's program.
package struct SiteProgram: Sendable {
    /// The product of a site's package.
    package static let product = "Site"
    /// The variable that names a compiled program; then nothing is compiled.
    package static let variable = "SITEGEN_PROGRAM"
    /// The variable that says how to compile: `debug`, as usual, or `release`.
    static let configurationVariable = "SITEGEN_CONFIGURATION"
    /// The most bytes that the compiler's output may have.
    package static let outputBytesMax = 4 << 20

    /// Its file.
    package let path: String
    /// The folder of the package that it is compiled from; nil if it was compiled elsewhere.
    private let package: String?
    private let configuration: String

    /// Finds the program of the site in a folder; it need not be compiled yet.
    ///
    /// - Throws: a `CommandFailure` when the folder has no site, or a variable is wrong.
    package init(root: String) throws {
        if let path = Environment.value(Self.variable) {
            guard FileManager.default.isExecutableFile(atPath: path) else {
                throw CommandFailure(
                    .badConfiguration,
                    """
                    \(Self.variable) names \(path), which cannot be run.
                    Name the program that `swift build --product \(Self.product)` makes.
                    """)
            }
            (self.path, package, configuration) = (path, nil, "")
            return
        }
        configuration = Environment.value(Self.configurationVariable) ?? "debug"
        guard ["debug", "release"].contains(configuration) else {
            throw CommandFailure(
                .badConfiguration,
                """
                \(Self.configurationVariable) is \(configuration).
                Set it to debug or release, or not at all.
                """)
        }
        guard FileManager.default.fileExists(atPath: "\(root)/Package.swift") else {
            throw CommandFailure(
                .badConfiguration,
                """
                There is no site in \(root == "." ? "this folder" : root): it has no Package.swift.
                Run the command in the site's folder, name that with --root, or make a site with \
                `sitegen new`.
                """)
        }
        package = root
        path = "\(root)/.build/\(configuration)/\(Self.product)"
    }

    /// Whether a folder is that of a site, or a program is named.
    static func isThere(in root: String) -> Bool {
        let files = FileManager.default
        return Environment.value(variable) != nil
            || files.fileExists(atPath: "\(root)/Package.swift")
                && files.fileExists(atPath: "\(root)/site")
    }

    /// The file in which the package's build says how it is made; nil if it is made elsewhere.
    package var description: String? { package.map { "\($0)/.build/\(configuration).yaml" } }

    /// How a run of the compiler ended.
    package struct Compilation: Sendable {
        /// Whether there is a program of the sources now.
        package let isSuccess: Bool
        /// Everything that the compiler said.
        package let output: String

        /// Notes how it ended.
        package init(isSuccess: Bool, output: String) {
            (self.isSuccess, self.output) = (isSuccess, output)
        }
    }

    /// Compiles what is newer than the program; quick when nothing is.
    ///
    /// - Throws: a `CommandFailure` with what the compiler said.
    package func compile() async throws {
        let outcome = try await compilation(by: Self.run)
        guard outcome.isSuccess else {
            throw CommandFailure(.failure, Self.message(outcome.output))
        }
    }

    /// Compiles, and gives what the compiler said, whatever it was.
    ///
    /// - Parameter run: runs the words of the package's build as a command.
    /// - Returns: how it ended.
    /// - Throws: a `CommandFailure` when there is no compiler, and what `run` throws.
    package func compilation(
        by run: ([String]) async throws -> Compilation
    ) async throws -> Compilation {
        guard let package else { return Compilation(isSuccess: true, output: "") }
        let problems = SourceScan.problems(in: package)
        guard problems.isEmpty else {
            return Compilation(isSuccess: false, output: problems.joined(separator: "\n"))
        }
        guard RunningProgram.path(of: "swift") != nil else {
            throw CommandFailure(
                .badConfiguration,
                """
                The site has to be compiled, and there is no `swift` to do it with.
                Install Swift from swift.org, or set \(Self.variable) to the compiled program.
                """)
        }
        if !FileManager.default.fileExists(atPath: path) {
            Terminal.note("compiling the site's program; the first time takes a minute or more")
        }
        return try await run([
            "swift", "build", "--package-path", package, "--product", Self.product,
            "--configuration", configuration,
        ])
    }

    private static func run(_ words: [String]) async throws -> Compilation {
        let outcome = try await Subprocess.run(
            .name(words[0]), arguments: .init(Array(words.dropFirst())),
            environment: .inherit.updating([
                "DATABASE_URL": nil, "REDIS_URL": nil,
            ]),
            output: .string(limit: Self.outputBytesMax),
            error: .string(limit: Self.outputBytesMax))
        return Compilation(
            isSuccess: outcome.terminationStatus.isSuccess,
            output: outcome.standardOutput + outcome.standardError)
    }

    /// Takes the place of this process, with its arguments.
    ///
    /// - Throws: a `CommandFailure` when the system refuses.
    func replaceThisProcess(
        arguments: [String] = Array(CommandLine.arguments.dropFirst())
    ) throws -> Never {
        var pointers = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        unsafe execv(path, &pointers)
        // What was copied for it ends with this process, which has one sentence left to say.
        let reason = unsafe String(cString: strerror(errno))
        throw CommandFailure(
            .badConfiguration,
            "The site's program \(path) cannot be run: \(reason).\nCompile it again.")
    }

    /// The lines that say what is wrong: errors if there are any, else the end of the output.
    package static func message(_ output: String) -> String {
        let lines = output.split(separator: "\n", omittingEmptySubsequences: true)
        let errors = lines.filter { $0.contains("error:") }
        return (errors.isEmpty ? lines.suffix(20) : errors.prefix(20)).joined(separator: "\n")
    }
}
