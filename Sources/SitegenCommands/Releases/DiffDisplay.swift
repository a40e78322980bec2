// The difference between two releases, for people and for programs.
//
// A policy that changed is shown once with the number of pages, not once for each of them.

import ReleaseFormat

/// Shows what is different between two releases.
struct DiffDisplay {
    private let from: ReleaseID
    private let to: ReleaseID
    private let changes: [EntryChange]

    init(from: ReleaseID, to: ReleaseID, _ changes: [EntryChange]) {
        self.from = from
        self.to = to
        self.changes = changes
    }

    private func count(_ kind: EntryChange.Kind) -> Int { changes.count { $0.kind == kind } }

    /// The header changes, each once, with the number of paths.
    private var headers: [(change: HeaderChange, paths: Int)] {
        var counts: [HeaderChange: Int] = [:]
        for change in changes.flatMap(\.headers) { counts[change, default: 0] += 1 }
        return counts.sorted {
            ($1.value, $0.key.name, $0.key.after ?? "") < (
                $0.value, $1.key.name, $1.key.after ?? ""
            )
        }.map { ($0.key, $0.value) }
    }

    /// A line for each path, then the headers, then the whole.
    var lines: [String] {
        var lines = changes.filter { $0.kind != .restored }.map { change in
            let mark =
                switch change.kind {
                case .added: "+"
                case .removed: "-"
                case .changed, .restored: "~"
                }
            return "\(mark) \(change.path)  html \(Self.delta(change, \.identity))  "
                + "brotli \(Self.delta(change, \.brotli))"
        }
        for (change, paths) in headers {
            lines.append("\(change.name) of \(Display.number(paths)) paths")
            if let before = change.before { lines.append("  - \(before)") }
            if let after = change.after { lines.append("  + \(after)") }
        }
        lines.append(
            "\(from) → \(to): \(Display.number(count(.added))) added, "
                + "\(Display.number(count(.removed))) removed, "
                + "\(Display.number(count(.changed))) changed, "
                + "\(Display.number(count(.restored))) only stored anew")
        return lines
    }

    /// One JSON object.
    var json: String {
        JSONLine.text(
            DiffObject(
                from: "\(from)", to: "\(to)",
                paths: changes.map { change in
                    DiffObject.Path(
                        kind: change.kind.rawValue, path: change.path,
                        before: DiffObject.Lengths(change.before),
                        after: DiffObject.Lengths(change.after))
                },
                headers: headers.map {
                    DiffObject.Header(
                        name: $0.change.name, before: $0.change.before, after: $0.change.after,
                        paths: $0.paths)
                }))
    }

    private static func delta(
        _ change: EntryChange, _ length: KeyPath<FormLengths, Int>
    ) -> String {
        let difference = change.after[keyPath: length] - change.before[keyPath: length]
        return difference < 0 ? "\(Display.number(difference))" : "+\(Display.number(difference))"
    }
}

/// The shape of `diff --json`.
private struct DiffObject: Encodable {
    struct Lengths: Encodable {
        let identity: Int
        let gzip: Int
        let brotli: Int

        init(_ lengths: FormLengths) {
            identity = lengths.identity
            gzip = lengths.gzip
            brotli = lengths.brotli
        }
    }

    struct Path: Encodable {
        let kind: String
        let path: String
        let before: Lengths
        let after: Lengths
    }

    struct Header: Encodable {
        let name: String
        let before: String?
        let after: String?
        let paths: Int
    }

    let from: String
    let to: String
    let paths: [Path]
    let headers: [Header]
}
