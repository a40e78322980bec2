// What is added to a site: new files, lines between marks, and what its author has to do by hand.
//
// Nothing is written over: a file that is there already stays as it is, and counts as done. So a
// second run changes nothing.

import FoundationEssentials

/// Something that is added to a site.
package struct SiteAddition {
    private let site: ExistingSite
    private var files: [WrittenFile] = []
    private var edits: [WrittenFile] = []
    /// What was done, or is to be done by hand, a line each.
    package private(set) var lines: [String] = []

    init(to site: ExistingSite) { self.site = site }

    /// Whether there is anything to write.
    package var isEmpty: Bool { files.isEmpty && edits.isEmpty }

    /// Adds a new file, unless there is one of its name.
    mutating func add(_ file: WrittenFile) {
        if site.text(of: file.path) == nil {
            files.append(file)
            lines.append("wrote \(file.path)")
        } else {
            lines.append("\(file.path) is there already")
        }
    }

    /// Adds lines at a mark in a file; without the mark, its author is told to.
    mutating func add(_ added: [String], to path: String, at marker: String) {
        let before = text(of: path) ?? ""
        guard let after = MarkedText.adding(added, to: before, at: marker) else {
            lines.append("\(path) has no // sitegen:\(marker) … // sitegen:end; add there:")
            lines += added.filter { !$0.isEmpty }.map { "    \($0)" }
            return
        }
        guard after != before else { return lines.append("\(path) has it already") }
        replace(path, with: after)
        lines.append("added to \(path): \(added.first { !$0.isEmpty } ?? "")")
    }

    /// The text of a file with what was added up to now; nil if it is not there.
    func text(of path: String) -> String? {
        edits.first { $0.path == path }?.text ?? site.text(of: path)
    }

    /// Changes a file that `add` may change as a whole: a view that it was told of.
    mutating func replace(_ path: String, with text: String) {
        edits.removeAll { $0.path == path }
        edits.append(WrittenFile(path, text))
    }

    /// Says something.
    mutating func say(_ line: String) { lines.append(line) }

    /// Writes everything.
    ///
    /// - Throws: `.notWritten`.
    package func write() throws(ScaffoldingError) {
        for file in files + edits { try SiteFolder.write(file, below: site.root) }
    }
}
