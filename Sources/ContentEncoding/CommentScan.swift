import Groundwork

/// Finds comments that a fragment leaves open.
///
/// It looks at bytes, not at HTML: a `<!--` in a script or an attribute counts, which refuses a
/// few harmless fragments and lets no harmful one pass.
enum CommentScan {
    /// Whether the last `<!--` of the bytes is not closed by `-->`, `--!>`, or by being `<!-->` or
    /// `<!--->` (HTML standard, section 13.2.5.43).
    static func leavesCommentOpen(_ html: [UInt8]) -> Bool {
        var rest = html[...]
        while let open = rest.firstIndex(of: UInt8(ascii: "<")) {
            rest = html[(open + 1)...]
            guard rest.starts(with: "!--".utf8) else { continue }
            guard let end = HTMLScan.commentEnd(html, from: open) else { return true }
            rest = html[end...]
        }
        return false
    }
}
