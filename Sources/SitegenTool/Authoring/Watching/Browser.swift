import SitegenCommands
import Subprocess

/// The author's browser.
enum Browser {
    /// Opens an address in it: with the program that BROWSER names, or the desktop's own.
    static func open(_ address: String) {
        let program = Environment.value("BROWSER") ?? "xdg-open"
        Task {
            // A browser may stay for as long as its window.
            do {
                _ = try await run(
                    .name(program), arguments: [address], output: .discarded, error: .discarded)
            } catch {
                Terminal.note("\(program) cannot be run: open \(address)")
            }
        }
    }
}
