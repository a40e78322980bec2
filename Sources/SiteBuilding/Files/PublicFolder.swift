// Goes through public/: which names are files to publish, and what is left out, with the reason.
//
// Nothing is passed over in silence: links, pipes and names that are no text get a line each,
// hidden files one line together, but for `.well-known`, which is published (RFC 8615). A folder
// that cannot be read or is too deep is an error: somebody wanted its files.

import LocalFiles
import ReleaseFormat

/// A walk through public/.
struct PublicFolder {
    /// The files to publish, by their names below the folder.
    private(set) var names: [String] = []
    private var left: [String] = []
    private var hidden: [String] = []
    private let folder: String
    private let filesMax: Int

    /// How many hidden names the line about them shows.
    private static let hiddenShownMax = 5

    init(_ folder: String, filesMax: Int) {
        self.folder = folder
        self.filesMax = filesMax
    }

    /// What is not published, a line each.
    var omissions: [String] {
        guard !hidden.isEmpty else { return left }
        let shown = hidden.prefix(Self.hiddenShownMax).joined(separator: ", ")
        let more = hidden.count > Self.hiddenShownMax ? ", …" : ""
        return left + [
            "public/ has \(hidden.count) hidden files or folders that are not published: "
                + "\(shown)\(more)"
        ]
    }

    /// Reads the folder and those in it.
    ///
    /// - Throws: `.publicFile`.
    mutating func read() throws(BuildError) { try read("", depth: 1) }

    private mutating func read(_ prefix: String, depth: Int) throws(BuildError) {
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
                hidden.append(PageProblem.printable(name))
                continue
            }
            switch entry.kind {
            case .regular:
                guard names.count < filesMax else {
                    throw .publicFile(name: folder, reason: "it has more than \(filesMax) files")
                }
                names.append(name)
            case .folder:
                guard depth < ReleaseLimits.pathPartsMax else {
                    throw .publicFile(
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
        left.append("public/\(PageProblem.printable(name)) is not published: \(reason)")
    }
}
