// The header lines that a release has for an entry, as this server sends them.
//
// Violations of policies are reported where the server takes reports. Strict-Transport-Security is
// the server's own affair over TLS (`ResponseOutput` writes it on every answer), so that a release
// made for another address neither doubles nor hides it.

import ReleaseFormat

/// What is changed of an entry's headers.
struct EntryHeaders: Sendable {
    /// Policies name where violations are reported.
    let isReporting: Bool
    /// What the release says of Strict-Transport-Security is left out.
    let isSecure: Bool
    /// Answers are for those who pass a gate, so that no cache may keep them for others.
    let isGated: Bool

    init(isReporting: Bool = false, isSecure: Bool = false, isGated: Bool = false) {
        self.isReporting = isReporting
        self.isSecure = isSecure
        self.isGated = isGated
    }

    /// Those of a server that is run this way.
    init(_ options: ServerOptions) {
        isReporting = options.takesReports
        isSecure = options.certificate != nil
        isGated = options.gate != nil
    }

    /// The lines, each `name: value` and its line end.
    func lines(_ headers: HeaderBlock) -> [UInt8] {
        let policy = "content-security-policy"
        let transport = "strict-transport-security"
        let isChanged = headers.fields.contains { field in
            isReporting && field.name == policy || isSecure && field.name == transport
        }
        guard isChanged else { return headers.rendered }
        var lines = ""
        var reports = false
        for field in headers.fields where !(isSecure && field.name == transport) {
            let isPolicy = isReporting && field.name == policy
            reports = reports || isPolicy
            let value = isPolicy ? PolicyReports.reporting(field.value) : field.value
            lines += "\(field.name): \(value)\r\n"
        }
        return Array((lines + (reports ? PolicyReports.endpoints : "")).utf8)
    }
}
