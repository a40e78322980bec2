import SitegenCommands
import Subprocess

/// The author's browser.
enum Browser {
    /// Opens an address in it: with the program that BROWSER names, or the desktop's own.
    static func open(_ address: String) {
        let program = Environment.value("BROWSER") ?? "xdg-open"
        Task {
            do {
                try await DesktopProgram.run(.name(program), [address])
            } catch {
                Terminal.note("\(program) cannot be run: open \(address)")
            }
        }
    }
}
