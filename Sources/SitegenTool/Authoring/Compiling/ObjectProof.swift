// In a quiet moment, all sources are compiled again as a build would, and the objects compared:
// that a file alone had to be compiled rests on the compiler's account of what files provide to
// each other, and an object of a run before on what the file system says.
//
// A difference is a fault of this program: it is told with the file, and healed.

import SiteWatching
import SitegenCommands

/// The proof of a watch's objects.
actor ObjectProof {
    private let compiler: SiteCompiler
    private let tell: @Sendable ([String]) -> Void
    private var work: Task<Void, Never>?
    /// Compilations since the last proof.
    private var unproved = 0

    /// How long nothing may be compiled before.
    private static let quiet = Duration.seconds(20)
    /// How many compilations there may be without one.
    private static let unprovedMax = 50

    /// Prepares.
    ///
    /// - Parameters:
    ///   - compiler: whose objects are proved.
    ///   - tell: takes the sources, by their paths from the root, whose objects were others; they
    ///     are not good any more.
    init(_ compiler: SiteCompiler, tell: @escaping @Sendable ([String]) -> Void) {
        (self.compiler, self.tell) = (compiler, tell)
    }

    /// What is told of a source whose object was another.
    static func problem(of source: String) -> Problem {
        var problem = Problem(
            "What was shown of this file was not what it says.",
            notes: [
                "That is a fault of `sitegen watch`. The file is compiled again now; "
                    + "please report what was edited before."
            ])
        (problem.severity, problem.file) = (.warning, source)
        return problem
    }

    /// Something was compiled.
    func noteCompiled() {
        unproved += 1
        let pause = unproved < Self.unprovedMax ? Self.quiet : .zero
        work = Task {
            do {
                try await Task.sleep(for: pause)
                let different = try await compiler.differences()
                unproved = 0
                if !different.isEmpty { tell(different) }
            } catch {
                // A newer compilation, or the end.
            }
        }
    }

    /// Ends a proof that runs: its objects will be others.
    func stop() async {
        work?.cancel()
        await work?.value
        work = nil
    }
}
