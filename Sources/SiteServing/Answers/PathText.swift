import Groundwork
import ReleaseFormat

/// Writes a decoded path as the path of a URL (RFC 3986 section 3.3).
enum PathText {
    static func encoded(_ path: [UInt8]) -> [UInt8] {
        let text = PercentCoding.encoded(path, keeping: PercentCoding.isPathByte)
        // `//host` would be another host's address.
        let slashes = text.prefix { $0 == UInt8(ascii: "/") }.count
        return Array(text.dropFirst(max(0, slashes - 1)))
    }
}
