// Looks at private servers from outside, through psql and the process table.

import Glibc
import TestSupport
import Testing

@testable import PrivateServers

extension PrivatePostgres {
    /// The folder in the URL.
    var socketsForTests: String {
        let tail = url.split(separator: "host=").last ?? ""
        return String(tail.prefix { $0 != "&" })
    }

    /// The server's process id by its own file.
    var processID: pid_t? {
        (fileText("\(folder)/data/postmaster.pid") ?? "").split(separator: "\n").first
            .flatMap { pid_t($0) }
    }

    /// The answer to a statement, as psql prints it bare.
    @discardableResult
    func query(_ sql: String) throws -> String {
        let folder = try TemporaryFolder()
        let answer = try ChildProcess.run(
            ["/usr/bin/psql", "-XAtqc", sql, url], logPath: "\(folder.path)/answer")
        #expect(answer.status == 0, "\(answer.output)")
        return answer.output == "(the log is empty)" ? "" : answer.output
    }
}
