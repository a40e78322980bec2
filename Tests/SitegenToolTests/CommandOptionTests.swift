// Walks every command of the tool and of a site's program, and gives it each of its options: one
// that no command line can have, or that leaves no trace in the command, is a finding.
//
// That what is left is read by the command, `TidyTests` sees to.

import ArgumentParser
import FoundationEssentials
import Synchronization
import Testing

@testable import SitegenCommands
@testable import SitegenTool

@Suite("Options of every command") struct CommandOptionTests {
    /// What the parser says of itself.
    private struct Help: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String
        }

        struct Argument: Decodable {
            let kind: String
            let isOptional: Bool
            let valueName: String?
            let names: [Name]?
        }

        struct Command: Decodable {
            let commandName: String
            let arguments: [Argument]?
            let subcommands: [Command]?
        }

        let command: Command
    }

    /// An option of a command, and the command line that goes before it.
    struct Case: CustomTestStringConvertible, Sendable {
        let isOfSite: Bool
        let line: [String]
        let option: String
        let takesValue: Bool

        var testDescription: String { (line + [option]).joined(separator: " ") }
    }

    private static let roots: [any ParsableCommand.Type] = [ToolCommand.self, SitegenCommand.self]

    /// What options may want that take no 7; one of them fits.
    private static let values = [
        "--access-log-address": ["full"], "--access-log-format": ["combined"],
        "--by": ["7", "pages"], "--format": ["json"], "--id": ["0123456789abcdef"],
        "--origin": ["https://a.example"], "--quality": ["fast", "best"], "--shard": ["1/2"],
        "--spool-max": ["99999999"], "--trusted-proxy": ["10.0.0.0/8"], "--views-from": ["beacon"],
    ]
    /// What some options go with.
    private static let companions = [
        [], ["--follow"], ["--deepen"], ["--certificate", "a"], ["--certificate-key", "a"],
        ["--certificate", "a", "--certificate-key", "b"], ["--access-log", "a"], ["/looks/"],
        ["--database-url", "postgresql://a/b"], ["--now", "2027-01-01"], ["--access-spool", "a"],
        ["--listen", "unix:/a"], ["--listen", "unix:/a", "--client-address", "forwarded"],
        ["--path", "/a/"],
    ]

    /// Every option of every command, those of both programs once.
    static let cases = found.filter { sample in
        !sample.isOfSite
            || !found.contains {
                !$0.isOfSite && $0.line == sample.line && $0.option == sample.option
            }
    }

    /// Every option of every command, found by asking the parsers.
    private static let found: [Case] = roots.enumerated().flatMap { number, root in
        var text = ""
        do { _ = try root.parseAsRoot(["--experimental-dump-help"]) } catch {
            text = root.fullMessage(for: error)
        }
        guard let help = try? JSONDecoder().decode(Help.self, from: Array(text.utf8).data) else {
            return [Case]()
        }
        return (help.command.subcommands ?? []).flatMap {
            cases(of: $0, behind: [], isOfSite: number == 1)
        }
    }

    private static func cases(
        of command: Help.Command, behind path: [String], isOfSite: Bool
    ) -> [Case] {
        let path = path + [command.commandName]
        if let inner = command.subcommands, !inner.isEmpty, command.commandName != "help" {
            return inner.flatMap { cases(of: $0, behind: path, isOfSite: isOfSite) }
        }
        let arguments = command.arguments ?? []
        let required = arguments.filter { $0.kind == "positional" && !$0.isOptional }
        let line = path + required.map { value(for: $0) }
        return arguments.filter { $0.kind != "positional" }.compactMap { argument in
            guard let name = argument.names?.first(where: { $0.kind == "long" })?.name,
                !["help", "version"].contains(name)
            else { return nil }
            return Case(
                isOfSite: isOfSite, line: line, option: "--\(name)",
                takesValue: argument.kind == "option")
        }
    }

    private static func value(for argument: Help.Argument) -> String {
        switch argument.valueName {
        case "server": "nginx"
        case "from", "id": "0123456789abcdef"
        default: "/looks/"
        }
    }

    private static func parsed(_ line: [String], isOfSite: Bool) -> String? {
        (try? roots[isOfSite ? 1 : 0].parseAsRoot(line)).map { String(describing: $0) }
    }

    /// The same, kept: a parse takes 60 ms of a debug build, and a command has up to 40 options.
    private static func parsedOnce(_ line: [String], isOfSite: Bool) -> String? {
        let key = [isOfSite ? "site" : "tool"] + line
        if let known = known.withLock({ $0[key] }) { return known }
        let found = parsed(line, isOfSite: isOfSite)
        known.withLock { $0[key] = .some(found) }
        return found
    }

    private static let known = Mutex<[[String]: String?]>([:])

    @Test func `the commands are found, with their options`() {
        let commands = Set(Self.cases.filter { !$0.isOfSite }.map(\.line))
        #expect(commands.count >= 27)
        #expect(Self.cases.count >= 150)
        #expect(Self.found.contains { $0.option == "--access-log" && $0.isOfSite })
    }

    @Test(arguments: cases) func `an option is taken and kept`(_ sample: Case) {
        let isKept = Self.companions.contains { companions in
            let line = sample.line + companions
            guard let without = Self.parsedOnce(line, isOfSite: sample.isOfSite) else {
                return false
            }
            let ends =
                sample.takesValue
                ? (Self.values[sample.option] ?? ["7"]).map { [sample.option, $0] }
                : [[sample.option]]
            return ends.contains { end in
                let with = Self.parsed(line + end, isOfSite: sample.isOfSite)
                return with.map { $0 != without } ?? false
            }
        }
        #expect(isKept, "no command line has it: add a value or a companion to this test")
    }
}

extension [UInt8] {
    fileprivate var data: Data { Data(self) }
}
