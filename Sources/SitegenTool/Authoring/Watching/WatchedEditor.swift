// What a tab asks its author's machine for: to open a file, and to say in the terminal why a page
// was loaded anew.
//
// The file is one of the site, whatever was asked for; the program is the author's own choice.

import Groundwork
import SiteServing
import SiteWatching
import SitegenCommands
import Subprocess
import SystemPackage

extension WatchedSite {
    /// The variable that names the editor.
    private static let editorVariable = "SITEGEN_EDITOR"
    /// The longest reason that is told, in characters.
    private static let reasonCharactersMax = 200

    /// Opens a file of the site in the author's editor.
    func open(_ request: DevelopmentRequest) async -> DevelopmentAnswer {
        let component = request.query["component"].map { SourceScan.place(of: $0, in: root) }
        guard let file = component.map({ $0?.file }) ?? request.query["file"],
            let path = WatchedPath.absolute(file, below: root),
            let real = WatchedPath.real(path), real.hasPrefix(root + "/")
        else { return .text(404, "There is no such file.") }
        let line = component??.line ?? max(1, request.query["line"].flatMap { Int($0) } ?? 1)
        let column = max(1, request.query["column"].flatMap { Int($0) } ?? 1)
        guard let setting = Environment.value(Self.editorVariable) ?? RunningEditor.setting(),
            let command = EditorCommand(setting: setting, file: real, line: line, column: column),
            let program = command.words.first
        else { return .text(409, "\(file):\(line)") }
        let executable: Executable =
            program.contains("/") ? .path(FilePath(program)) : .name(program)
        let arguments = Array(command.words.dropFirst())
        Task {
            do {
                try await DesktopProgram.run(executable, arguments)
            } catch {
                Terminal.note("\(program) cannot be run; \(Self.editorVariable) names another")
            }
        }
        return .whole(status: 204, fields: [], body: [])
    }

    /// Tells why a tab loads its page anew.
    func noteReload(_ request: DevelopmentRequest) {
        let why = PrintableText.of(request.query["why"] ?? "")
        let page = PrintableText.of(request.query["page"] ?? "")
        reloads("\(page) is loaded again: \(why.prefix(Self.reasonCharactersMax))")
    }
}
