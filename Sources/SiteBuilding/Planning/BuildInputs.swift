// What the pages of a build depend on besides their rows, each with a name: if one of them differs
// from the last build, every page is rendered again; of the files of public/, those pages are that
// name one which differs.
//
// Nothing here depends on where, when or in which order something was done: no path of the
// machine, no time, no number of workers. Rows are not here; each page has its row's digest.

import FoundationEssentials
import Hashing
package import ReleaseFormat
import SiteAuthoring

/// Names the inputs of a build.
package enum BuildInputs {
    /// The version of what the builder itself does with a page; changed with what it writes.
    private static let builderVersion = "2"

    /// The input that is looked at page by page; see `ChangedFiles`.
    static let publicFiles = "public files"

    /// The inputs, most telling first; nil when the program is not known, so that nothing can be
    /// said about what it would render.
    static func of(
        _ options: BuildOptions, origin: Origin, publicFiles: PublicFiles,
        styles: [(name: String, text: String)]
    ) -> [BuildInput]? {
        guard let program = options.program else { return nil }
        return [
            BuildInput("program", program),
            BuildInput("builder", builderVersion),
            BuildInput("esbuild", options.minifier ?? ""),
            BuildInput("origin", "\(origin)"),
            BuildInput("quality", options.quality.target.rawValue),
            BuildInput(Self.publicFiles, digest(publicFiles.files.map { "\($0.assetPath)" })),
            BuildInput("site/Styles", digest(styles.flatMap { [$0.name, $0.text] })),
        ] + (origin.basePath.isEmpty ? [] : [BuildInput(basePath, origin.basePath)])
            + (options.schema.site.map { [BuildInput("site name", $0)] } ?? [])
            + (options.preview == nil ? [] : [BuildInput.preview])
            + options.settings.map { setting in
                // A digest: an input is written into the release, and into reports.
                BuildInput(
                    "setting \(setting.name)", setting.text.map { digest([$0]) } ?? "default")
            }
    }

    /// The folder of a release's site on its host; empty for none.
    package static func basePath(in inputs: [BuildInput]) -> String {
        inputs.first { $0.name == basePath }?.value ?? ""
    }

    private static let basePath = "base path"

    /// The first input that differs; nil when all are equal.
    static func difference(
        from old: [BuildInput], to new: [BuildInput]
    ) -> (name: String, was: String?, now: String?)? {
        for input in new {
            let was = old.first { $0.name == input.name }?.value
            if was != input.value { return (input.name, was, input.value) }
        }
        let names = Set(new.map(\.name))
        return old.first { !names.contains($0.name) }.map { ($0.name, $0.value, nil) }
    }

    /// The first input that differs and that every page depends on; nil when all are equal.
    static func differenceForAll(
        from old: [BuildInput], to new: [BuildInput]
    ) -> (name: String, was: String?, now: String?)? {
        difference(
            from: old.filter { $0.name != publicFiles },
            to: new.filter { $0.name != publicFiles })
    }

    private static func digest(_ texts: [String]) -> String {
        var hasher = SHA256Hasher()
        for text in texts {
            hasher.update(Array("\(text.utf8.count):\(text)".utf8))
        }
        return String(hasher.finish().hex.prefix(32))
    }
}
