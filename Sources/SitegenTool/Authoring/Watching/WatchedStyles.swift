// The style sheets of a watch: which version of each a tab should have, and what esbuild says of
// them, as `build` will hear it.
//
// Nothing waits for esbuild: a sheet is in the tab before it has been read.

import Hashing
import Minification
import SiteBuilding
import SiteServing
import SiteWatching
import SitegenCommands

/// A style sheet as tabs hear of it.
struct ChangedSheet: Encodable, Sendable {
    let name: String
    /// The path of its address.
    let href: String
    /// The digest of its text.
    let version: String
}

extension WatchedSite {
    /// What a renderer says of a sheet.
    enum SheetAnswer {
        /// Its text, as the author wrote it, but for the addresses of files that changed.
        case text([UInt8])
        /// There is none of that name.
        case nothing
        /// Nobody could be asked, or the renderer ended while it was.
        case unknown
    }

    /// Asks for sheets, all at once; one that is missing is unknown.
    func sheets(_ names: [String]) async -> [String: SheetAnswer] {
        guard !names.isEmpty,
            let reply = await renderer?.ask({ .sheets(number: $0, names: names) }),
            case .texts(_, let lengths) = reply.answer
        else { return [:] }
        var rest = reply.body[...]
        var found: [String: SheetAnswer] = [:]
        for (name, length) in zip(names, lengths) {
            found[name] = length.map { .text(files.inStyles(Array(rest.prefix($0)))) } ?? .nothing
            rest = rest.dropFirst(length ?? 0)
        }
        return found
    }

    /// The versions of the sheets of a page, asked for where they are not known yet.
    func versions(of names: [String]) async -> [String: String] {
        for (name, answer) in await sheets(names.filter { versions[$0] == nil }) {
            if case .text(let text) = answer { note(text, of: name) }
        }
        Task { await checkStyles() }
        var found: [String: String] = [:]
        for name in names { found[name] = versions[name] }
        return found
    }

    /// Keeps the version of a sheet.
    ///
    /// - Returns: whether it is another one.
    @discardableResult
    private func note(_ text: [UInt8], of name: String) -> Bool {
        let version = String(SHA256Digest(of: text).hex.prefix(16))
        guard versions[name] != version else { return false }
        versions[name] = version
        unchecked[name] = String(decoding: text, as: UTF8.self)
        return true
    }

    /// Asks for all sheets again and tells the tabs of those that are others.
    ///
    /// - Returns: the tabs that were told.
    func renewStyles() async -> ToldTabs {
        // A tab may have a sheet of which nobody could say anything for a while.
        let names = tabs.values.reduce(into: Set(versions.keys)) { $0.formUnion($1.sheets.keys) }
        for (name, answer) in await sheets(names.sorted()) {
            switch answer {
            case .text(let text): note(text, of: name)
            case .nothing: versions[name] = nil
            case .unknown: break
            }
        }
        var told = ToldTabs()
        for (number, tab) in tabs {
            for sheet in await staleSheets(tab.sheets) {
                tabs[number]?.sheets[sheet.name] = sheet.version
                tab.events.yield(
                    DevelopmentAnswer.message(event: "css", data: JSONLine.text(sheet)))
                told.tabs.insert(number)
                told.words.insert(sheet.version)
            }
        }
        Task { await checkStyles() }
        return told
    }

    /// Shows the styles of a component that is yet to be compiled.
    ///
    /// - Returns: the tabs that were told.
    func show(_ style: StyleLiteral) async -> ToldTabs {
        let reply = await renderer?.ask {
            .change(number: $0, component: style.type, style: style.css)
        }
        guard let reply, case .done = reply.answer else { return ToldTabs() }
        return await renewStyles()
    }

    /// Has pages made from what view files say, before it is installed.
    ///
    /// - Parameter names: the edited views; none for what is installed.
    /// - Returns: whether they are from now on; what is wrong with a file that keeps them from it.
    func show(views names: [String]) async -> (isShown: Bool, problem: Problem?) {
        let reply = await renderer?.ask { .views(number: $0, names: names) }
        switch reply?.answer {
        case .done: return (true, nil)
        case .problem(_, let problem):
            return (false, Diagnostics.problem(of: problem.reason, root: root))
        default: return (false, nil)
        }
    }

    /// The source of the row types once edited views are installed.
    ///
    /// - Parameter names: the edited views.
    /// - Returns: the file; nil where only the database can say.
    func rowTypes(editing names: [String]) async -> String? {
        guard !names.isEmpty else { return nil }
        let reply = await renderer?.ask { .rowTypes(number: $0, names: names) }
        guard let reply, case .text = reply.answer else { return nil }
        return String(decoding: reply.body, as: UTF8.self)
    }

    /// Those of a tab's sheets that are others now.
    func staleSheets(_ known: [String: String]) async -> [ChangedSheet] {
        known.sorted { $0.key < $1.key }.compactMap { name, version in
            guard let now = versions[name], now != version else { return nil }
            return ChangedSheet(
                name: name, href: ProofSheets.address(ofStyle: name), version: now)
        }
    }

    /// Has esbuild read the sheets that it has not read, and notes what it says.
    private func checkStyles() async {
        guard !isChecking else { return }
        isChecking = true
        defer { isChecking = false }
        while !unchecked.isEmpty {
            let sheets = unchecked.sorted { $0.key < $1.key }
            unchecked = [:]
            for (name, found) in await Self.check(sheets, root: root) {
                styleProblems[name] = found
            }
            let names = Set(versions.keys)
            let all = styleProblems.filter { names.contains($0.key) }
            set(all.sorted { $0.key < $1.key }.flatMap(\.value), of: .styles)
        }
    }

    private static func check(
        _ sheets: [(key: String, value: String)], root: String
    ) async -> [(String, [Problem])] {
        var found: [(String, [Problem])] = []
        for (name, text) in sheets {
            do throws(MinificationError) {
                let source = MinificationSource(.css, name: name, text: text)
                let advice = try await Minifier().minify([source]).warnings
                found.append(
                    (name, problems(in: advice, of: name, root, severity: .warning)))
            } catch {
                found.append((name, problems(in: "\(error)", of: name, root, severity: .error)))
            }
        }
        return found
    }

    private static func problems(
        in text: String, of name: String, _ root: String, severity: Problem.Severity
    ) -> [Problem] {
        guard !text.isEmpty else { return [] }
        let placed = Diagnostics.esbuildProblems(in: text)
        return (placed.isEmpty ? [Diagnostics.problem(of: text, root: root)] : placed).map {
            found in
            var problem = found
            problem.severity = severity
            // A component's sheet is no file.
            if !name.hasPrefix("site/Styles/") {
                problem.title = "styles of \(name): \(problem.title)"
                problem.file = nil
            }
            return problem
        }
    }
}
