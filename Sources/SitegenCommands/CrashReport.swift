// Crashes in the code of a site: the program begins again without the row, see `CrashLog`.
//
// Where the crash was is asked of a symboliser, if there is one: with the program's debug
// information it knows file and line. Without one, the components alone are named.

import FoundationEssentials
import Glibc
import SiteBuilding
import Subprocess
import SystemPackage

/// What the site's program does about crashes.
enum CrashReport {
    /// The variable by which a run tells the next one of its crashes.
    private static let variable = "SITEGEN_CRASHES"
    /// How many frames of a crash are looked at.
    private static let framesMax = 24
    /// The most bytes of a symboliser's answer.
    private static let answerBytesMax = 1 << 20

    /// Handles crashes from now on, and tells of the one that ended the run before.
    static func begin() async {
        guard let program = try? RunningProgram.path() else { return }
        let inherited = Environment.value(variable)
        unsafe unsetenv(variable)
        let environment = ProcessInfo.processInfo.environment
        let crashes = CrashLog.begin(
            program: program, arguments: CommandLine.arguments,
            environment: environment.map { "\($0.key)=\($0.value)" },
            variable: variable, inherited: inherited)
        guard let last = crashes.last else { return }
        CrashLog.locate(await places(of: crashes, in: program))
        Terminal.note("\(last.summary); going on without it")
    }

    /// For each crash, file and line of the innermost frame that is of the site's own sources.
    private static func places(of crashes: [Crash], in program: String) async -> [String?] {
        let frames = crashes.map { $0.frames.prefix(framesMax) }
        guard let tool = RunningProgram.path(of: "llvm-symbolizer") else { return [] }
        let outcome = try? await Subprocess.run(
            .path(FilePath(tool)),
            arguments: Arguments(
                ["--obj=\(program)", "--output-style=GNU", "--functions=none", "--no-inlines"]
                    + frames.joined().map { "0x" + String($0, radix: 16) }),
            output: .string(limit: answerBytesMax), error: .discarded)
        let root = FileManager.default.currentDirectoryPath + "/"
        var lines = (outcome?.standardOutput ?? "").split(separator: "\n")[...]
        return frames.map { frames in
            defer { lines = lines.dropFirst(frames.count) }
            return lines.prefix(frames.count).first {
                $0.hasPrefix(root) && !$0.contains("/.build/")
            }.map { String($0.dropFirst(root.count).prefix { $0 != " " }) }
        }
    }
}
