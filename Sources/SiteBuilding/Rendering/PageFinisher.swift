// From a page that waits to be rendered to an entry of the release: render, insert the bundle, lay
// out the slots, compress, store. The same steps in the same order for every page, on any thread.
//
// Compressing costs a hundred times as much as rendering, so a page whose bytes stand in the
// previous release already, made by the same recipe, keeps that release's files.

import ContentEncoding
import ContentSecurity
import Hashing
import Markup
import ReleaseFormat
import SiteAuthoring

/// A page that is stored and waits for its place in the manifest.
struct FinishedPage: Sendable {
    let entry: Entry
    /// Whether the bytes had to be compressed, because the previous release does not have them.
    let isChanged: Bool
}

/// What stops one page, or the whole build.
enum PageFailure: Error {
    /// The page is at fault; the pipeline adds the route and the row's key.
    case problem(String)
    /// No page can be made any more.
    case build(any Error)
}

/// Finishes pages; shared by all workers.
struct PageFinisher: Sendable {
    let writer: ReleaseWriter
    let bundles: Bundles
    let environment: BuildEnvironment
    let rules: HeaderRules
    let quality: BuildQuality
    /// The release that is live, if it was made by the same recipe.
    let previous: StoredManifest?
    /// The fragments that are published; a slot of any other would show its fallback for ever.
    var fragments: Set<String> = []
    /// The name of the site, whose fragments its slots show; nil for none.
    var siteName: String?
    /// What components cost, if that is measured.
    var costs = CostGathering()
    /// Takes what does not stop the build, in one line.
    let warn: @Sendable (String) -> Void

    /// Renders and stores one output of a route.
    ///
    /// - Parameters:
    ///   - output: what to render.
    ///   - route: the author's page type.
    ///   - row: the key and the digest of its row; nil without a row.
    /// - Returns: the stored page.
    /// - Throws: `.problem` of this page, `.build` when no page can be made any more.
    func finish(
        _ output: Output, of route: Route, row: (key: String, digest: RowDigest)? = nil
    ) async throws(PageFailure) -> FinishedPage {
        let work = route.work(on: row)
        var source = EntrySource(view: route.viewName, key: row?.key ?? "")
        source.route = route.name
        source.row = row?.digest
        let path = place(of: output)
        source.modified = output.modified.map {
            EntryDate(microseconds: $0.microsecondsSince2000, hasZone: $0.isInstant)
        }
        switch output.body {
        case .page(let isListed, let rendering):
            source.isListed = isListed
            return try await store(
                try rendered(rendering, work, &source), at: path, as: .page, source)
        case .notFound(let rendering):
            return try await store(
                try rendered(rendering, work, &source), at: path, as: .notFound, source)
        case .xml(let mediaType, let rendering):
            let type = try OutputRules.xml(mediaType)
            return try store(
                try rendered(rendering, work, &source), path: path, kind: .file, type: type,
                policy: nil, source: source)
        case .text(let mediaType, let text):
            let type = try OutputRules.file(mediaType)
            let text = try evaluated(work, &source, text)
            return try store(Array(text.utf8), at: path, type: type, source)
        case .json(let mediaType, let json):
            let type = try OutputRules.json(mediaType)
            let json = try evaluated(work, &source, json)
            return try store(try OutputRules.bytes(of: json), at: path, type: type, source)
        case .bytes(let mediaType, let bytes):
            let type = try OutputRules.file(mediaType)
            let bytes = try evaluated(work, &source, bytes)
            return try store(bytes, at: path, type: type, source)
        case .moved(let destination):
            let kind = try OutputRules.kind(
                of: destination, at: path, under: environment.basePath)
            return try moved(kind, at: path, source)
        }
    }

    /// The path of an output in the folder of the site.
    func place(of output: Output) -> String {
        output.path.hasPrefix("/") ? environment.basePath + output.path : output.path
    }

    /// Renders a document and notes what it asked for.
    private func rendered(
        _ rendering: Output.Rendering, _ work: NotedWork, _ source: inout EntrySource
    ) throws(PageFailure) -> RenderedDocument {
        let document = CrashLog.during(work) { rendering(environment) }
        costs.add(document.costs)
        try note(document, &source)
        return document
    }

    /// Makes what is no document and notes what it asked for.
    private func evaluated<Value>(
        _ work: NotedWork, _ source: inout EntrySource, _ make: () -> Value
    ) throws(PageFailure) -> Value {
        let (value, document) = CrashLog.during(work) { evaluate(in: environment, make) }
        try note(document, &source)
        return value
    }

    private func note(
        _ document: RenderedDocument, _ source: inout EntrySource
    ) throws(PageFailure) {
        try OutputRules.check(document, fragments: fragments)
        source.reads = document.assets
    }

    /// Stores the bytes of a file.
    private func store(
        _ bytes: [UInt8], at path: String, type: MediaType, _ source: EntrySource
    ) throws(PageFailure) -> FinishedPage {
        try OutputRules.check(length: bytes.count)
        return try store(
            bytes, path: path, kind: .file, type: type, cachePolicy: .revalidate, policy: nil,
            source: source)
    }

    /// What leads elsewhere, or nowhere: nothing is stored for it.
    private func moved(
        _ kind: EntryKind, at path: String, _ source: EntrySource
    ) throws(PageFailure) -> FinishedPage {
        let entry = Entry(
            path: path, kind: kind, contentType: "", cachePolicy: .revalidate,
            headers: rules.headers(of: nil, route: source.route, path: path), representations: [],
            source: source)
        let last = try last(at: path)
        return FinishedPage(entry: entry, isChanged: entry.digest != last?.digest)
    }

    /// Stores a web page with its styles and scripts.
    private func store(
        _ document: RenderedDocument, at path: String, as kind: EntryKind,
        _ source: EntrySource
    ) async throws(PageFailure) -> FinishedPage {
        let takesTail = document.slots.contains { $0.descriptor.placement == .tail }
        let bundle = try await bundle(for: document.components, takesTail: takesTail)
        var source = source
        source.assets = bundle.assets.map(\.path)
        let whole = document.inserting(headEnd: bundle.headEnd, bodyEnd: bundle.bodyEnd)
        return try store(
            whole, path: path, kind: kind, type: .html, policy: bundle.policy, source: source)
    }

    /// Stores a file of public/; one that the previous release has is not read.
    func file(
        _ file: PublicFile, at path: String, cachePolicy: CachePolicy
    ) throws -> FinishedPage {
        let view = PublicFile.sourcePrefix + file.name
        let last = try previous?.entry(atPath: path)
        guard let known = known(file.digest, last, file.type), known.slots == nil else {
            return try self.file(
                try file.bytes(), at: path, kind: .asset, type: file.type,
                cachePolicy: cachePolicy, from: view)
        }
        return finished(
            StoredFiles(
                representations: known.representations, slots: nil,
                isProvisional: known.isProvisional),
            path: path, kind: .asset, type: file.type, cachePolicy: cachePolicy, policy: nil,
            source: EntrySource(view: view, key: ""), last: last)
    }

    /// Stores bytes that no component rendered: assets, site maps.
    func file(
        _ bytes: [UInt8], at path: String, kind: EntryKind, type: MediaType,
        cachePolicy: CachePolicy, from source: String
    ) throws -> FinishedPage {
        do throws(PageFailure) {
            return try store(
                bytes, path: path, kind: kind, type: type, cachePolicy: cachePolicy, policy: nil,
                source: EntrySource(view: source, key: ""))
        } catch {
            switch error {
            case .build(let error): throw error
            case .problem(let reason): throw BuildError.publicFile(name: path, reason: reason)
            }
        }
    }

    private func store(
        _ document: RenderedDocument, path: String, kind: EntryKind, type: MediaType,
        policy: Policy?, source: EntrySource
    ) throws(PageFailure) -> FinishedPage {
        guard !document.slots.isEmpty else {
            return try store(
                document.bytes, path: path, kind: kind, type: type, cachePolicy: .revalidate,
                policy: policy, source: source)
        }
        let marked = MarkedPage(document, of: siteName)
        let last = try last(at: path)
        let made: SplicedForm
        do throws(EncodingError) {
            made = try spliced(marked, last, type)
        } catch {
            guard error.isOfThePageAlone else { throw .problem("\(error)") }
            // Never served wrong: the page is whole without its fragments.
            warn("\(path) is built without its slots and shows their fallbacks: \(error)")
            return try store(
                document.bytes, path: path, kind: kind, type: type, cachePolicy: .revalidate,
                policy: policy, source: source)
        }
        let isPrivate = marked.bindings.contains { $0.scope != .shared }
        return finished(
            try stored(made, marked.bindings, path: path), path: path, kind: kind, type: type,
            cachePolicy: isPrivate ? .private : .revalidate, policy: policy, source: source,
            last: last)
    }

    /// Compresses and stores one body, or takes the previous release's files for the same bytes.
    private func store(
        _ identity: [UInt8], path: String, kind: EntryKind, type: MediaType,
        cachePolicy: CachePolicy, policy: Policy?, source: EntrySource
    ) throws(PageFailure) -> FinishedPage {
        let last = try last(at: path)
        var representations: [Representation]
        var isProvisional = false
        if let known = known(SHA256Digest(of: identity), last, type), known.slots == nil {
            representations = known.representations
            isProvisional = known.isProvisional
        } else {
            representations = try [stored(identity, .identity)]
            if type.isCompressible {
                isProvisional = quality == .gradual
                for (coding, bytes) in try compressed(identity)
                where bytes.count < identity.count {
                    representations.append(try stored(bytes, coding))
                }
            }
        }
        return finished(
            StoredFiles(
                representations: representations, slots: nil, isProvisional: isProvisional),
            path: path, kind: kind, type: type, cachePolicy: cachePolicy, policy: policy,
            source: source, last: last)
    }

    /// The previous release's entry at a path.
    private func last(at path: String) throws(PageFailure) -> Entry? {
        do throws(ReleaseError) {
            return try previous?.entry(atPath: path)
        } catch {
            throw .build(error)
        }
    }

    /// The previous release's entry, if its decoded bytes are these.
    ///
    /// Another type may be compressed otherwise, so its stored forms are not these.
    private func known(_ identity: SHA256Digest, _ last: Entry?, _ type: MediaType) -> Entry? {
        guard let known = last, known.contentType == type.header,
            known.representation(.identity)?.blob == identity,
            !(known.isProvisional && quality == .best)
        else { return nil }
        return known
    }

    private func finished(
        _ files: StoredFiles, path: String, kind: EntryKind, type: MediaType,
        cachePolicy: CachePolicy, policy: Policy?, source: EntrySource, last: Entry?
    ) -> FinishedPage {
        var entry = Entry(
            path: path, kind: kind, contentType: type.header, cachePolicy: cachePolicy,
            headers: rules.headers(of: policy, route: source.route, path: path),
            representations: files.representations, slots: files.slots, source: source)
        entry.isProvisional = files.isProvisional
        return FinishedPage(entry: entry, isChanged: entry.digest != last?.digest)
    }

    /// Lays a page out and compresses it, unless the previous release has it.
    private func spliced(
        _ page: MarkedPage, _ last: Entry?, _ type: MediaType
    ) throws(EncodingError) -> SplicedForm {
        let outline = try SlottedOutline(
            page: page.bytes, slots: page.slots, takesTail: page.takesTail)
        if let known = known(SHA256Digest(of: outline.identity), last, type),
            let layout = known.slots?.layout, layout.hasSameSlots(as: outline)
        {
            return .known(known.representations, layout, isProvisional: known.isProvisional)
        }
        return .made(
            try SlottedPage(
                outline, level: quality.gzipLevel, quality: quality.brotliQuality))
    }

    /// Stores a page with slots in every coding.
    private func stored(
        _ form: SplicedForm, _ bindings: [SlotBinding], path: String
    ) throws(PageFailure) -> StoredFiles {
        let page: SlottedPage
        switch form {
        case .known(let representations, let layout, let isProvisional):
            return StoredFiles(
                representations: representations,
                slots: SlotTable(layout: layout, bindings: bindings),
                isProvisional: isProvisional)
        case .made(let made): page = made
        }
        if let fault = page.brotliFault {
            warn("\(path) is not filled in brotli, gzip is sent instead: \(fault)")
        }
        var representations = [try stored(page.identity, .identity)]
        representations.append(try stored(page.gzip, .gzip))
        representations.append(try stored(page.brotli, .brotli))
        return StoredFiles(
            representations: representations,
            slots: SlotTable(layout: page.layout, bindings: bindings),
            isProvisional: quality == .gradual)
    }

    private func compressed(
        _ identity: [UInt8]
    ) throws(PageFailure) -> [(Coding, [UInt8])] {
        try encoding { () throws(EncodingError) in
            let gzip = try Gzip.compress(identity, level: quality.gzipLevel)
            let brotli = try Brotli.compress(identity, quality: quality.brotliQuality)
            return [(.gzip, gzip), (.brotli, brotli)]
        }
    }

    private func stored(
        _ bytes: [UInt8], _ coding: Coding
    ) throws(PageFailure) -> Representation {
        do {
            return Representation(
                coding: coding, blob: try writer.store(bytes), length: bytes.count)
        } catch {
            throw .build(error)
        }
    }

    private func bundle(
        for components: ComponentSet, takesTail: Bool
    ) async throws(PageFailure) -> Bundle {
        do {
            return try await bundles.bundle(for: components, takesTail: takesTail)
        } catch {
            throw .build(error)
        }
    }

    private func encoding<T>(_ work: () throws(EncodingError) -> T) throws(PageFailure) -> T {
        do throws(EncodingError) { return try work() } catch { throw .problem("\(error)") }
    }
}

/// A page with slots, ready to be stored.
private enum SplicedForm {
    /// The previous release's files.
    case known([Representation], SlottedLayout, isProvisional: Bool)
    /// New files.
    case made(SlottedPage)
}

/// The stored forms of one body, and its slots.
private struct StoredFiles {
    let representations: [Representation]
    let slots: SlotTable?
    let isProvisional: Bool
}

extension Route {
    /// The making of what a row becomes.
    func work(on row: (key: String, digest: RowDigest)?) -> NotedWork {
        NotedWork(route: name, view: viewName, key: row?.key ?? "", digest: row?.digest)
    }

    /// The view that the route reads, or its own name when it reads none.
    var viewName: String {
        switch source {
        case .rows(let schema, _): schema.name
        case .single: name
        }
    }
}
