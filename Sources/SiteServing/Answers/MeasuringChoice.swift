// `/-/measure/off` and `/-/measure/on`: a visitor objects to being measured, or agrees again.
//
// The choice is a cookie without an identity, which `on` removes. Whatever it says, answers are the
// same: it decides what is recorded of them. A browser that fetches the address before anybody
// asked for it changes nothing.

import AccessRecords

/// The choice of a visitor.
enum MeasuringChoice {
    private static let off = Array("/-/measure/off".utf8)
    private static let on = Array("/-/measure/on".utf8)
    static let cookie = "measure"
    /// 13 months, in seconds.
    static let secondsMax = 395 * 86_400

    /// The way back, with the cookie; nil for any other path.
    static func answer(_ head: RequestHead, _ maker: AnswerMaker) -> Answer? {
        let isOff = head.path == off
        guard isOff || head.path == on else { return nil }
        guard !head.signals.isPrefetch, head.method == .get else { return maker.answer(204) }
        let lifetime = isOff ? secondsMax : 0
        let cookie = "Set-Cookie: \(cookie)=off; Path=/; Max-Age=\(lifetime); SameSite=Lax\r\n"
        return maker.redirect(
            303, to: back(head), headers: Array(cookie.utf8), caching: "no-store")
    }

    /// Whether a request comes from who objects.
    static func isOff(_ head: RequestHead) -> Bool {
        guard head.cookies != nil else { return false }
        return head.cookieValue(cookie)?.elementsEqual("off".utf8) ?? false
    }

    /// The page of this site that the visitor came from, or the first.
    private static func back(_ head: RequestHead) -> [UInt8] {
        let source = RefererSource(
            referer: head.referer, host: head.host, signals: head.signals)
        guard case .inside(let path) = source, !path.starts(with: "//".utf8),
            path.first == UInt8(ascii: "/"), path != off, path != on,
            // Browsers take a backslash for a slash, and two of those for a host.
            path.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
        else { return [UInt8(ascii: "/")] }
        return path
    }
}
