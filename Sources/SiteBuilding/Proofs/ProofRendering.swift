// From an address to bytes: the rules are those of a build, the bytes are kept in memory.
//
// An error of one view, of a file or of the site is a problem of the page; one of the connection is
// thrown, and whoever asked drops the connections.

import ContentEncoding
import ContentSecurity
import Groundwork
import Markup
import MaterializedViews
import ReleaseFormat
import SiteAuthoring

extension SiteProofs {
    /// What stands at a path.
    ///
    /// - Parameters:
    ///   - path: the path as text, decoded.
    ///   - cookies: what the visitor's browser sends, by name.
    /// - Returns: an answer, what keeps it from being made, or that it is not known yet.
    /// - Throws: what PostgreSQL throws; disconnect then.
    package func proof(_ path: String, cookies: [String: String]) throws -> Proof {
        do {
            return try made(path, cookies)
        } catch let error as BuildError {
            return .problem(PageProblem(route: "", place: path, reason: "\(error)"))
        }
    }

    private func made(_ path: String, _ cookies: [String: String]) throws -> Proof {
        if let file = try file(path) { return .answer(file) }
        if let answer = editedProof(path, cookies) { return .answer(answer) }
        let open = try connections()
        _ = try open.following.begin()
        defer { try? open.following.end() }
        do {
            if let found = try find(path, &open.following.reading) {
                return try made(found, cookies, &open.following.reading)
            }
            for other in Self.spellings(of: path) {
                if try find(other, &open.following.reading) != nil || publicFile(other) != nil {
                    return .answer(moved(to: PagePath(other).url.text, 308, path: path))
                }
            }
            guard knowsAllAddresses else { return .unknown }
            if let made = try siteMap(path) { return .answer(made) }
            return try missing(404, cookies, &open.following.reading)
        } catch let error as ViewError {
            guard case .sql = error else { throw error }
            return .problem(PageProblem(route: "", place: path, reason: "\(error)"))
        }
    }

    /// The page of a known address from edited views; nil if there are none, or if they do not make
    /// it, for which reason ever: then what is installed is shown.
    private func editedProof(_ path: String, _ cookies: [String: String]) -> ProofAnswer? {
        guard let edited else { return nil }
        do {
            try edited.reading.renew()
            defer { try? edited.reading.end() }
            guard let found = try find(path, &edited.reading) else { return nil }
            guard case .answer(let answer) = try made(found, cookies, &edited.reading) else {
                self.edited = nil
                return nil
            }
            return answer
        } catch {
            self.edited = nil
            return nil
        }
    }

    /// The other ways to write a path: with a slash at its end, without, without `index.html`.
    private static func spellings(of path: String) -> [String] {
        let index = "/index.html"
        if path.hasSuffix(index) {
            let folder = String(path.dropLast(index.count))
            return folder.isEmpty ? ["/"] : ["\(folder)/", folder]
        }
        guard path.count > 1 else { return [] }
        return path.hasSuffix("/") ? [String(path.dropLast())] : ["\(path)/"]
    }

    // MARK: Files

    private func publicFile(_ path: String) -> PublicFile? {
        files.files.first { $0.path == path || $0.assetPath == path }
    }

    private func file(_ path: String) throws -> ProofAnswer? {
        guard let file = publicFile(path) else { return nil }
        return ProofAnswer(fields: fields(file.type, path: path), body: try file.bytes())
    }

    /// The site map and what names it, once all addresses are known.
    private func siteMap(_ path: String) throws -> ProofAnswer? {
        let robots = site.origin.path("/robots.txt")
        guard path == robots || path.hasPrefix(site.origin.path("/sitemap")) else { return nil }
        let listed = index.listed
        var map = SiteMap(origin: site.origin, count: listed.count)
        if path == robots {
            return ProofAnswer(fields: fields(.text, path: path), body: map.robots)
        }
        let made = listed.compactMap { map.add($0) } + map.finish()
        guard let file = made.first(where: { $0.path == path }) else { return nil }
        return ProofAnswer(fields: fields(.xml, path: path), body: file.bytes)
    }

    /// The fields of what a route makes at a path, or of a file; see `HeaderRules`.
    private func fields(
        _ type: MediaType?, _ policy: Policy = .strict(isHTTPS: false), route: String? = nil,
        path: String
    ) -> [(name: String, value: String)] {
        let block = rules.headers(of: policy, route: route, path: path)
        return (type.map { [("content-type", $0.header)] } ?? [])
            + block.fields.map { ($0.name, $0.value) }
    }

    private func moved(
        to location: String, _ status: Int, route: String? = nil, path: String
    ) -> ProofAnswer {
        ProofAnswer(
            status: status, fields: [("location", location)] + fields(nil, route: route, path: path)
        )
    }

    // MARK: Pages

    private func missing(
        _ status: Int, _ cookies: [String: String], _ reading: inout RowReading
    ) throws -> Proof {
        guard let place = index.notFound,
            case .single(let row) = site.routes[place.route].source,
            let output = row.outputs.first
        else {
            return .answer(
                ProofAnswer(
                    status: status, fields: fields(.text, path: site.origin.path("/404.html")),
                    body: Array("\(status)\n".utf8)))
        }
        let route = site.routes[place.route]
        return try made(
            Found(output: output, route: route, key: ""), status: status, cookies, &reading)
    }

    private func made(
        _ result: Result<Found, PageProblem>, _ cookies: [String: String],
        _ reading: inout RowReading
    ) throws -> Proof {
        switch result {
        case .success(let found): return try made(found, status: 200, cookies, &reading)
        case .failure(let problem): return .problem(problem)
        }
    }

    private func made(
        _ found: Found, status: Int, _ cookies: [String: String], _ reading: inout RowReading
    ) throws -> Proof {
        onRoute(found.route.name, found.route.schema?.key ?? [])
        do {
            return .answer(try answer(found, status, cookies, &reading))
        } catch let error as PageFailure {
            switch error {
            case .build(let error): throw error
            case .problem(let reason):
                let place =
                    found.key.isEmpty
                    ? found.output.path : "\(found.route.viewName), row \(found.key)"
                return .problem(
                    PageProblem(route: found.route.name, place: place, reason: reason))
            }
        }
    }

    private func answer(
        _ found: Found, _ status: Int, _ cookies: [String: String], _ reading: inout RowReading
    ) throws -> ProofAnswer {
        switch found.output.body {
        case .page(_, let rendering), .notFound(let rendering):
            return try page(rendered(rendering), found, status, cookies, &reading)
        case .xml(let mediaType, let rendering):
            return file(
                try rendered(rendering).bytes, try OutputRules.xml(mediaType), found)
        case .text(let mediaType, let text):
            let type = try OutputRules.file(mediaType)
            return file(Array(try evaluated(text).utf8), type, found)
        case .json(let mediaType, let json):
            let type = try OutputRules.json(mediaType)
            return file(try OutputRules.bytes(of: evaluated(json)), type, found)
        case .bytes(let mediaType, let bytes):
            return file(try evaluated(bytes), try OutputRules.file(mediaType), found)
        case .moved(let destination):
            return try moved(destination, found, cookies, &reading)
        }
    }

    private func moved(
        _ destination: Destination, _ found: Found, _ cookies: [String: String],
        _ reading: inout RowReading
    ) throws -> ProofAnswer {
        let path = site.place(of: found.output)
        let kind = try OutputRules.kind(
            of: destination, at: path, under: environment.basePath)
        if case .redirect(let target, let status) = kind {
            return moved(to: target, status, route: found.route.name, path: path)
        }
        guard case .answer(let gone) = try missing(410, cookies, &reading) else {
            return ProofAnswer(status: 410, fields: fields(nil, path: path))
        }
        return gone
    }

    /// Makes what is no document.
    private func evaluated<Value>(_ work: () -> Value) throws(PageFailure) -> Value {
        let (value, document) = evaluate(in: environment, work)
        try check(document)
        return value
    }

    private func rendered(_ rendering: Output.Rendering) throws(PageFailure) -> RenderedDocument {
        let document = rendering(environment)
        try check(document)
        return document
    }

    /// Refuses what a build would refuse.
    private func check(_ document: RenderedDocument) throws(PageFailure) {
        let known = site.foreignFragments.union(site.fragments.map(\.name))
        try OutputRules.check(document, fragments: known)
    }

    private func file(_ bytes: [UInt8], _ type: MediaType, _ found: Found) -> ProofAnswer {
        ProofAnswer(
            fields: fields(
                type, route: found.route.name, path: site.place(of: found.output)),
            body: bytes, route: found.route.name, key: found.key)
    }

    private func page(
        _ document: RenderedDocument, _ found: Found, _ status: Int, _ cookies: [String: String],
        _ reading: inout RowReading
    ) throws -> ProofAnswer {
        let bundle = sheets.bundle(for: document.components)
        let whole = document.inserting(headEnd: bundle.head, bodyEnd: bundle.body)
        var policy = Policy.strict(isHTTPS: false)
        policy.allow(.self, in: .style)
        policy.allow(.self, in: .script)
        if bundle.takesTypes { policy.allowTrustedTypes() }
        return ProofAnswer(
            status: status,
            fields: fields(
                .html, policy, route: found.route.name, path: site.place(of: found.output)),
            body: try filled(whole, cookies, &reading), isPage: true, route: found.route.name,
            view: found.route.schema?.name ?? "", key: found.key, sheets: bundle.sheets,
            warnings: document.slots.isEmpty ? [] : fragments.problems)
    }

    /// The page with fragments in its slots, as far as there are rows for them and they fit.
    private func filled(
        _ document: RenderedDocument, _ cookies: [String: String], _ reading: inout RowReading
    ) throws -> [UInt8] {
        guard !document.slots.isEmpty else { return document.bytes }
        try checkSlots(of: document)
        fragments.forgetUnlogged()
        var (bytes, position): ([UInt8], Int) = ([], 0)
        for slot in document.slots {
            bytes += document.bytes[position..<slot.range.lowerBound]
            let html = try fragments.html(
                for: SlotBinding(slot.descriptor), cookies: cookies, &reading, environment)
            if let html, slot.takes(html.count) {
                bytes += html
            } else {
                bytes += document.bytes[slot.range]
            }
            position = slot.range.upperBound
        }
        return bytes + document.bytes[position...]
    }

    /// Refuses slots that a build would refuse.
    private func checkSlots(of document: RenderedDocument) throws(PageFailure) {
        let marked = MarkedPage(document, of: nil)
        do throws(EncodingError) {
            _ = try SlottedOutline(
                page: marked.bytes, slots: marked.slots, takesTail: marked.takesTail)
        } catch {
            if !error.isOfThePageAlone { throw .problem("\(error)") }
        }
    }
}

extension RenderedSlot {
    /// Whether a fragment of so many bytes is shown.
    fileprivate func takes(_ count: Int) -> Bool {
        switch descriptor.placement {
        case .inline(let capacity):
            count <= SlotRequest(fallback: range, capacity: capacity).capacity
                - EncodingLimits.slotOverhead
        case .tail: true
        }
    }
}
