// What `sitegen watch` adds to the server, and production never has.
//
// Pages get one more script, by their address and not inline, so a policy with hashes only needs
// 'self'. Such pages are made anew for every answer: no coding, no tag, no caching.

import ReleaseFormat

/// The switch for, and the answers of, the paths below `/-/`.
package struct DevelopmentHooks: Sendable {
    static let prefix = Array("/-/".utf8)

    /// Hooks as they are: there is nothing to set.
    package init() {}

    /// Answers a path below the prefix.
    func answer(_ head: RequestHead, _ maker: AnswerMaker) -> Answer {
        switch String(decoding: head.path, as: UTF8.self) {
        case "/-/reload.js":
            let fields = """
                Content-Type: text/javascript; charset=utf-8\r
                Cache-Control: no-store\r
                X-Content-Type-Options: nosniff\r\n
                """
            return maker.text(200, Array(Self.script.utf8), fields: Array(fields.utf8))
        case "/-/events" where head.method == .get:
            var maker = maker
            maker.keepsAlive = false
            var stream = maker.answer(200)
            stream.own = Array(
                "Content-Type: text/event-stream\r\nCache-Control: no-store\r\n".utf8)
            stream.body = .endless
            return stream
        default:
            return maker.error(404)
        }
    }

    /// Answers an HTML page with the script inserted.
    func answer(
        _ page: [UInt8], of entry: ServedEntry, status: Int, _ maker: AnswerMaker
    ) -> Answer {
        var fields =
            "Content-Type: \(entry.entry.contentType)\r\nCache-Control: no-store\r\n"
        for field in entry.entry.headers.fields {
            let value =
                field.name == "content-security-policy"
                ? Self.policy(field.value) : field.value
            fields += "\(field.name): \(value)\r\n"
        }
        return maker.text(status, Self.inserting(into: page), fields: Array(fields.utf8))
    }

    /// The page with the script before its last `</body>`, or at its end.
    static func inserting(into page: [UInt8]) -> [UInt8] {
        let script = Array("<script src=\"/-/reload.js\" defer></script>".utf8)
        let end = Array("</body>".utf8)
        var place = page.count
        var index = page.count - end.count
        while index >= 0 {
            if page[index] == end[0], page[index..<(index + end.count)].elementsEqual(end) {
                place = index
                break
            }
            index -= 1
        }
        return page[..<place] + script + page[place...]
    }

    /// The policy with 'self' allowed for scripts and connections.
    static func policy(_ value: String) -> String {
        var directives: [[String]] = value.split(separator: ";").map { directive in
            directive.split(separator: " ").map(String.init)
        }.filter { !$0.isEmpty }
        let fallback = directives.first { $0[0] == "default-src" }?.dropFirst() ?? []
        for name in ["script-src", "connect-src"] {
            if let place = directives.firstIndex(where: { $0[0] == name }) {
                directives[place] = adding(directives[place])
            } else if !fallback.isEmpty {
                directives.append(adding([name] + fallback))
            }
        }
        // 'strict-dynamic' makes browsers ignore 'self'.
        return directives.map { directive in
            directive.filter { $0 != "'strict-dynamic'" }.joined(separator: " ")
        }.joined(separator: "; ")
    }

    private static func adding(_ directive: [String]) -> [String] {
        let kept = directive.filter { $0 != "'none'" }
        return kept.contains("'self'") ? kept : kept + ["'self'"]
    }

    /// One event in the format of https://html.spec.whatwg.org/#event-stream-interpretation.
    static func message(event: String, data: String) -> [UInt8] {
        var text = "event: \(event.filter { !$0.isNewline })\n"
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            text += "data: \(line)\n"
        }
        return Array((text + "\n").utf8)
    }

    /// Reloads the page when the build changes and shows what failed.
    static let script = """
        "use strict";
        (() => {
          let build = null;
          let overlay = null;
          const hide = () => { if (overlay) { overlay.remove(); overlay = null; } };
          const show = (text) => {
            hide();
            overlay = document.createElement("pre");
            overlay.textContent = text;
            const look = { position: "fixed", inset: "0", margin: "0", padding: "1.5rem",
              overflow: "auto", zIndex: "2147483647", background: "#1b1b1f", color: "#ffd7d7",
              font: "14px/1.5 ui-monospace, monospace", whiteSpace: "pre-wrap" };
            Object.assign(overlay.style, look);
            document.documentElement.append(overlay);
          };
          const events = new EventSource("/-/events");
          events.addEventListener("build", (event) => {
            if (build !== null && build !== event.data) location.reload();
            build = event.data;
          });
          events.addEventListener("reload", () => location.reload());
          events.addEventListener("style", () => location.reload());
          events.addEventListener("failure", (event) => show(event.data));
          addEventListener("pagehide", () => events.close());
        })();

        """
}
