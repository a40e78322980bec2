// `sitegen check`: is what the release holds whole, allowed, linked and small enough?
//
// It reads the release alone, and the size budgets of the site whose folder this is, if it is one.
// It never repairs anything.

import ArgumentParser
import FoundationEssentials
import ReleaseFormat
import ReleaseTools
import SiteAuthoring
import SiteBuilding

/// Checks a release.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the stored files, policies, links, titles and sizes of a release.",
        discussion: CommandText(
            """
            Errors: a stored file that does not decode to the page (encoding), a policy that does \
            not fit the page's bytes (policy), a link, an address in a style sheet or a place in \
            a page that is not there (link, anchor), a link that is not encoded (address), a block \
            in a paragraph (nesting), a file that is not the JSON or XML it says (syntax), a file \
            that the plain tree lacks or should not have (tree), two originals of one page \
            (canonical), a page over the site's budget (budget). Warnings: images without alt \
            (alt), titles that are missing or repeated (title), listed pages without a link to \
            them (orphan), files of public/ that only earlier releases have and that are served \
            on (leftover). What `headers:` of the site lets pages load or be framed by is listed.
            """,
            input: "a release below --release, and the site's budgets",
            output: "a line for each finding, one object with --json",
            status: """
                0 no errors, 1 errors, or warnings with --strict, 78 no release
                """,
            files: "none"
        ).discussion)

    @OptionGroup var release: ReleaseOptions
    @Option(help: "The release to check; the one that is live unless set.") var id: ReleaseID?
    @Flag(help: "Warnings fail the check, too.") var strict = false
    @Flag(help: "Print the report as one JSON object.") var json = false

    func run() async throws {
        let site = try await SitegenCommand.siteIfAny(in: ".")
        let budgets = (site?.budgets ?? []).map {
            ($0.route, PageBudget(htmlBytesMax: $0.htmlBytesMax, brotliBytesMax: $0.brotliBytesMax))
        }
        try await reportingFailures {
            let reader = try ReleaseReader.open(release.folder, id: id)
            let withdrawals = try Withdrawals.read(release.folder)
            let leftovers =
                id == nil
                ? try Leftovers.paths(in: release.folder, live: reader.manifest, withdrawals) : []
            let report = await ReleaseChecking(
                reader, budgets: Dictionary(budgets, uniquingKeysWith: { first, _ in first }),
                withdrawals: withdrawals, leftovers: leftovers,
                jobs: ProcessInfo.processInfo.activeProcessorCount
            ).run()
            show(report, of: reader.manifest.id)
            if report.errors > 0 || (strict && report.warnings > 0) {
                throw CommandFailure(
                    .failure,
                    """
                    Release \(reader.manifest.id) has \(report.errors) errors and \
                    \(report.warnings) warnings.
                    Change what the lines above name, and build again.
                    """)
            }
        }
    }

    private func show(_ report: CheckReport, of id: ReleaseID) {
        if json {
            Terminal.line(JSONLine.text(CheckObject(report, id)))
            return
        }
        for finding in report.findings {
            let word = finding.kind.isError ? "error" : "warning"
            Terminal.line("\(word) \(finding.kind.rawValue)  \(finding.path): \(finding.reason)")
        }
        for (kind, count) in report.counts.sorted(by: { $0.key.rawValue < $1.key.rawValue })
        where count > CheckReport.findingsMax {
            Terminal.line("\(kind.rawValue): \(Display.number(count)) in all")
        }
        for (opening, count) in report.openings.sorted(by: { $0.key < $1.key }) {
            Terminal.line("open  \(opening): \(Display.number(count)) pages")
        }
        Terminal.line(
            "\(Display.number(report.entries)) entries and \(Display.number(report.files)) files: "
                + "\(report.errors) errors, \(report.warnings) warnings")
    }
}

extension ReleaseID: ExpressibleByArgument {
    /// Parses the value of an option or argument.
    package init?(argument: String) { self.init(argument) }
}

/// The shape of `check --json`.
private struct CheckObject: Encodable {
    struct Finding: Encodable {
        let kind: String
        let isError: Bool
        let path: String
        let reason: String
    }

    let release: String
    let entries: Int
    let files: Int
    let errors: Int
    let warnings: Int
    let counts: [String: Int]
    let openings: [String: Int]
    let findings: [Finding]

    init(_ report: CheckReport, _ id: ReleaseID) {
        release = "\(id)"
        entries = report.entries
        files = report.files
        errors = report.errors
        warnings = report.warnings
        openings = report.openings
        counts = Dictionary(
            report.counts.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: { $1 })
        findings = report.findings.map {
            Finding(
                kind: $0.kind.rawValue, isError: $0.kind.isError, path: $0.path, reason: $0.reason)
        }
    }
}
