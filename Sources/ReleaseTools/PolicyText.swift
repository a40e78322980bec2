/// What a page's policy says, as far as a check compares it with the page.
struct PolicyText {
    private let directives: [Substring: [Substring]]

    /// Reads the value of a Content-Security-Policy header.
    init(_ text: String) {
        var directives: [Substring: [Substring]] = [:]
        for directive in text.split(separator: ";") {
            let words = directive.split(separator: " ")
            if let name = words.first { directives[name] = Array(words.dropFirst()) }
        }
        self.directives = directives
    }

    /// What the policy allows beyond the page itself and its own origin, each as `img-src
    /// https://img.example`; none for a strict one.
    var openings: [String] {
        directives.flatMap { name, sources in
            sources.filter { source in
                switch source {
                case "'none'": false
                case "'self'": name == "frame-ancestors"
                case "data:": name != "img-src"
                default: !source.hasPrefix("'sha256-") && Self.takesSources(name)
                }
            }.map { "\(name) \($0)" }
        }
    }

    private static func takesSources(_ name: Substring) -> Bool {
        name.hasSuffix("-src") || ["base-uri", "form-action", "frame-ancestors"].contains(name)
    }

    /// The first difference between the policy and what the page needs; nil when it fits.
    func difference(from page: PageFacts) -> String? {
        if let attribute = page.forbiddenAttribute {
            return "the page has an attribute `\(attribute)`, which no policy allows"
        }
        for (name, needed, hasFile) in [
            ("style-src", page.styleHashes, page.hasStyleFile),
            ("script-src", page.scriptHashes, page.hasScriptFile),
        ] {
            let sources = Set((directives[name[...]] ?? []).map(String.init))
            let hashes = sources.filter { $0.hasPrefix("'sha") }
            if let missing = needed.subtracting(hashes).sorted().first {
                return "\(name) lacks \(missing), which the page has inline"
            }
            if let spare = hashes.subtracting(needed).sorted().first {
                return "\(name) allows \(spare), which the page does not have"
            }
            if hasFile, !sources.contains("'self'") {
                return "\(name) lacks 'self', and the page has such a file"
            }
            if sources.contains("'unsafe-inline'") || sources.contains("'unsafe-eval'") {
                return "\(name) allows unsafe sources"
            }
        }
        return nil
    }
}
