// Makes the pages that Benchmarks/serve/run.py compares, and serves them as `sitegen serve` does.
//
//   ServeBenchmark make FOLDER         a release, and the same pages as files for other servers
//   ServeBenchmark publish REDIS       three fragments
//   ServeBenchmark serve FOLDER ADDRESS REDIS [CERTIFICATE KEY | --spool FOLDER | --log FILE]

import AccessRecords
import ContentEncoding
import Foundation
import Fragments
import Redis
import ReleaseFormat
import SiteServing

/// Text that compresses like a page of prose and cards: the same in every run.
private struct Prose {
    private var state: UInt64 = 42
    private let words = """
        coat wool linen green evening collar pocket season drape button hem sleeve amber winter
        light heavy woven washed cropped tailored relaxed narrow wide belted raw quiet morning
        street garden silk cotton denim suede leather stitched folded pressed knitted brushed
        """.split(whereSeparator: \.isWhitespace).map(String.init)

    mutating func next(_ count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % count
    }

    mutating func sentence() -> String {
        let text = (0..<(8 + next(9))).map { _ in words[next(words.count)] + suffix() }
        return text.joined(separator: " ") + "."
    }

    private mutating func suffix() -> String { next(6) == 0 ? "-\(next(9_000))" : "" }

    mutating func card(_ number: Int) -> String {
        """
        <article class="card" id="c\(number)"><a href="/looks/\(next(90_000))/">\
        <img src="/assets/look-\(next(90_000)).webp" alt="" width="320" height="420"></a>\
        <h2>\(sentence())</h2><p>\(sentence()) \(sentence())</p></article>\n
        """
    }
}

private let names = ["trending", "bag", "news"]

private func fragment(_ name: String) -> String {
    "<ul class=\"\(name)\">"
        + (1...6).map { "<li><a href=\"/looks/\($0)/\">\(name) look number \($0)</a></li>" }
        .joined()
        + "</ul>"
}

private func make(_ folder: String) throws {
    var prose = Prose()
    let begin = "<!DOCTYPE html><html lang=\"en\"><title>Season</title><body>\n"
    let parts = (0..<4).map { part in (0..<18).map { prose.card($0 + 18 * part) }.joined() }
    let fallback = "<p>Nothing yet.</p>"
    var page = Array(begin.utf8)
    var requests: [SlotRequest] = []
    for (index, part) in parts.enumerated() {
        page += Array(part.utf8)
        guard index < names.count else { break }
        requests.append(
            SlotRequest(
                fallback: page.count..<(page.count + fallback.utf8.count), capacity: 1_024))
        page += Array(fallback.utf8)
    }
    page += Array("</body></html>".utf8)
    let slotted = try SlottedPage(page: page, slots: requests)
    let plain = (begin + parts.joined(separator: fallback) + "</body></html>")
    try release(folder + "/release", slotted, Array(plain.utf8))
    let files = folder + "/www"
    try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: true)
    func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: files + "/" + name))
    }
    try write("static.html", Array(plain.utf8))
    try write("static.html.gz", Gzip.compress(Array(plain.utf8)))
    try write("static.html.br", Brotli.compress(Array(plain.utf8), quality: 11))
    for (name, tag) in [
        ("ssi", { "<!--# include virtual=\"/\($0).frag\" -->" }),
        ("esi", { "<esi:include src=\"/\($0).frag\"/>" }),
    ] as [(String, (String) -> String)] {
        var text = begin
        for (index, part) in parts.enumerated() {
            text += part + (index < names.count ? tag(names[index]) : "")
        }
        try write("\(name).html", Array((text + "</body></html>").utf8))
    }
    for name in names { try write("\(name).frag", Array(fragment(name).utf8)) }
}

private func release(_ output: String, _ slotted: SlottedPage, _ plain: [UInt8]) throws {
    let writer = try ReleaseWriter.open(output)
    var builder = ManifestBuilder(spoolingIn: writer.spools)
    let policy = HeaderField(
        name: "content-security-policy", value: "default-src 'none'; img-src 'self'")
    func entry(
        _ path: String, _ forms: [(Coding, [UInt8])], _ slots: SlotTable?
    ) throws -> Entry {
        Entry(
            path: path, kind: .page, contentType: "text/html; charset=utf-8",
            cachePolicy: .revalidate, headers: HeaderBlock([policy].compactMap { $0 }),
            representations: try forms.map {
                Representation(coding: $0, blob: try writer.store($1), length: $1.count)
            },
            slots: slots, source: EntrySource(view: "season_page", key: "1"))
    }
    try builder.add(
        entry(
            "/static/",
            [
                (.identity, plain), (.gzip, try Gzip.compress(plain)),
                (.brotli, try Brotli.compress(plain, quality: 11)),
            ], nil))
    try builder.add(
        entry(
            "/slots/",
            [(.identity, slotted.identity), (.gzip, slotted.gzip), (.brotli, slotted.brotli)],
            SlotTable(
                layout: slotted.layout,
                bindings: names.map { SlotBinding(name: $0, key: "", scope: .shared) })))
    try writer.finish(try builder.finish())
}

private func publish(_ url: String) throws {
    var redis = try RedisConnection.open(try RedisURL(url))
    for name in names {
        let html = Array(fragment(name).utf8)
        let record = try FragmentRecord(html, runs: FragmentRuns(compressing: html))
        try redis.set(FragmentKey(shared: name).bytes, to: record.encoded)
    }
}

let arguments = Array(CommandLine.arguments.dropFirst())
switch (arguments.first, arguments.count) {
case ("make", 2): try make(arguments[1])
case ("publish", 2): try publish(arguments[1])
case ("serve", 4), ("serve", 6):
    var options = ServerOptions(
        output: arguments[1] + "/release", address: try ListenAddress(arguments[2]),
        redis: try RedisURL(arguments[3]))
    switch arguments.dropFirst(4).first {
    case "--spool": options.spool = SpoolOptions(folder: arguments[5])
    case "--log":
        _ = FileManager.default.createFile(atPath: arguments[5], contents: nil)
        let log = try FileHandle(forWritingTo: URL(fileURLWithPath: arguments[5]))
        options.accessLog = .json
        options.onLogLines = { log.write(Data($0)) }
    case nil: break
    default:
        options.certificate = CertificateFiles(chain: arguments[4], key: arguments[5])
    }
    options.limits.connectionsMax = 20_000
    options.onEvent = { FileHandle.standardError.write(Data("\($0)\n".utf8)) }
    let server = Server(options)
    print(try await server.start())
    while true { try await Task.sleep(for: .seconds(3_600)) }
default:
    print("ServeBenchmark make FOLDER | publish REDIS")
    print("ServeBenchmark serve FOLDER ADDRESS REDIS [CERTIFICATE KEY | --spool DIR | --log FILE]")
    exit(2)
}
