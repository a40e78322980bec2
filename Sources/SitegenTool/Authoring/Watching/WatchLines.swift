// What a watch prints: one line for what was shown, and one for each problem that is new. On a
// terminal a line that comes again takes the place of the one before and says how often; for
// programs each is a JSON object.
//
// Nothing of a row is in them but its view's name.

import Glibc
import SiteWatching
import SitegenCommands
import Synchronization

/// The lines of a watch.
final class WatchLines: Sendable {
    /// How many of many problems are printed; tabs show all.
    private static let problemsMax = 5
    /// How many of many names one line shows.
    private static let namesMax = 3
    /// The columns that a name and what it is take at least.
    private static let widths = (name: 26, kind: 8)

    private let root: String
    private let isJSON: Bool
    private let output: LineStyle
    private let errors: LineStyle
    /// Whether lines may be written over.
    private let isTerminal: Bool
    /// The last line of what was shown, without its times, and how often it came.
    private let last = Mutex<(text: String, count: Int)>(("", 0))

    /// Prints lines about a site.
    ///
    /// - Parameters:
    ///   - root: its folder, absolute.
    ///   - isJSON: whether each line is an object for programs.
    init(root: String, isJSON: Bool) {
        (self.root, self.isJSON) = (root, isJSON)
        output = isJSON ? .plain : .of(STDOUT_FILENO)
        errors = isJSON ? .plain : .of(STDERR_FILENO)
        isTerminal = !isJSON && isatty(STDOUT_FILENO) == 1 && isatty(STDERR_FILENO) == 1
    }

    /// Where the site can be seen.
    func serving(at address: String, token: String? = nil) {
        let shown = token.map { "\(address)/?token=\($0)" } ?? address
        guard !isJSON else { return tell(.serving) { $0.text = shown } }
        other(token == nil ? "Serving \(shown)" : "In the local network: \(shown)")
    }

    /// The first page can be had.
    func ready(since start: ContinuousClock.Instant) {
        let seconds = Self.seconds(since: start)
        guard !isJSON else { return tell(.ready) { $0.milliseconds = Int(seconds * 1_000) } }
        other("\(time(output)) ready in \(Display.seconds(seconds))")
    }

    /// What changed is shown.
    ///
    /// - Parameters:
    ///   - causes: what changed.
    ///   - time: from the notice to the tabs.
    ///   - tabs: how many were told.
    ///   - stages: the parts of the time.
    func shown(_ causes: [WatchCause], time: Duration, tabs: Int, _ stages: [WatchStage]) {
        let milliseconds = Int(time / .milliseconds(1))
        var kinds: [String] = []
        for cause in causes where !kinds.contains(cause.kind) { kinds.append(cause.kind) }
        if isJSON {
            return tell(.shown) { event in
                (event.changed, event.kinds) = (causes.map(\.name), kinds)
                (event.milliseconds, event.tabs) = (milliseconds, tabs)
                event.stages = Dictionary(
                    stages.map { ($0.name, $0.milliseconds) }, uniquingKeysWith: +)
            }
        }
        let what = names(causes) + "  " + padded(kinds.joined(separator: ", "), Self.widths.kind)
        let duration = output.colored("\(Display.number(milliseconds)) ms", .duration)
        let seen = tabs == 0 ? "" : "  → \(tabs) tab\(tabs == 1 ? "" : "s")"
        let count = repeats(of: what + seen)
        let parts = stages.isEmpty ? "" : "  (\(Self.text(of: stages)))"
        let line = "\(self.time(output))  \(what)  \(duration)\(parts)\(seen)"
        // One line up, and cleared.
        let over = count > 1 && isTerminal ? "\u{1b}[1A\u{1b}[2K" : ""
        Terminal.line(over + line + (over.isEmpty ? "" : "  ×\(count)"))
    }

    private static func text(of stages: [WatchStage]) -> String {
        stages.map { "\($0.name) \(Display.number($0.milliseconds))" }.joined(separator: " · ")
    }

    /// What is wrong now of something that was right or wrong otherwise before.
    func problems(_ problems: [Problem]) {
        if isJSON {
            for problem in problems { tell(.problem) { $0.problem = problem } }
            return
        }
        forgetLast()
        for problem in problems.prefix(Self.problemsMax) {
            let word = errors.colored(
                "\(problem.severity.rawValue):", problem.severity == .error ? .error : .warning)
            Terminal.note("\(time(errors))  \(place(of: problem))\(word) \(problem.title)")
            for note in problem.notes { Terminal.note("    \(note)") }
        }
        if problems.count > Self.problemsMax {
            Terminal.note("    and \(problems.count - Self.problemsMax) more")
        }
    }

    /// Nothing is wrong any more.
    func solved() {
        guard !isJSON else { return tell(.solved) }
        other("\(time(output))  nothing is wrong any more")
    }

    /// A line that the site's own code printed.
    func printed(_ line: String) {
        guard !isJSON else { return tell(.printed) { $0.text = line } }
        forgetLast()
        Terminal.note(line)
    }

    /// A tab loaded its page anew.
    func reloaded(_ what: String) {
        guard !isJSON else { return tell(.reloaded) { $0.text = what } }
        forgetLast()
        Terminal.note("\(time(errors))  \(what)")
    }

    /// Any other line.
    func other(_ line: String) {
        guard !isJSON else { return }
        forgetLast()
        Terminal.line(line)
    }

    /// Empties the terminal.
    func clear() {
        guard isTerminal else { return }
        forgetLast()
        Terminal.question("\u{1b}[2J\u{1b}[3J\u{1b}[H")
    }

    // MARK: Parts

    private func tell(_ kind: WatchEvent.Kind, _ fill: (inout WatchEvent) -> Void = { _ in }) {
        var event = WatchEvent(kind, at: Self.time())
        fill(&event)
        Terminal.line(JSONLine.text(event))
    }

    private func forgetLast() { last.withLock { $0 = ("", 0) } }

    private func repeats(of text: String) -> Int {
        last.withLock { last in
            last = (text, last.text == text ? last.count + 1 : 1)
            return last.count
        }
    }

    private func names(_ causes: [WatchCause]) -> String {
        guard !causes.isEmpty else { return padded("the site", Self.widths.name) }
        let shown = causes.prefix(Self.namesMax)
        let more = causes.count > Self.namesMax ? " and \(causes.count - Self.namesMax) more" : ""
        let length = shown.map(\.name).joined(separator: ", ").count + more.count
        let text = shown.map { cause in
            cause.isFile
                ? output.linked(cause.name, to: "\(root)/\(cause.name)") : cause.name
        }.joined(separator: ", ")
        return output.colored(text, .name) + more
            + String(repeating: " ", count: max(0, Self.widths.name - length))
    }

    private func place(of problem: Problem) -> String {
        guard let place = problem.place, let file = problem.file else { return "" }
        return errors.linked(place, to: file.hasPrefix("/") ? file : "\(root)/\(file)") + ": "
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func seconds(since start: ContinuousClock.Instant) -> Double {
        (ContinuousClock.now - start) / .seconds(1)
    }

    private func time(_ style: LineStyle) -> String { style.colored(Self.time(), .time) }

    /// The time of day on this machine, `14:02:11`.
    private static func time() -> String {
        var now = time_t()
        var parts = unsafe tm()
        unsafe Glibc.time(&now)
        guard unsafe localtime_r(&now, &parts) != nil else { return "" }
        return unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec].map {
            $0 < 10 ? "0\($0)" : "\($0)"
        }.joined(separator: ":")
    }
}
