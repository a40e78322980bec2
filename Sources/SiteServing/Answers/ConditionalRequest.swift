// If-Match and If-None-Match (RFC 9110 sections 13.1.1, 13.1.2 and 13.2.2).
//
// A tag may hold commas, so a list is read tag by tag and never split. There is no Last-Modified:
// a second is too coarse and a rollback makes it lie, so dates in requests are ignored.

/// What a request's conditions make of an answer that would be 200.
enum ConditionResult: Equatable, Sendable {
    /// Send it.
    case send
    /// 304: the client has it.
    case notModified
    /// 412: If-Match does not hold.
    case failed
}

/// The evaluation of a request's conditions.
enum ConditionalRequest {
    /// Compares the conditions with the answer's tag: a strong entity tag with its quotes.
    static func evaluate(
        ifMatch: ArraySlice<UInt8>?, ifNoneMatch: ArraySlice<UInt8>?, tag: [UInt8]
    ) -> ConditionResult {
        if let ifMatch, !matches(ifMatch, tag, isStrong: true) { return .failed }
        if let ifNoneMatch, matches(ifNoneMatch, tag, isStrong: false) { return .notModified }
        return .send
    }

    /// Whether a list of tags, or `*`, has the tag.
    ///
    /// Reading stops at the first thing that is no tag: what came before it counts.
    private static func matches(
        _ list: ArraySlice<UInt8>, _ tag: [UInt8], isStrong: Bool
    ) -> Bool {
        let bytes = list.span
        var index = 0
        var members = 0
        if list.elementsEqual("*".utf8) { return true }
        while members < RequestLimits.listMembersMax {
            while index < bytes.count,
                Byte.isSpaceOrTab(bytes[index]) || bytes[index] == UInt8(ascii: ",")
            {
                index += 1
            }
            var isWeak = false
            if index + 1 < bytes.count, bytes[index] == UInt8(ascii: "W"),
                bytes[index + 1] == UInt8(ascii: "/")
            {
                isWeak = true
                index += 2
            }
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return false }
            let start = index
            index += 1
            while index < bytes.count, bytes[index] != UInt8(ascii: "\"") { index += 1 }
            guard index < bytes.count else { return false }
            index += 1
            if !(isStrong && isWeak), index - start == tag.count {
                let base = list.startIndex + start
                if list[base..<(base + tag.count)].elementsEqual(tag) { return true }
            }
            members += 1
        }
        return false
    }
}
