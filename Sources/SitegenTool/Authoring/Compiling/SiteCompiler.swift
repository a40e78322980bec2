// Compiles a site for `watch`, the quick way where it can be gone.
//
// The package's own build comes first, once, and again when something else than the site's own
// module has changed: Package.swift, a library, a source in a folder that had none. A program that
// is named (SITEGEN_PROGRAM) is taken as it is. Where the toolchain has no linker for the quick
// way, every change is the package's build.

import FoundationEssentials
import LocalFiles
import SiteWatching
import SitegenCommands

/// The compiler of a watch.
actor SiteCompiler {
    private let program: SiteProgram
    private let files: LibraryFiles
    private let note: @Sendable (String) -> Void
    private var library: SiteLibrary?
    private var isLibraryUnavailable = false
    /// What can be run.
    private(set) var executable: SiteExecutable
    /// The warnings of each source that is compiled, by its path from the root.
    private var warnings: [String: [Problem]] = [:]

    /// The largest description of a build that is read, in bytes.
    private static let descriptionBytesMax = 256 << 20

    /// Prepares; nothing is read yet.
    ///
    /// - Parameters:
    ///   - program: the site's program as the package's build makes it.
    ///   - files: where the quick way keeps what it makes.
    ///   - note: takes a line when the quick way cannot be gone.
    init(
        _ program: SiteProgram, _ files: LibraryFiles, note: @escaping @Sendable (String) -> Void
    ) {
        (self.program, self.files, self.note) = (program, files, note)
        executable = .program(program.path)
    }

    /// How a compilation ended.
    struct Result {
        let isSuccess: Bool
        let problems: [Problem]
        /// What it took, in parts.
        var stages: [WatchStage] = []
    }

    /// Compiles what has changed.
    ///
    /// - Parameter changed: the paths from the root that changed since the last call.
    /// - Returns: how it ended, with everything that is wrong.
    /// - Throws: a `CommandFailure`, and an error when the task is cancelled.
    func compile(_ changed: Set<String>) async throws -> Result {
        guard let description = program.description, !isLibraryUnavailable else {
            return try await compileProgram()
        }
        do {
            let paths = changed.filter { $0.hasSuffix(".swift") }.map { "\(files.root)/\($0)" }
            if try await library?.follow(paths) != true {
                library = nil
                if let failure = try await build(description) { return failure }
            }
            return try await compileLibrary()
        } catch let fault as SiteLibrary.Unavailable {
            isLibraryUnavailable = true
            library = nil
            note("every change of Swift is a whole build: \(fault.reason)")
            return try await compileProgram()
        }
    }

    /// The sources whose objects the package's build would make otherwise; they are compiled again
    /// by the next call of `compile`.
    ///
    /// - Returns: their paths from the root.
    /// - Throws: an error of the system, and when the task is cancelled.
    func differences() async throws -> [String] {
        let prefix = "\(files.root)/"
        return try await library?.differences().map {
            $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0
        } ?? []
    }

    /// Has the package built, and prepares the quick way.
    ///
    /// - Returns: what is wrong, if that is not in the site's own sources.
    private func build(_ description: String) async throws -> Result? {
        let built = try await buildPackage()
        let found = Diagnostics.problems(in: built.output, root: files.root)
        guard built.isSuccess || FileStamp.of(description) != nil else {
            return failure(found, built.output)
        }
        let build = try buildDescription(description)
        let isLinkable = build.objects.allSatisfy { FileStamp.of($0) != nil }
        // The site's own sources are compiled again, so what is wrong there is told then.
        guard built.isSuccess || isLinkable && Self.isAboutSite(found, build, root: files.root)
        else { return failure(found, built.output) }
        library = try await SiteLibrary(build, in: files)
        return nil
    }

    private func buildPackage() async throws -> SiteProgram.Compilation {
        try await program.compilation { words in
            let run = try await CompilerRun(words, in: ".")
            return .init(isSuccess: run.isSuccess, output: run.output)
        }
    }

    private func buildDescription(_ path: String) throws -> BuildDescription {
        do {
            let text = try LocalFile(path).bytes(limit: Self.descriptionBytesMax)
            return try BuildDescription(text, product: SiteProgram.product)
        } catch let fault as BuildDescription.Fault {
            throw SiteLibrary.Unavailable(reason: fault.reason)
        } catch {
            throw SiteLibrary.Unavailable(reason: "\(path) cannot be read")
        }
    }

    /// Whether everything that is wrong stands in the site's own sources, which are compiled again.
    private static func isAboutSite(
        _ problems: [Problem], _ build: BuildDescription, root: String
    ) -> Bool {
        let errors = problems.filter { $0.severity == .error }
        return !errors.isEmpty
            && errors.allSatisfy { problem in
                problem.file.map { build.sources.contains("\(root)/\($0)") } ?? false
            }
    }

    private func failure(_ found: [Problem], _ output: String) -> Result {
        let hasError = found.contains { $0.severity == .error }
        let told = Diagnostics.problem(of: SiteProgram.message(output), root: files.root)
        return Result(isSuccess: false, problems: hasError ? found : [told])
    }

    private func compileLibrary() async throws -> Result {
        guard let library else { return Result(isSuccess: false, problems: []) }
        let outcome = try await library.compile()
        let found = Diagnostics.problems(in: outcome.output, root: files.root)
        guard let made = outcome.executable else { return failure(found, outcome.output) }
        executable = made
        let prefix = "\(files.root)/"
        for source in outcome.sources where source.hasPrefix(prefix) {
            warnings[String(source.dropFirst(prefix.count))] = nil
        }
        for warning in found where warning.severity == .warning {
            warnings[warning.file ?? "", default: []].append(warning)
        }
        return Result(
            isSuccess: true, problems: warnings.sorted { $0.key < $1.key }.flatMap(\.value),
            stages: outcome.stages)
    }

    /// The package's build makes the program.
    private func compileProgram() async throws -> Result {
        let start = ContinuousClock.now
        let built = try await buildPackage()
        let found = Diagnostics.problems(in: built.output, root: files.root)
        guard built.isSuccess else { return failure(found, built.output) }
        executable = .program(program.path)
        return Result(
            isSuccess: true, problems: found.filter { $0.severity == .warning },
            stages: [WatchStage("build", since: start)])
    }
}
