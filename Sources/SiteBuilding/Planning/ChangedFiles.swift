// The files of public/ that a release has and that are others now, or gone: pages that name one of
// them are rendered again.
//
// A page notes the fingerprinted paths that it asked for, so a change is seen by the path alone.

import ReleaseFormat

/// Files of public/ that have changed since a release.
struct ChangedFiles: Sendable {
    /// By the fingerprinted path that the release has of each, its name.
    private let names: [String: String]

    /// Nothing has changed.
    static let none = ChangedFiles([:])

    private init(_ names: [String: String]) { self.names = names }

    /// Compares the files that a release has with those that there are.
    init(
        from manifest: StoredManifest, inputs: [BuildInput], to files: PublicFiles
    ) throws {
        func digest(_ inputs: [BuildInput]) -> String? {
            inputs.first { $0.name == BuildInputs.publicFiles }?.value
        }
        guard digest(manifest.inputs) != digest(inputs) else {
            self = .none
            return
        }
        let current = Set(files.files.map(\.assetPath))
        var names: [String: String] = [:]
        try manifest.forEachOutline { outline in
            guard outline.cachePolicy == .immutable,
                outline.view.hasPrefix(PublicFile.sourcePrefix)
            else { return }
            let path = String(decoding: outline.path, as: UTF8.self)
            if !current.contains(path) { names[path] = outline.view }
        }
        self.init(names)
    }

    /// The first of these paths whose file has changed; nil if none has.
    func first(in reads: @autoclosure () -> [String]) -> String? {
        guard !names.isEmpty else { return nil }
        for path in reads() { if let name = names[path] { return name } }
        return nil
    }
}
