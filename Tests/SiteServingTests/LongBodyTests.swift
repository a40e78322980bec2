// Long files over sockets: their bytes, clients that leave or take nothing, what waits for them.

import Foundation
import Hashing
import NIOCore
import NIOPosix
import ReleaseFormat
import Testing

@testable import SiteServing

private let piece = Blobs.pieceBytes

/// A client of HTTP/2 by hand: argv is the port, how many streams, the path, and what to do.
private let streams = """
    import socket, ssl, struct, sys, time
    port, count, path, what = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3].encode(), sys.argv[4]
    context = ssl._create_unverified_context()
    context.set_alpn_protocols(["h2"])
    client = context.wrap_socket(socket.create_connection(("127.0.0.1", port), 30))
    def frame(kind, flags, stream, body=b""):
        return struct.pack(">I", len(body))[1:] + struct.pack(">BBI", kind, flags, stream) + body
    window = 0 if what in ("hold", "open") else 1 << 20
    out = b"PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n"
    out += frame(4, 0, 0, struct.pack(">HI", 4, window))
    for stream in range(1, 2 * count, 2):
        out += frame(1, 5, stream, b"\\x82\\x87\\x04" + bytes([len(path)]) + path + b"\\x41\\x01a")
    client.sendall(out)
    have = b""
    def read():
        global have
        while len(have) < 9 or len(have) < 9 + int.from_bytes(have[:3], "big"):
            more = client.recv(1 << 16)
            if not more: return None
            have += more
        size = int.from_bytes(have[:3], "big")
        found = have[3], have[4], int.from_bytes(have[5:9], "big"), have[9:9 + size]
        have = have[9 + size:]
        return found
    heads, taken, ended = set(), 0, set()
    if what == "hold":
        while len(heads) < count:
            found = read()
            if not found: break
            if found[0] in (1, 3): heads.add(found[2])
        print(len(heads), flush=True)
        sys.stdin.read()
        sys.exit()
    if what == "open":
        while len(heads) < count:
            found = read()
            if found[0] == 1: heads.add(found[2])
        out = frame(8, 0, 0, struct.pack(">I", 1 << 30))
        for stream in sorted(heads): out += frame(8, 0, stream, struct.pack(">I", 1 << 20))
        client.sendall(out)
    if what == "reset":
        read()
        for stream in range(1, 2 * count, 2):
            client.sendall(frame(3, 0, stream, struct.pack(">I", 8)))
        print("reset")
        sys.exit()
    import hashlib
    sums = {}
    while len(ended) < count:
        found = read()
        if not found: sys.exit("closed")
        kind, flags, stream, body = found
        if kind == 0:
            sums.setdefault(stream, hashlib.sha256()).update(body)
            if body: client.sendall(frame(8, 0, 0, struct.pack(">I", len(body))))
            if body and not flags & 1:
                client.sendall(frame(8, 0, stream, struct.pack(">I", len(body))))
        if kind in (0, 1) and flags & 1: ended.add(stream)
        if kind == 3: sys.exit("reset by the server")
    print(" ".join(sorted({s.hexdigest() for s in sums.values()})), end="")
    """

@Suite("Long bodies", .serialized) struct LongBodyTests {
    private func start(
        _ release: FileRelease, certificate: TestCertificate? = nil,
        change: (inout ServerOptions) -> Void = { _ in }
    ) async throws -> (Server, ListenAddress, Int) {
        var options = ServerOptions(
            output: release.output, address: .tcp(host: "127.0.0.1", port: 0))
        options.certificate = certificate?.files
        options.limits.sweepInterval = .milliseconds(50)
        change(&options)
        let server = Server(options)
        let address = try await server.start()
        guard case .tcp(_, let port) = address else { return (server, address, 0) }
        return (server, address, port)
    }

    private func snapshot(_ server: Server) async throws -> LoopSnapshot {
        let group = MultiThreadedEventLoopGroup.singleton
        return try await #require(server.snapshot(on: group.next())).get()
    }

    @Test(arguments: [0, 1 << 24])
    func `curl gets files and their parts by every version`(memory: Int) async throws {
        let lengths = [0, 1, piece - 1, piece, piece + 1, 9 * piece + 77]
        let release = try FileRelease(lengths)
        let certificate = try TestCertificate()
        let (plain, plainAddress, _) = try await start(release) { $0.limits.memoryMax = memory }
        let (secure, secureAddress, _) = try await start(release, certificate: certificate) {
            $0.limits.memoryMax = memory
        }
        for length in lengths {
            let file = try #require(release.files["/\(length)"])
            for (version, base) in [
                ("--http1.1", "http://\(plainAddress)"), ("--http1.1", "https://\(secureAddress)"),
                ("--http2", "https://\(secureAddress)"),
            ] {
                let arguments = ["-sk", "--max-time", "120", version]
                #expect(try run("curl", arguments + ["\(base)/\(length)"]) == file, "\(length)")
                guard length > 3 * piece else { continue }
                let range = piece - 3..<2 * piece + 4
                let text = "\(range.lowerBound)-\(range.upperBound - 1)"
                #expect(
                    try run("curl", arguments + ["-r", text, "\(base)/\(length)"])
                        == Array(file[range]))
                #expect(
                    try run("curl", arguments + ["-r", "-5", "\(base)/\(length)"])
                        == Array(file.suffix(5)))
            }
        }
        await plain.shutdown(grace: .seconds(1))
        await secure.shutdown(grace: .seconds(1))
    }

    @Test func `a file that is on its way is sent whole, though its release is gone`() async throws
    {
        let length = 64 * piece
        let release = try FileRelease([length])
        let (server, address, _) = try await start(release) { $0.limits.memoryMax = 0 }
        let socket = try TestSocket(address)
        socket.send("GET /\(length) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(socket.read(until: "\r\n\r\n"))
        try FileManager.default.removeItem(atPath: release.output)
        #expect(socket.nextAnswer()?.body == release.files["/\(length)"])
        await server.shutdown(grace: .seconds(1))
    }

    @Test func `clients that leave in the middle leave nothing behind`() async throws {
        let length = 64 * piece
        let release = try FileRelease([length, 10])
        let certificate = try TestCertificate()
        for memory in [0, 1 << 26] {
            let (server, address, port) = try await start(release, certificate: certificate) {
                $0.limits.memoryMax = memory
            }
            for _ in 0..<3 {
                #expect(
                    String(
                        decoding: try run(
                            "python3", ["-c", streams, "\(port)", "20", "/\(length)", "reset"]),
                        as: UTF8.self) == "reset\n")
            }
            let small = try run("curl", ["-sk", "--max-time", "120", "https://\(address)/10"])
            #expect(small == release.files["/10"])
            for _ in 0..<12_000 {
                guard try await snapshot(server).waitingBytes > 0 else { break }
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(try await snapshot(server).waitingBytes == 0)
            await server.shutdown(grace: .seconds(1))
        }
    }

    @Test(arguments: [100, piece, 3 * piece + 1])
    func `streams whose windows open late get whole files`(length: Int) async throws {
        let release = try FileRelease([length])
        let certificate = try TestCertificate()
        for memory in [0, 1 << 24] {
            let (server, _, port) = try await start(release, certificate: certificate) {
                $0.limits.memoryMax = memory
            }
            let sums = try run("python3", ["-c", streams, "\(port)", "40", "/\(length)", "open"])
            #expect(String(decoding: sums, as: UTF8.self) == release.blobs["/\(length)"]?.hex)
            await server.shutdown(grace: .seconds(1))
        }
    }

    @Test func `what waits for clients stays within its budget, and others are answered`()
        async throws
    {
        // A file for each of them: what many wait for counts once.
        let lengths = (0..<40).map { 16 * piece + $0 }
        let length = lengths[0]
        let release = try FileRelease(lengths + [10])
        let (server, address, _) = try await start(release) { options in
            options.limits.memoryMax = 0
            options.limits.waitingMemoryMax = 8 * piece
        }
        let greedy = try lengths.map { _ in try TestSocket(address, receiveBuffer: 4_096) }
        for (socket, length) in zip(greedy, lengths) {
            socket.send("GET /\(length) HTTP/1.1\r\nHost: a\r\n\r\n")
        }
        for _ in 0..<40 {
            let socket = try TestSocket(address)
            socket.send("GET /10 HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(socket.nextAnswer()?.body == release.files["/10"])
        }
        for _ in 0..<12_000 {
            guard try await snapshot(server).connectionsShed == 0 else { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        let counts = try await snapshot(server)
        #expect(counts.connectionsShed > 0)
        #expect(counts.waitingBytes <= 8 * piece)
        // Who takes what it asked for gets it, whatever the others do.
        let honest = try TestSocket(address)
        honest.send("GET /\(length) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(honest.nextAnswer()?.body == release.files["/\(length)"])
        withExtendedLifetime(greedy) {}
        await server.shutdown(grace: .milliseconds(100))
    }

    @Test(arguments: [1, 2, 7, 64])
    func `all that is kept and waits is within the memory that is given`(threads: Int) {
        for memory in [1 << 30, (1 << 30) + 31] {
            var limits = ServingLimits()
            limits.divide(memory: memory, threads: threads)
            let each = [
                limits.assembledMemoryMax, limits.waitingMemoryMax, limits.fragmentMemoryMax,
                limits.privateFragmentMemoryMax,
            ]
            let all = limits.memoryMax + limits.entryMemoryMax + each.reduce(0, +) * threads
            #expect(all <= memory && all > memory - 32 * threads - 32)
        }
        var limits = ServingLimits()
        limits.divide(memory: 0, threads: threads)
        #expect(limits.waitingMemoryMax == ServingLimits.waitingMemoryMin)
        #expect(limits.memoryMax == 0)
    }

    @Test func `bodies that never end are given up before others are`() async throws {
        let release = try FileRelease([10])
        let (server, address, _) = try await start(release) { options in
            options.takesReports = true
            options.limits.waitingMemoryMax = 4 * 16_000
        }
        let posts = try (0..<120).map { _ in try TestSocket(address) }
        let body = String(repeating: " ", count: 15_999)
        for socket in posts {
            socket.send(
                "POST /-/csp HTTP/1.1\r\nHost: a\r\nContent-Length: 16000\r\n\r\n"
                    + body)
        }
        for _ in 0..<12_000 {
            guard try await snapshot(server).connectionsShed == 0 else { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try await snapshot(server).connectionsShed > 0)
        let other = try TestSocket(address)
        other.send("GET /10 HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(other.nextAnswer()?.body == release.files["/10"])
        withExtendedLifetime(posts) {}
        await server.shutdown(grace: .milliseconds(100))
    }

    @Test func `bytes that many clients are sent count once`() {
        let budget = WaitingBudget(bytesMax: 1_000)
        let shared = SharedBytes(ByteBuffer(repeating: 1, count: 600))
        let clients = (0..<50).map { _ in WaitingBytes(budget) }
        for client in clients { client.add(600, of: shared) }
        #expect(budget.bytes == 600 && !budget.isExceeded)
        for client in clients.dropLast() { client.left(0) }
        #expect(budget.bytes == 600)
        clients.last?.left(0)
        #expect(budget.bytes == 0)
    }

    @Test func `what a client took is counted off in the order in which it was written`() {
        let budget = WaitingBudget(bytesMax: 1_000)
        let shared = SharedBytes(ByteBuffer(repeating: 1, count: 100))
        let client = WaitingBytes(budget)
        client.add(50)
        client.add(300, of: nil)
        client.add(100, of: shared)
        #expect(client.count == 450 && budget.bytes == 450)
        client.left(440)
        #expect(client.count == 450, "a piece is there until it is gone")
        client.left(150)
        #expect(client.count == 150 && budget.bytes == 150)
        client.left(20)
        #expect(client.count == 20 && budget.bytes == 20)
        client.left(100)
        #expect(client.count == 20, "nothing comes back")
        client.left(0)
        #expect(budget.bytes == 0)
    }

    @Test func `a budget that is exceeded is told once, and again when it is exceeded anew`() {
        let budget = WaitingBudget(bytesMax: 100)
        var told = 0
        budget.whenExceeded = { told += 1 }
        let client = WaitingBytes(budget)
        client.add(76)
        #expect(budget.isTight && told == 0)
        client.add(30)
        client.add(30)
        #expect(told == 1)
        client.left(0)
        client.add(101)
        #expect(told == 2)
        client.left(0)
    }

    @Test func `bursts of pipelined requests are answered in turns with others`() async throws {
        let release = try FileRelease([64 * piece, 10])
        let (server, address, _) = try await start(release) { $0.limits.memoryMax = 0 }
        let head = "HEAD /\(64 * piece) HTTP/1.1\r\nHost: a\r\n\r\n"
        let bursts = try (0..<10).map { _ in try TestSocket(address) }
        let other = try TestSocket(address)
        for socket in bursts { socket.send(String(repeating: head, count: 1_500)) }
        other.send("GET /10 HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(other.nextAnswer()?.body == release.files["/10"])
        #expect(try await snapshot(server).statuses[200] < 15_000, "others were not done first")
        #expect(bursts[0].nextAnswer(isHead: true)?.status == 200)
        await server.shutdown(grace: .milliseconds(100))
    }
}
