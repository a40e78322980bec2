// What the reports of one body say: the directive, the page and what was blocked, as far as they
// can be told without believing anybody.
//
// JSON is gone over, not built: strings, braces, and the few members that are looked for, of both
// forms (`report-uri` and the Reporting API). A string with an escape other than `\/` says nothing.

import AccessRecords

/// One violation, as a browser tells it.
struct PolicyViolation: Equatable {
    /// The place of the directive in `PolicyReports.directives`.
    var directive: Int
    /// The address of the page; empty if there is none.
    var document: [UInt8] = []
    /// What was blocked, as an address or a word; empty if there is nothing.
    var blocked: [UInt8] = []

    /// The violations that are read of one body.
    static let countMax = 16

    /// Reads them; those of directives that do not exist are left out.
    static func all(in body: Span<UInt8>) -> [PolicyViolation] {
        var found: [PolicyViolation] = []
        var scan = ReportScan()
        while found.count < countMax, let report = scan.next(body) {
            guard let directive = PolicyReports.directives.firstIndex(of: report.directive)
            else { continue }
            found.append(
                PolicyViolation(
                    directive: directive, document: report.document, blocked: report.blocked))
        }
        return found
    }

    /// What was blocked: a host, `self`, or a word that exists; `other` for anything else.
    func blockedText(_ document: RequestHead, _ hosts: Set<String>) -> String {
        let words = [
            "inline", "eval", "wasm-eval", "data", "blob", "filesystem", "trusted-types-policy",
            "trusted-types-sink", "self",
        ]
        let text = String(decoding: blocked.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
        if words.contains(text) { return text }
        if text.hasSuffix("-extension") { return "extension" }
        guard ["http", "https", "ws", "wss"].contains(text) else { return "other" }
        switch RefererSource(
            referer: blocked[...], host: document.host, otherHosts: hosts,
            signals: RequestSignals())
        {
        case .inside: return "self"
        case .elsewhere(let host): return host
        case .none, .typed, .hidden: return "other"
        }
    }
}

/// Goes over the JSON of a body, object after object.
private struct ReportScan {
    struct Report {
        var directive = ""
        var document: [UInt8] = []
        var blocked: [UInt8] = []
    }

    private var at = 0

    /// The next object that is in no other; nil at the end.
    mutating func next(_ body: Span<UInt8>) -> Report? {
        var report = Report()
        var depth = 0
        while at < body.count {
            let byte = body[at]
            at += 1
            switch byte {
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth <= 0 { return report }
            case UInt8(ascii: "\""):
                let name = string(body)
                guard peek(body) == UInt8(ascii: ":") else { continue }
                at += 1
                guard peek(body) == UInt8(ascii: "\"") else { continue }
                at += 1
                take(string(body), of: String(decoding: name, as: UTF8.self), into: &report)
            default: break
            }
        }
        return nil
    }

    private func take(_ value: [UInt8], of name: String, into report: inout Report) {
        switch name {
        case "effective-directive", "effectiveDirective":
            report.directive = String(decoding: value, as: UTF8.self)
        case "document-uri", "documentURL": report.document = value
        case "blocked-uri", "blockedURL": report.blocked = value
        default: break
        }
    }

    /// The byte behind white space; it is not taken.
    private mutating func peek(_ body: Span<UInt8>) -> UInt8? {
        while at < body.count, [0x20, 0x09, 0x0A, 0x0D].contains(body[at]) { at += 1 }
        return at < body.count ? body[at] : nil
    }

    /// The string whose quote was taken, without its escapes; empty if it has others than `\/`.
    private mutating func string(_ body: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        var isPlain = true
        while at < body.count, body[at] != UInt8(ascii: "\"") {
            if body[at] == UInt8(ascii: "\\") {
                at += 1
                guard at < body.count else { break }
                if body[at] != UInt8(ascii: "/") { isPlain = false }
            }
            text.append(body[at])
            at += 1
        }
        at += 1
        return isPlain ? text : []
    }
}
