import Glibc

/// A row whose page ended an earlier run of this program.
package struct Crash: Sendable {
    /// The row, and what was made of it.
    let work: NotedWork
    /// The number of the signal.
    let signal: Int32
    /// The components being written, the outermost first; empty outside of any.
    let components: String
    /// Addresses of instructions in the program's file, the innermost first.
    package let frames: [UInt64]

    /// What it is about, in one line.
    package var summary: String { "\(work.route), \(work.place): it crashed (\(words))" }

    /// What a build says of the row.
    ///
    /// - Parameter place: file and line of the site's source; nil when they are not known.
    /// - Returns: the problem of the page.
    func problem(at place: String?) -> PageProblem {
        let inside = components.isEmpty ? "" : " in \(components)"
        return PageProblem(
            route: work.route, place: work.place,
            reason: "it crashed (\(words))\(inside)\(place.map { ", at \($0)" } ?? "").\n"
                + "Look there for an index, a `!`, an overflow or a precondition; what Swift says "
                + "of it stands above.")
    }

    private var words: String {
        switch signal {
        case SIGILL, SIGTRAP: "a trap"
        case SIGSEGV: "a memory fault, as of a recursion without end"
        case SIGABRT: "an abort"
        case SIGFPE: "an arithmetic fault"
        default: "signal \(signal)"
        }
    }
}
