// Outputs of a site that are made when they are asked for, each by itself: rendered, with the
// styles of its components and its policy, and stored nowhere.
//
// The rules are those of a build, down to the hash of the style in the policy. Nothing is minified,
// so that no other program has to be there; scripts and slots are refused.

import ContentSecurity
import Markup
import ReleaseFormat
package import SiteAuthoring

/// Makes outputs one by one; any thread may ask.
package final class SinglePages: Sendable {
    /// An output as it is sent, but for length, caching and coding.
    package struct Made: Sendable {
        /// The header fields, its media type among them.
        package let fields: [(name: String, value: String)]
        /// The bytes.
        package let body: [UInt8]
    }

    /// Answers components; there are no files.
    private final class Surroundings: RenderEnvironment {
        let origin: String
        let basePath: String

        init(_ origin: Origin) {
            self.origin = "\(origin)"
            basePath = origin.basePath
        }

        func assetPath(_ path: String) -> String? { nil }
    }

    private let site: Site
    private let rules: HeaderRules
    private let surroundings: Surroundings

    /// Makes outputs of a site: by its origin and its headers.
    package init(_ site: Site) {
        self.site = site
        rules = HeaderRules(site.headers, origin: site.origin)
        surroundings = Surroundings(site.origin)
    }

    /// Makes one output.
    ///
    /// - Throws: what is wrong with it, as a build would say.
    package func made(_ output: Output) throws(PageProblem) -> Made {
        do throws(PageFailure) {
            switch output.body {
            case .page(_, let rendering), .notFound(let rendering):
                return try page(rendering(surroundings), output)
            case .xml(let mediaType, let rendering):
                let type = try OutputRules.xml(mediaType)
                return made(try checked(rendering(surroundings)).bytes, type, nil, output)
            case .text(let mediaType, let text):
                return made(Array(text().utf8), try OutputRules.file(mediaType), nil, output)
            case .json(let mediaType, let json):
                let type = try OutputRules.json(mediaType)
                return made(try OutputRules.bytes(of: json()), type, nil, output)
            case .bytes(let mediaType, let bytes):
                return made(bytes(), try OutputRules.file(mediaType), nil, output)
            case .moved: throw .problem("it leads elsewhere, which a page made alone does not.")
            }
        } catch {
            let reason =
                switch error {
                case .problem(let reason): reason
                case .build(let error): "\(error)"
                }
            throw PageProblem(route: site.title, place: output.path, reason: reason)
        }
    }

    private func page(
        _ document: RenderedDocument, _ output: Output
    ) throws(PageFailure) -> Made {
        let document = try checked(document)
        let style = document.components.styles.map(\.css).joined(separator: "\n")
        let bundle = Bundles.assemble(
            style: Array(style.utf8), script: [], tailScript: [], origin: site.origin)
        guard bundle.assets.isEmpty, document.components.scripts.isEmpty else {
            throw .problem("it has a script or a style that would need a file of its own.")
        }
        let whole = document.inserting(headEnd: bundle.headEnd, bodyEnd: bundle.bodyEnd)
        return made(whole.bytes, .html, bundle.policy, output)
    }

    /// Refuses what a build would refuse.
    private func checked(
        _ document: RenderedDocument
    ) throws(PageFailure) -> RenderedDocument {
        try OutputRules.check(document, fragments: [])
        return document
    }

    private func made(
        _ body: [UInt8], _ type: MediaType, _ policy: Policy?, _ output: Output
    ) -> Made {
        let block = rules.headers(of: policy, route: nil, path: output.path)
        return Made(
            fields: [("content-type", type.header)] + block.fields.map { ($0.name, $0.value) },
            body: body)
    }
}
