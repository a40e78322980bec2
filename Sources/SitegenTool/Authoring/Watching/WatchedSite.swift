// What a watch knows, and what its tabs are told: the problems, the pages that tabs have, the
// versions of styles, what is being done.
//
// Everything a tab is told when something happens it is also told when it comes or comes back, so
// an event that is lost is made good by the next connection.

import Glibc
import Hashing
import SiteServing
import SiteWatching
import SitegenCommands

/// The state of one watch.
actor WatchedSite {
    /// An open tab with a stream.
    struct Tab {
        let address: ShownPages.Address
        let agent: String
        /// The page that it has, or is being told of.
        var shown: String
        /// The versions of the styles that it has, by name.
        var sheets: [String: String]
        /// The last change of files that it knows.
        var files: Int
        let events: AsyncStream<[UInt8]>.Continuation
    }

    /// The site's folder, absolute.
    let root: String
    /// What a tab has to know to ask for anything below `/-/`.
    let token: String
    /// What tells this run of the program from others.
    let program: String
    var problems = ProblemSet()
    var tabs: [Int: Tab] = [:]
    var pages = ShownPages()
    /// The versions of the style sheets that pages have.
    var versions: [String: String] = [:]
    /// The files of public/ that changed.
    var files = ChangedFiles()
    /// Sheets that esbuild has not read, by name, and what it says of the others.
    var unchecked: [String: String] = [:]
    var styleProblems: [String: [Problem]] = [:]
    var isChecking = false
    /// Whether a renderer is on its way.
    var isStarting = true
    /// What the author's tabs had to load anew, with the reason.
    let reloads: @Sendable (String) -> Void
    /// What takes a while, in words.
    private(set) var busy: String?
    private var busySince = ContinuousClock.now
    private(set) var renderer: RendererProcess?
    var painted = PaintedWords()
    /// What records what tabs ask for; nil where nobody reads it.
    private(set) var visits: DevelopmentVisits?
    /// Paths whose page ended the renderer: not asked for again until something changes.
    private var deadly: Set<String> = []
    /// Paths during whose page somebody killed the renderer, which may not be the page's doing.
    private var killed: Set<String> = []
    private var nextTab = 0

    init(root: String, reloads: @escaping @Sendable (String) -> Void) {
        (self.root, self.reloads) = (root, reloads)
        token = Self.random()
        program = Self.random()
    }

    private static func random() -> String {
        SHA256Digest(of: (0..<32).map { _ in UInt8.random(in: 0...255) }).hex.prefix(32).description
    }

    // MARK: Problems and work

    /// What is wrong of a source now; tabs are told if that is news.
    ///
    /// - Returns: whether it is.
    @discardableResult
    func set(_ found: [Problem], of source: ProblemSet.Source) -> Bool {
        guard problems.set(placed(found), of: source) else { return false }
        send("problems", problems.all)
        return true
    }

    /// Problems with the lines around them, as far as their files can be read.
    func placed(_ problems: [Problem]) -> [Problem] {
        problems.map { problem in
            guard let file = problem.file, let path = WatchedPath.absolute(file, below: root),
                let text = WatchedPath.text(of: path)
            else { return problem }
            return problem.showing(text)
        }
    }

    /// What takes a while now; nil for nothing.
    func setBusy(_ what: String?) {
        guard what != busy else { return }
        (busy, busySince) = (what, .now)
        send("busy", busyState)
    }

    /// What tabs are told of the work under way.
    struct Busy: Encodable {
        let what: String?
        let milliseconds: Int
    }

    var busyState: Busy {
        let milliseconds = Int((ContinuousClock.now - busySince) / .milliseconds(1))
        return Busy(what: busy, milliseconds: busy == nil ? 0 : milliseconds)
    }

    /// What every tab is told first.
    struct State: Encodable {
        let program: String
        let problems: [Problem]
        let busy: Busy
    }

    var state: State { State(program: program, problems: problems.all, busy: busyState) }

    // MARK: Tabs

    /// Sends an event to all tabs.
    func send(_ event: String, _ data: some Encodable) {
        let message = DevelopmentAnswer.message(event: event, data: JSONLine.text(data))
        for tab in tabs.values { tab.events.yield(message) }
    }

    /// Takes a tab in; its number.
    func add(_ tab: Tab) async -> Int {
        nextTab += 1
        tabs[nextTab] = tab
        if tabs.count == 1 { await tellPace() }
        return nextTab
    }

    /// Forgets a tab.
    func removeTab(_ number: Int) async {
        tabs[number] = nil
        if tabs.isEmpty { await tellPace() }
    }

    /// Keeps streams from being taken for dead.
    func keepAlive() {
        for tab in tabs.values { tab.events.yield(DevelopmentAnswer.comment) }
    }

    /// Ends all streams.
    func endStreams() {
        for tab in tabs.values { tab.events.finish() }
    }

    // MARK: The renderer

    /// How often rows are looked for while somebody looks, and while nobody does.
    private static let paces = (seen: 20, unseen: 250)

    private func tellPace() async {
        await renderer?.tell(
            .pace(milliseconds: tabs.isEmpty ? Self.paces.unseen : Self.paces.seen))
    }

    /// Has what tabs ask for recorded.
    func record(_ visits: DevelopmentVisits?) { self.visits = visits }

    /// Whether a renderer is on its way, so that it is worth while to wait for it.
    func setStarting(_ starts: Bool) { isStarting = starts }

    /// Takes another renderer instead of the one that there is.
    ///
    /// - Returns: the one before.
    func replaceRenderer(_ new: RendererProcess?) async -> RendererProcess? {
        let old = renderer
        renderer = new
        guard let new else { return old }
        // Where the pages that are open were found, so that no address has to be looked for.
        for address in Set(tabs.values.map(\.address)) {
            guard let page = pages.last(at: address), !page.info.route.isEmpty else { continue }
            await new.tell(
                .expect(path: address.path, route: page.info.route, key: page.info.key))
        }
        await tellPace()
        return old
    }

    /// A renderer ended while it rendered a page; if somebody else killed it, the page may be tried
    /// once more.
    func noteDeath(of path: String, wasKilled: Bool, _ problem: Problem) {
        if wasKilled, killed.insert(path).inserted { return }
        deadly.insert(path)
        set([problem], of: .page(path))
    }

    /// More is known of what ended a renderer, which may have been mended meanwhile.
    func noteTrace(of path: String, _ problem: Problem) {
        if deadly.contains(path) { set([problem], of: .page(path)) }
    }

    /// Something changed: pages that ended a renderer may be tried again.
    func forgiveDeadly() { (deadly, killed) = ([], []) }

    // MARK: Pages

    /// What stands at an address now; nil if it cannot be made.
    ///
    /// - Parameters:
    ///   - address: of the page.
    ///   - tellsProblems: whether what is wrong is noted.
    /// - Returns: the page.
    func page(
        at address: ShownPages.Address, tellsProblems: Bool = true
    ) async -> ShownPage? {
        guard !deadly.contains(address.path), let renderer else { return nil }
        let reply = await renderer.ask(path: address.path) {
            .page(number: $0, path: address.path, cookies: address.cookies)
        }
        switch reply?.answer {
        case .page(_, let info):
            let page = ShownPage(info, reply?.body ?? [])
            set(info.warnings.map { Problem($0, isWarning: true) }, of: .page(address.path))
            if info.isPage { pages.note(page, at: address) }
            return page
        case .problem(_, let problem):
            if tellsProblems { set([Problem(problem)], of: .page(address.path)) }
            return nil
        default: return nil
        }
    }

    /// Renders the open pages again and tells the tabs whose page is another one now.
    ///
    /// - Parameters:
    ///   - why: what changed, in words, without a row's values.
    ///   - tellsProblems: whether what is wrong with a page is noted.
    /// - Returns: the tabs that were told.
    func renderOpenPages(why: String, tellsProblems: Bool) async -> ToldTabs {
        var told = ToldTabs()
        // A page that failed may be nobody's now; what is wrong with it is right or wrong still.
        let failed = problems.pages.map { ShownPages.Address(path: $0, cookies: [:]) }
        let open = Set(tabs.values.map(\.address))
        let alone = failed.filter { path in !open.contains { $0.path == path.path } }
        for address in open.union(alone) {
            guard let page = await page(at: address, tellsProblems: tellsProblems) else {
                continue
            }
            for (number, tab) in tabs where tab.address == address && tab.shown != page.digest {
                await show(page, in: number, why: why)
                told.tabs.insert(number)
                told.words.insert(page.digest)
            }
        }
        return told
    }

    /// When tabs have painted what they were told; nil if not all do so soon, as those that are
    /// covered by others.
    func painting(
        of words: Set<String>, since start: ContinuousClock.Instant
    ) async -> ContinuousClock.Instant? {
        let end = ContinuousClock.now + Self.paintingMax
        while !words.isEmpty, ContinuousClock.now < end {
            if let last = painted.last(of: words, since: start) { return last }
            try? await Task.sleep(for: Self.paintingLook)
        }
        return nil
    }

    /// How long tabs are waited for.
    private static let paintingMax = Duration.milliseconds(500)
    /// How often to look whether they have painted.
    private static let paintingLook = Duration.milliseconds(5)

    /// Tells a tab that its page is another one now.
    func show(_ page: ShownPage, in number: Int, why: String) async {
        let versions = await versions(of: page.info.sheets)
        guard let tab = tabs[number] else { return }
        tabs[number]?.shown = page.digest
        let change = change(to: page, from: tab.shown, why: why, versions)
        for (name, version) in change.sheets where tabs[number]?.sheets[name] == nil {
            tabs[number]?.sheets[name] = version
        }
        tab.events.yield(
            DevelopmentAnswer.message(event: change.event, data: JSONLine.text(change)))
    }

    /// How a tab comes from the page that it has to another.
    func change(
        to page: ShownPage, from digest: String, why: String, _ versions: [String: String]
    ) -> PageChange {
        let old = pages.page(digest)
        guard page.info.isPage else {
            return PageChange(page: page.digest, why: "it is no page any more", event: "full")
        }
        guard old.map({ $0.info.fields == page.info.fields }) ?? true else {
            return PageChange(page: page.digest, why: "its header fields differ", event: "full")
        }
        return PageChange(page: page.digest, why: why, event: "morph", sheets: versions)
    }
}

extension Problem {
    /// What a renderer says.
    init(_ problem: RendererProblem, isWarning: Bool = false) {
        let lines = problem.reason.split(whereSeparator: \.isNewline).map { String($0) }
        let place = problem.route.isEmpty ? problem.place : "\(problem.route), \(problem.place)"
        self.init("\(place): \(lines.first ?? "")", notes: Array(lines.dropFirst()))
        if isWarning { severity = .warning }
    }
}
