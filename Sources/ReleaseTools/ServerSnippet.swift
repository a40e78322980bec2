// Configuration of other servers for the plain tree of a release: precompressed files, the headers
// of each page, redirects and the page for what does not exist.
//
// Every header block of the release becomes one value that is chosen by the file; the block that
// most files have is the default, so a site of many pages needs few lines. The text is a function
// of the release; a new release with other policies needs a new text. What a server would take for
// a variable or a placeholder of its own is written so that it stays as it is.

package import ReleaseFormat

/// Which server to write for.
package enum ServerKind: String, Sendable, Hashable, CaseIterable {
    /// nginx with `gzip_static` and `brotli_static`.
    case nginx
    /// Caddy 2.
    case caddy
}

/// Writes configuration for the plain tree of a release.
package struct ServerSnippet: Sendable {
    private struct File {
        let name: String
        let headers: [HeaderField]
        let cachePolicy: CachePolicy
        let contentType: String
    }

    private let release: ReleaseID
    private let folder: String
    private var files: [File] = []
    private var redirects: [(path: String, target: String, status: Int)] = []
    private var gone: [String] = []
    private var notFound: String?

    /// Reads a release.
    ///
    /// - Parameters:
    ///   - manifest: the release; it should have a tree.
    ///   - folder: the output folder as the server will see it.
    package init(_ manifest: Manifest, folder: String) {
        release = manifest.id
        self.folder = folder
        for index in 0..<manifest.count {
            let entry = manifest.entry(at: index)
            switch entry.kind {
            case .redirect(let target, let status):
                redirects.append((entry.path, target, status))
                continue
            case .gone:
                gone.append(entry.path)
                continue
            case .page, .file, .asset, .notFound: break
            }
            let name = "/" + ReleaseLayout.treeFile(of: entry)
            if entry.kind == .notFound { notFound = name }
            files.append(
                File(
                    name: name, headers: entry.headers.fields, cachePolicy: entry.cachePolicy,
                    contentType: entry.contentType))
        }
    }

    /// The text for a server: one site listening where the owner says.
    ///
    /// - Parameters:
    ///   - server: which server.
    ///   - listen: the address as that server writes it, `127.0.0.1:8080` for example.
    /// - Returns: lines, each with its line break.
    package func text(for server: ServerKind, listen: String) -> String {
        let lines = server == .nginx ? nginx(listen) : caddy(listen)
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Values chosen by file

    /// One header: the value most files have, and the files that have another.
    private struct Choice {
        let name: String
        let usual: String
        let others: [(value: String, files: [String])]
    }

    private func choices() -> [Choice] {
        var names: [String] = []
        for name in files.flatMap({ $0.headers.map(\.name) }) where !names.contains(name) {
            names.append(name)
        }
        return names.sorted().map { name in
            choice(name) { file in file.headers.first { $0.name == name }?.value ?? "" }
        } + [choice("cache-control") { Self.caching($0.cachePolicy) }]
    }

    private func choice(_ name: String, _ value: (File) -> String) -> Choice {
        var byValue: [String: [String]] = [:]
        for file in files { byValue[value(file), default: []].append(file.name) }
        let usual =
            byValue.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key ?? ""
        let others = byValue.filter { $0.key != usual }.sorted { $0.key < $1.key }
        return Choice(name: name, usual: usual, others: others.map { ($0.key, $0.value.sorted()) })
    }

    private static func caching(_ policy: CachePolicy) -> String {
        switch policy {
        case .revalidate: "public, no-cache"
        case .immutable: "public, max-age=31536000, immutable"
        case .private: "private, no-cache"
        }
    }

    /// The media types of the endings; the shortest of several, so that the choice is stable.
    private var types: [(ending: String, type: String)] {
        var types: [String: String] = [:]
        for file in files {
            guard let ending = file.name.split(separator: "/").last?.split(separator: ".").last,
                ending.utf8.count <= 16
            else { continue }
            let known = types[String(ending)] ?? file.contentType
            types[String(ending)] = min(known, file.contentType)
        }
        return types.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    // MARK: nginx

    private func nginx(_ listen: String) -> [String] {
        let choices = choices()
        let alike = Self.alike(files.map(\.name))
        let count = choices.reduce(redirects.count) { $0 + $1.others.flatMap(\.files).count }
        var lines = [
            "# Release \(release). Include this file in the http block of nginx.",
            "# Needs ngx_http_gzip_static_module and ngx_brotli's static module.",
            "map_hash_bucket_size 1024;", "map_hash_max_size \(max(2048, 2 * count));",
        ]
        // The only text of nginx in which a dollar sign is one.
        lines.append("geo $\(Self.dollar) { default \"$\"; }")
        for choice in choices {
            lines.append("map $uri $sitegen_\(Self.variable(choice.name)) {")
            lines.append("    default \(Self.nginxValue(choice.usual));")
            for (value, files) in choice.others {
                for file in files {
                    // A map ignores case; an expression does not.
                    let key = alike.contains(file.lowercased()) ? "~^\\Q\(file)\\E$" : file
                    lines.append("    \(Self.nginxText(key)) \(Self.nginxValue(value));")
                }
            }
            lines.append("}")
        }
        lines += [
            "server {", "    listen \(listen);",
            "    root \(Self.nginxValue(folder + "/current/tree"));",
            "    gzip_static on;", "    brotli_static on;", "    charset off;",
            "    types {",
        ]
        lines += types.map {
            "        \(Self.nginxText($0.type)) \($0.ending);"
        }
        lines += ["    }", "    default_type application/octet-stream;"]
        for choice in choices {
            lines.append(
                "    add_header \(choice.name) $sitegen_\(Self.variable(choice.name)) always;")
        }
        let missing = gone.isEmpty ? "404" : "404 410"
        if let notFound {
            lines.append("    error_page \(missing) \(Self.nginxValue(notFound));")
        }
        for redirect in redirects {
            lines.append(
                "    location = \(Self.nginxText(redirect.path)) { return "
                    + "\(redirect.status) \(Self.nginxValue(redirect.target)); }")
        }
        for path in gone {
            lines.append("    location = \(Self.nginxText(path)) { return 410; }")
        }
        return lines + [
            "    index index.html;", "    location / { try_files $uri $uri.html $uri/ =404; }", "}",
        ]
    }

    /// The texts, in small letters, of which there are several that differ in case alone.
    private static func alike(_ texts: [String]) -> Set<String> {
        Set(Dictionary(grouping: Set(texts)) { $0.lowercased() }.filter { $0.value.count > 1 }.keys)
    }

    private static func variable(_ header: String) -> String {
        String(header.map { $0 == "-" ? "_" : $0 })
    }

    private static let dollar = "sitegen_dollar"

    /// A text where nginx looks for variables.
    private static func nginxValue(_ text: String) -> String {
        nginxText(
            text.split(separator: "$", omittingEmptySubsequences: false)
                .joined(separator: "${\(dollar)}"))
    }

    /// A text where nginx takes a dollar sign as it is.
    private static func nginxText(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted += "\\" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }

    // MARK: Caddy

    private func caddy(_ listen: String) -> [String] {
        let alike = Self.alike(files.flatMap { Self.addresses(of: $0.name) })
        var lines = [
            "# Release \(release). Import this file into a Caddyfile.",
            "http://\(listen) {", "    vars \(Self.brace) \"\\{\"",
            "    root * \(Self.caddyText(folder + "/current/tree"))",
        ]
        // Matchers that exclude each other: in which order directives apply, versions differ.
        for choice in choices() {
            let name = Self.variable(choice.name)
            var others = CaddyPaths()
            for (number, other) in choice.others.enumerated() {
                let paths = CaddyPaths(other.files.flatMap(Self.addresses), alike: alike)
                others.formUnion(paths)
                for (kind, test) in paths.tests {
                    lines += Self.header(
                        "@\(name)_\(number)_\(kind)", [test], choice.name, other.value)
                }
            }
            let excluded = others.tests.map { "not \($0.test)" }
            lines +=
                excluded.isEmpty
                ? ["    header \(choice.name) \(Self.caddyText(choice.usual))"]
                : Self.header("@\(name)", excluded, choice.name, choice.usual)
        }
        for (ending, type) in types where ending != "html" {
            lines += Self.header("@type_\(ending)", ["path *.\(ending)"], "Content-Type", type)
        }
        for (number, redirect) in redirects.enumerated() {
            guard let test = CaddyPaths([redirect.path], alike: alike).tests.first?.test else {
                continue
            }
            lines += [
                "    @redirect_\(number) \(test)",
                "    redir @redirect_\(number) \(Self.caddyText(redirect.target)) "
                    + "\(redirect.status)",
            ]
        }
        for (number, path) in gone.enumerated() {
            guard let test = CaddyPaths([path], alike: alike).tests.first?.test else { continue }
            lines += ["    @gone_\(number) \(test)", "    error @gone_\(number) 410"]
        }
        lines += [
            "    try_files {path} {path}.html {path}/index.html",
            "    file_server {", "        precompressed br gzip", "        index index.html",
            "    }",
        ]
        if let notFound {
            lines += [
                "    handle_errors {", "        rewrite * \(Self.caddyText(notFound))",
                "        file_server {", "            precompressed br gzip", "        }", "    }",
            ]
        }
        return lines + ["}"]
    }

    /// A header for what passes all of these tests.
    private static func header(
        _ matcher: String, _ tests: [String], _ name: String, _ value: String
    ) -> [String] {
        ["    \(matcher) {"] + tests.map { "        \($0)" }
            + ["    }", "    header \(matcher) \(name) \(caddyText(value))"]
    }

    /// The addresses under which a file is asked for.
    private static func addresses(of file: String) -> [String] {
        if file.hasSuffix("/index.html") { return [String(file.dropLast(10)), file] }
        if file.hasSuffix(".html") { return [String(file.dropLast(5)), file] }
        return [file]
    }

    private static let brace = "sitegen_brace"

    /// A text in which no brace begins a placeholder.
    ///
    /// Their short forms are looked for before anything is escaped, so that a variable says it.
    private static func caddyText(_ text: String) -> String {
        let escaped = text.split(separator: "{", omittingEmptySubsequences: false)
            .joined(separator: "{vars.\(brace)}")
        // Between backticks everything is as it is; between quotes only a quote is escaped.
        if escaped.contains("`") {
            let parts = escaped.split(separator: "\"", omittingEmptySubsequences: false)
            return "\"" + parts.joined(separator: "\\\"") + "\""
        }
        return escaped.contains("\"") || escaped.contains("\\") ? "`\(escaped)`" : "\"\(escaped)\""
    }
}

/// Paths as Caddy compares them.
///
/// The test `path` ignores case and knows wildcards, percent signs and placeholders; what is more
/// than letters to it is compared by an expression, where every character can be written by its
/// number.
private struct CaddyPaths {
    private var plain: [String] = []
    private var odd: [String] = []

    init() {}

    /// `alike` are the paths, in small letters, of which there are several.
    init(_ paths: [String], alike: Set<String>) {
        for path in paths {
            let isPlain = path.unicodeScalars.allSatisfy { scalar in
                scalar.value < 0x80
                    && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                        || "/-_.~".unicodeScalars.contains(scalar))
            }
            if isPlain, !alike.contains(path.lowercased()) {
                plain.append(path)
            } else {
                odd.append(path)
            }
        }
    }

    mutating func formUnion(_ other: CaddyPaths) {
        plain += other.plain
        odd += other.odd
    }

    /// One test of each kind that is needed; a path is among these if it passes one.
    var tests: [(kind: String, test: String)] {
        var tests: [(String, String)] = []
        if !plain.isEmpty {
            tests.append(
                ("path", "path " + plain.map { "\"\($0)\"" }.joined(separator: " ")))
        }
        if !odd.isEmpty {
            let list = odd.map { "\"\(Self.expression($0))\"" }.joined(separator: ", ")
            tests.append(("exactly", "expression `{http.request.uri.path} in [\(list)]`"))
        }
        return tests
    }

    /// A text between the quotes of an expression.
    private static func expression(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            let isPlain = scalar.value < 0x80 && scalar.properties.isAlphabetic || scalar == "/"
            let digits = String(scalar.value, radix: 16)
            return isPlain
                ? String(scalar)
                : "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }
}
