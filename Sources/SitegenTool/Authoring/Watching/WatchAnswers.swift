// What the server of a watch answers: pages from the renderer with one script more, and what that
// script asks for below `/-/`.
//
// Who asks below `/-/` has to know the token, which only a page of this server tells. A page that
// cannot be made is answered with its last good form, and with the status 500 where there is none.

import AccessRecords
import FoundationEssentials
import SiteServing
import SiteWatching
import SitegenCommands

extension WatchedSite {
    private static let prefix = "/-/"
    /// The most streams of one browser: it has six connections for a host, and pages need some.
    private static let streamsMax = 4
    /// The most events that wait for a tab; one that takes none gets the newest.
    private static let waitingEventsMax = 256
    /// Why a tab that was away is told of another page.
    private static let meanwhile = "changed meanwhile"
    /// How long a page may wait for the first renderer or the next one.
    private static let rendererWait = Duration.seconds(2)

    /// The answer to one request.
    nonisolated func answer(_ request: DevelopmentRequest) async -> DevelopmentAnswer {
        if request.path.hasPrefix(Self.prefix) { return await answerOwn(request) }
        guard request.method != .post else { return .text(405, "405") }
        let address = ShownPages.Address(path: request.path, cookies: request.cookies)
        return await answer(request, at: address)
    }

    private func answer(
        _ request: DevelopmentRequest, at address: ShownPages.Address
    ) async -> DevelopmentAnswer {
        let end = ContinuousClock.now + Self.rendererWait
        while renderer == nil, isStarting, ContinuousClock.now < end {
            try? await Task.sleep(for: .milliseconds(20))
        }
        var made = await page(at: address)
        // The renderer that was asked may have given way to the next.
        if made == nil, renderer != nil, !problems.has(.page(address.path)) {
            made = await page(at: address)
        }
        guard let page = made ?? pages.last(at: address) else { return placeholder() }
        await record(request, page)
        var fields = page.info.fields.compactMap { field in
            field.count == 2 ? (name: field[0], value: field[1]) : nil
        }
        guard page.info.isPage else {
            fields.removeAll { $0.name == "cache-control" }
            return .whole(status: page.info.status, fields: fields, body: page.body)
        }
        let script = await script(for: page)
        // What is refused is told again by whoever loads it.
        set([], of: .policy(address.path))
        return .whole(
            status: page.info.status, fields: fields,
            body: Self.inserting(script, into: page.body))
    }

    /// Records that somebody asked for this.
    private func record(_ request: DevelopmentRequest, _ page: ShownPage) async {
        let info = page.info
        let maker = info.view.isEmpty ? info.route : info.view
        await visits?.record(
            request, AccessName(path: request.path, view: maker, key: info.key),
            isPage: info.isPage, status: info.status, byteCount: page.body.count)
    }

    /// A page that shows what is wrong, or that nothing is there yet.
    private func placeholder() -> DevelopmentAnswer {
        let text = """
            <!DOCTYPE html><html lang="en"><head><meta charset="utf-8">\
            <meta name="viewport" content="width=device-width"><title>sitegen watch</title>\
            \(tag(page: "", sheets: [:]))</head><body></body></html>

            """
        let policy = "default-src 'none'; script-src 'self'; connect-src 'self'"
        return .whole(
            status: problems.all.contains { $0.severity == .error } ? 500 : 503,
            fields: [
                ("content-type", "text/html; charset=utf-8"), ("content-security-policy", policy),
                ("x-content-type-options", "nosniff"),
            ], body: Array(text.utf8))
    }

    // MARK: The script

    private func script(for page: ShownPage) async -> [UInt8] {
        Array(tag(page: page.digest, sheets: await versions(of: page.info.sheets)).utf8)
    }

    /// The script with what its tab has to know.
    ///
    /// - Parameters:
    ///   - page: the digest of what the tab shows.
    ///   - sheets: the versions of its style sheets.
    ///   - view: the path of what it frames; nil for a page.
    /// - Returns: an element.
    func tag(page: String, sheets: [String: String], view: String? = nil) -> String {
        let map = Self.escaped(JSONLine.text(sheets))
        let frame = view.map { " data-view=\"\(Self.escaped($0))\"" } ?? ""
        return """
            <script type="module" src="/-/watch.js" data-sitegen="watch" data-token="\(token)" \
            data-program="\(program)" data-page="\(page)" data-sheets="\(map)" \
            data-files="\(files.number)"\(frame)></script>
            """
    }

    /// A text in quotes of HTML.
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
            .replacing("<", with: "&lt;")
    }

    /// The page with a script at the end of its head, or behind its doctype.
    static func inserting(_ script: [UInt8], into page: [UInt8]) -> [UInt8] {
        let headEnd = Array("</head>".utf8)
        if let range = page.firstRange(of: headEnd) {
            return page[..<range.lowerBound] + script + page[range.lowerBound...]
        }
        let isTyped = page.starts(with: "<!".utf8)
        let start = isTyped ? page.firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? 0 : 0
        return page[..<start] + script + page[start...]
    }

    // MARK: Below /-/

    private func answerOwn(_ request: DevelopmentRequest) async -> DevelopmentAnswer {
        let name = request.path.dropFirst(Self.prefix.count)
        if request.method == .get {
            switch name {
            case "watch.js": return Self.script(PackageResources.watch_js)
            case "morph.js": return Self.script(PackageResources.morph_js)
            case "overlay.js": return Self.script(PackageResources.overlay_js)
            case "files.js": return Self.script(PackageResources.files_js)
            case "view": return await view(request)
            case _ where name.hasPrefix("style/") && name.hasSuffix(".css"):
                return await answer(
                    ofSheet: String(name.dropFirst("style/".count).dropLast(".css".count)))
            case _ where name.hasPrefix("script/") && name.hasSuffix(".js"):
                return await script(String(name.dropFirst("script/".count).dropLast(".js".count)))
            default: break
            }
        }
        guard request.query["token"] == token else {
            return .text(403, "This is for pages of this server alone.")
        }
        switch (request.method, name) {
        case (.get, "events"): return await events(request)
        case (.get, "state"): return await state(request)
        case (.get, "frame"): return await frame(request)
        case (.get, "page"): return page(request.query["digest"] ?? "")
        case (.post, "open"): return await open(request)
        case (.post, "painted"):
            painted.note(request.query["what"] ?? "")
            return .whole(status: 204, fields: [], body: [])
        case (.post, "refused"):
            noteViolation(request)
            return .whole(status: 204, fields: [], body: [])
        case (.post, "reloads"):
            noteReload(request)
            return .whole(status: 204, fields: [], body: [])
        default: return .text(404, "404")
        }
    }

    private static func script(_ text: [UInt8]) -> DevelopmentAnswer {
        .whole(
            status: 200,
            fields: [
                ("content-type", "text/javascript; charset=utf-8"),
                ("x-content-type-options", "nosniff"),
            ], body: text)
    }

    private func answer(ofSheet name: String) async -> DevelopmentAnswer {
        switch await sheets([name])[name] ?? .unknown {
        case .text(let text):
            return .whole(
                status: 200,
                fields: [
                    ("content-type", "text/css; charset=utf-8"),
                    ("x-content-type-options", "nosniff"),
                ], body: text)
        case .nothing: return .text(404, "404")
        case .unknown: return .text(503, "503")
        }
    }

    private func script(_ name: String) async -> DevelopmentAnswer {
        let reply = await renderer?.ask { .script(number: $0, name: name) }
        guard let reply, case .text = reply.answer else { return .text(404, "404") }
        return Self.script(reply.body)
    }

    private func page(_ digest: String) -> DevelopmentAnswer {
        guard let page = pages.page(digest) else { return .text(404, "404") }
        return .whole(
            status: 200,
            fields: [
                ("content-type", "text/html; charset=utf-8"),
                ("content-security-policy", "default-src 'none'; sandbox"),
            ], body: page.body)
    }

    // MARK: Streams

    private func events(_ request: DevelopmentRequest) async -> DevelopmentAnswer {
        guard tabs.values.count(where: { $0.agent == request.agent }) < Self.streamsMax else {
            return .whole(status: 204, fields: [], body: [])
        }
        let (stream, events) = AsyncStream.makeStream(
            of: [UInt8].self, bufferingPolicy: .bufferingNewest(Self.waitingEventsMax))
        let asked = Asked(request)
        let number = await add(
            Tab(
                address: asked.address, agent: request.agent, shown: asked.shown,
                sheets: asked.sheets, files: asked.files, events: events))
        events.onTermination = { [weak self] _ in
            Task { await self?.removeTab(number) }
        }
        events.yield(DevelopmentAnswer.message(event: "state", data: JSONLine.text(state)))
        if asked.files < files.number { show(changedSince: asked.files, in: number) }
        for sheet in await staleSheets(asked.sheets) {
            tabs[number]?.sheets[sheet.name] = sheet.version
            events.yield(DevelopmentAnswer.message(event: "css", data: JSONLine.text(sheet)))
        }
        if let page = await page(at: asked.address), page.digest != tabs[number]?.shown {
            await show(page, in: number, why: Self.meanwhile)
        }
        return .events(stream)
    }

    /// The same as a stream begins with, for a tab that has none.
    private func state(_ request: DevelopmentRequest) async -> DevelopmentAnswer {
        let asked = Asked(request)
        var events = [#"{"event":"state","data":\#(JSONLine.text(state))}"#]
        if asked.files < files.number {
            let change = files.change(since: asked.files)
            events.append(#"{"event":"\#(change.event)","data":\#(JSONLine.text(change))}"#)
        }
        for sheet in await staleSheets(asked.sheets) {
            events.append(#"{"event":"css","data":\#(JSONLine.text(sheet))}"#)
        }
        if let page = await page(at: asked.address), page.digest != asked.shown {
            let versions = await versions(of: page.info.sheets)
            let change = change(to: page, from: asked.shown, why: Self.meanwhile, versions)
            let data = JSONLine.text(change)
            events.append(#"{"event":"\#(change.event)","data":\#(data)}"#)
        }
        return .whole(
            status: 200, fields: [("content-type", "application/json")],
            body: Array(#"{"events":[\#(events.joined(separator: ","))]}"#.utf8))
    }

    /// What a tab says of itself.
    private struct Asked {
        let address: ShownPages.Address
        let shown: String
        let sheets: [String: String]
        let files: Int

        init(_ request: DevelopmentRequest) {
            address = ShownPages.Address(
                path: request.query["page"] ?? "/", cookies: request.cookies)
            shown = request.query["shown"] ?? ""
            let data = Data((request.query["sheets"] ?? "").utf8)
            files = request.query["files"].flatMap { Int($0) } ?? 0
            sheets = (try? JSONDecoder().decode([String: String].self, from: data)) ?? [:]
        }
    }
}
