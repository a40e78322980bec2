// Goes through public/: which names are files to publish, and what is left out, with the reason.
//
// Nothing is passed over in silence: links, pipes and names that are no text get a line each,
// hidden files one line together, but for `.well-known`, which is published (RFC 8615), and so do
// those that editors leave. A folder that cannot be read or is too deep is an error: somebody
// wanted its files.

import Groundwork
import LocalFiles
import ReleaseFormat

/// A walk through public/.
struct PublicFolder {
    /// The files to publish, by their names below the folder.
    private(set) var names: [String] = []
    private var left: [String] = []
    private var hidden: [String] = []
    private var leftovers: [String] = []
    private let folder: String
    private let filesMax: Int

    /// How many of many names one line shows.
    private static let shownMax = 5

    init(_ folder: String, filesMax: Int) {
        self.folder = folder
        self.filesMax = filesMax
    }

    /// What is not published, a line each.
    var omissions: [String] {
        left + Self.together(hidden, "hidden files or folders")
            + Self.together(leftovers, "files that an editor left")
    }

    /// One line for names that are left out for the same reason; none for none.
    private static func together(_ names: [String], _ what: String) -> [String] {
        guard !names.isEmpty else { return [] }
        let shown = names.prefix(shownMax).joined(separator: ", ")
        let more = names.count > shownMax ? ", …" : ""
        return ["public/ has \(names.count) \(what) that are not published: \(shown)\(more)"]
    }

    /// Reads the folder and those in it.
    ///
    /// - Throws: `.publicFile`.
    mutating func read() throws { try read("", depth: 1) }

    private mutating func read(_ prefix: String, depth: Int) throws {
        let path = prefix.isEmpty ? folder : "\(folder)/\(prefix)"
        let entries = try reading("public/\(prefix)") { () throws(FileFault) in
            try LocalFolder.entries(of: path, followsLinks: prefix.isEmpty)
        }
        for entry in entries ?? [] {
            guard let text = entry.text else {
                let shown = String(decoding: entry.name, as: UTF8.self)
                leaveOut(prefix + shown, because: "its name is not UTF-8; rename it")
                continue
            }
            let name = prefix + text
            if entry.isHidden, !(prefix.isEmpty && text == ".well-known") {
                hidden.append(PrintableText.of(name))
                continue
            }
            switch entry.kind {
            case .regular where EditorLeftover.hasName(text):
                leftovers.append(PrintableText.of(name))
            case .regular:
                guard names.count < filesMax else {
                    throw BuildError.publicFile(
                        name: folder, reason: "it has more than \(filesMax) files")
                }
                names.append(name)
            case .folder:
                guard depth < ReleaseLimits.pathPartsMax else {
                    throw BuildError.publicFile(
                        name: "public/\(name)",
                        reason: "it lies deeper than \(ReleaseLimits.pathPartsMax) folders")
                }
                try read("\(name)/", depth: depth + 1)
            case .link:
                leaveOut(name, because: "it is a symbolic link; put what it leads to in its place")
            case .pipe, .socket, .device: leaveOut(name, because: "it is \(entry.kind)")
            }
        }
    }

    private mutating func leaveOut(_ name: String, because reason: String) {
        left.append("public/\(PrintableText.of(name)) is not published: \(reason)")
    }
}
