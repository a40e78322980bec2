import ContentEncoding
import FoundationEssentials
import ReleaseFormat

/// How often paths were asked for, from a server's access log.
package struct RequestCounts: Sendable {
    private var counts: [String: Int] = [:]

    /// No requests.
    package init() {}

    /// Counts the requests of a log.
    ///
    /// Lines as `sitegen serve` writes them, JSON or the common log format, or paths alone; other
    /// lines are passed over. Only the last `bytesMax` bytes are read.
    package init(
        log bytes: some Collection<UInt8>, bytesMax: Int = BuildLimits.accessLogBytesMax
    ) {
        let newest = bytes.suffix(bytesMax)
        for line in newest.split(separator: UInt8(ascii: "\n")) {
            guard let path = Self.path(in: String(decoding: line, as: UTF8.self)) else { continue }
            counts[path, default: 0] += 1
        }
    }

    private struct JSONLine: Decodable { let path: String }

    private static func jsonPath(in line: String) -> String? {
        try? JSONDecoder().decode(JSONLine.self, from: Data(line.utf8)).path
    }

    /// How often a path was asked for.
    package subscript(_ path: String) -> Int { counts[path] ?? 0 }

    private static func path(in line: String) -> String? {
        if line.hasPrefix("{") {
            // As it was sent, which is percent-encoded as in the other forms.
            return jsonPath(in: line).flatMap {
                SiteAddresses(origin: "", path: "/").link($0)?.path
            }
        }
        let words = line.split(separator: " ")
        let method = words.firstIndex { $0 == "\"GET" || $0 == "\"HEAD" || $0 == "GET" }
        let target = method.flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
        guard let address = target ?? words.first, address.hasPrefix("/") else { return nil }
        return SiteAddresses(origin: "", path: "/").link(String(address))?.path
    }
}
