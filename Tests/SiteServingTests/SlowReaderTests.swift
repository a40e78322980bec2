// Who reads slowly but steadily gets all of it, in every version, and a stream too many costs
// nobody but itself.

import Foundation
import Testing

@testable import SiteServing

@Suite("Slow readers", .serialized) struct SlowReaderTests {
    private static let length = 2 << 20

    private func server(
        _ release: FileRelease, _ certificate: TestCertificate?,
        writeTime: Duration = .milliseconds(800)
    ) -> Server {
        var options = ServerOptions(
            output: release.output, address: .tcp(host: "127.0.0.1", port: 0))
        options.certificate = certificate?.files
        options.limits.sweepInterval = .milliseconds(20)
        options.limits.writeTime = writeTime
        options.limits.writeBytesMin = 2 << 10
        return Server(options)
    }

    /// Reads so many bytes 25 times a second for longer than the limit, and then all of it.
    private static let slowReader = """
        version, length, step = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
        if version == "h2":
            client = HTTP2(setting(4, (1 << 31) - 1), (1 << 31) - 1 - 65535, 4096)
            raw = client.tls.raw
            client.get(f"/{length}")
        else:
            client = open_one(version, 4096)
            raw = client if version == "plain" else client.raw
            client.sendall(request(f"/{length}"))
        end, count = time.time() + 1.8, 0
        try:
            while count < length:
                more = raw.recv(step if time.time() < end else 65536)
                if not more: break
                count += len(more)
                if time.time() < end: time.sleep(0.04)
        except OSError: pass
        print("whole" if count >= length else "cut", end="")
        """

    /// All read at the same time.
    ///
    /// 25 KB a second are enough, and less than the 64 KiB that the system hands over at once;
    /// 200 bytes a second are next to nothing.
    @Test func `a client that takes enough is not cut, one that takes next to nothing is`()
        async throws
    {
        let release = try FileRelease([Self.length])
        let certificate = try TestCertificate()
        var readings: [(name: String, server: Server, said: Task<String, any Error>)] = []
        for version in ["plain", "tls", "h2"] {
            for step in [1_024, 8] {
                let server = server(release, version == "plain" ? nil : certificate)
                let arguments = [version, "\(Self.length)", "\(step)"]
                let address = try await server.start()
                let said = ClientScript.start(Self.slowReader, address, arguments)
                readings.append(("\(version) \(step)", server, said))
            }
        }
        for (name, server, said) in readings {
            #expect(try await said.value == (name.hasSuffix(" 8") ? "cut" : "whole"), "\(name)")
            await server.shutdown(grace: .milliseconds(100))
        }
    }

    @Test func `streams beyond the most are refused, and the others are answered`() async throws {
        let certificate = try TestCertificate()
        let release = try FileRelease([Self.length])
        // Streams that may take nothing are not to be cut before all of them are there.
        let server = server(release, certificate, writeTime: .seconds(300))
        let address = try await server.start()
        let script = """
            client = HTTP2(setting(4, 0))
            while client.read()[0] != 4: pass # now it has heard of the limit
            streams = [client.get(f"/{sys.argv[2]}") for _ in range(140)]
            heads, refused = set(), []
            while len(heads) + len(refused) < 140:
                next = client.read()
                if next is None: break
                kind, flags, stream, body = next
                if kind == 1: heads.add(stream)
                if kind == 3: refused.append(struct.unpack(">I", body)[0])
            print(len(heads), len(refused), set(refused), client.goaways)
            """
        let said = try await ClientScript.start(script, address, ["\(Self.length)"]).value
        #expect(said == "128 12 {7} []\n")
        await server.shutdown(grace: .milliseconds(100))
    }
}
