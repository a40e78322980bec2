// The files of public/ that changed since a watch began, by their addresses: those that stay when a
// file changes, so that a browser has to be told to ask again.
//
// Each change has a number. A tab says the last one that it knows and hears what came behind it;
// the number is also what a browser takes for another address.

import Groundwork
import ReleaseTools

/// Files that changed.
struct ChangedFiles {
    /// The most files that tabs are told of by name; of more they load their pages anew.
    static let countMax = 1_000

    /// What a tab is told.
    struct Change: Encodable, Sendable {
        /// The last change.
        let number: Int
        /// The paths of the files, with the numbers of their changes.
        let files: [String: Int]
        /// Why the page has to be loaded, if it has.
        let why: String?

        /// The name of the event.
        var event: String { why == nil ? "files" : "full" }
    }

    /// The number of the last change.
    private(set) var number = 0
    private var numbers: [String: Int] = [:]
    /// The last change of which only its number is known.
    private var lastUnnamed = 0

    /// Nothing has changed yet.
    init() {}

    /// Notes that files changed, came or went at once.
    mutating func note(_ paths: Set<String>) {
        number += 1
        guard numbers.count + paths.count <= Self.countMax else {
            (numbers, lastUnnamed) = ([:], number)
            return
        }
        for path in paths { numbers[path] = number }
    }

    /// What changed behind a number.
    func change(since known: Int) -> Change {
        guard known >= lastUnnamed else {
            return Change(number: number, files: [:], why: "many files of public/ differ")
        }
        return Change(number: number, files: numbers.filter { $0.value > known }, why: nil)
    }

    /// A style sheet that names files that changed by other addresses.
    func inStyles(_ sheet: [UInt8]) -> [UInt8] {
        guard !numbers.isEmpty else { return sheet }
        return StyleScan(sheet).replacing { newer($0) }
    }

    /// Another address for a file that changed; nil for others.
    func newer(_ address: String) -> String? {
        let end = address.firstIndex { $0 == "?" || $0 == "#" } ?? address.endIndex
        let path = address[..<end]
        let bytes = Array(path.utf8)
        guard let text = PercentCoding.decoded(bytes.span, 0..<bytes.count),
            let number = numbers[String(decoding: text, as: UTF8.self)]
        else { return nil }
        let rest = address[end...]
        return rest.hasPrefix("?")
            ? "\(path)?v=\(number)&\(rest.dropFirst())" : "\(path)?v=\(number)\(rest)"
    }
}
