// Who reads slowly but steadily gets all of it, in every version, and a stream too many costs
// nobody but itself.

import Foundation
import Testing

@testable import SiteServing

@Suite("Slow readers", .serialized) struct SlowReaderTests {
    private static let length = 2 << 20

    private func server(_ release: FileRelease, _ certificate: TestCertificate?) -> Server {
        var options = ServerOptions(
            output: release.output, address: .tcp(host: "127.0.0.1", port: 0))
        options.certificate = certificate?.files
        options.limits.sweepInterval = .milliseconds(20)
        options.limits.writeTime = .milliseconds(1_500)
        options.limits.writeBytesMin = 2 << 10
        return Server(options)
    }

    /// 25 KB a second, for longer than the limit: the system below hands over 64 KiB at once, which
    /// is more than this client takes in that time.
    @Test(arguments: ["plain", "tls", "h2"])
    func `a client that takes enough, and less than a socket hands over, is not cut`(
        version: String
    ) async throws {
        let release = try FileRelease([Self.length])
        let certificate = try version == "plain" ? nil : TestCertificate()
        let server = server(release, certificate)
        let address = try await server.start()
        let script = """
            version, length = sys.argv[2], int(sys.argv[3])
            if version == "h2":
                client = HTTP2(setting(4, (1 << 31) - 1), (1 << 31) - 1 - 65535, 4096)
                raw = client.tls.raw
                client.get(f"/{length}")
            else:
                client = open_one(version, 4096)
                raw = client if version == "plain" else client.raw
                client.sendall(request(f"/{length}"))
            end, count = time.time() + 3.2, 0
            while count < length:
                more = raw.recv(1024 if time.time() < end else 65536)
                if not more: break
                count += len(more)
                if time.time() < end: time.sleep(0.04)
            print("whole" if count >= length else f"cut after {count}")
            """
        let said = try await ClientScript.start(script, address, [version, "\(Self.length)"]).value
        #expect(said == "whole\n")
        await server.shutdown(grace: .milliseconds(100))
    }

    @Test func `a client that takes next to nothing is cut, in every version`() async throws {
        let certificate = try TestCertificate()
        for version in ["plain", "tls", "h2"] {
            let release = try FileRelease([Self.length])
            let server = server(release, version == "plain" ? nil : certificate)
            let address = try await server.start()
            let script = """
                version, length = sys.argv[2], int(sys.argv[3])
                if version == "h2":
                    client = HTTP2(setting(4, (1 << 31) - 1), (1 << 31) - 1 - 65535, 4096)
                    raw = client.tls.raw
                    client.get(f"/{length}")
                else:
                    client = open_one(version, 4096)
                    raw = client if version == "plain" else client.raw
                    client.sendall(request(f"/{length}"))
                end, count = time.time() + 3.2, 0
                try:
                    while count < length:
                        more = raw.recv(8 if time.time() < end else 65536)
                        if not more: break
                        count += len(more)
                        if time.time() < end: time.sleep(0.04)
                except OSError: pass
                print("whole" if count >= length else "cut")
                """
            #expect(
                try await ClientScript.start(script, address, [version, "\(Self.length)"]).value
                    == "cut\n", "\(version)")
            await server.shutdown(grace: .milliseconds(100))
        }
    }

    @Test func `streams beyond the most are refused, and the others are answered`() async throws {
        let certificate = try TestCertificate()
        let release = try FileRelease([Self.length])
        let server = server(release, certificate)
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
