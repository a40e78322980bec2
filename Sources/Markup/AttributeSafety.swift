// Decides which URLs may stand in an attribute.
//
// A URL with a scheme that runs code would make an attribute of a row a script. Browsers skip
// control characters and spaces while they look for a scheme; so anything that stands before the
// first colon and is not exactly an allowed scheme is blocked, whatever a browser would make of
// it. A relative reference may hold a colon after its first `/`, `?` or `#`.

/// What a blocked URL is replaced by.
let blockedURL: StaticString = "about:blank#blocked"

/// Whether a URL has no scheme, or one of http, https, mailto and tel.
func isAllowedURL(_ url: UnsafeBufferPointer<UInt8>) -> Bool {
    for index in 0..<url.count {
        switch unsafe url[index] {
        case 0x3a: return unsafe isAllowedScheme(UnsafeBufferPointer(rebasing: url[..<index]))
        case 0x2f, 0x3f, 0x23: return true
        default: continue
        }
    }
    return true
}

private func isAllowedScheme(_ scheme: UnsafeBufferPointer<UInt8>) -> Bool {
    var word: UInt64 = 0
    guard scheme.count >= 3, scheme.count <= 6 else { return false }
    for index in 0..<scheme.count {
        let byte = unsafe scheme[index]
        guard (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) else { return false }
        word = word << 8 | UInt64(byte | 0x20)
    }
    switch word {
    case 0x6874_7470: return true  // http
    case 0x68_7474_7073: return true  // https
    case 0x6d61_696c_746f: return true  // mailto
    case 0x74_656c: return true  // tel
    default: return false
    }
}

/// Whether each candidate of a `srcset` is allowed.
///
/// Candidates are split at commas and white space alike, which is stricter than the standard:
/// descriptors such as `2x` hold no colon and pass, and no candidate can hide inside another.
func areAllowedURLs(_ list: UnsafeBufferPointer<UInt8>) -> Bool {
    // Without a colon there is no scheme anywhere.
    guard unsafe holdsColon(list) else { return true }
    var start = 0
    var index = 0
    while index <= list.count {
        let atEnd = index == list.count
        if unsafe atEnd || list[index] == 0x2c || list[index] <= 0x20 {
            let part = unsafe UnsafeBufferPointer(rebasing: list[start..<index])
            guard unsafe isAllowedURL(part) else { return false }
            start = index + 1
        }
        index += 1
    }
    return true
}

/// Whether there is a colon, looking at 16 bytes at a time.
@inline(__always)
private func holdsColon(_ list: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = list.baseAddress, list.count >= 16 else { return unsafe list.contains(0x3a) }
    let raw = unsafe UnsafeRawPointer(base)
    let last = list.count - 16
    var hits = SIMD2<UInt64>()
    var index = 0
    while index < last {
        hits |= unsafe colons(raw.loadUnaligned(fromByteOffset: index, as: Vector.self))
        index += 16
    }
    hits |= unsafe colons(raw.loadUnaligned(fromByteOffset: last, as: Vector.self))
    return hits[0] | hits[1] != 0
}

@inline(__always)
private func colons(_ vector: Vector) -> SIMD2<UInt64> {
    unsafe unsafeBitCast(vector .== Vector(repeating: 0x3a), to: SIMD2<UInt64>.self)
}
