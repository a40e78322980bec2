// Checks a release: every stored file is read and decoded, every page is held against its policy,
// its links, its budget and the other pages. Nothing is rendered and nothing is written.
//
// Two passes: the first reads every entry, several at a time; the second reads only the pages that
// a link with `#` leads to. Memory grows by a few words for each page, not by its bytes.

import ContentEncoding
import Groundwork
import Hashing
import Markup
package import ReleaseFormat
import XMLSyntax

/// The most bytes that a page of one route may have; nil is no limit.
package struct PageBudget: Sendable, Hashable {
    /// Uncompressed.
    package let htmlBytesMax: Int?
    /// In brotli.
    package let brotliBytesMax: Int?

    /// Describes a budget.
    package init(htmlBytesMax: Int?, brotliBytesMax: Int?) {
        (self.htmlBytesMax, self.brotliBytesMax) = (htmlBytesMax, brotliBytesMax)
    }
}

/// Checks one release.
package struct ReleaseChecking: Sendable {
    private let reader: ReleaseReader
    private let budgets: [String: PageBudget]
    private let withdrawals: Withdrawals
    private let leftovers: [String]
    private let jobs: Int

    /// Prepares a check.
    ///
    /// - Parameters:
    ///   - reader: the release.
    ///   - budgets: by route; none without a site.
    ///   - withdrawals: what was taken down, which is not looked for.
    ///   - leftovers: see `Leftovers`.
    ///   - jobs: how many entries are read at the same time; at least 1.
    package init(
        _ reader: ReleaseReader, budgets: [String: PageBudget] = [:],
        withdrawals: Withdrawals = Withdrawals(), leftovers: [String] = [], jobs: Int
    ) {
        self.reader = reader
        self.withdrawals = withdrawals
        self.leftovers = leftovers
        self.budgets = budgets
        self.jobs = jobs
    }

    /// What one worker found in its part of the entries.
    fileprivate struct Part: Sendable {
        var findings: [ReleaseFinding] = []
        var files = 0
        /// The first page of each title and canonical address, with all that repeat it.
        var titles: [(title: String, index: Int)] = []
        var canonicals: [(address: String, index: Int)] = []
        /// The entries that links lead to, each once.
        var targets: Set<Int> = []
        /// Places that links name, by the entry they are in.
        var anchors: [Int: Set<String>] = [:]
        /// A page that names each of these places.
        var anchorSources: [Int: Int] = [:]
        /// Listed pages.
        var listed: [Int] = []
        /// What policies allow beyond the strict one, with the number of entries.
        var openings: [String: Int] = [:]
    }

    /// Checks everything.
    package func run() async -> CheckReport {
        let manifest = reader.manifest
        let size = max(1, min(64, manifest.count / max(1, jobs)))
        var whole = Part()
        await withTaskGroup(of: Part.self) { group in
            var start = 0
            func add() {
                let range = start..<min(start + size, manifest.count)
                start = range.upperBound
                group.addTask { check(range) }
            }
            for _ in 0..<jobs where start < manifest.count { add() }
            while let part = await group.next() {
                whole.merge(part)
                if start < manifest.count { add() }
            }
        }
        whole.findings += anchors(whole)
        whole.findings += repeated(whole)
        whole.findings += leftovers.map { path in
            ReleaseFinding(
                kind: .leftover, path: path,
                reason: "only earlier releases have it, and it is served on; "
                    + "`sitegen clean --path` takes it down")
        }
        whole.findings += whole.listed.filter { !whole.targets.contains($0) }.map { index in
            ReleaseFinding(
                kind: .orphan, path: path(index), reason: "no page of the site links to it")
        }
        return report(whole)
    }

    private func report(_ part: Part) -> CheckReport {
        var counts: [ReleaseFinding.Kind: Int] = [:]
        var shown: [ReleaseFinding] = []
        for finding in part.findings.sorted() {
            counts[finding.kind, default: 0] += 1
            if counts[finding.kind, default: 0] <= CheckReport.findingsMax { shown.append(finding) }
        }
        return CheckReport(
            findings: shown, counts: counts, entries: reader.manifest.count, files: part.files,
            openings: part.openings)
    }

    private func path(_ index: Int) -> String { reader.manifest.entry(at: index).path }

    // MARK: One entry

    private func check(_ range: Range<Int>) -> Part {
        var part = Part()
        let origin = reader.manifest.inputs.first { $0.name == "origin" }?.value ?? ""
        for index in range {
            let entry = reader.manifest.entry(at: index)
            guard !withdrawals.holds(entry) else { continue }
            checkTarget(entry, index, origin, &part)
            guard let bytes = identity(of: entry, &part) else { continue }
            checkBudget(entry, &part)
            checkSyntax(entry, bytes, &part)
            if entry.contentType.hasPrefix("text/css") {
                checkStyle(entry, bytes, origin, &part)
            }
            guard entry.contentType.hasPrefix("text/html") else { continue }
            let facts = PageFacts(bytes, at: entry.path, origin: origin)
            checkPolicy(entry, facts, &part)
            checkLinks(entry, index, facts, &part)
            if let name = facts.brokenParagraphBy {
                part.find(
                    .nesting, entry, "a `\(name)` stands in a `p`, which ends in front of it")
            }
            if facts.imagesWithoutText > 0 {
                part.find(.alt, entry, "\(facts.imagesWithoutText) images have no `alt`")
            }
            guard entry.kind == .page else { continue }
            if let title = facts.title, !title.isEmpty {
                part.titles.append((title, index))
            } else {
                part.find(.title, entry, "it has no title")
            }
            if let canonical = facts.canonical { part.canonicals.append((canonical, index)) }
            if entry.source.isListed { part.listed.append(index) }
        }
        return part
    }

    /// The uncoded bytes, once every form is known to decode to them; nil when they cannot be had.
    private func identity(of entry: Entry, _ part: inout Part) -> [UInt8]? {
        var identity: [UInt8]?
        for form in entry.representations {
            part.files += 1
            do {
                let bytes = try reader.blob(form, verified: true)
                let limit = EncodingLimits.inputMax
                let decoded =
                    switch form.coding {
                    case .identity: bytes
                    case .gzip: try Gzip.decompress(bytes, limit: limit)
                    case .brotli: try Brotli.decompress(bytes, limit: limit)
                    }
                if identity == nil { identity = decoded }
                if decoded != identity {
                    part.find(.encoding, entry, "\(form.coding.token) decodes to other bytes")
                }
            } catch {
                let reason = "\(error)".split(separator: "\n").first ?? ""
                part.find(.encoding, entry, "\(form.coding.token): \(reason)")
            }
        }
        return identity
    }

    private func checkBudget(_ entry: Entry, _ part: inout Part) {
        guard let budget = budgets[entry.source.route] else { return }
        let html = entry.representation(.identity)?.length ?? 0
        let brotli = entry.representation(.brotli)?.length ?? html
        for (name, length, limit) in [
            ("uncompressed", html, budget.htmlBytesMax),
            ("in brotli", brotli, budget.brotliBytesMax),
        ] {
            guard let limit, length > limit else { continue }
            part.find(
                .budget, entry,
                "it has \(length) bytes \(name), and \(entry.source.route) may have \(limit)")
        }
    }

    /// Where a redirect leads, if that is an address of the site: to something that is there, and
    /// at last to something that is no redirect.
    private func checkTarget(_ entry: Entry, _ index: Int, _ origin: String, _ part: inout Part) {
        guard case .redirect(var target, _) = entry.kind else { return }
        let addresses = SiteAddresses(origin: origin, path: entry.path)
        var passed: Set<Int> = [index]
        while let link = addresses.link(target) {
            guard let next = reader.manifest.index(ofPath: link.path),
                next != reader.manifest.notFound
            else {
                part.find(.link, entry, "it leads to \(link.path), which is not in the release")
                return
            }
            part.targets.insert(next)
            guard case .redirect(let further, _) = reader.manifest.entry(at: next).kind else {
                return
            }
            guard passed.insert(next).inserted else {
                part.find(.link, entry, "it leads in a circle, by \(link.path)")
                return
            }
            target = further
        }
    }

    /// Whether a file that says it is JSON or XML is.
    private func checkSyntax(_ entry: Entry, _ bytes: [UInt8], _ part: inout Part) {
        let type = entry.contentType.prefix { $0 != ";" }.lowercased()
        if type.hasSuffix("/json") || type.hasSuffix("+json"),
            let fault = JSONSyntax.fault(in: bytes)
        {
            part.find(.syntax, entry, "it is not JSON: \(fault)")
        }
        if type.hasSuffix("/xml") || type.hasSuffix("+xml"),
            let fault = XMLSyntax.fault(in: bytes)
        {
            part.find(.syntax, entry, "it is not XML: \(fault)")
        }
    }

    private func checkPolicy(_ entry: Entry, _ facts: PageFacts, _ part: inout Part) {
        let policy = entry.headers.fields.first { $0.name == "content-security-policy" }
        guard let policy else {
            part.find(.policy, entry, "it has no Content-Security-Policy")
            return
        }
        let text = PolicyText(policy.value)
        for opening in text.openings { part.openings[opening, default: 0] += 1 }
        // A web page of public/ has the policy of files, whatever is in it.
        if let difference = text.difference(from: facts) {
            part.find(.policy, entry, difference)
        }
    }

    private func checkLinks(
        _ entry: Entry, _ index: Int, _ facts: PageFacts, _ part: inout Part
    ) {
        for address in Set(facts.unencoded) { part.find(unencoded: address, entry) }
        for link in Set(facts.links) {
            guard let target = reader.manifest.index(ofPath: link.path),
                target == index || target != reader.manifest.notFound
            else {
                part.find(
                    .link, entry,
                    "\(link.path) is not in the release"
                        + (link.hasQuery ? "; a `?` in a path is `%3F`, as a PagePath has it" : ""))
                continue
            }
            if target != index { part.targets.insert(target) }
            guard let anchor = link.anchor else { continue }
            if target == index {
                if !facts.places.contains(anchor), anchor != "top" {
                    part.find(.anchor, entry, "the page has no place #\(anchor)")
                }
            } else {
                part.anchors[target, default: []].insert(anchor)
                part.anchorSources[target] = index
            }
        }
    }

    /// What a style sheet of its own refers to, from its own address.
    private func checkStyle(
        _ entry: Entry, _ bytes: [UInt8], _ origin: String, _ part: inout Part
    ) {
        let addresses = SiteAddresses(origin: origin, path: entry.path)
        for address in Set(StyleScan(bytes).addresses) {
            guard let link = addresses.link(address) else { continue }
            if !SiteAddresses.isEncoded(address) { part.find(unencoded: address, entry) }
            guard let target = reader.manifest.index(ofPath: link.path),
                target != reader.manifest.notFound
            else {
                part.find(.link, entry, "\(link.path) is not in the release")
                continue
            }
            part.targets.insert(target)
        }
    }

    // MARK: All entries

    /// Links to places of other pages that are not there.
    private func anchors(_ part: Part) -> [ReleaseFinding] {
        var findings: [ReleaseFinding] = []
        for (target, wanted) in part.anchors {
            let entry = reader.manifest.entry(at: target)
            guard entry.contentType.hasPrefix("text/html"),
                let form = entry.representation(.identity),
                let bytes = try? reader.blob(form)
            else { continue }
            let places = PageFacts(bytes, at: entry.path, origin: "").places
            for anchor in wanted.subtracting(places) where anchor != "top" {
                findings.append(
                    ReleaseFinding(
                        kind: .anchor, path: part.anchorSources[target].map(path) ?? "",
                        reason: "\(entry.path) has no place #\(anchor)"))
            }
        }
        return findings
    }

    /// Titles and canonical addresses that more than one page has.
    private func repeated(_ part: Part) -> [ReleaseFinding] {
        var findings: [ReleaseFinding] = []
        for (kind, values) in [
            (ReleaseFinding.Kind.title, part.titles.map { ($0.title, $0.index) }),
            (.canonical, part.canonicals.map { ($0.address, $0.index) }),
        ] {
            var first: [String: Int] = [:]
            for (value, index) in values.sorted(by: { $0.1 < $1.1 }) {
                guard let earlier = first[value] else {
                    first[value] = index
                    continue
                }
                let what = kind == .title ? "title" : "canonical address"
                findings.append(
                    ReleaseFinding(
                        kind: kind, path: path(index),
                        reason: "\(path(earlier)) has the same \(what)"))
            }
        }
        return findings
    }
}

extension ReleaseChecking.Part {
    fileprivate mutating func find(
        _ kind: ReleaseFinding.Kind, _ entry: Entry, _ reason: String
    ) {
        findings.append(ReleaseFinding(kind: kind, path: entry.path, reason: reason))
    }

    fileprivate mutating func find(unencoded address: String, _ entry: Entry) {
        find(
            .address, entry,
            "the address \(PrintableText.of(address)) is not encoded; make it of a PagePath")
    }

    fileprivate mutating func merge(_ other: Self) {
        findings += other.findings
        files += other.files
        titles += other.titles
        canonicals += other.canonicals
        targets.formUnion(other.targets)
        anchors.merge(other.anchors) { $0.union($1) }
        anchorSources.merge(other.anchorSources) { min($0, $1) }
        listed += other.listed
        openings.merge(other.openings, uniquingKeysWith: +)
    }
}
