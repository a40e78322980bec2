// What can hold no script, such as a feed, a drawing or data, in a tab that follows it: a page with
// nothing but a frame, which is loaded again when what it shows is another.
//
// The frame has the bytes and the policy of what it shows, less what keeps it out of frames.

import SiteServing
import SitegenCommands

extension WatchedSite {
    /// The page for `/-/view?of=PATH`.
    func view(_ request: DevelopmentRequest) async -> DevelopmentAnswer {
        let path = request.query["of"] ?? "/"
        let address = ShownPages.Address(path: path, cookies: request.cookies)
        let shown = await page(at: address)
        if let shown, shown.info.isPage { return .text(404, "\(path) is a page: open it.") }
        let tag = tag(page: shown?.digest ?? "none", sheets: [:], view: path)
        let text = """
            <!DOCTYPE html><html lang="en"><head><meta charset="utf-8">\
            <meta name="viewport" content="width=device-width"><title>\(Self.escaped(path))</title>\
            \(tag)</head><body></body></html>

            """
        let policy =
            "default-src 'none'; script-src 'self'; connect-src 'self'; frame-src 'self'"
        return .whole(
            status: 200,
            fields: [
                ("content-type", "text/html; charset=utf-8"), ("content-security-policy", policy),
                ("x-content-type-options", "nosniff"),
            ], body: Array(text.utf8))
    }

    /// What such a page frames.
    func frame(_ request: DevelopmentRequest) async -> DevelopmentAnswer {
        let address = ShownPages.Address(
            path: request.query["of"] ?? "/", cookies: request.cookies)
        guard let shown = await page(at: address), !shown.info.isPage else {
            return .text(404, "404")
        }
        let fields = shown.info.fields.compactMap { field -> (name: String, value: String)? in
            guard field.count == 2, !["cache-control", "x-frame-options"].contains(field[0]) else {
                return nil
            }
            guard field[0] == "content-security-policy" else { return (field[0], field[1]) }
            let directives = field[1].split(separator: ";").filter {
                !$0.drop { $0 == " " }.hasPrefix("frame-ancestors")
            }
            return (field[0], directives.joined(separator: ";"))
        }
        return .whole(status: shown.info.status, fields: fields, body: shown.body)
    }
}
