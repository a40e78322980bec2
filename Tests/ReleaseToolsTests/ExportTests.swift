// What `export` writes says the same to nginx and to Caddy as the release does, whatever characters
// its paths, headers and redirects have: both servers have a language of their own for `$` and `{`.

import ContentEncoding
import FoundationEssentials
import Glibc
import ReleaseFormat
import ReleaseTools
import TestSupport
import Testing

@Suite("Exports") struct ExportTests {
    /// Texts that mean something to one of the servers.
    private static let texts = [
        "plain", "About", "about", "a b", "é", "x$y", "${uri}", "$remote_addr", "q\"q", "it's",
        "{env.HOME}",
        "{$HOME}", "{http.request.uri}", "semi;colon", "`tick`", "a%20b", "(x)", "a|b", "~", "=",
        "@x", "[x]", "#x", "*.html", "{", "}", "$", "{{x}}", "^a$", "a,b", "import x",
    ]

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                byte >= 0x61 && byte <= 0x7A || byte >= 0x41 && byte <= 0x5A || byte == 0x2F
                || byte >= 0x30 && byte <= 0x39
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain
                ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + digits
        }.joined()
    }

    /// A page with the text in its path and in a header.
    private static func page(
        _ text: String, _ writer: ReleaseWriter, _ source: EntrySource
    ) throws -> Entry {
        let body = Array("page of \(text)".utf8)
        let forms = try [(Coding.identity, body), (.gzip, Gzip.compress(body))].map {
            Representation(coding: $0, blob: try writer.store($1), length: $1.count)
        }
        return Entry(
            path: "/\(text)/", kind: .page, contentType: "text/html; charset=utf-8",
            cachePolicy: .revalidate,
            headers: HeaderBlock(
                [HeaderField(name: "x-text", value: value(text))].compactMap { $0 }),
            representations: forms, slots: nil, source: source)
    }

    private static func value(_ text: String) -> String { "\(text) \\d \"{$HOME}` $uri" }

    private static func target(_ text: String) -> String { "/to?\(encoded(text))$uri{env.HOME}" }

    /// One page for each text, and a redirect to an address with it.
    private static func release(in folder: String) throws -> Manifest {
        let writer = try ReleaseWriter.open(folder)
        var builder = ManifestBuilder(spoolingIn: writer.spools)
        for (number, text) in texts.enumerated() {
            let source = EntrySource(view: "text", key: "\(number)")
            try builder.add(page(text, writer, source))
            try builder.add(
                Entry(
                    path: "/from-\(number)",
                    kind: .redirect(to: target(text), status: 308),
                    contentType: "", cachePolicy: .revalidate, headers: HeaderBlock([]),
                    representations: [], slots: nil, source: source))
        }
        try builder.add(
            Entry(
                path: "/gone", kind: .gone, contentType: "", cachePolicy: .revalidate,
                headers: HeaderBlock([]), representations: [],
                source: EntrySource(view: "gone", key: "")))
        try writer.finish(try builder.finish(hasTree: true))
        return try ReleaseReader.open(folder).manifest
    }

    private static func freePort() throws -> Int {
        let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(probe) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                try #require(bind(probe, pointer, size) == 0)
                try #require(getsockname(probe, pointer, &size) == 0)
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
    }

    private static func start(
        _ kind: ServerKind, _ snippet: String, in folder: String, port: Int
    ) throws -> ChildProgram {
        let file = "\(folder)/snippet"
        try Data(snippet.utf8).write(to: URL(filePath: file))
        if kind == .caddy {
            let caddyfile = "{\n admin off\n auto_https off\n}\n\(snippet)"
            try Data(caddyfile.utf8).write(to: URL(filePath: "\(folder)/Caddyfile"))
            return try ChildProgram(
                "/usr/bin/env",
                [
                    "HOME=\(folder)", "caddy", "run", "--adapter", "caddyfile", "--config",
                    "\(folder)/Caddyfile",
                ])
        }
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "\($0)_temp_path \(folder)/\($0);" }.joined(separator: " ")
        let text = """
            load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;
            daemon off; master_process off; pid \(folder)/pid; error_log \(folder)/errors;
            \(getuid() == 0 ? "user root;" : "")
            events { } http { access_log off; \(temporary) include \(file); }
            """
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/nginx.conf"))
        return try ChildProgram(
            "/usr/sbin/nginx",
            ["-p", folder, "-c", "\(folder)/nginx.conf", "-e", "\(folder)/errors"])
    }

    private static func ask(_ path: String, _ port: Int) throws -> String {
        let answer = try run(
            "/usr/bin/curl",
            [
                "-s", "-i", "-g", "--path-as-is", "--max-time", "120",
                "http://127.0.0.1:\(port)\(path)",
            ])
        return String(decoding: answer.output, as: UTF8.self)
    }

    @Test(arguments: ServerKind.allCases)
    func `a server says of each page what the release says`(kind: ServerKind) throws {
        let folder = try TemporaryFolder()
        let manifest = try Self.release(in: folder.path)
        let port = try Self.freePort()
        let snippet = ServerSnippet(manifest, folder: folder.path)
            .text(for: kind, listen: "127.0.0.1:\(port)")
        let server = try Self.start(kind, snippet, in: folder.path, port: port)
        defer {
            kill(server.process, SIGTERM)
            server.wait()
        }
        for _ in 0..<6_000 {
            guard try Self.ask("/plain/", port).isEmpty else { break }
            usleep(20_000)
        }
        #expect(try Self.ask("/gone", port).hasPrefix("HTTP/1.1 410"))
        for (number, text) in Self.texts.enumerated() {
            let answer = try Self.ask("/\(Self.encoded(text))/", port)
            #expect(answer.hasPrefix("HTTP/1.1 200"), "\(text): \(answer.prefix(200))")
            #expect(answer.hasSuffix("\r\n\r\npage of \(text)"), "\(text): \(answer)")
            let lines = answer.split(separator: "\r\n").map(String.init)
            #expect(
                lines.filter { $0.lowercased().hasPrefix("x-text:") }.map { $0.dropFirst(8) }
                    == [Self.value(text)[...]], "\(text): \(lines)")
            let moved = try Self.ask("/from-\(number)", port)
            #expect(moved.hasPrefix("HTTP/1.1 308"), "\(moved.prefix(200))")
            #expect(
                moved.split(separator: "\r\n").contains { line in
                    line.lowercased().hasPrefix("location:") && line.hasSuffix(Self.target(text))
                }, "\(text): \(moved)")
        }
    }
}
