import AccessRecords
import ContentEncoding
import ReleaseFormat

/// How often paths were asked for, from a server's access log.
package struct RequestCounts: Sendable {
    /// How much of an access log is read, in bytes from its end.
    package static let bytesMax = 256 << 20

    private var counts: [String: Int] = [:]

    /// No requests.
    package init() {}

    /// Counts the requests of a log.
    ///
    /// Lines as `sitegen serve` writes them, JSON or the common log format, or paths alone; other
    /// lines are passed over. Only the last `bytesMax` bytes are read.
    package init(
        log bytes: some Collection<UInt8>, bytesMax: Int = Self.bytesMax
    ) {
        let newest = bytes.suffix(bytesMax)
        let addresses = SiteAddresses(origin: "", path: "/")
        for line in newest.split(separator: UInt8(ascii: "\n")) {
            // As it was sent, which is percent-encoded in every form.
            guard let sent = AccessLogLine.path(in: line), let path = addresses.link(sent)?.path
            else { continue }
            counts[path, default: 0] += 1
        }
    }

    /// How often a path was asked for.
    package subscript(_ path: String) -> Int { counts[path] ?? 0 }
}
