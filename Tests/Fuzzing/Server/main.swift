// Fuzzes the whole server on loopback: HTTP/1.1 and HTTP/2, with and without TLS.
//
// `ServerFuzzer server` starts two servers in this process and sends them streams of requests and
// frames, good ones and mutated ones, for FUZZ_SECONDS (10 unless set). Every connection must end
// within its limits, what comes back must be well-formed, and between the inputs both servers must
// answer and hold no more memory than in the beginning. SEED and FROM repeat an input.

import Foundation
import SiteServing
import TestSupport

guard CommandLine.arguments.dropFirst() == ["server"] else {
    print("usage: ServerFuzzer server, with FUZZ_SECONDS, SEED and FROM in the environment")
    exit(2)
}
let folder = NSTemporaryDirectory() + "sitegen-fuzz-\(UUID().uuidString.prefix(8))"
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
let release = try ServedFiles(in: folder)
let servers = try await RunningServers(release, in: folder)
try fuzz(ServerTarget(servers), inputsPerRound: 20)
try FileManager.default.removeItem(atPath: folder)
