// The renderer's one thread: it answers questions, and between them learns addresses and lets the
// views take in changed rows.
//
// A question about an address that is not known yet waits until it is, or all are. What goes wrong
// with the database is told once; the connections are made anew, a few times a second. While
// somebody looks at pages, the server waits for changes, and this thread for its answer.

import Glibc
import Groundwork
import MaterializedViews
import Postgres
import SiteBuilding

/// Serves one watcher.
struct RenderLoop {
    private struct Waiting {
        let number: Int
        let path: String
        let cookies: [String: String]
    }

    private let proofs: SiteProofs
    private let output: Int32
    private var frames = RendererFrames()
    private var waiting: [Waiting] = []
    private var pace = Duration.milliseconds(250)
    private var nextLook = ContinuousClock.now
    /// Where the server's word of changes will come; nil while it is not asked to wait for any.
    private var changes: Int32?
    private var nextUnlogged = ContinuousClock.now
    private var nextTimed = ContinuousClock.now
    private var nextSources = ContinuousClock.now
    private var lastQuestion = ContinuousClock.now
    private var isReady = false
    private var hasToldAddresses = false
    private var databaseProblem: String?

    /// The most questions that wait for their addresses; more are answered with nothing.
    private static let waitingMax = 256
    /// How often the database is tried that cannot be reached.
    private static let retrying = Duration.milliseconds(300)
    /// How long nothing may be asked before addresses are read that nobody waits for: the pages
    /// that are open come first.
    private static let quiet = Duration.milliseconds(100)
    /// How often pages of views that write no log are looked at again.
    private static let unloggedInterval = Duration.seconds(2)
    /// The same while nobody writes on the server: what they show may depend on the time.
    private static let timedInterval = Duration.seconds(10)
    /// How often changed rows are looked for at most and at least.
    private static let paces = Duration.milliseconds(5)...Duration.seconds(10)
    /// From which pace on it costs less to look than to have the server wait.
    private static let unhurried = Duration.milliseconds(100)

    init(_ proofs: SiteProofs, output: Int32) {
        self.proofs = proofs
        self.output = output
    }

    /// Answers until the input ends.
    ///
    /// - Throws: `.disagreement` when the compiled rows do not fit the database; a broken pipe.
    mutating func run() throws {
        proofs.onRoute = { [output] in Self.send(.renders(route: $0, key: $1), to: output) }
        look()
        while true {
            guard try take(waitingUpTo: min(nextLook, nextFind ?? nextLook) - .now) else { return }
            if changes != nil { hear() }
            while let (question, _) = try frames.next(RendererQuestion.self) {
                lastQuestion = .now
                answer(question)
            }
            if ContinuousClock.now >= nextLook, changes == nil { lookOrWait() }
            if let next = nextFind, ContinuousClock.now >= next { find() }
        }
    }

    /// When addresses are to be read; nil if there is nothing to read, or nothing to read it from.
    private var nextFind: ContinuousClock.Instant? {
        guard isReady, databaseProblem == nil, proofs.canFindAddresses else { return nil }
        return waiting.isEmpty ? lastQuestion + Self.quiet : .now
    }

    /// Reads what has come; false at the end of the input.
    private mutating func take(waitingUpTo time: Duration) throws -> Bool {
        let milliseconds = max(0, Int32(clamping: Int((time / .milliseconds(1)).rounded(.up))))
        // A number below 0 is skipped (poll(2)).
        var inputs = [STDIN_FILENO, changes ?? -1].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        guard unsafe poll(&inputs, 2, milliseconds) > 0, inputs[0].revents != 0 else { return true }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let size = bytes.count
        let (count, _) = SystemCall.uninterrupted { unsafe read(STDIN_FILENO, &bytes, size) }
        guard count > 0 else { return false }
        frames.append(bytes[..<count])
        return true
    }

    private func send(_ message: RendererAnswer, body: [UInt8] = []) {
        Self.send(message, body: body, to: output)
    }

    private static func send(_ message: RendererAnswer, body: [UInt8] = [], to output: Int32) {
        let bytes = RendererFrame.bytes(of: message, body: body)
        // When the other end has gone, so does this process; see `RenderCommand`.
        unsafe bytes.withUnsafeBytes { buffer in
            _ = SystemCall.whole(buffer.count) { done in
                unsafe write(
                    output, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
            }
        }
    }

    // MARK: Questions

    private mutating func answer(_ question: RendererQuestion) {
        switch question {
        case .page(let number, let path, let cookies):
            answer(Waiting(number: number, path: path, cookies: cookies))
        case .sheets(let number, let names):
            let texts = names.map { proofs.sheet($0).map { Array($0.utf8) } }
            send(
                .texts(number: number, lengths: texts.map { $0?.count }),
                body: texts.flatMap { $0 ?? [] })
        case .script(let number, let name): send(proofs.script(name), number)
        case .change(let number, let component, let style):
            let isKnown = proofs.changeSheet(component, to: style)
            send(isKnown ? .done(number: number) : .nothing(number: number))
        case .views(let number, let names):
            show(Set(names), number)
        // What is wrong with a file is told by the question before.
        case .rowTypes(let number, let names):
            send((try? proofs.rowTypes(editing: Set(names))) ?? nil, number)
        case .reload(let number, let hasFiles):
            do {
                try proofs.reload(hasFiles: hasFiles)
                send(.files(number: number, folder: proofs.folder))
            } catch {
                send(.problem(number: number, .init(route: "", place: "", reason: "\(error)")))
            }
        case .expect(let path, let route, let key): proofs.expect(path, of: route, key: key)
        case .pace(let milliseconds):
            let asked = Duration.milliseconds(milliseconds)
            pace = min(max(asked, Self.paces.lowerBound), Self.paces.upperBound)
            // What waits ends soon, and hears of the pace then.
            if changes == nil { nextLook = .now }
        }
    }

    /// Shows edited views; says what is wrong with their files, long before `db apply` has.
    private func show(_ views: Set<String>, _ number: Int) {
        do {
            try proofs.showEditedViews(views)
            send(.done(number: number))
        } catch {
            switch error as? ViewError {
            case .sql, .definitions, .cycle, .unknownView:
                let reason = CommandFailure(error).message
                send(.problem(number: number, .init(route: "", place: "", reason: reason)))
            default: send(.nothing(number: number))
            }
        }
    }

    private func send(_ text: String?, _ number: Int) {
        guard let text else { return send(.nothing(number: number)) }
        send(.text(number: number), body: Array(text.utf8))
    }

    private mutating func answer(_ question: Waiting) {
        // Should it never end, or end the process, this is the page.
        send(.begins(number: question.number))
        do {
            switch try proofs.proof(question.path, cookies: question.cookies) {
            case .answer(let answer):
                send(.page(number: question.number, RenderedPage(answer)), body: answer.body)
            case .problem(let problem):
                send(.problem(number: question.number, RendererProblem(problem)))
            case .unknown where waiting.count < Self.waitingMax:
                send(.waits(number: question.number))
                waiting.append(question)
            case .unknown: send(.nothing(number: question.number))
            }
        } catch {
            send(.nothing(number: question.number))
            note(error)
        }
    }

    private mutating func answerWaiting() {
        let questions = waiting
        waiting = []
        for question in questions { answer(question) }
    }

    // MARK: The database

    private mutating func find() {
        do {
            try proofs.findSome()
        } catch {
            note(error)
        }
        answerWaiting()
        if proofs.knowsAllAddresses, !hasToldAddresses {
            hasToldAddresses = true
            send(.addresses(count: proofs.addressCount))
        }
    }

    private mutating func lookOrWait() {
        guard isReady, databaseProblem == nil, pace < Self.unhurried else { return look() }
        do {
            changes = try proofs.beginWaiting(pause: pace)
            nextLook = .now + Self.paces.upperBound
        } catch {
            note(error)
        }
    }

    /// Takes in what has come of the wait; looks if it has ended.
    private mutating func hear() {
        do {
            guard try proofs.hasWaited() else { return }
            changes = nil
            look()
        } catch {
            note(error)
        }
    }

    /// Looks for changed rows.
    private mutating func look() {
        do {
            try proofs.connect()
            if !isReady {
                isReady = true
                lastQuestion = .now
                nextSources = .now + SourceWatch.interval
                send(.ready(version: RendererAnswer.version))
            }
            var views = try proofs.takeChanges()
            if databaseProblem != nil {
                databaseProblem = nil
                send(.database(reason: nil))
            }
            if proofs.hasUnloggedViews, ContinuousClock.now >= nextUnlogged {
                nextUnlogged = .now + Self.unloggedInterval
                let hasWrites = try proofs.hasWrites()
                if hasWrites || ContinuousClock.now >= nextTimed {
                    nextTimed = .now + Self.timedInterval
                    proofs.forgetUnlogged()
                    views.insert("")
                }
            }
            if !views.isEmpty { send(.rows(views: views.sorted())) }
            if ContinuousClock.now >= nextSources {
                nextSources = .now + SourceWatch.interval
                if try proofs.hasOutdatedViews() { send(.viewsOutdated) }
            }
            nextLook = .now + pace
        } catch ViewError.disagreement(let found) where !isReady {
            send(.refused(reason: "\(ViewError.disagreement(found))"))
            ExitStatus.badConfiguration.exit()
        } catch {
            note(error)
        }
    }

    /// Drops the connections after an error, and tells of it once.
    private mutating func note(_ error: any Error) {
        proofs.disconnect()
        changes = nil
        nextLook = .now + Self.retrying
        let text = CommandFailure(error).message
        guard text != databaseProblem else { return }
        databaseProblem = text
        send(.database(reason: text))
    }
}

extension RenderedPage {
    /// An answer less its bytes.
    fileprivate init(_ answer: ProofAnswer) {
        self.init(
            status: answer.status, fields: answer.fields.map { [$0.name, $0.value] },
            isPage: answer.isPage, route: answer.route, view: answer.view, key: answer.key,
            sheets: answer.sheets, warnings: answer.warnings.map { RendererProblem($0) })
    }
}

extension RendererProblem {
    /// A page's problem.
    fileprivate init(_ problem: PageProblem) {
        self.init(route: problem.route, place: problem.place, reason: problem.reason)
    }
}
