// What is fuzzed: a small release, and the two servers that show it.
//
// Their times are short, so that whatever a client leaves open ends soon; everything else is as in
// production.

import AccessRecords
import ContentEncoding
import Foundation
import NIOSSL
import ReleaseFormat
import SiteServing
import TestSupport

/// A release with a page in every coding, one with a slot, a larger file, a redirect and a 404.
struct ServedFiles {
    let output: String

    init(in folder: String) throws {
        output = folder + "/release"
        let writer = try ReleaseWriter.open(output)
        let source = EntrySource(view: "fuzz", key: "")
        var entries: [Entry] = []
        func add(
            _ path: String, _ kind: EntryKind, _ type: String, _ forms: [(Coding, [UInt8])],
            _ policy: CachePolicy = .revalidate, _ slots: SlotTable? = nil
        ) throws {
            let stored = try forms.map {
                Representation(coding: $0, blob: try writer.store($1), length: $1.count)
            }
            entries.append(
                Entry(
                    path: path, kind: kind, contentType: type, cachePolicy: policy,
                    headers: .empty, representations: stored, slots: slots, source: source))
        }
        let html = "text/html; charset=utf-8"
        let page = Array("<!DOCTYPE html><body>\(String(repeating: "page ", count: 4_000))".utf8)
        try add(
            "/", .page, html,
            [
                (.identity, page), (.gzip, try Gzip.compress(page)),
                (.brotli, try Brotli.compress(page, quality: 5)),
            ])
        let start = page.count
        let slotted = try SlottedPage(
            page: page + Array("<b>fallback</b>".utf8),
            slots: [SlotRequest(fallback: start..<(start + 15), capacity: 256)])
        try add(
            "/slot/", .page, html,
            [(.identity, slotted.identity), (.gzip, slotted.gzip), (.brotli, slotted.brotli)],
            .private,
            SlotTable(
                layout: slotted.layout,
                bindings: [
                    SlotBinding(name: "bag", key: "", scope: .perVisitor(cookie: "bag"))
                ]))
        let file = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try add(
            "/assets/file.bin", .asset, "application/octet-stream", [(.identity, file)], .immutable)
        try add("/old", .redirect(to: "/", status: 308), "", [])
        try add("/404.html", .notFound, html, [(.identity, Array("<h1>none</h1>".utf8))])
        var builder = ManifestBuilder(spoolingIn: writer.spools)
        for entry in entries { try builder.add(entry) }
        try writer.finish(try builder.finish())
    }
}

/// A server without and one with TLS.
struct RunningServers {
    let plainPort: Int
    let securePort: Int

    init(_ files: ServedFiles, in folder: String) async throws {
        let certificate = CertificateFiles(
            chain: folder + "/certificate.pem", key: folder + "/key.pem")
        let (_, status) = try TestSupport.run(
            "/usr/bin/env",
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-subj", "/CN=fuzz",
                "-keyout", certificate.key, "-out", certificate.chain,
            ])
        guard status == 0 else { throw CocoaError(.fileWriteUnknown) }
        plainPort = try await Self.start(files, nil)
        securePort = try await Self.start(files, certificate)
    }

    /// A context of a client that speaks HTTP/2 or only HTTP/1.1.
    static func client(speaking protocols: [String]) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.applicationProtocols = protocols
        return try NIOSSLContext(configuration: configuration)
    }

    private static func start(
        _ files: ServedFiles, _ certificate: CertificateFiles?
    ) async throws -> Int {
        var options = ServerOptions(
            output: files.output, address: .tcp(host: "127.0.0.1", port: 0))
        options.certificate = certificate
        options.takesReports = true
        options.accessLog = .json
        options.limits.headTime = .milliseconds(150)
        options.limits.idleTime = .milliseconds(100)
        options.limits.writeTime = .milliseconds(500)
        options.limits.sweepInterval = .milliseconds(20)
        guard case .tcp(_, let port) = try await Server(options).start() else { return 0 }
        return port
    }
}
