// Reads the repository's own files, found from the place of this one.
//
// Swift sources are split once and shared by all tests; the rest is read as text when asked for.
// What git ignores is not looked at, nor are folders whose name begins with a dot.
import FoundationEssentials
import Testing

/// Something to change, and where.
struct Finding: CustomStringConvertible {
    /// From the root of the repository.
    var path: String
    var line: Int
    /// What is wrong, then what to do.
    var message: String
    var description: String { "\(path):\(line): \(message)" }
}

/// The files of the working tree.
enum Repository {
    static let root: String = {
        var parts = #filePath.split(separator: "/")
        parts.removeLast(3)
        return "/" + parts.joined(separator: "/")
    }()

    static let folders = [
        "Sources", "Tests", "Examples", "site", "components", "Benchmarks", "docs",
    ]

    /// Every file below `folders` and in the root, from the root, sorted.
    static let paths: [String] = {
        let files = FileManager.default
        var found = (try? files.contentsOfDirectory(atPath: root)) ?? []
        for folder in folders {
            let inside = (try? files.subpathsOfDirectory(atPath: "\(root)/\(folder)")) ?? []
            found += inside.map { "\(folder)/\($0)" }
        }
        return found.filter { path in
            let isHidden = path.split(separator: "/").contains { $0.hasPrefix(".") }
            return !isHidden && !path.contains("__pycache__")
        }.sorted()
    }()

    /// Every Swift file.
    static let sources: [SourceFile] = paths.filter { $0.hasSuffix(".swift") }.map {
        SourceFile(path: $0, text: text(of: $0))
    }

    /// The Swift files that a rule about the product's code reads.
    static let product = sources.filter { $0.isProduct && !$0.isGenerated }

    static func text(of path: String) -> String {
        guard let data = FileManager.default.contents(atPath: "\(root)/\(path)") else { return "" }
        return String(decoding: data, as: UTF8.self)
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(root)/\(path)")
    }
}

/// Reports each finding at its own place in the source.
func report(_ findings: [Finding]) {
    for finding in findings {
        let name = finding.path.split(separator: "/").last.map(String.init) ?? finding.path
        Issue.record(
            Comment(rawValue: finding.description),
            sourceLocation: SourceLocation(
                fileID: "TidyTests/\(name)", filePath: "\(Repository.root)/\(finding.path)",
                line: max(1, finding.line), column: 1))
    }
}
