// The header lines of a request, each looked at once.
//
// Most lines cannot change an answer of this server and are only checked. Lengths are taken
// literally: `Content-Length: +5`, a list, or a second one would be read differently elsewhere.

import AccessRecords
import Groundwork

/// The fields collected so far.
struct HeaderFields {
    private var count = 0
    var values: FieldValues
    var signals = RequestSignals()
    var isForwardedSecure = false
    private var contentLength: Int?
    private var isChunked = false
    private var connectionClose = false
    private var connectionKeepAlive = false
    /// What only a log or the spool wants of it.
    let kept: KeptFields
    private let keepsOthers: Bool
    private var isCoded = false
    private var expectsUnknown = false
    private var expectsContinue = false

    init(keeping kept: KeptFields) {
        self.kept = kept
        // User-Agent, Referer and Accept-Language of most browsers have 200 bytes together.
        values = FieldValues(room: kept.client ? 512 : 128)
        keepsOthers = kept.signals || kept.forwarded != nil
    }

    /// Checks one line and keeps what matters of it.
    mutating func add(
        _ bytes: borrowing Span<UInt8>, _ line: Range<Int>
    ) throws(Refused) {
        count += 1
        guard count <= RequestLimits.headerFieldsMax else { throw Refused(.headerTooLarge) }
        var index = line.lowerBound
        while index < line.upperBound, Byte.isToken(bytes[index]) { index += 1 }
        let name = line.lowerBound..<index
        guard !name.isEmpty, index < line.upperBound, bytes[index] == UInt8(ascii: ":") else {
            throw Refused(.malformed)
        }
        var start = index + 1
        var end = line.upperBound
        while start < end, Byte.isSpaceOrTab(bytes[start]) { start += 1 }
        while end > start, Byte.isSpaceOrTab(bytes[end - 1]) { end -= 1 }
        // What parsers measure bodies by gets no benefit of the doubt: some take no tab there.
        if (name.count == 14 && Byte.equalIgnoringCase(bytes, name, "content-length"))
            || (name.count == 17 && Byte.equalIgnoringCase(bytes, name, "transfer-encoding"))
        {
            for index in (index + 1)..<line.upperBound where bytes[index] == 0x09 {
                throw Refused(.malformed)
            }
        }
        try take(bytes, name, value: start..<end)
    }

    /// Chooses by the name's length first, since most names match none.
    private mutating func take(
        _ bytes: borrowing Span<UInt8>, _ name: Range<Int>, value: Range<Int>
    ) throws(Refused) {
        if keepsOthers, takeKept(bytes, name, value: value) { return }
        switch name.count {
        case 4 where Byte.equalIgnoringCase(bytes, name, "host"):
            guard !values.has(.host) else { throw Refused(.malformed) }
            try setHost(bytes, value)
        case 5 where Byte.equalIgnoringCase(bytes, name, "range"):
            values.join(.range, bytes.extracting(value), by: ", ")
        case 6 where Byte.equalIgnoringCase(bytes, name, "expect"):
            if Byte.equalIgnoringCase(bytes, value, "100-continue") {
                expectsContinue = true
            } else {
                expectsUnknown = true
            }
        case 6 where Byte.equalIgnoringCase(bytes, name, "origin"):
            values.join(.origin, bytes.extracting(value), by: ", ")
        case 6 where Byte.equalIgnoringCase(bytes, name, "cookie"):
            values.join(.cookie, bytes.extracting(value), by: "; ")
        case 7 where kept.client && Byte.equalIgnoringCase(bytes, name, "referer"):
            values.set(.referer, bytes.extracting(value))
        case 8 where Byte.equalIgnoringCase(bytes, name, "if-range"):
            values.join(.ifRange, bytes.extracting(value), by: ", ")
        case 8 where Byte.equalIgnoringCase(bytes, name, "if-match"):
            values.join(.ifMatch, bytes.extracting(value), by: ", ")
        case 10 where kept.client && Byte.equalIgnoringCase(bytes, name, "user-agent"):
            values.set(.agent, bytes.extracting(value))
        case 10 where Byte.equalIgnoringCase(bytes, name, "connection"):
            try takeConnection(bytes, value)
        case 13 where Byte.equalIgnoringCase(bytes, name, "if-none-match"):
            values.join(.ifNoneMatch, bytes.extracting(value), by: ", ")
        case 14 where Byte.equalIgnoringCase(bytes, name, "content-length"):
            guard contentLength == nil else { throw Refused(.malformed) }
            contentLength = try Self.length(bytes, value)
        case 15 where Byte.equalIgnoringCase(bytes, name, "accept-encoding"):
            values.join(.acceptEncoding, bytes.extracting(value), by: ", ")
        case 16 where Byte.equalIgnoringCase(bytes, name, "content-encoding"):
            if !Byte.equalIgnoringCase(bytes, value, "identity") { isCoded = true }
        case 17 where Byte.equalIgnoringCase(bytes, name, "transfer-encoding"):
            guard !isChunked, Byte.equalIgnoringCase(bytes, value, "chunked") else {
                throw Refused(.malformed)
            }
            isChunked = true
        case 20 where Byte.equalIgnoringCase(bytes, name, "available-dictionary"):
            values.join(.availableDictionary, bytes.extracting(value), by: ", ")
        default:
            break
        }
    }

    /// Checks what the fields say together and moves them into the head.
    ///
    /// An absolute target says for whom the request is; Host, which must be there, is then ignored
    /// (RFC 9112 section 3.2.2).
    mutating func finish(
        into head: inout RequestHead, _ bytes: borrowing Span<UInt8>, authority: Range<Int>?,
        query: Range<Int>?
    ) throws(Refused) {
        if isChunked, contentLength != nil || head.isHTTP10 { throw Refused(.malformed) }
        if !values.has(.host), !head.isHTTP10 { throw Refused(.malformed) }
        // RFC 9110 section 10.1.1: 1.0 knows no expectations.
        if expectsUnknown, !head.isHTTP10 { throw Refused(.expectationUnknown) }
        if let authority { try setHost(bytes, authority) }
        if let query { values.set(.query, bytes.extracting(query)) }
        head.hasBody = isChunked || (contentLength ?? 0) > 0
        head.contentLength = contentLength
        // RFC 9110 section 10.1.1: without a body, and in HTTP/1.0, there is nothing to wait for.
        head.expectsContinue = expectsContinue && head.hasBody && !head.isHTTP10
        head.keepsAlive =
            !head.hasBody && !connectionClose && (!head.isHTTP10 || connectionKeepAlive)
        head.hasCodedBody = head.hasBody && isCoded
        head.signals = signals
        head.isForwardedSecure = isForwardedSecure
        head.values = values
    }

    private mutating func takeConnection(
        _ bytes: borrowing Span<UInt8>, _ value: Range<Int>
    ) throws(Refused) {
        var start = value.lowerBound
        while start < value.upperBound {
            var end = start
            while end < value.upperBound, bytes[end] != UInt8(ascii: ",") { end += 1 }
            var option = start..<end
            while let first = option.first, Byte.isSpaceOrTab(bytes[first]) {
                option = (first + 1)..<option.upperBound
            }
            while let last = option.last, Byte.isSpaceOrTab(bytes[last]) {
                option = option.lowerBound..<last
            }
            if Byte.equalIgnoringCase(bytes, option, "close") { connectionClose = true }
            if Byte.equalIgnoringCase(bytes, option, "keep-alive") { connectionKeepAlive = true }
            start = end + 1
        }
    }

    /// Keeps the name and port of a host, in lower case (RFC 3986 section 3.2.2).
    ///
    /// A comma is refused although a name may have one: two Hosts that somebody joined have one.
    private mutating func setHost(
        _ bytes: borrowing Span<UInt8>, _ value: Range<Int>
    ) throws(Refused) {
        guard !value.isEmpty, value.count <= 255 else { throw Refused(.malformed) }
        var index = value.lowerBound
        if bytes[index] == UInt8(ascii: "[") {
            index += 1
            let start = index
            while index < value.upperBound,
                Base16.value(bytes[index]) != nil || bytes[index] == UInt8(ascii: ":")
                    || bytes[index] == UInt8(ascii: ".")
            {
                index += 1
            }
            guard index > start, index < value.upperBound, bytes[index] == UInt8(ascii: "]") else {
                throw Refused(.malformed)
            }
            index += 1
        } else {
            while index < value.upperBound, bytes[index] != UInt8(ascii: ":") {
                if bytes[index] == UInt8(ascii: "%") {
                    guard index + 2 < value.upperBound, Base16.value(bytes[index + 1]) != nil,
                        Base16.value(bytes[index + 2]) != nil
                    else { throw Refused(.malformed) }
                    index += 2
                } else if !Byte.isRegisteredName(bytes[index]) {
                    throw Refused(.malformed)
                }
                index += 1
            }
            guard index > value.lowerBound else { throw Refused(.malformed) }
        }
        if index < value.upperBound {
            guard bytes[index] == UInt8(ascii: ":") else { throw Refused(.malformed) }
            for place in (index + 1)..<value.upperBound where !Byte.isDigit(bytes[place]) {
                throw Refused(.malformed)
            }
        }
        values.set(.host, bytes.extracting(value))
        values.lowercase(.host)
    }

    private static func length(
        _ bytes: borrowing Span<UInt8>, _ value: Range<Int>
    ) throws(Refused) -> Int {
        guard (1...18).contains(value.count) else { throw Refused(.malformed) }
        var length = 0
        for index in value {
            guard Byte.isDigit(bytes[index]) else { throw Refused(.malformed) }
            length = length * 10 + Int(bytes[index] - 0x30)
        }
        return length
    }
}
