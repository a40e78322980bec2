// Styles and scripts of pages: one bundle for each set of components, minified once.
//
// Pages with the same set of components share a bundle, its hashes and its headers, so a site has
// a few of them however many pages it has. A hash is taken of the very bytes that stand in the
// page, after minification: nothing rewrites them later, and they are what is looked at for marks
// that would end the element early. A bundle that holds such a mark, or is too long to repeat in
// every page, becomes an asset with a fingerprint.

import ContentSecurity
import Hashing
import LocalFiles
import Markup
import Minification
import ReleaseTools
import SiteAuthoring

/// What a set of components adds to its pages.
struct Bundle: Sendable {
    /// What stands before `</head>`.
    let headEnd: [UInt8]
    /// What stands before `</body>`.
    let bodyEnd: [UInt8]
    /// The policy that the pages need.
    let policy: Policy
    /// The files that `headEnd` and `bodyEnd` refer to.
    let assets: [BundleAsset]
}

/// A style sheet or a script with a fingerprint in its name.
struct BundleAsset: Sendable, Hashable {
    let path: String
    let bytes: [UInt8]
    let type: MediaType
}

/// What a bundle depends on, besides the site.
private struct BundleKey: Hashable {
    let components: ComponentSet
    let takesTail: Bool
}

/// Makes each bundle once.
actor Bundles {
    /// The style sheets of every page, as the author wrote them.
    nonisolated let styleTexts: [(name: String, text: String)]
    private let minifier: Minifier
    private let siteStyles: [MinificationSource]
    private let origin: Origin
    private let warn: @Sendable (String) -> Void
    private var bundles: [BundleKey: Task<Bundle, any Error>] = [:]
    /// The run of esbuild that makes a text; the same text is given to one run only.
    private var runs: [MinificationSource: Task<[MinificationSource: String], any Error>] = [:]

    /// - Parameters:
    ///   - stylesFolder: style sheets for every page, in the order of their names.
    ///   - origin: where the site will be reached.
    ///   - minifier: makes the texts small.
    ///   - warn: takes esbuild's warnings.
    /// - Throws: `.publicFile` for a style sheet that cannot be used.
    init(
        stylesFolder: String, origin: Origin, minifier: Minifier = Minifier(),
        warn: @escaping @Sendable (String) -> Void
    ) throws {
        let sheets = try Self.styleSheets(in: stylesFolder)
        siteStyles = sheets
        styleTexts = sheets.map { ($0.name, $0.text) }
        self.minifier = minifier
        self.origin = origin
        self.warn = warn
    }

    /// The bundle of a set of components.
    ///
    /// - Parameters:
    ///   - components: those of a page.
    ///   - takesTail: whether fragments follow the page, so that it needs `TailScript`.
    /// - Returns: the bundle, made once.
    /// - Throws: `.minification`, `.site`.
    func bundle(
        for components: ComponentSet, takesTail: Bool = false
    ) async throws -> Bundle {
        try await bundle(for: BundleKey(components: components, takesTail: takesTail))
    }

    private func bundle(for key: BundleKey) async throws -> Bundle {
        let task = bundles[key] ?? Task { try await self.make(key) }
        bundles[key] = task
        return try await task.value
    }

    /// Every asset of the bundles made up to now, each once, by path.
    func assets() async throws -> [BundleAsset] {
        var all: Set<BundleAsset> = []
        for key in bundles.keys { all.formUnion(try await bundle(for: key).assets) }
        return all.sorted { $0.path < $1.path }
    }

    private func make(_ key: BundleKey) async throws -> Bundle {
        let styles =
            siteStyles
            + key.components.styles.map { MinificationSource(.css, name: $0.name, text: $0.css) }
        let scripts = key.components.scripts.map {
            MinificationSource(.js, name: $0.name, text: $0.js)
        }
        let tail = key.takesTail ? [TailScript.source] : []
        let minified = try await minify(styles + scripts + tail)
        var style = ""
        for sheet in styles {
            let text = minified[sheet, default: ""]
            try Self.checkImports(of: sheet, minified: text, isFirst: style.isEmpty)
            style += text
        }
        let script = scripts.compactMap { minified[$0] }.joined()
        return Self.assemble(
            style: StyleScan.text(style, inFolder: origin.basePath), script: Array(script.utf8),
            tailScript: tail.compactMap { minified[$0] }.flatMap { Array($0.utf8) },
            origin: origin)
    }

    /// The minified texts; what no run has yet is minified in one run of esbuild.
    private func minify(
        _ sources: [MinificationSource]
    ) async throws -> [MinificationSource: String] {
        let missing = sources.filter { runs[$0] == nil }
        if !missing.isEmpty {
            let (minifier, warn) = (minifier, warn)
            let run = Task {
                let (texts, warnings) = try await minifier.minify(missing)
                if !warnings.isEmpty { warn(warnings) }
                return Dictionary(zip(missing, texts), uniquingKeysWith: { first, _ in first })
            }
            for source in missing { runs[source] = run }
        }
        var minified: [MinificationSource: String] = [:]
        for source in sources { minified[source] = try await runs[source]?.value[source] }
        return minified
    }

    /// Sheets become one text: an `@import` counts only at its beginning.
    private static func checkImports(
        of sheet: MinificationSource, minified: String, isFirst: Bool
    ) throws {
        guard minified.contains("@import") else { return }
        let (source, written) = (StyleScan(sheet.text.utf8), StyleScan(minified.utf8))
        guard source.importLine > 0 || written.importLine > 0 else { return }
        let place = "\(sheet.name).css:\(source.importLine)"
        if !isFirst {
            throw BuildError.site(
                reason: "\(place): the style sheet imports another, but stands behind others, "
                    + "where browsers ignore that.",
                remedy: "Put the @import into the first file of site/Styles, or the rules here.")
        }
        if source.hasLayerBeforeImport {
            throw BuildError.site(
                reason: "\(place): esbuild would move the @import before the @layer above it.",
                remedy: "Put the @import first.")
        }
    }

    /// Puts texts that are final into a bundle, each with its hash or in a file of its own.
    static func assemble(
        style: [UInt8], script: [UInt8], tailScript: [UInt8], origin: Origin
    ) -> Bundle {
        var assets: [BundleAsset] = []
        var policy = Policy.strict(isHTTPS: origin.isSecure)
        var headEnd: [UInt8] = []
        if style.count > BuildLimits.inlineStyleBytesMax || holds(style, ["</style"]) {
            let path = origin.path(AssetName.path(for: "site.css", content: style))
            assets.append(BundleAsset(path: path, bytes: style, type: .css))
            headEnd = Array("<link rel=\"stylesheet\" href=\"\(path)\">".utf8)
            policy.allow(.self, in: .style)
        } else if !style.isEmpty {
            headEnd = Array("<style>".utf8) + style + Array("</style>".utf8)
            policy.allow(inline: SHA256Digest(of: style), in: .style)
        }
        if !tailScript.isEmpty {
            let path = origin.path(AssetName.path(for: "tail.js", content: tailScript))
            assets.append(BundleAsset(path: path, bytes: tailScript, type: .script))
            // Deferred: it runs once everything behind the page has been read.
            headEnd += Array("<script src=\"\(path)\" defer></script>".utf8)
            policy.allow(.self, in: .script)
        }
        if String(decoding: script, as: UTF8.self).contains("createPolicy") {
            policy.allowTrustedTypes()
        }
        var bodyEnd: [UInt8] = []
        if script.count > BuildLimits.inlineScriptBytesMax
            || holds(script, ["</script", "<script", "<!--"])
        {
            let path = origin.path(AssetName.path(for: "site.js", content: script))
            assets.append(BundleAsset(path: path, bytes: script, type: .script))
            bodyEnd = Array("<script src=\"\(path)\"></script>".utf8)
            policy.allow(.self, in: .script)
        } else if !script.isEmpty {
            bodyEnd = Array("<script>".utf8) + script + Array("</script>".utf8)
            policy.allow(inline: SHA256Digest(of: script), in: .script)
        }
        return Bundle(headEnd: headEnd, bodyEnd: bodyEnd, policy: policy, assets: assets)
    }

    /// Whether a text that nothing will change any more holds one of these marks, in either case.
    ///
    /// In a page they would end the element, or keep its end tag from ending it; in a file of its
    /// own they are text.
    private static func holds(_ text: [UInt8], _ marks: [StaticString]) -> Bool {
        let lowered = text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return marks.contains { lowered.firstRange(of: "\($0)".utf8) != nil }
    }

    /// The style sheets of every page, in the order of their names.
    static func styleSheets(
        in folder: String
    ) throws -> [MinificationSource] {
        var sheets: [MinificationSource] = []
        for entry in try reading(
            folder,
            { () throws(FileFault) in
                try LocalFolder.entries(of: folder, followsLinks: true) ?? []
            })
        {
            guard let name = entry.text, name.hasSuffix(".css"), !entry.isHidden else { continue }
            let bytes = try reading("\(folder)/\(name)") { () throws(FileFault) in
                try LocalFile("\(folder)/\(name)").bytes(limit: BuildLimits.styleSheetBytesMax)
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw BuildError.publicFile(
                    name: "\(folder)/\(name)", reason: "it is not UTF-8 text")
            }
            sheets.append(
                MinificationSource(.css, name: "site/Styles/\(name.dropLast(4))", text: text))
        }
        return sheets
    }
}
