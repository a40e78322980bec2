// Styles and scripts of pages: one bundle for each set of components, minified once.
//
// Pages with the same set of components share a bundle, its hashes and its headers, so a site has
// a few of them however many pages it has. A hash is taken of the very bytes that stand in the
// page, after minification: nothing rewrites them later. A bundle that is too long to repeat in
// every page becomes an asset with a fingerprint.

import ContentSecurity
import FoundationEssentials
import Hashing
import Markup
import Minification
import ReleaseFormat
import SiteAuthoring

/// What a set of components adds to its pages.
struct Bundle: Sendable {
    /// What stands before `</head>`.
    let headEnd: [UInt8]
    /// What stands before `</body>`.
    let bodyEnd: [UInt8]
    /// The policy and the other security headers of the pages.
    let headers: HeaderBlock
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
    private var minified: [MinificationSource: String] = [:]

    /// - Parameters:
    ///   - stylesFolder: style sheets for every page, in the order of their names.
    ///   - origin: where the site will be reached.
    ///   - minifier: makes the texts small.
    ///   - warn: takes esbuild's warnings.
    /// - Throws: `.publicFile` for a style sheet that cannot be used.
    init(
        stylesFolder: String, origin: Origin, minifier: Minifier = Minifier(),
        warn: @escaping @Sendable (String) -> Void
    ) throws(BuildError) {
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
    ) async throws(BuildError) -> Bundle {
        try await bundle(for: BundleKey(components: components, takesTail: takesTail))
    }

    private func bundle(for key: BundleKey) async throws(BuildError) -> Bundle {
        let task = bundles[key] ?? Task { try await self.make(key) }
        bundles[key] = task
        do {
            return try await task.value
        } catch let error as MinificationError {
            throw .minification(error)
        } catch {
            throw .site(reason: "\(error)", remedy: "Change the site's styles or scripts.")
        }
    }

    /// Every asset of the bundles made up to now, each once, by path.
    func assets() async throws(BuildError) -> [BundleAsset] {
        var all: Set<BundleAsset> = []
        for key in bundles.keys { all.formUnion(try await bundle(for: key).assets) }
        return all.sorted { $0.path < $1.path }
    }

    /// The headers of what is not a web page.
    nonisolated var headersOfFiles: HeaderBlock {
        HeaderBlock.security(.strict(isHTTPS: origin.isSecure), origin: origin)
    }

    private func make(_ key: BundleKey) async throws -> Bundle {
        let styles =
            siteStyles
            + key.components.styles.map { MinificationSource(.css, name: $0.name, text: $0.css) }
        let scripts = key.components.scripts.map {
            MinificationSource(.js, name: $0.name, text: $0.js)
        }
        let tail = key.takesTail ? [TailScript.source] : []
        try await minify(styles + scripts + tail)
        let style = styles.compactMap { minified[$0] }.joined()
        let script = scripts.compactMap { minified[$0] }.joined()
        return Self.assemble(
            style: Array(style.utf8), script: Array(script.utf8),
            tailScript: tail.compactMap { minified[$0] }.flatMap { Array($0.utf8) },
            origin: origin)
    }

    /// Minifies what has not been minified yet, in one run of esbuild.
    private func minify(_ sources: [MinificationSource]) async throws(MinificationError) {
        let missing = sources.filter { minified[$0] == nil }
        let (texts, warnings) = try await minifier.minify(missing)
        for (source, text) in zip(missing, texts) { minified[source] = text }
        if !warnings.isEmpty { warn(warnings) }
    }

    private static func assemble(
        style: [UInt8], script: [UInt8], tailScript: [UInt8], origin: Origin
    ) -> Bundle {
        var assets: [BundleAsset] = []
        var policy = Policy.strict(isHTTPS: origin.isSecure)
        var headEnd: [UInt8] = []
        if style.count > BuildLimits.inlineStyleBytesMax {
            let path = AssetName.path(for: "site.css", content: style)
            assets.append(BundleAsset(path: path, bytes: style, type: .css))
            headEnd = Array("<link rel=\"stylesheet\" href=\"\(path)\">".utf8)
            policy.allow(.self, in: .style)
        } else if !style.isEmpty {
            headEnd = Array("<style>".utf8) + style + Array("</style>".utf8)
            policy.allow(inline: SHA256Digest(of: style), in: .style)
        }
        if !tailScript.isEmpty {
            let path = AssetName.path(for: "tail.js", content: tailScript)
            assets.append(BundleAsset(path: path, bytes: tailScript, type: .script))
            // Deferred: it runs once everything behind the page has been read.
            headEnd += Array("<script src=\"\(path)\" defer></script>".utf8)
            policy.allow(.self, in: .script)
        }
        var bodyEnd: [UInt8] = []
        if script.count > BuildLimits.inlineScriptBytesMax {
            let path = AssetName.path(for: "site.js", content: script)
            assets.append(BundleAsset(path: path, bytes: script, type: .script))
            bodyEnd = Array("<script src=\"\(path)\"></script>".utf8)
            policy.allow(.self, in: .script)
        } else if !script.isEmpty {
            bodyEnd = Array("<script>".utf8) + script + Array("</script>".utf8)
            policy.allow(inline: SHA256Digest(of: script), in: .script)
        }
        return Bundle(
            headEnd: headEnd, bodyEnd: bodyEnd,
            headers: HeaderBlock.security(policy, origin: origin), assets: assets)
    }

    private static func styleSheets(
        in folder: String
    ) throws(BuildError) -> [MinificationSource] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var sheets: [MinificationSource] = []
        for name in names.sorted() where name.hasSuffix(".css") && !name.hasPrefix(".") {
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)"),
                let text = String(validating: data, as: UTF8.self)
            else {
                throw .publicFile(name: "\(folder)/\(name)", reason: "it cannot be read as UTF-8")
            }
            guard data.count <= BuildLimits.styleSheetBytesMax else {
                throw .publicFile(
                    name: "\(folder)/\(name)",
                    reason: "it has more than \(BuildLimits.styleSheetBytesMax) bytes")
            }
            sheets.append(MinificationSource(.css, name: String(name.dropLast(4)), text: text))
        }
        return sheets
    }
}

extension HeaderBlock {
    /// A policy and the fixed security headers.
    fileprivate static func security(_ policy: Policy, origin: Origin) -> HeaderBlock {
        let fixed = SecurityHeaders.fixed(isHTTPS: origin.isSecure)
        let all = [(name: Policy.headerName, value: policy.text)] + fixed
        return HeaderBlock(all.compactMap { HeaderField(name: $0.name, value: $0.value) })
    }
}
