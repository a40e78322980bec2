/// Finds comments that a fragment leaves open.
///
/// It looks at bytes, not at HTML: a `<!--` in a script or an attribute counts, which refuses a
/// few harmless fragments and lets no harmful one pass.
enum CommentScan {
    /// Whether the last `<!--` of the bytes is not closed by `-->`, `--!>`, or by being `<!-->` or
    /// `<!--->` (HTML standard, section 13.2.5.43).
    static func leavesCommentOpen(_ html: [UInt8]) -> Bool {
        let lessThan = UInt8(ascii: "<")
        var position = 0
        while position + 4 <= html.count {
            guard html[position] == lessThan, html[position + 1] == UInt8(ascii: "!"),
                html[position + 2] == UInt8(ascii: "-"), html[position + 3] == UInt8(ascii: "-")
            else {
                position += 1
                continue
            }
            // The two dashes of the opening may be those of the closing: `<!-->`, `<!--->`.
            guard let end = commentEnd(html, from: position + 2) else { return true }
            position = end
        }
        return false
    }

    private static func commentEnd(_ html: [UInt8], from start: Int) -> Int? {
        let dash = UInt8(ascii: "-")
        let greaterThan = UInt8(ascii: ">")
        var position = start
        while position + 2 < html.count {
            if html[position] == dash, html[position + 1] == dash {
                if html[position + 2] == greaterThan { return position + 3 }
                let bang = html[position + 2] == UInt8(ascii: "!")
                // `<!--!>` does not close: the dashes of `--!>` are its own.
                if bang, position >= start + 2, position + 3 < html.count,
                    html[position + 3] == greaterThan
                {
                    return position + 4
                }
            }
            position += 1
        }
        return nil
    }
}
