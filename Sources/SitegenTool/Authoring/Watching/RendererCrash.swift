// What a renderer that trapped left on its standard error: the message, and the first call in the
// site's own files.
//
// The message is what the site's code or the standard library gave; a value of a row is in it only
// if the author put it there.

import SiteWatching

/// A trap in a site's code.
enum RendererCrash {
    /// The problem that the last output of a process tells.
    ///
    /// - Parameters:
    ///   - end: how the process ended.
    ///   - root: the site's folder, absolute.
    /// - Returns: one problem, at the first place in the site.
    static func problem(_ end: RendererProcess.End, root: String) -> Problem {
        let lines = end.output.split(whereSeparator: \.isNewline)
        let message = lines.lazy.compactMap { Self.message(in: $0)?.text }.first
        let page = end.path.map { " while it rendered \($0)" } ?? ""
        var problem: Problem
        if end.isStuck {
            problem = Problem(
                "The site's program said nothing for 10 seconds\(page), and was ended.",
                notes: ["Look for a loop that never ends."])
        } else {
            problem = Problem(
                message.map { "\($0)\(page)" } ?? "The site's program ended\(page).")
            if message == nil { problem.notes = lines.suffix(5).map { String($0) } }
        }
        if let route = end.route {
            let key = route.key.isEmpty ? "" : ", a row by \(route.key.joined(separator: ", "))"
            problem.notes.append("of \(route.name)\(key)")
        }
        let stack = Self.components(in: lines)
        if !stack.isEmpty { problem.notes.append("in \(stack.joined(separator: " < "))") }
        if let place = lines.lazy.compactMap({ Self.place(in: $0, root) }).first {
            (problem.file, problem.line, problem.column) = place
        } else if let name = stack.first {
            // Compiled without the lines of its sources.
            problem.file = Self.file(of: name, root)
        }
        return problem
    }

    /// Whether a line is the runtime's message of a trap, with its place in front of it.
    static func isMessage(_ line: String) -> Bool {
        guard let place = message(in: line[...])?.place else { return false }
        let parts = place.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count >= 2 && parts[parts.count - 2].hasSuffix(".swift")
            && parts[parts.count - 1].allSatisfy(\.isNumber)
    }

    /// What the runtime says of a trap: `File.swift:12: Fatal error: Index out of range`.
    private static func message(in line: Substring) -> (place: Substring, text: String)? {
        for word in ["Fatal error", "Precondition failed", "Assertion failed"] {
            guard let range = line.firstRange(of: word) else { continue }
            let (place, rest) = (line[..<range.lowerBound], line[range.upperBound...])
            guard place.isEmpty || place.hasSuffix(": "), rest.isEmpty || rest.hasPrefix(": ")
            else { continue }
            let text = rest.dropFirst(2)
            let isPlain = word == "Fatal error" && !text.isEmpty
            return (place.dropLast(2), isPlain ? String(text) : word + rest)
        }
        return nil
    }

    /// The most components of a stack that are told.
    private static let componentsMax = 12

    /// The components that were being written, the innermost first.
    private static func components(in lines: [Substring]) -> [String] {
        var found: [String] = []
        for line in lines {
            guard let end = line.firstRange(of: ".view.getter")?.lowerBound else { continue }
            let name = String(line[..<end].split(separator: " ").last ?? "")
            // The call of the protocol's requirement names it a second time.
            if !name.isEmpty, name != "Component", found.last != name { found.append(name) }
        }
        return Array(found.prefix(componentsMax))
    }

    /// The file of a component, which has its name by custom; nil if there is none.
    private static func file(of component: String, _ root: String) -> String? {
        ["components", "site", "site/Pages", "site/Fragments"].map { "\($0)/\(component).swift" }
            .first { WatchedPath.text(of: "\(root)/\($0)") != nil }
    }

    /// The place in the site that a line of a backtrace names: `… at /path/site/X.swift:12:3`.
    ///
    /// The program may have been compiled in another folder than the one that is watched.
    private static func place(
        in line: Substring, _ root: String
    ) -> (file: String, line: Int?, column: Int?)? {
        guard let at = line.firstRange(of: " at /") else { return nil }
        let parts = line[at.upperBound...].split(separator: ":")
        guard let file = parts.first, parts.count >= 2, let number = Int(parts[1]) else {
            return nil
        }
        for folder in ["site/", "components/"] {
            guard let start = file.ranges(of: "/\(folder)").last?.lowerBound else { continue }
            let name = String(file[file.index(after: start)...])
            guard WatchedPath.text(of: "\(root)/\(name)") != nil else { continue }
            let column = parts.count > 2 ? Int(parts[2].prefix { $0.isNumber }) : nil
            return (name, number, column)
        }
        return nil
    }
}
