// One renderer: a process of the site's program that is asked for pages over its standard input and
// answers on its standard output.
//
// It ends with this object's `end`, with its input, or by itself: by a trap in the site's code, or
// because it said nothing for too long and was killed. What it printed then says where.

import Glibc
import SitegenCommands
import Subprocess
import SystemPackage

/// A renderer that runs.
actor RendererProcess {
    /// What it says without being asked.
    enum News: Sendable {
        case ready
        case refused(String)
        case rows([String])
        case viewsOutdated
        case database(String?)
        case addresses(Int)
        /// It traps, and ends once its trace is written, a second later: this is what is known.
        case traps(End)
    }

    /// How it ended.
    struct End: Sendable {
        /// The path of the page that it was rendering; nil if none.
        let path: String?
        /// The page type that made it, and the columns of its row's key; nil if none had begun.
        var route: RendererWork.PageRoute?
        /// The last that it printed.
        let output: String
        /// Whether it was killed because it said nothing.
        let isStuck: Bool
        /// Whether somebody else killed it, such as the system when memory is short.
        let wasKilled: Bool
        /// Whether that was wished.
        let isWished: Bool
    }

    /// An answer with its bytes; nil when the process has gone.
    typealias Reply = (answer: RendererAnswer, body: [UInt8])?

    /// How often to look whether the process is stuck while an answer is awaited.
    private static let lookInterval = Duration.seconds(1)
    /// The most of what it prints that is kept, in bytes.
    private static let outputBytesMax = 64 << 10

    nonisolated let news: AsyncStream<News>
    private let tell: AsyncStream<News>.Continuation
    private var writer: StandardInputWriter?
    /// What is written before any question; nil until it is known.
    private var firstLine: String?
    private var process: pid_t?
    private var waiting: [Int: CheckedContinuation<Reply, Never>] = [:]
    private var work = RendererWork()
    private var number = 0
    private var output: [UInt8] = []
    private var isStuck = false
    private var isWished = false
    /// Whether the process has ended.
    private(set) var hasEnded = false

    init() { (news, tell) = AsyncStream.makeStream() }

    /// Runs the process until it ends.
    ///
    /// - Parameters:
    ///   - path: the program's file.
    ///   - site: what it works with.
    ///   - print: takes what the site's own code prints, line by line.
    /// - Returns: how it ended.
    func run(
        _ path: String, of site: SiteProcess, print: @escaping @Sendable (String) -> Void
    ) async -> End {
        var platform = PlatformOptions()
        // Ctrl-C is this process's alone.
        platform.processGroupID = 0
        var wasKilled = false
        do {
            let outcome = try await Subprocess.run(
                .path(.init(path)), arguments: site.arguments(["render"] + site.previewOptions),
                environment: site.renderingEnvironment, platformOptions: platform,
                input: .inputWriter, output: .sequence, error: .sequence
            ) { execution in
                await self.begin(
                    execution.standardInputWriter, execution.processIdentifier.value)
                async let errors: Void = self.collect(execution.standardError, print)
                try await self.listen(to: execution.standardOutput)
                self.close()
                await errors
            }
            wasKilled = outcome.terminationStatus == .signaled(SIGKILL)
        } catch {
            output += Array("\(error)".utf8)
        }
        finish()
        return end(wasKilled: wasKilled)
    }

    /// How it ends, as far as that is known.
    private func end(wasKilled: Bool) -> End {
        End(
            path: work.page, route: work.route, output: String(decoding: output, as: UTF8.self),
            isStuck: isStuck, wasKilled: wasKilled && !isStuck, isWished: isWished)
    }

    private func begin(_ writer: StandardInputWriter, _ process: pid_t) async {
        self.writer = writer
        self.process = process
        if isWished { _ = kill(process, SIGKILL) }
        await writeFirstLine()
    }

    /// Tells a process that waits what to load; it is asked nothing before it is ready.
    func load(_ executable: SiteExecutable) async {
        firstLine = executable.firstLine
        await writeFirstLine()
    }

    private func writeFirstLine() async {
        guard let writer, let line = firstLine, !line.isEmpty else { return }
        firstLine = ""
        // Whoever cannot be written to has ended, and that is told.
        _ = try? await writer.write(Array(line.utf8))
    }

    private func collect(
        _ errors: SubprocessOutputSequence, _ print: @Sendable (String) -> Void
    ) async {
        var isTracing = false
        do {
            for try await line in errors.strings() {
                output += Array(line.utf8) + [UInt8(ascii: "\n")]
                if RendererCrash.isMessage(line) { tell.yield(.traps(end(wasKilled: false))) }
                if output.count > Self.outputBytesMax {
                    output.removeFirst(output.count - Self.outputBytesMax)
                }
                // What the trap left is told as a problem.
                if line.hasPrefix("*** ") { isTracing = true }
                if !isTracing { print(line) }
            }
        } catch {
            // Nothing more to be read.
        }
    }

    private func listen(to answers: SubprocessOutputSequence) async throws {
        var frames = RendererFrames()
        for try await chunk in answers {
            work.hear(at: .now)
            unsafe chunk.withUnsafeBytes { bytes in unsafe frames.append(bytes) }
            while let (answer, body) = try frames.next(RendererAnswer.self) { take(answer, body) }
        }
    }

    private func take(_ answer: RendererAnswer, _ body: [UInt8]) {
        switch answer {
        case .ready(let version):
            guard version == RendererAnswer.version else {
                tell.yield(
                    .refused(
                        "The site's program is of another version of sitegen.\n"
                            + "Compile it again: `swift build --product Site`."))
                end()
                return
            }
            tell.yield(.ready)
        case .refused(let reason): tell.yield(.refused(reason))
        case .rows(let views): tell.yield(.rows(views))
        case .viewsOutdated: tell.yield(.viewsOutdated)
        case .database(let reason): tell.yield(.database(reason))
        case .addresses(let count): tell.yield(.addresses(count))
        case .begins(let number): work.begin(number)
        case .renders(let route, let key):
            work.note(RendererWork.PageRoute(name: route, key: key))
        case .waits(let number): work.park(number)
        case .page(let number, _), .text(let number), .texts(let number, _), .nothing(let number),
            .done(let number), .files(let number, _), .problem(let number, _):
            work.end(number)
            waiting.removeValue(forKey: number)?.resume(returning: (answer, body))
        }
    }

    /// Asks, and waits for the answer.
    ///
    /// - Parameters:
    ///   - path: the path of the page that is asked for; nil for what is none.
    ///   - question: makes the question of its number.
    /// - Returns: the answer; nil when the process has gone.
    func ask(path: String? = nil, _ question: (Int) -> RendererQuestion) async -> Reply {
        guard let writer else { return nil }
        number += 1
        let (mine, frame) = (number, RendererFrame.bytes(of: question(number)))
        work.ask(mine, path: path, at: .now)
        let watch = Task {
            while true {
                try await Task.sleep(for: Self.lookInterval)
                killIfStuck()
            }
        }
        defer { watch.cancel() }
        return await withCheckedContinuation { continuation in
            waiting[mine] = continuation
            Task {
                do {
                    _ = try await writer.write(frame)
                } catch {
                    self.work.end(mine)
                    self.waiting.removeValue(forKey: mine)?.resume(returning: nil)
                }
            }
        }
    }

    /// Tells something that has no answer.
    func tell(_ wish: RendererQuestion) async {
        _ = try? await writer?.write(RendererFrame.bytes(of: wish))
    }

    private func killIfStuck() {
        guard work.isStuck(at: .now), let process else { return }
        isStuck = true
        _ = kill(process, SIGKILL)
    }

    /// Ends the process.
    func end() {
        isWished = true
        if let process { _ = kill(process, SIGTERM) }
    }

    private func close() { process = nil }

    private func finish() {
        (writer, process) = (nil, nil)
        hasEnded = true
        tell.finish()
        for (_, continuation) in waiting { continuation.resume(returning: nil) }
        waiting = [:]
    }
}
