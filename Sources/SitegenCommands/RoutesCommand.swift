// `sitegen routes`: what a release holds and which headers it answers with.
//
// It reads the release alone: no database, no site code, no lock.

import ArgumentParser
import ContentEncoding
import ReleaseFormat

/// Lists the addresses of a release.
struct RoutesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes",
        abstract: "List the addresses of the release that is live, or show one in full.")

    @OptionGroup var release: ReleaseOptions

    @Argument(help: "Show this address with its headers, files and slots.")
    var path: String?

    func run() async throws {
        try await reportingFailures {
            let manifest = try ReleaseReader.open(release.folder).manifest
            guard let path else {
                for index in 0..<manifest.count {
                    let entry = manifest.entry(at: index)
                    let sizes = entry.representations.map { "\($0.coding.token) \($0.length)" }
                    Terminal.line(([entry.path] + sizes).joined(separator: "  "))
                }
                return
            }
            guard let entry = manifest.entry(atPath: path) else {
                throw CommandFailure(
                    .failure,
                    """
                    The release has no \(path).
                    Run `sitegen routes` for the addresses it has.
                    """)
            }
            show(entry)
        }
    }

    private func show(_ entry: Entry) {
        Terminal.line("\(entry.path)  \(entry.contentType)")
        Terminal.line("made from \(entry.source.view) \(entry.source.key)")
        for field in entry.headers.fields { Terminal.line("\(field.name): \(field.value)") }
        for file in entry.representations {
            Terminal.line("\(file.coding.token): \(file.length) bytes, sha256 \(file.blob)")
        }
        guard let slots = entry.slots else { return }
        for (index, binding) in slots.bindings.enumerated() {
            let scope =
                switch binding.scope {
                case .shared: "shared"
                case .perVisitor(let cookie): "of the visitor named by cookie \(cookie)"
                }
            let name = binding.key.isEmpty ? binding.name : "\(binding.name) \(binding.key)"
            let place: String
            if index < slots.layout.slots.count {
                let geometry = slots.layout.slots[index]
                place =
                    "at byte \(geometry.start), fragments up to \(geometry.fragmentBytesMax) bytes"
            } else {
                place = "filled from behind the page"
            }
            Terminal.line("slot \(name) (\(scope)): \(place)")
        }
    }
}
