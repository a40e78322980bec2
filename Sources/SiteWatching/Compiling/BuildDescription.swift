// What a package's build says about one of its programs: how its own module is compiled, and what
// it is linked from. SwiftPM writes it for llbuild, as YAML whose values are JSON, one command
// after the other.
//
// `watch` compiles the module by the same flags, less those that only a finished program needs.

import FoundationEssentials

/// The commands that make a program.
package struct BuildDescription: Equatable, Sendable {
    /// The compiler's driver.
    package let compiler: String
    /// The name of the program's own module.
    package let module: String
    /// The sources of the module, absolute, sorted.
    package private(set) var sources: [String]
    /// How the module is compiled: everything but sources, outputs and what is made beside them.
    package let compilerArguments: [String]
    /// The symbol of the program's `main`.
    package let entry: String
    /// The objects of all other modules.
    package let objects: [String]
    /// How the program is linked: everything but objects and the output.
    package let linkerArguments: [String]

    /// Why a description cannot be used.
    package struct Fault: Error, Equatable {
        /// What is missing, in a few words.
        package let reason: String
    }

    /// Reads a description.
    ///
    /// - Parameters:
    ///   - text: the file's bytes: `.build/debug.yaml`.
    ///   - product: the program's name in the package.
    /// - Throws: what is missing.
    package init(_ text: [UInt8], product: String) throws(Fault) {
        let commands = Commands(text)
        guard let link = commands.command("C.\(product)-", ".exe"), let linkWords = link["args"],
            let linked = link["inputs"]
        else { throw Fault(reason: "there is no command that links \(product)") }
        guard let name = Self.module(linkWords),
            let compile = commands.command("C.\(name)-", ".module"),
            let words = compile["args"], let inputs = compile["inputs"],
            let outputs = compile["outputs"], let driver = words.first
        else { throw Fault(reason: "there is no command that compiles the module of \(product)") }
        module = name
        compiler = driver
        sources = inputs.filter { $0.hasSuffix(".swift") }.sorted()
        guard !sources.isEmpty else { throw Fault(reason: "\(name) has no sources") }
        compilerArguments = Self.kept(words.dropFirst(), of: Self.compiling)
        entry = Self.frontendValue(of: "-entry-point-function-name", in: words) ?? "main"
        let own = Set(outputs)
        objects = linked.filter { $0.hasSuffix(".o") && !own.contains($0) }
        linkerArguments = Self.kept(linkWords.dropFirst(), of: Self.linking)
    }

    /// Those of the linker's arguments that name libraries and their folders.
    package var libraryArguments: [String] {
        var found: [String] = []
        var rest = linkerArguments[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("-L") || word.hasPrefix("-l") else { continue }
            found.append(word)
            // `-L folder`
            if word.count == 2, let name = rest.popFirst() { found.append(name) }
        }
        return found
    }

    // MARK: Sources

    /// Takes sources that came and went since.
    ///
    /// A file belongs to the module that has another one in the same folder.
    ///
    /// - Parameters:
    ///   - paths: absolute paths of files of Swift that have changed.
    ///   - isThere: whether there is a file.
    /// - Returns: whether it is known of all that they belong to this module; if not, nothing is
    ///   taken.
    package mutating func follow(_ paths: [String], isThere: (String) -> Bool) -> Bool {
        let known = Set(sources)
        let folders = Set(sources.map { Self.folder(of: $0) })
        var now = known
        for path in paths {
            if !isThere(path) {
                // What was no source may have been one of another module.
                guard now.remove(path) != nil || folders.contains(Self.folder(of: path)) else {
                    return false
                }
            } else if Self.isManifest(path) {
                return false
            } else if !known.contains(path) {
                guard folders.contains(Self.folder(of: path)) else { return false }
                now.insert(path)
            }
        }
        // Objects are told apart by the names of their sources.
        let names = Set(now.map { $0.split(separator: "/").last ?? "" })
        guard !now.isEmpty, names.count == now.count else { return false }
        sources = now.sorted()
        return true
    }

    /// Package.swift and Package@swift-6.0.swift are no sources, whatever is beside them.
    private static func isManifest(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return name == "Package.swift" || name.hasPrefix("Package@swift-")
    }

    private static func folder(of path: String) -> Substring {
        path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
    }

    // MARK: Arguments

    /// Arguments that are left out, and how many words behind each.
    private typealias Dropped = [String: Int]

    private static let compiling: Dropped = [
        "-module-name": 1, "-emit-dependencies": 0, "-emit-module": 0, "-emit-module-path": 1,
        "-output-file-map": 1, "-incremental": 0, "-c": 0, "-serialize-diagnostics": 0,
        "-index-store-path": 1, "-O": 0, "-Osize": 0, "-Onone": 0, "-enable-testing": 0,
        "-whole-module-optimization": 0, "-wmo": 0, "-enable-batch-mode": 0,
        "-parseable-output": 0, "-warnings-as-errors": 0, "-emit-objc-header": 0,
        "-emit-objc-header-path": 1, "-num-threads": 1, "-color-diagnostics": 0,
    ]
    private static let linking: Dropped = ["-o": 1, "-module-name": 1, "-emit-executable": 0]
    /// What a debugger is told, or `-debug-info-format none`.
    private static let debugging: Set = ["-g", "-g0", "-gnone", "-gline-tables-only"]

    private static func kept(_ words: ArraySlice<String>, of dropped: Dropped) -> [String] {
        var kept: [String] = []
        var rest = words
        while let word = rest.popFirst() {
            if let count = dropped[word] {
                rest = rest.dropFirst(count)
            } else if debugging.contains(word) {
                continue
            } else if word == "-Xcc", let next = rest.first, debugging.contains(next) {
                rest = rest.dropFirst()
            } else if word == "-Xlinker", let next = rest.first, next == "--defsym" {
                // Which function is `main`: a word of its own for the linker.
                rest = rest.dropFirst(3)
            } else if !word.hasPrefix("@"), !word.hasPrefix("-j") {
                kept.append(word)
            }
        }
        return kept
    }

    /// The module with the program's `main`: the function has its name, or else the product.
    private static func module(_ linkWords: [String]) -> String? {
        let (before, after) = ("main=", "_main")
        let entry = linkWords.first { $0.hasPrefix(before) && $0.hasSuffix(after) }
        return entry.map { String($0.dropFirst(before.count).dropLast(after.count)) }
            ?? value(of: "-module-name", in: linkWords)
    }

    private static func value(of option: String, in words: [String]) -> String? {
        words.firstIndex(of: option).flatMap { words[safe: $0 + 1] }
    }

    /// The value of an option of the frontend, which the driver is given with `-Xfrontend` before
    /// each word.
    private static func frontendValue(of option: String, in words: [String]) -> String? {
        words.firstIndex(of: option).flatMap { words[safe: $0 + 2] }
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? {
        indices.contains(index) ? self[index] : nil
    }
}

/// The commands of a build, found by their names.
private struct Commands {
    private let lines: [ArraySlice<UInt8>]

    init(_ text: [UInt8]) { lines = text.split(separator: UInt8(ascii: "\n")) }

    /// The lists of the command of a name, in whose middle the target and the configuration stand:
    /// `C.Site-x86_64-unknown-linux-gnu-debug.exe`.
    func command(_ start: String, _ end: String) -> [String: [String]]? {
        let (first, last) = (Array("  \"\(start)".utf8), Array("\(end)\":".utf8))
        for (index, line) in lines.enumerated()
        where line.starts(with: first) && line.suffix(last.count).elementsEqual(last) {
            let lists = lists(behind: index)
            // A product's name may begin as another's.
            guard let words = lists["args"], let at = words.firstIndex(of: "-target"),
                at + 1 < words.count,
                line.starts(with: first + Array(words[at + 1].utf8))
            else { continue }
            return lists
        }
        return nil
    }

    private func lists(behind index: Int) -> [String: [String]] {
        var lists: [String: [String]] = [:]
        for line in lines[(index + 1)...] {
            guard line.starts(with: Array("    ".utf8)) else { break }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let name = String(decoding: line[..<colon].dropFirst(4), as: UTF8.self)
            let value = Data(line[(colon + 1)...])
            if let list = try? JSONDecoder().decode([String].self, from: value) {
                lists[name] = list
            }
        }
        return lists
    }
}
