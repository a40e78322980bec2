// What a check needs to know of one page, from its bytes alone: links, places, title, images, and
// what its policy has to allow.
//
// Addresses are resolved the way a browser does it (RFC 3986 section 5), as far as links inside one
// site go; everything on another origin is left alone.

import Hashing

/// A link inside the site.
struct InternalLink: Hashable {
    /// The decoded path.
    let path: String
    /// Whether a query stood behind it.
    var hasQuery = false
    /// The place in the page behind `#`; nil when there is none.
    let anchor: String?
}

/// What one page has in it.
struct PageFacts {
    private(set) var links: [InternalLink] = []
    /// Links inside the site that are not written as a URL is.
    private(set) var unencoded: [String] = []
    private(set) var places: Set<String> = []
    private(set) var title: String?
    private(set) var canonical: String?
    /// How many images have no `alt`.
    private(set) var imagesWithoutText = 0
    /// The digests of inline styles and scripts, as a policy writes them.
    private(set) var styleHashes: Set<String> = []
    private(set) var scriptHashes: Set<String> = []
    /// Whether files of the site's own are styles and scripts of the page.
    private(set) var hasStyleFile = false
    private(set) var hasScriptFile = false
    /// The first attribute that no policy of this project allows: `onclick`, `style`.
    private(set) var forbiddenAttribute: String?
    /// The first element that ended a paragraph which had an end tag behind it.
    private(set) var brokenParagraphBy: String?

    private let addresses: SiteAddresses

    /// Reads a page.
    init(_ bytes: [UInt8], at path: String, origin: String) {
        addresses = SiteAddresses(origin: origin, path: path)
        var scan = PageScan(bytes)
        while let tag = scan.next() { take(tag) }
        brokenParagraphBy = scan.paragraphs.brokenBy
    }

    private mutating func take(_ tag: PageTag) {
        for address in StyleScan((tag["style"] ?? "").utf8).addresses { link(address) }
        for (name, _) in tag.attributes
        where forbiddenAttribute == nil && (name == "style" || name.hasPrefix("on")) {
            forbiddenAttribute = name
        }
        if let id = tag["id"] { places.insert(id) }
        if tag.name == "a", let name = tag["name"] { places.insert(name) }
        for attribute in ["href", "src", "action", "poster"] {
            if let address = tag[attribute] { link(address) }
        }
        for candidate in (tag["srcset"] ?? "").split(separator: ",") {
            if let address = candidate.split(separator: " ").first { link(String(address)) }
        }
        switch tag.name {
        case "title" where title == nil:
            title = CharacterReferences.resolved(tag.text)
        case "img" where tag["alt"] == nil: imagesWithoutText += 1
        case "link":
            let relations = (tag["rel"] ?? "").lowercased().split(separator: " ")
            if relations.contains("canonical") { canonical = tag["href"] }
            if relations.contains("stylesheet") { hasStyleFile = true }
        case "style":
            styleHashes.insert(Self.hash(tag.text))
            for address in StyleScan(tag.text).addresses { link(address) }
        case "meta":
            let property = tag["property"] ?? tag["name"] ?? ""
            if ["og:url", "og:image", "twitter:image"].contains(property) {
                link(tag["content"] ?? "")
            }
        case "script":
            if tag["src"] != nil {
                hasScriptFile = true
            } else if Self.isExecuted(tag["type"]) {
                scriptHashes.insert(Self.hash(tag.text))
            }
        default: break
        }
    }

    private mutating func link(_ address: String) {
        guard let link = addresses.link(address) else { return }
        links.append(link)
        if !SiteAddresses.isEncoded(address) { unencoded.append(address) }
    }

    private static func hash(_ text: ArraySlice<UInt8>) -> String {
        "'sha256-\(SHA256Digest(of: Array(text)).base64)'"
    }

    /// Whether a policy is asked about a script of this type: data blocks never run.
    private static func isExecuted(_ type: String?) -> Bool {
        guard let type = type?.lowercased(), !type.isEmpty else { return true }
        return type.contains("javascript") || type == "module" || type == "importmap"
            || type == "speculationrules"
    }
}
