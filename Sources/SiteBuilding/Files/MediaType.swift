// Media types by file ending, and which of them are worth compressing.
//
// The table holds what web sites serve; a file with another ending is `application/octet-stream`
// and is offered as it is. Text types say their character set, because files are UTF-8 here.

/// The media type of a served file.
package struct MediaType: Sendable, Hashable {
    /// What stands in `Content-Type`.
    package let header: String
    /// Whether gzip and brotli make such files smaller.
    let isCompressible: Bool

    /// The type of a web page.
    package static let html = MediaType(header: "text/html; charset=utf-8", isCompressible: true)
    /// The type of a style sheet.
    package static let css = MediaType(header: "text/css; charset=utf-8", isCompressible: true)
    /// The type of a script.
    package static let script = MediaType(
        header: "text/javascript; charset=utf-8", isCompressible: true)
    /// The type of a site map.
    package static let xml = MediaType(
        header: "application/xml; charset=utf-8", isCompressible: true)
    /// The type of `robots.txt`.
    package static let text = MediaType(header: "text/plain; charset=utf-8", isCompressible: true)

    private static let byEnding: [String: MediaType] = [
        "html": html, "css": css, "js": script, "mjs": script, "xml": xml, "txt": text,
        "svg": MediaType(header: "image/svg+xml", isCompressible: true),
        "json": MediaType(header: "application/json", isCompressible: true),
        "webmanifest": MediaType(header: "application/manifest+json", isCompressible: true),
        "atom": MediaType(header: "application/atom+xml; charset=utf-8", isCompressible: true),
        "ico": MediaType(header: "image/x-icon", isCompressible: true),
        "png": MediaType(header: "image/png", isCompressible: false),
        "jpg": MediaType(header: "image/jpeg", isCompressible: false),
        "jpeg": MediaType(header: "image/jpeg", isCompressible: false),
        "gif": MediaType(header: "image/gif", isCompressible: false),
        "webp": MediaType(header: "image/webp", isCompressible: false),
        "avif": MediaType(header: "image/avif", isCompressible: false),
        "woff2": MediaType(header: "font/woff2", isCompressible: false),
        "woff": MediaType(header: "font/woff", isCompressible: false),
        "mp4": MediaType(header: "video/mp4", isCompressible: false),
        "webm": MediaType(header: "video/webm", isCompressible: false),
        "pdf": MediaType(header: "application/pdf", isCompressible: false),
        "wasm": MediaType(header: "application/wasm", isCompressible: true),
    ]

    /// The type of a file by its name's ending.
    package static func of(fileNamed name: String) -> MediaType {
        let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
        return byEnding[ending]
            ?? MediaType(header: "application/octet-stream", isCompressible: false)
    }

    /// The type with this header, compressed unless it is an image, a video or a font.
    package static func custom(_ header: String) -> MediaType {
        let isText =
            header.hasPrefix("text/") || header.contains("xml") || header.contains("json")
        return MediaType(header: header, isCompressible: isText)
    }
}
