// A small release in a temporary folder: a page, pages with slots, an asset, redirects, a 404.

import ContentEncoding
import AccessRecords
import Foundation
import NIOCore
import ReleaseFormat
import Synchronization

@testable import SiteServing

/// An output folder that is removed with the object.
final class ReleaseFixture {
    let output: String
    let home: [UInt8]
    let look: SlottedPage
    let bag: SlottedPage
    let tail: SlottedPage
    private let isOwner: Bool

    static let fallback = "<b>fallback</b>"
    static let capacity = 256
    static let style = "/assets/site.0123abcd.css"
    static let policy =
        "default-src 'none'; script-src 'sha256-x'; base-uri 'none'; connect-src 'self'"

    /// Makes a release; in the folder of another fixture, it becomes the current one there.
    ///
    /// The text of its home page is there `homeLength` times, each of about 5 KB.
    init(
        title: String = "Home", in other: ReleaseFixture? = nil,
        fallback: String = ReleaseFixture.fallback, capacity: Int = ReleaseFixture.capacity,
        style: String = ReleaseFixture.style, homeLength: Int = 1
    ) throws {
        isOwner = other == nil
        output =
            other?.output
            ?? NSTemporaryDirectory() + "sitegen-serving-\(UUID().uuidString.prefix(8))"
        let text = (0..<200).map { "<p>Paragraph \($0) of \(title).</p>\n" }.joined()
        let homeText = String(repeating: text, count: homeLength)
        home = Array("<!DOCTYPE html><title>\(title)</title><body>\(homeText)</body>".utf8)
        look = try Self.slotted(text, count: 2, fallback, capacity)
        bag = try Self.slotted(text, count: 1, fallback, capacity)
        tail = try Self.slotted(text, count: 1, fallback, capacity, takesTail: true)
        let writer = try ReleaseWriter.open(output)
        var entries: [Entry] = []
        let html = "text/html; charset=utf-8"
        let headers = HeaderBlock(
            [
                HeaderField(name: "content-security-policy", value: Self.policy),
                HeaderField(name: "strict-transport-security", value: "max-age=1"),
            ].compactMap { $0 })
        let source = EntrySource(view: "test", key: "")

        func forms(_ identity: [UInt8], _ gzip: [UInt8]) throws -> [Representation] {
            let brotli = try Brotli.compress(identity, quality: 5)
            return try [(Coding.identity, identity), (.gzip, gzip), (.brotli, brotli)].map {
                Representation(coding: $0, blob: try writer.store($1), length: $1.count)
            }
        }
        func add(
            _ path: String, _ kind: EntryKind, _ type: String, _ policy: CachePolicy,
            _ forms: [Representation], _ slots: SlotTable? = nil
        ) {
            entries.append(
                Entry(
                    path: path, kind: kind, contentType: type, cachePolicy: policy,
                    headers: headers, representations: forms, slots: slots, source: source))
        }
        add("/", .page, html, .revalidate, try forms(home, Gzip.compress(home)))
        add("/plain", .page, html, .revalidate, try forms(home, Gzip.compress(home)))
        let shared = ["one", "two"].map { SlotBinding(name: $0, key: "", scope: .shared) }
        add(
            "/look/", .page, html, .revalidate, try Self.stored(look, writer),
            SlotTable(layout: look.layout, bindings: shared))
        let late = ["late", "later"].map { SlotBinding(name: $0, key: "", scope: .shared) }
        add(
            "/tail/", .page, html, .revalidate, try Self.stored(tail, writer),
            SlotTable(layout: tail.layout, bindings: [shared[0]] + late))
        let private_ = SlotBinding(name: "bag", key: "", scope: .perVisitor(cookie: "sid"))
        add(
            "/bag/", .page, html, .private, try Self.stored(bag, writer),
            SlotTable(layout: bag.layout, bindings: [private_]))
        let styleText = Array("body { color: black }".utf8)
        let styleForm = Representation(
            coding: .identity, blob: try writer.store(styleText), length: styleText.count)
        add(style, .asset, "text/css", .immutable, [styleForm])
        add("/café/", .page, html, .revalidate, [styleForm])
        add("/old", .redirect(to: "/look/", status: 308), "", .revalidate, [])
        add("/temporary", .redirect(to: "/look/", status: 307), "", .revalidate, [])
        add("/moved", .redirect(to: "/look/", status: 301), "", .revalidate, [])
        add("/found", .redirect(to: "https://a.example/?b", status: 302), "", .revalidate, [])
        add("/gone", .gone, "", .revalidate, [])
        let missing = Array("<h1>Not here</h1>".utf8)
        add("/404.html", .notFound, html, .revalidate, try forms(missing, Gzip.compress(missing)))
        var builder = ManifestBuilder(spoolingIn: writer.spools)
        for entry in entries { try builder.add(entry) }
        try writer.finish(try builder.finish())
    }

    deinit { if isOwner { try? FileManager.default.removeItem(atPath: output) } }

    /// The identity bytes of a page with these fragments, nil for a fallback.
    func page(_ page: SlottedPage, _ fragments: [String?]) -> [UInt8] {
        var bytes = page.identity
        for (slot, fragment) in zip(page.layout.slots, fragments) {
            guard let fragment else { continue }
            var fill = Array("\(fragment)<!--".utf8)
            fill += [UInt8](repeating: 0x20, count: Int(slot.capacity) - fill.count)
            let start = Int(slot.start)
            bytes.replaceSubrange(start..<(start + Int(slot.capacity)), with: fill)
        }
        return bytes
    }

    /// The same without the spaces behind fragments, as a delta gives it.
    func shortPage(_ page: SlottedPage, _ fragments: [String?]) -> [UInt8] {
        var bytes: [UInt8] = []
        var position = 0
        for (slot, fragment) in zip(page.layout.slots, fragments) {
            guard let fragment else { continue }
            bytes += page.identity[position..<Int(slot.start)] + Array("\(fragment)<!--".utf8)
            position = Int(slot.start + slot.capacity)
        }
        return bytes + page.identity[position...]
    }

    private static func stored(
        _ page: SlottedPage, _ writer: ReleaseWriter
    ) throws -> [Representation] {
        try [
            (Coding.identity, page.identity), (.gzip, page.gzip), (.brotli, page.brotli),
        ].map {
            Representation(coding: $0, blob: try writer.store($1), length: $1.count)
        }
    }

    private static func slotted(
        _ text: String, count: Int, _ fallback: String, _ capacity: Int, takesTail: Bool = false
    ) throws -> SlottedPage {
        var page = Array("<!DOCTYPE html><body>".utf8)
        var requests: [SlotRequest] = []
        for _ in 0..<count {
            page += Array(text.utf8)
            let start = page.count
            page += Array(fallback.utf8)
            requests.append(SlotRequest(fallback: start..<page.count, capacity: capacity))
        }
        return try SlottedPage(
            page: page + Array("</body>".utf8), slots: requests, takesTail: takesTail)
    }
}

/// The lines of a log, as they were handed over.
final class LoggedLines: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    func add(_ lines: [UInt8]) { bytes.withLock { $0 += lines } }

    /// Each line of JSON as what it says.
    func objects() throws -> [[String: Any]] {
        try bytes.withLock { $0 }.split(separator: UInt8(ascii: "\n")).map { line in
            try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any] ?? [:]
        }
    }
}

/// A connection without a socket: requests in, answers out.
struct Dialogue {
    private let journal: AccessJournal
    private let lines: LoggedLines
    var connection: HTTPConnection
    let release: ServedRelease
    /// The pieces that were read.
    private(set) var readings: [Range<Int>] = []

    init(
        _ fixture: ReleaseFixture, hosts: ServedHosts = .any,
        limits: ServingLimits = ServingLimits(), takesReports: Bool = false,
        tellsTiming: Bool = false,
        onEvent: @escaping @Sendable (ServerEvent) -> Void = { _ in }
    ) throws {
        try self.init(
            fixture.output, hosts: hosts, limits: limits,
            takesReports: takesReports, tellsTiming: tellsTiming, onEvent: onEvent)
    }

    init(
        _ output: String, memory: Int = 1 << 24, hosts: ServedHosts = .any,
        gate: VisitorGate? = nil,
        limits: ServingLimits = ServingLimits(), takesReports: Bool = false,
        tellsTiming: Bool = false,
        onEvent: @escaping @Sendable (ServerEvent) -> Void = { _ in }
    ) throws {
        let reader = try ReleaseReader.open(output)
        release = ServedRelease(
            reader, blobs: Blobs(bytesMax: memory), limits: limits,
            earlier: EarlierReleases.open(
                output, before: reader.manifest.id, limits: limits),
            headers: EntryHeaders(isReporting: takesReports, isGated: gate != nil))
        let lines = LoggedLines()
        var options = JournalOptions()
        options.log = .json
        journal = AccessJournal(options, recorder: nil, onLogLines: { lines.add($0) })
        self.lines = lines
        connection = HTTPConnection(
            Responder(
                hosts: hosts, gate: gate, takesReports: takesReports, isMeasuring: false,
                tellsTiming: tellsTiming, assembled: AssembledPages(bytesMax: 1 << 20),
                onEvent: onEvent),
            limits: limits, counters: LoopCounters(),
            journal: (journal, JournalClient(nil, journal)))
    }

    /// What the log says of the answers so far.
    func logged() throws -> [[String: Any]] {
        journal.handOver()
        return try lines.objects()
    }

    /// Reads stored pieces, as the server's threads do.
    mutating func read(_ pieces: [StoredPiece]) -> [ReadPiece] {
        pieces.map { piece in
            readings.append(piece.range)
            return ReadPiece(piece: piece, bytes: Self.read(piece, release.blobs))
        }
    }

    private static func read(
        _ piece: StoredPiece, _ blobs: Blobs
    ) -> Result<SharedBytes, ReleaseError> {
        do throws(ReleaseError) { return .success(try blobs.read(piece)) } catch {
            return .failure(error)
        }
    }

    /// All bytes of a body, as a client would get them; nil instead of what cannot be read.
    mutating func all(of body: AnswerBody, count: Int = 1_000) -> [UInt8] {
        var source = BodySource(body)
        var bytes: [UInt8] = []
        while true {
            switch source.next(count, from: release.blobs) {
            case .bytes(let some, _): bytes += Array(buffer: some)
            case .missing(let piece):
                readings.append(piece.range)
                guard case .success(let read) = Self.read(piece, release.blobs) else {
                    return bytes
                }
                source.take(read, at: piece.range)
            case .end: return bytes
            }
        }
    }
}

/// One answer, taken apart.
struct TestAnswer: Equatable {
    var status: Int
    var fields: [String: String]
    var body: [UInt8]

    /// Reads one answer from the front of `bytes`; nil if they are none.
    init?(_ bytes: inout ArraySlice<UInt8>, isHead: Bool = false) {
        let end = Array("\r\n\r\n".utf8)
        guard
            let split = bytes.indices.first(where: { bytes[$0...].starts(with: end) })
        else { return nil }
        let lines = String(decoding: bytes[..<split], as: UTF8.self).split(separator: "\r\n")
        status = Int(lines[0].split(separator: " ")[1]) ?? 0
        fields = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            let name = parts[0].lowercased()
            guard fields[name] == nil else { return nil }
            fields[name] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let start = split + end.count
        let length = isHead || status == 304 ? 0 : Int(fields["content-length"] ?? "") ?? 0
        guard bytes.endIndex - start >= length else { return nil }
        body = Array(bytes[start..<(start + length)])
        bytes = bytes[(start + length)...]
    }
}
