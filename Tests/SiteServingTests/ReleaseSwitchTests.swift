// New releases under load: no error, and each answer is one release's as a whole.

import Foundation
import ReleaseFormat
import Synchronization
import Testing

@testable import SiteServing

@Suite("Release switches", .serialized) struct ReleaseSwitchTests {
    @Test func `ten thousand requests during fifty switches and twenty reloads`() async throws {
        let fixture = try ReleaseFixture(title: "Release 0")
        let options = ServerOptions(
            output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0))
        let server = Server(options)
        let address = try await server.start()
        let following = Task { await server.followReleases() }
        let counted = Mutex((requests: 0, faults: [String]()))
        let tags = Mutex<[String: [UInt8]]>([:])
        let isOver = Mutex(false)
        let clients = DispatchGroup()
        for coding in ["identity", "gzip", "br", "identity"] {
            clients.enter()
            Thread.detachNewThread {
                defer { clients.leave() }
                guard let socket = try? TestSocket(address) else { return }
                func fault(_ text: String) { counted.withLock { $0.faults.append(text) } }
                while true {
                    let enough = counted.withLock { $0.requests >= 10_000 }
                    if enough, isOver.withLock({ $0 }) { return }
                    socket.send("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: \(coding)\r\n\r\n")
                    guard let answer = socket.nextAnswer() else { return fault("no answer") }
                    counted.withLock { $0.requests += 1 }
                    guard answer.status == 200, let tag = answer.fields["etag"] else {
                        return fault("status \(answer.status)")
                    }
                    // The same tag always has the same bytes, which are one release's: the page
                    // repeats its number two hundred times.
                    let known = tags.withLock { tags in
                        if let known = tags[tag] { return known }
                        tags[tag] = answer.body
                        return answer.body
                    }
                    if known != answer.body { fault("a tag with two bodies") }
                    if coding == "identity" {
                        let text = String(decoding: answer.body, as: UTF8.self)
                        let title =
                            text.split(separator: "<title>").dropFirst().first?
                            .prefix { $0 != "<" } ?? ""
                        let count = text.components(separatedBy: " of \(title).</p>").count
                        if count != 201 { fault("a page of two releases") }
                    }
                }
            }
        }
        for number in 1...50 {
            _ = try ReleaseFixture(title: "Release \(number)", in: fixture)
            if number % 5 < 2 { _ = try? server.reload() }
        }
        let current = try ReleaseReader.currentID(fixture.output)
        for _ in 0..<24_000 {
            guard server.state.release != current else { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(server.state.release == current, "taken without being asked to")
        isOver.withLock { $0 = true }
        await withCheckedContinuation { continuation in
            clients.notify(queue: .global()) { continuation.resume() }
        }
        let (requests, faults) = counted.withLock { $0 }
        #expect(requests >= 10_000)
        #expect(faults == [])
        following.cancel()
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `a release whose files come after its link is served once they are there`()
        async throws
    {
        let fixture = try ReleaseFixture(title: "Before")
        let next = try ReleaseFixture(title: "After")
        let told = Told()
        var options = ServerOptions(
            output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0))
        options.onEvent = { told.take($0) }
        let server = Server(options)
        _ = try await server.start()
        let following = Task { await server.followReleases() }
        let arriving = fixture.output + "/arriving"
        _ = try run("cp", ["-a", next.output + "/current", arriving])
        _ = try run("mv", ["-T", arriving, fixture.output + "/current"])
        try await told.wait(for: "releaseRefused")
        #expect(server.state.release != (try ReleaseReader.currentID(next.output)))
        _ = try run("cp", ["-a", "-n", next.output + "/.", fixture.output])
        let current = try ReleaseReader.currentID(next.output)
        for _ in 0..<24_000 {
            guard server.state.release != current else { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(server.state.release == current, "without another link")
        following.cancel()
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `an inherited socket is served`() async throws {
        let fixture = try ReleaseFixture()
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) | listen(descriptor, 16)
                    | getsockname(descriptor, $0, &length)
            }
        }
        try #require(result == 0)
        let server = Server(
            ServerOptions(output: fixture.output, address: try ListenAddress("fd:\(descriptor)")))
        _ = try await server.start()
        let socket = try TestSocket(
            .tcp(host: "127.0.0.1", port: Int(in_port_t(bigEndian: name.sin_port))))
        socket.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(socket.nextAnswer()?.body == fixture.home)
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `a drain lets answers end and refuses what is new`() async throws {
        let fixture = try ReleaseFixture()
        var options = ServerOptions(
            output: fixture.output, address: .tcp(host: "127.0.0.1", port: 0))
        options.limits.headTime = .seconds(600)
        let server = Server(options)
        let address = try await server.start()
        let silent = try TestSocket(address)
        let begun = try TestSocket(address)
        begun.send("GET / HTTP/1.1\r\nHo")
        let seen = try TestSocket(address)
        seen.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(seen.nextAnswer()?.status == 200)
        let stopping = Task { await server.shutdown(grace: .seconds(600)) }
        // Without holding the thread, which the task may need.
        for _ in 0..<24_000 {
            guard !silent.isReadable else { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(silent.isReadable && silent.isClosed())
        begun.send("st: a\r\n\r\n")
        let last = begun.nextAnswer()
        #expect(last?.status == 200)
        #expect(last?.fields["connection"] == "close")
        await stopping.value
        #expect(throws: (any Error).self) { _ = try TestSocket(address) }
    }
}
