// The second of two speeds: what was compressed quickly, to be live at once, is compressed as well
// as it can be and put in place by a new manifest, the pages most asked for first.
//
// Nothing is rendered and no database is needed: the uncoded bytes are stored. Clients see the same
// page before and after; only the coded files and their tags differ. A release that was deepened to
// the end is, byte for byte, the one that `--quality best` makes.

package import ContentEncoding
import FoundationEssentials
package import ReleaseFormat

/// Why deepening ended early; what was live still is.
package enum DeepeningError: Error {
    /// A signal asked to stop.
    case interrupted
    /// A page cannot be compressed.
    case refused(EncodingError)
}

extension DeepeningError: CustomStringConvertible {
    /// What happened, then what to change.
    package var description: String {
        switch self {
        case .interrupted: "The build was interrupted; nothing was published."
        case .refused(let error):
            "A page could not be compressed again: \(error).\nRun `sitegen build --quality best`."
        }
    }
}

/// What deepening did.
package struct DeepeningReport: Sendable, Hashable {
    /// The release that is live now.
    package let release: ReleaseID
    /// How many entries were compressed again.
    package let deepened: Int
    /// How many still wait.
    package let left: Int
    /// How many bytes their gzip and brotli files lost.
    package let bytesSaved: Int
    /// Whether the release was made for quick compression alone, so that nothing waits.
    package let isMadeFast: Bool
}

/// Compresses the provisional entries of a release again.
package struct Deepening: Sendable {
    private let jobs: Int
    private let order: RequestCounts
    private let keeping: ReleaseKeeping?

    /// Prepares to deepen.
    ///
    /// - Parameters:
    ///   - jobs: how many entries are compressed at the same time; at least 1.
    ///   - order: which pages come first.
    ///   - keeping: the releases that stay; nil keeps all.
    package init(
        jobs: Int, order: RequestCounts = RequestCounts(),
        keeping: ReleaseKeeping? = nil
    ) {
        self.jobs = jobs
        self.order = order
        self.keeping = keeping
    }

    /// Deepens the live release and goes live with the result.
    ///
    /// - Parameters:
    ///   - output: the output folder.
    ///   - limit: the most entries to compress; nil for all that wait.
    /// - Returns: what was done.
    /// - Throws: a `ReleaseError` or a `DeepeningError`; what was live still is.
    package func run(
        _ output: String, limit: Int? = nil
    ) async throws -> DeepeningReport {
        let writer = try ReleaseWriter.open(output, isNewAllowed: false)
        let live = try StoredManifest.open(output)
        let waiting = try WaitingPages(live, self, writer.spools)
        let (manifest, report) = try await deepened(live, waiting, writer, limit: limit)
        _ = try writer.finish(
            manifest, state: DatabaseState.of(live.id, in: output), keeping: keeping)
        return report
    }

    /// The manifest with entries compressed again; nothing is switched.
    ///
    /// Pages that wait no more, because they have changed since, are passed over.
    ///
    /// - Throws: as `run`.
    package func deepened(
        _ base: StoredManifest, _ waiting: WaitingPages, _ writer: ReleaseWriter, limit: Int?
    ) async throws -> (StoredManifest, DeepeningReport) {
        var builder = ManifestBuilder(from: base, spoolingIn: writer.spools)
        var (done, saved) = (0, 0)
        do {
            try await withThrowingTaskGroup(of: (Entry, Int)?.self) { group in
                var (begun, ended) = (0, 0)
                while true {
                    while begun < limit ?? .max, begun < ended + jobs,
                        let path = try waiting.next()
                    {
                        group.addTask { try deepened(path, base, writer) }
                        begun += 1
                    }
                    guard let made = try await group.next() else { break }
                    ended += 1
                    if Task.isCancelled { throw DeepeningError.interrupted }
                    guard let (entry, bytes) = made else { continue }
                    try builder.remove(entry.path)
                    try builder.add(entry)
                    (done, saved) = (done + 1, saved + bytes)
                }
            }
        } catch let error as EncodingError {
            throw DeepeningError.refused(error)
        }
        let manifest = try builder.finish(
            hasTree: base.hasTree, recipe: base.recipe, inputs: base.inputs)
        return (
            manifest,
            DeepeningReport(
                release: manifest.id, deepened: done, left: waiting.count,
                bytesSaved: saved, isMadeFast: base.recipe == BuildQuality.fast.recipe)
        )
    }

    /// What waiting pages are sorted by: the most requested first, then the bytes of their paths.
    func rank(of path: [UInt8]) -> [UInt8] {
        let rank = UInt64.max - UInt64(order[String(decoding: path, as: UTF8.self)])
        return (0..<8).map { UInt8(truncatingIfNeeded: rank >> (56 - 8 * UInt64($0))) } + path
    }

    /// One entry, compressed as well as it can be, and how many bytes that saves; nil if it does
    /// not wait.
    private func deepened(
        _ path: String, _ manifest: StoredManifest, _ writer: ReleaseWriter
    ) throws -> (Entry, Int)? {
        guard let entry = try manifest.entry(atPath: path), entry.isProvisional,
            let form = entry.representation(.identity)
        else { return nil }
        let identity = try writer.stored.bytes(of: form, verified: true)
        var forms = [form]
        var slots = entry.slots
        let quality = BuildQuality.best
        func store(_ bytes: [UInt8], _ coding: Coding) throws {
            forms.append(
                Representation(
                    coding: coding, blob: try writer.store(bytes), length: bytes.count))
        }
        if let table = entry.slots {
            let page = try SlottedPage(
                SlottedOutline(stored: identity, layout: table.layout), level: quality.gzipLevel,
                quality: quality.brotliQuality)
            slots = SlotTable(layout: page.layout, bindings: table.bindings)
            try store(page.gzip, .gzip)
            try store(page.brotli, .brotli)
        } else {
            for (coding, bytes) in [
                (Coding.gzip, try Gzip.compress(identity, level: quality.gzipLevel)),
                (.brotli, try Brotli.compress(identity, quality: quality.brotliQuality)),
            ] where bytes.count < identity.count {
                try store(bytes, coding)
            }
        }
        let before = entry.representations.reduce(0) { $0 + $1.length }
        let after = forms.reduce(0) { $0 + $1.length }
        return (
            Entry(
                path: path, kind: entry.kind, contentType: entry.contentType,
                cachePolicy: entry.cachePolicy, headers: entry.headers, representations: forms,
                slots: slots, source: entry.source), before - after
        )
    }
}
