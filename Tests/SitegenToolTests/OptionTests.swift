// Which command lines are taken, and what they mean; everything else ends with status 64.
//
// Parsing alone: nothing is run, and no variable of the environment is set.

import ArgumentParser
import ReleaseFormat
import SiteAuthoring
import SiteBuilding
import TestSupport
import Testing

@testable import SitegenCommands
@testable import SitegenTool

@Suite("Options") struct OptionTests {
    @Test(arguments: [
        ["build"], ["build", "--quality", "fast", "--jobs", "1024", "--keep", "1", "--tree"],
        ["build", "--json"], ["build", "--quiet", "--origin", "https://example.com"],
        ["build", "--root", "a", "--data", "b", "--db", "postgresql://x", "--release", "c"],
        ["serve"], ["serve", "--listen", "unix:/tmp/x", "--redis", "unix:/y", "--memory", "0"],
        ["serve", "--certificate", "a", "--certificate-key", "b", "--hsts", "off"],
        ["serve", "--certificate", "a", "--certificate-key", "b", "--hsts", "0"],
        ["serve", "--access-spool", "a", "--spool-max", "33554432", "--threads", "2"],
        ["serve", "--access-spool", "a", "--spool-sync", "1"],
        ["serve", "--client-address", "X-Forwarded-For", "--trusted-proxy", "10.0.0.0/8"],
        ["serve", "--client-address", "forwarded", "--listen", "unix:/tmp/x"],
        ["serve", "--access-log", "-", "--access-log-address", "none"],
        ["watch"], ["watch", "--port", "0"], ["watch", "--port", "65535"],
        ["watch", "--lan"], ["watch", "--lan", "192.168.1.2", "--open"],
        ["watch", "--lan", "--open"],
        ["watch", "--json", "--now", "2027-01-01", "--drafts", "--host", "shop.test"],
        ["watch", "--plain"],
        ["demo"], ["demo", "--looks", "1", "--port", "1", "--quality", "best"],
        ["fragments", "publish"], ["fragments", "publish", "--redis", "unix:/y"],
        ["db", "apply"], ["db", "generate"], ["db", "status"], ["db", "refresh", "a", "b"],
        ["db", "seed", "--size", "1", "--seed", "18446744073709551615"],
        ["routes"], ["routes", "/books/"], ["routes", "--json"],
        ["routes", "--headers", "https://a.example/books/"],
    ])
    func `a command line is taken`(arguments: [String]) throws {
        _ = try ToolCommand.parseAsRoot(arguments)
    }

    @Test(arguments: [
        ["bogus"], ["build", "extra"], ["build", "--bogus"], ["build", "--quality", "good"],
        ["build", "--jobs", "0"], ["build", "--jobs", "1025"], ["build", "--jobs", "two"],
        ["build", "--keep", "0"], ["build", "--keep", "10001"], ["build", "--keep"],
        ["build", "--origin", "example.com"], ["build", "--origin", "https://example.com/a?b"],
        ["serve", "--memory", "much"], ["serve", "--memory=-1"], ["serve", "extra"],
        ["serve", "--hsts", "1"], ["serve", "--certificate", "a", "--hsts", "1"],
        ["serve", "--certificate", "a", "--certificate-key", "b", "--hsts", "on"],
        ["serve", "--certificate", "a", "--certificate-key", "b", "--hsts", "315360001"],
        ["serve", "--spool-max", "33554432"], ["serve", "--spool-sync", "1"],
        ["serve", "--access-spool", "a", "--spool-max", "16777215"],
        ["serve", "--access-spool", "a", "--spool-max", "33554432", "--threads", "3"],
        ["serve", "--access-spool", "a", "--spool-sync", "0"],
        ["serve", "--client-address", "x-forwarded-for"], ["serve", "--client-address", "a b"],
        ["serve", "--trusted-proxy", "10.0.0.0/8"],
        ["serve", "--client-address", "forwarded", "--trusted-proxy", "10.0.0.0/33"],
        ["serve", "--client-address", "forwarded", "--trusted-proxy", "10.0.0.1:80"],
        ["serve", "--access-log", "-", "--access-log-address", "some"],
        ["watch", "--port", "65536"], ["watch", "--port=-1"], ["watch", "--quality", "fast"],
        ["demo", "--port", "65536"], ["demo", "--port=-1"], ["demo", "--looks", "0"],
        ["demo", "--looks", "1000001"], ["db", "bogus"], ["db", "seed", "--size", "0"],
        ["db", "seed", "--size", "10000001"], ["db", "seed", "--seed=-1"], ["fragments", "bogus"],
        ["routes", "/a", "/b"], ["routes", "--headers"],
        ["routes", "--headers", "--json", "/a"],
    ])
    func `a wrong command line ends with status 64`(arguments: [String]) {
        let error = #expect(throws: (any Error).self) {
            _ = try ToolCommand.parseAsRoot(arguments)
        }
        #expect(
            error.map { ToolCommand.exitCode(for: $0).rawValue }
                == SitegenCommands.ExitStatus.usage.rawValue)
    }

    @Test(arguments: [["--help"], ["build", "--help"], ["db", "seed", "-h"]])
    func `asking for help is no error`(arguments: [String]) throws {
        do {
            var command = try ToolCommand.parseAsRoot(arguments)
            try command.run()
        } catch {
            #expect(ToolCommand.exitCode(for: error) == .success)
        }
    }

    @Test func `every command is listed and described`() {
        let help = ToolCommand.helpMessage()
        for command in ToolCommand.configuration.subcommands {
            #expect(help.contains(command.configuration.commandName ?? "?"))
            #expect(command.configuration.abstract.hasSuffix("."))
        }
    }

    @Test func `every command says what it reads, prints, ends with and writes`() {
        func leaves(_ command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
            let inner = command.configuration.subcommands
            return inner.isEmpty ? [command] : inner.flatMap(leaves)
        }
        let commands = leaves(ToolCommand.self)
        #expect(commands.count >= 27)
        for command in commands {
            let text = command.configuration.discussion
            for heading in ["Input", "Output", "Status", "Files"] {
                #expect(text.contains("\(heading): "), "\(command): write its CommandText")
            }
        }
    }

    @Test func `flags become the options of a build`() throws {
        let flags = try BuildFlags.parse([
            "--quality", "fast", "--origin", "HTTP://LOCALHOST:8080", "--jobs", "3", "--keep", "2",
            "--tree",
        ])
        let options = try flags.buildOptions(root: "/r", output: "/o", databaseURL: "u")
        #expect(options.quality == .fast && options.jobs == 3 && options.releasesKept == 2)
        #expect(options.hasTree && options.origin?.description == "http://localhost:8080")
        #expect(options.databaseFolder == "/r/site/database" && options.output == "/o")
        let usual = try BuildFlags.parse([]).buildOptions(root: "", output: "", databaseURL: "")
        #expect(usual.quality == .best && usual.origin == nil && usual.releasesKept == 5)
        #expect(usual.jobs >= 1 && !usual.hasTree)
    }

    @Test(arguments: [
        ["fragments", "publish", "--tree"], ["fragments", "publish", "--keep", "3"],
        ["fragments", "publish", "--jobs", "2"], ["fragments", "publish", "--quality", "fast"],
        ["why", "/", "--jobs", "2"], ["why", "/", "--tree"], ["why", "/", "--keep", "3"],
        ["merge", "part", "--jobs", "2"],
    ])
    func `no command takes an option that it would ignore`(arguments: [String]) {
        #expect(throws: (any Error).self) { try ToolCommand.parseAsRoot(arguments) }
    }

    @Test(arguments: [
        ["fragments", "publish", "--origin", "https://a.example"],
        ["why", "/", "--quality", "fast", "--origin", "https://a.example"],
        ["merge", "part", "--tree", "--keep", "3", "--quality", "best"],
    ])
    func `and each takes those that it needs`(arguments: [String]) throws {
        _ = try ToolCommand.parseAsRoot(arguments)
    }

    @Test(arguments: [
        (["--follow", "--plan"], "--follow and --plan are two ways to build. Give one of them."),
        (
            ["--deepen", "--verify"],
            "--deepen and --verify are two ways to build. Give one of them."
        ),
        (["--follow", "--costs"], "--costs does not go with --follow."),
        (["--plan", "--costs"], "--costs does not go with --plan."),
        (["--follow", "--shard", "1/2"], "--shard does not go with --follow."),
        (["--redis", "unix:/y"], "--redis goes with --follow."),
        (["--verify", "--limit", "3"], "--limit goes with --deepen."),
    ])
    func `there is one way to build at a time, and it ignores nothing`(
        arguments: [String], message: String
    ) {
        let error = #expect(throws: (any Error).self) {
            try SitegenCommand.parseAsRoot(["build"] + arguments)
        }
        #expect(error.map { SitegenCommand.message(for: $0).contains(message) } == true)
    }

    @Test(arguments: BuildMode.allCases.map(\.flag))
    func `each way to build is taken, with what all take`(mode: String) throws {
        let taken = try SitegenCommand.parseAsRoot(["build", mode, "--all", "--json"])
        #expect((taken as? BuildCommand)?.modes.map(\.flag) == [mode])
    }

    @Test func `folders follow the root unless they are given`() throws {
        let given = try FolderOptions.parse(["--root", "/s"])
        #expect(given.dataFolder == "/s/.sitegen" && given.databaseFolder == "/s/site/database")
        #expect(given.rowsFile == "/s/site/Rows.generated.swift")
        #expect(try FolderOptions.parse(["--data", "/d"]).dataFolder == "/d")
        #expect(try ReleaseOptions.parse(["--release", "/x"]).folder == "/x")
        #expect(try DatabaseOptions.parse(["--db", "u"]).givenURL == "u")
    }

    @Test func `an unset variable is nil`() {
        #expect(Environment.value("PATH") != nil)
        #expect(Environment.value("SITEGEN_TESTS_SET_NO_SUCH_VARIABLE") == nil)
    }

    @Test func `the program knows its own file`() throws {
        #expect(try RunningProgram.path().hasPrefix("/"))
    }
}
