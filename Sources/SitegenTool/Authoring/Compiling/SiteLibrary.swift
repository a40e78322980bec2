// The site's own module, compiled into a library that a waiting program loads: the quick way from a
// save to a renderer.
//
// Everything but the site's objects is linked once, into a program that waits (`CLoading`). A save
// costs one file's compilation and a link of the site's objects. What a file provides to others is
// compared by the compiler's own account of it (`DependencyAccount`): if that changes, the driver
// decides what else to compile. Its clock has whole seconds, so it never sees the old object of a
// file that has changed.

import FoundationEssentials
import Glibc
import LocalFiles
import SiteWatching
import SitegenCommands

/// The site's module as a library.
actor SiteLibrary {
    /// Why there can be none, so that the package's build has to make the program.
    struct Unavailable: Error {
        let reason: String
    }

    /// How a compilation ended.
    struct Outcome {
        /// What can be run now; nil when it failed.
        let executable: SiteExecutable?
        /// The sources that were compiled.
        let sources: [String]
        /// What the compiler printed.
        let output: String
        /// What it took, in parts.
        var stages: [WatchStage] = []
    }

    private let files: LibraryFiles
    private let toolchain: Toolchain
    private let frontend: FrontendCommand
    private let waiting: String
    private var build: BuildDescription
    private var records: ObjectRecords
    private var executable: SiteExecutable?
    private var made = 0
    /// Whether the driver made all objects, or others that are the same.
    private var isProved = false

    /// Prepares for a module: links the waiting program if what it is made of has changed.
    ///
    /// - Parameters:
    ///   - build: what the package's build says.
    ///   - files: where objects and libraries go.
    /// - Throws: `Unavailable`, or an error of the system.
    init(_ build: BuildDescription, in files: LibraryFiles) async throws {
        let identity = try files.identity(of: build)
        let waiting = files.waiting(identity)
        var records = ObjectRecords(identity: identity)
        if let known = files.records(), known.identity == identity,
            FileStamp.of(waiting) != nil
        {
            records = known
            try files.makeFolders()
            try files.removeLibraries()
        } else {
            files.clear()
            try files.makeFolders()
            try await Self.linkWaitingProgram(build, files, waiting)
        }
        try files.writeSources(build)
        toolchain = try await Toolchain(build.compiler)
        frontend = try await Self.frontend(build, files)
        (self.build, self.files, self.waiting, self.records) = (build, files, waiting, records)
    }

    /// Takes the sources that came and went, as far as it is known where they belong.
    ///
    /// - Parameter paths: absolute paths of files of Swift that have changed.
    /// - Returns: whether all of them are the module's; if not, the package's build has to say.
    /// - Throws: an error of the system.
    func follow(_ paths: [String]) throws -> Bool {
        var next = build
        guard next.follow(paths, isThere: { FileStamp.of($0) != nil }) else { return false }
        try files.writeSources(next)
        build = next
        return true
    }

    private static func linkWaitingProgram(
        _ build: BuildDescription, _ files: LibraryFiles, _ path: String
    ) async throws {
        let words =
            build.linkerArguments + [
                "-emit-executable", "-use-ld=lld", "-Xlinker", "--export-dynamic", "-Xlinker",
                "--defsym", "-Xlinker", "main=\(LoadingProgram.main)", "-o", path,
            ] + build.objects
        let arguments = try files.arguments(words, of: "link")
        let run = try await CompilerRun([build.compiler, arguments], in: files.root)
        guard run.isSuccess else {
            throw Unavailable(reason: SiteProgram.message(run.output))
        }
    }

    private static func frontend(
        _ build: BuildDescription, _ files: LibraryFiles
    ) async throws -> FrontendCommand {
        let arguments = try files.arguments(Self.flags(build), of: "flags")
        let run = try await CompilerRun(
            [build.compiler, arguments, "-c", build.sources[0], "-###"], in: files.root)
        guard let command = FrontendCommand(jobs: run.output, source: build.sources[0]) else {
            throw Unavailable(reason: "the driver names no frontend: \(run.output.prefix(200))")
        }
        return command
    }

    private static func flags(_ build: BuildDescription) -> [String] {
        // The lines of sources, so that a trap can be found, and nothing for a debugger.
        ["-module-name", build.module, "-Onone", "-gline-tables-only"] + build.compilerArguments
    }

    // MARK: Compiling

    /// Compiles what has changed.
    ///
    /// - Throws: an error of the system, and when the task is cancelled.
    func compile() async throws -> Outcome {
        let start = ContinuousClock.now
        let now = files.state(of: build.sources)
        let work = records.work(now)
        var output = ""
        var compiled: [String] = []
        var isOfDriver = false
        switch work {
        case .nothing where executable != nil:
            return Outcome(executable: executable, sources: [], output: "")
        case .nothing: break
        case .files(let sources):
            let one = try await compileEach(sources)
            guard one.isSuccess else {
                return Outcome(executable: nil, sources: sources, output: one.output)
            }
            (output, compiled) = (one.output, sources)
            if one.changesInterface {
                let all = try await compileModule(without: sources, output: &output)
                guard let all else {
                    return Outcome(executable: nil, sources: sources, output: output)
                }
                (compiled, isOfDriver) = (all, true)
            }
        case .module(let sources):
            guard let all = try await compileModule(without: sources, output: &output) else {
                return Outcome(executable: nil, sources: sources, output: output)
            }
            (compiled, isOfDriver) = (all, true)
        }
        // Objects are newer than what was linked of them, also when what follows ends early.
        executable = nil
        isProved =
            compiled.isEmpty ? isProved : isOfDriver && compiled.count == build.sources.count
        records.note(now, files.state(of: build.sources))
        try files.write(records)
        let compiling = WatchStage("compile", since: start)
        let linkStart = ContinuousClock.now
        executable = .loading(
            program: waiting, .init(library: try await linkLibrary(), entry: build.entry))
        return Outcome(
            executable: executable, sources: compiled, output: output,
            stages: [compiling, WatchStage("link", since: linkStart)])
    }

    /// How the compilation of some files ended.
    private struct Each {
        var isSuccess = true
        /// Whether one of them provides something else than before, or nobody can tell.
        var changesInterface = false
        var output = ""
    }

    /// Compiles files alone, beside each other.
    private func compileEach(_ sources: [String]) async throws -> Each {
        try await withThrowingTaskGroup(of: (String, CompilerRun).self) { group in
            for source in sources {
                let words = frontend.words(
                    source: source, list: files.sources,
                    object: files.object(source, isNew: true),
                    dependencies: files.dependencies(source, isNew: true))
                group.addTask { [root = files.root] in
                    (source, try await CompilerRun(words, in: root))
                }
            }
            var each = Each()
            for try await (source, run) in group {
                each.output += run.output
                guard run.isSuccess else {
                    each.isSuccess = false
                    continue
                }
                if !files.providesSame(source) { each.changesInterface = true }
            }
            guard each.isSuccess, !each.changesInterface else { return each }
            for source in sources { try files.takeNew(source) }
            return each
        }
    }

    /// Has the driver compile what has to be.
    ///
    /// - Parameters:
    ///   - stale: sources whose objects are not good.
    ///   - output: becomes what the driver says.
    /// - Returns: the sources that were compiled; nil when it failed.
    /// - Throws: an error of the system, and when the task is cancelled.
    private func compileModule(
        without stale: [String], output: inout String
    ) async throws -> [String]? {
        records.forget(stale)
        for source in stale { files.removeObject(of: source) }
        // The sources may import something else then, also when this does not come to its end.
        files.forgetLibraries()
        try files.write(records)
        let before = files.state(of: build.sources)
        let arguments = try files.arguments(
            Self.flags(build) + [
                "-c", "-incremental", "-enable-batch-mode", "-j\(Self.jobs)", "-output-file-map",
                files.outputMap,
            ] + build.sources, of: "module")
        let run = try await CompilerRun([build.compiler, arguments], in: files.root)
        // What was said of these files before is said again.
        output = run.output
        guard run.isSuccess else { return nil }
        let after = files.state(of: build.sources)
        return build.sources.filter { before[$0]?.object != after[$0]?.object }
    }

    private static var jobs: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    // MARK: Proof

    /// Has the driver make all objects again, and forgets those of which it makes others.
    ///
    /// - Returns: the sources of these.
    /// - Throws: an error of the system, and when the task is cancelled.
    func differences() async throws -> [String] {
        let now = files.state(of: build.sources)
        guard !isProved, records.work(now) == .nothing else { return [] }
        try files.beginProof(build.sources)
        defer { files.endProof() }
        let arguments = try files.arguments(
            Self.flags(build) + [
                "-c", "-enable-batch-mode", "-j1", "-output-file-map", files.proofMap,
            ] + build.sources, of: "proof")
        let run = try await CompilerRun(
            [Self.nice, "-n", "19", build.compiler, arguments], in: files.root)
        // A source that was written to meanwhile is compiled anyway.
        guard files.state(of: build.sources) == now else { return [] }
        // What does not compile has no good object.
        let different = build.sources.filter { source in
            !run.isSuccess
                || ObjectDigest.of(files.object(source)) != ObjectDigest.of(files.proof(source))
        }
        isProved = different.isEmpty
        records.forget(different)
        try files.write(records)
        return different
    }

    /// The program that lets others go first.
    private static let nice = "/usr/bin/nice"

    // MARK: Linking

    /// Links the module's objects under a name that no process has open.
    private func linkLibrary() async throws -> String {
        let objects = build.sources.map { files.object($0) }
        if !files.hasLibraries {
            let arguments = try files.arguments(objects + ["-o", files.libraries], of: "autolink")
            let run = try await CompilerRun([toolchain.autolink, arguments], in: files.root)
            guard run.isSuccess else { throw Unavailable(reason: run.output) }
        }
        made += 1
        let path = files.library(made)
        let words =
            ["-shared", "-o", path, "-L", toolchain.libraries, "-rpath", toolchain.libraries]
            + build.libraryArguments
            + [toolchain.start] + objects
        let arguments = try files.arguments(words, of: "library")
        let run = try await CompilerRun(
            [toolchain.linker, arguments, "@\(files.libraries)"], in: files.root)
        guard run.isSuccess else { throw Unavailable(reason: SiteProgram.message(run.output)) }
        files.removeLibrary(made - 2)
        return path
    }
}
