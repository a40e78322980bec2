// An address of a release for people and for programs: what it is, its headers, files and slots.
//
// Headers are those of an answer to a GET that has no conditions; what depends on the fragments of
// the moment, such as the tag of a page with slots, is left out.

import ContentEncoding
import ReleaseFormat
import SiteServing
import SitegenCommands

/// Shows one entry.
struct RouteDisplay {
    private let entry: Entry

    init(_ entry: Entry) { self.entry = entry }

    /// The line of a list: path, then the bytes of each coding.
    var listed: String {
        ([entry.path] + entry.representations.map { "\($0.coding.token) \($0.length)" })
            .joined(separator: "  ")
    }

    /// The same as an object.
    var listedJSON: String {
        JSONLine.text(
            ListedObject(
                path: entry.path, kind: kind, contentType: entry.contentType, files: files))
    }

    /// The header lines.
    var headers: [String] { headerFields.map { "\($0.name): \($0.value)" } }

    /// Everything.
    var lines: [String] {
        var lines = ["\(entry.path)  \(target ?? entry.contentType)"]
        let source = entry.source
        let maker = source.route.isEmpty ? source.view : "\(source.route) of view \(source.view)"
        lines.append("made by \(maker)" + (source.key.isEmpty ? "" : ", row \(source.key)"))
        lines += headers
        lines += files.map { "\($0.coding): \($0.bytes) bytes, sha256 \($0.sha256)" }
        lines += slots.map { slot in
            let name = slot.key.isEmpty ? slot.name : "\(slot.name) \(slot.key)"
            let scope = slot.cookie.map { "of the visitor named by cookie \($0)" } ?? "shared"
            let place =
                slot.start.map {
                    "at byte \($0), fragments up to \(slot.fragmentBytesMax ?? 0) bytes"
                } ?? "filled from behind the page"
            return "slot \(name) (\(scope)): \(place)"
        }
        return lines
    }

    /// Everything, as one object.
    var json: String {
        JSONLine.text(
            RouteObject(
                path: entry.path, kind: kind, contentType: entry.contentType, target: target,
                view: entry.source.view, key: entry.source.key, route: entry.source.route,
                headers: headerFields, files: files, slots: slots))
    }

    private var kind: String {
        switch entry.kind {
        case .page: "page"
        case .file: "file"
        case .asset: "asset"
        case .redirect: "redirect"
        case .gone: "gone"
        case .notFound: "notFound"
        }
    }

    /// Where a redirect leads.
    private var target: String? {
        guard case .redirect(let target, let status) = entry.kind else { return nil }
        return "\(status) to \(target)"
    }

    private var headerFields: [HeaderObject] {
        let type = entry.contentType.isEmpty ? [] : [("content-type", entry.contentType)]
        let caching = CacheControl.fields(of: entry)
        let all = type + caching + entry.headers.fields.map { ($0.name, $0.value) }
        return all.map { HeaderObject(name: $0.0.lowercased(), value: $0.1) }
    }

    private var files: [FileObject] {
        entry.representations.map {
            FileObject(
                coding: $0.coding.token, bytes: $0.length, sha256: "\($0.blob)",
                etag: entry.slots == nil ? entry.entityTag($0.coding) : nil)
        }
    }

    private var slots: [SlotObject] {
        guard let table = entry.slots else { return [] }
        return table.bindings.enumerated().map { index, binding in
            let geometry =
                index < table.layout.slots.count ? table.layout.slots[index] : nil
            var cookie: String?
            if case .perVisitor(let name) = binding.scope { cookie = name }
            return SlotObject(
                name: binding.name, key: binding.key, cookie: cookie,
                start: geometry.map { Int($0.start) },
                fragmentBytesMax: geometry.map { $0.fragmentBytesMax })
        }
    }
}

/// The shape of a line of `routes --json`.
private struct ListedObject: Encodable {
    let path: String
    let kind: String
    let contentType: String
    let files: [FileObject]
}

/// The shape of `routes --json ADDRESS`.
private struct RouteObject: Encodable {
    let path: String
    let kind: String
    let contentType: String
    let target: String?
    let view: String
    let key: String
    let route: String
    let headers: [HeaderObject]
    let files: [FileObject]
    let slots: [SlotObject]
}

private struct HeaderObject: Encodable {
    let name: String
    let value: String
}

private struct FileObject: Encodable {
    let coding: String
    let bytes: Int
    let sha256: String
    let etag: String?
}

private struct SlotObject: Encodable {
    let name: String
    let key: String
    let cookie: String?
    let start: Int?
    let fragmentBytesMax: Int?
}
