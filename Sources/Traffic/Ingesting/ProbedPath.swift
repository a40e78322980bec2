// Paths that nobody asks for but who looks for a hole: programs of other systems, their settings,
// their repositories. Five of them on one day, and the visitor is taken for a robot.
//
// A path of the release is never one, whatever its name: only what leads nowhere is looked at.

/// What attackers ask for.
enum ProbedPath {
    /// Parts of such paths, in lower case: seen in the logs of sites that have none of this.
    private static let parts = [
        ".php", ".env", ".git/", ".asp", ".cgi", ".jsp", ".sql", ".bak", "/wp-", "/wordpress",
        "/phpmyadmin", "/cgi-bin", "/.aws", "/.ssh", "/.vscode", "/vendor/", "/actuator",
        "/autodiscover", "/owa/", "/boaform", "/hnap1", "/solr/", "/_ignition", "/.well-known/pki",
    ]

    /// Whether a path is such a one.
    static func matches(_ path: String) -> Bool {
        let path = path.lowercased()
        return parts.contains { path.contains($0) }
    }
}
