// What `sitegen new` asks on a terminal: which tables, what is kept out, where the site will be.
//
// Each question has its usual answer in brackets, taken for an empty line. An answer that cannot be
// used is said so and asked for again; the end of the input counts as the usual answers.

import SiteAuthoring
import SiteScaffolding
import SitegenCommands

/// What somebody answered; nil is the usual.
struct SiteAnswers {
    /// The tables that get pages.
    var tables: [String]?
    /// Where the site will be reached.
    var origin: Origin?
}

/// Asks the questions of a new site.
struct SiteQuestions {
    private let decisions: [SiteOutline.Decision]
    private let usualOrigin: String
    private let hasTables: Bool
    private let hasOrigin: Bool
    /// How many names are shown as the usual answer.
    private static let namesMax = 20

    /// Prepares the questions about what would be written.
    ///
    /// - Parameters:
    ///   - scaffold: the site with the usual answers.
    ///   - usualOrigin: the usual origin.
    ///   - hasTables: whether tables were named already.
    ///   - hasOrigin: whether the origin was named already.
    init(_ scaffold: SiteScaffold, usualOrigin: String, hasTables: Bool, hasOrigin: Bool) {
        decisions = scaffold.outline.decisions
        self.usualOrigin = usualOrigin
        self.hasTables = hasTables
        self.hasOrigin = hasOrigin
    }

    /// Asks.
    ///
    /// - Parameter check: refuses tables that cannot be had; they are asked for again.
    /// - Returns: what was answered.
    func ask(check: ([String]) throws(ScaffoldingError) -> Void) -> SiteAnswers {
        var answers = SiteAnswers()
        while !hasTables {
            answers.tables = askForTables()
            guard let tables = answers.tables else { break }
            do throws(ScaffoldingError) {
                try check(tables)
                break
            } catch {
                Terminal.note("\(error)")
            }
        }
        if !hasOrigin { answers.origin = askForOrigin() }
        return answers
    }

    private func askForTables() -> [String]? {
        let usual = decisions.filter(\.hasPages).map(\.table)
        let people = decisions.filter(\.isPersonal).map(\.table)
        var chosen = usual
        var isUsual = true
        if !usual.isEmpty {
            let text = line("Which tables get pages?", Self.shown(usual))
            if !text.isEmpty { (chosen, isUsual) = (NewCommand.list(text), false) }
        }
        if !people.isEmpty {
            let text = line(
                "Which stay out, since they seem to be about people? (none lets all in)",
                Self.shown(people))
            if !text.isEmpty {
                let kept = text == "none" ? [] : NewCommand.list(text)
                chosen += people.filter { table in
                    !kept.contains(table) && !kept.contains { table.hasSuffix(".\($0)") }
                }
                isUsual = false
            }
        }
        return isUsual ? nil : chosen
    }

    private func askForOrigin() -> Origin? {
        while true {
            let text = line("Where will the site be reached?", usualOrigin)
            if text.isEmpty { return nil }
            if let origin = Origin(text) { return origin }
            Terminal.note("An origin reads like https://example.com or https://example.com/shop.")
        }
    }

    /// Names in brackets: as many as a screen has room for.
    private static func shown(_ names: [String]) -> String {
        let first = names.prefix(namesMax).joined(separator: ", ")
        return names.count > namesMax ? "\(first) and \(names.count - namesMax) more" : first
    }

    private func line(_ question: String, _ usual: String) -> String {
        Terminal.question("\(question) [\(usual)]: ")
        let text = readLine() ?? ""
        return NewCommand.list(text).joined(separator: ",")
    }
}
