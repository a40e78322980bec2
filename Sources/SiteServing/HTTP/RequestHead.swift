// What the server knows of a request once its head is whole.
//
// Only the few fields that can change an answer are kept, as the bytes that were sent. A field
// that came twice is joined by a comma (cookies by a semicolon), as RFC 9110 section 5.3 allows.

import AccessRecords

/// A method, as far as this server tells them apart.
package enum RequestMethod: Equatable, Sendable {
    /// GET.
    case get
    /// HEAD: the same head as GET's, and no body.
    case head
    /// POST: 405, but for reports of violated policies.
    case post
    /// Known but not allowed here: 405.
    case notAllowed
    /// A token that is no known method: 501.
    case unknown
}

/// The head of one request.
package struct RequestHead: Equatable, Sendable {
    /// The method.
    package var method: RequestMethod
    /// The path, percent-decoded once, which begins with a slash; empty where none was asked for.
    package var path: [UInt8]
    /// Whether the version is 1.0.
    package var isHTTP10 = false
    /// Whether the client waits for 100 before it sends the body.
    var expectsContinue = false
    /// Whether a body follows, which is never read: the connection closes after the answer.
    package var hasBody = false
    /// Whether that body is said to be coded, which nothing here would undo: 415.
    var hasCodedBody = false
    /// Whether the client lets the connection live on.
    package var keepsAlive = true
    /// The length of the body; nil if there is none or it comes in chunks.
    var contentLength: Int?
    /// What the browser said of the request, if the parser keeps it for the spool.
    var signals = RequestSignals()
    /// Whether `X-Forwarded-Proto` says that the client speaks TLS; likewise.
    var isForwardedSecure = false
    /// What was sent, as bytes.
    var values = FieldValues()

    /// A head with no fields, for tests and the parser.
    package init(method: RequestMethod, path: [UInt8]) {
        self.method = method
        self.path = path
    }

    /// What follows the first `?`, as sent and without it; nil if there is none.
    package var query: ArraySlice<UInt8>? { values[.query] }

    /// The value of Host, lower case; nil only in HTTP/1.0.
    package var host: ArraySlice<UInt8>? { values[.host] }

    /// Accept-Encoding; empty and missing differ.
    var acceptEncoding: ArraySlice<UInt8>? { values[.acceptEncoding] }

    /// Available-Dictionary.
    var availableDictionary: ArraySlice<UInt8>? { values[.availableDictionary] }

    /// If-None-Match.
    var ifNoneMatch: ArraySlice<UInt8>? { values[.ifNoneMatch] }

    /// If-Match.
    var ifMatch: ArraySlice<UInt8>? { values[.ifMatch] }

    /// Range.
    package var range: ArraySlice<UInt8>? { values[.range] }

    /// If-Range.
    var ifRange: ArraySlice<UInt8>? { values[.ifRange] }

    /// Origin: whose page asks, if a browser asks for another site's.
    package var origin: ArraySlice<UInt8>? { values[.origin] }

    /// Cookie.
    var cookies: ArraySlice<UInt8>? { values[.cookie] }

    /// User-Agent, if the parser keeps it.
    var agent: ArraySlice<UInt8>? { values[.agent] }

    /// Referer, likewise.
    var referer: ArraySlice<UInt8>? { values[.referer] }

    /// Accept-Language, likewise.
    var acceptLanguage: ArraySlice<UInt8>? { values[.acceptLanguage] }

    /// The field in which a proxy names its client, likewise.
    var forwarded: ArraySlice<UInt8>? { values[.forwarded] }

    /// Whether anything may make the answer another one than the whole.
    var isConditional: Bool {
        values.has(.ifNoneMatch) || values.has(.ifMatch) || values.has(.range)
    }

    /// The first value of a cookie by its name, as sent; nil if there is none.
    package func cookieValue(_ name: String) -> ArraySlice<UInt8>? {
        guard let cookie = values[.cookie] else { return nil }
        for pair in cookie.split(separator: UInt8(ascii: ";")) {
            let trimmed = pair.drop { $0 == 0x20 || $0 == 0x09 }
            guard let equals = trimmed.firstIndex(of: UInt8(ascii: "=")),
                trimmed[..<equals].elementsEqual(name.utf8)
            else { continue }
            var value = trimmed[(equals + 1)...]
            while let last = value.last, last == 0x20 || last == 0x09 { value.removeLast() }
            return value
        }
        return nil
    }
}
