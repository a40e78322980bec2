// What `sitegen export` prints: nothing of a site becomes a variable of the server that reads it.

import FoundationEssentials
import Hashing
import ReleaseFormat
import SiteBuilding
import Testing

@Suite("Configuration of other servers") struct ServerSnippetTests {
    private func snippet(_ header: String, _ path: String, _ target: String) throws -> ServerSnippet
    {
        let field = try #require(HeaderField(name: "x-a", value: header))
        let form = Representation(coding: .identity, blob: BlobID(of: [1]), length: 1)
        func entry(_ path: String, _ kind: EntryKind, _ headers: [HeaderField]) -> Entry {
            Entry(
                path: path, kind: kind, contentType: kind == .page ? "text/html" : "",
                cachePolicy: .revalidate, headers: HeaderBlock(headers),
                representations: kind == .page ? [form] : [], slots: nil,
                source: EntrySource(view: "v", key: ""))
        }
        var builder = ManifestBuilder(spoolingIn: SpoolFolder(path: "/tmp"))
        try builder.add(entry("/", .page, []))
        try builder.add(entry("/other/", .page, []))
        try builder.add(entry(path, .page, [field]))
        try builder.add(entry("/old", .redirect(to: target, permanent: true), []))
        return ServerSnippet(try Manifest(try builder.finish(hasTree: true)), folder: "/srv/$x{y}")
    }

    @Test(arguments: [
        ("$host", "/a$uri", "/to/$remote_addr"), ("${host}", "/a{b}", "/to/${args}"),
        ("{env.HOME}", "/{http.request.host}/", "/to/{env.PATH}"),
        ("{$HOME} and $$", "/{$HOME}", "/to/{$SECRET}"), ("a \\ \" b", "/c", "/to/d"),
    ])
    func `no text of a site is a variable or a placeholder`(
        header: String, path: String, target: String
    ) throws {
        let snippet = try snippet(header, path, target)
        let nginx = snippet.text(for: .nginx, listen: "127.0.0.1:80")
        for line in nginx.split(separator: "\n") where !line.hasPrefix("geo ") {
            // Keys of maps and names of locations are taken as they are.
            let isValue =
                line.contains("return") || line.contains("root") || line.contains("default \"")
            let value = isValue ? line.split(separator: "\"").last { $0 != ";" && $0 != "; }" } : ""
            let rest = (value ?? "").split(separator: "${sitegen_dollar}").joined()
            #expect(!rest.contains("$"), "\(line)")
        }
        let caddy = snippet.text(for: .caddy, listen: "127.0.0.1:80")
        #expect(!caddy.contains("{env.") || caddy.contains("\\{env."))
        for name in ["HOME", "SECRET"] { #expect(!caddy.contains("{$\(name)")) }
        #expect(caddy.contains("\"/srv/$x") == false)
        #expect(caddy.contains("`/srv/$x\\{y}/current/tree`"))
        #expect(nginx.contains("root \"/srv/${sitegen_dollar}x{y}/current/tree\";"))
    }
}
