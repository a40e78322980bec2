// A process that has begun and is to become a renderer.
//
// A program that waits for its site is mapped and linked by the system before anybody needs it; it
// reads its input, and ends with that.

/// A renderer that nobody has asked yet.
struct SpareRenderer: Sendable {
    /// The program's file.
    let program: String
    let renderer = RendererProcess()
    /// Ends with the process.
    let running: Task<RendererProcess.End, Never>

    /// Starts the process.
    ///
    /// - Parameters:
    ///   - program: the program's file.
    ///   - site: what it works with.
    ///   - print: takes what the site's own code prints, line by line.
    init(
        _ program: String, of site: SiteProcess, print: @escaping @Sendable (String) -> Void
    ) {
        self.program = program
        running = Task { [renderer] in await renderer.run(program, of: site, print: print) }
    }

    /// Whether it still waits, so far as is known.
    var isWaiting: Bool { get async { await !renderer.hasEnded } }

    /// Ends the process.
    func end() async {
        await renderer.end()
        _ = await running.value
    }
}
