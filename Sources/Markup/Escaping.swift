// Copies text while escaping it, 16 bytes at a time.
//
// Most strings hold nothing to escape, so a copy and the search are one pass: load, store, test.
// Only forms of SIMD that the compiler really turns into vector code are used here: comparisons
// with `.==` whose masks are joined as integers. Scalar literals as operands, `.|` on masks and
// `any()` cost 40 to 200 times as much. Control characters that XML forbids are dropped; C1
// controls and DEL pass, being valid XML and harmless in HTML.

typealias Vector = SIMD16<UInt8>

/// Where a text goes, which decides what has to be escaped; a type, so that each place gets code of
/// its own.
protocol EscapeContext {
    /// Quotes are escaped.
    static var quotes: Bool { get }
    /// What is no character of XML is dropped.
    static var xml: Bool { get }
}

/// Inside an element.
enum InText: EscapeContext {
    static let quotes = false
    static let xml = false
}

/// Inside a quoted attribute.
enum InQuotes: EscapeContext {
    static let quotes = true
    static let xml = false
}

/// Inside an element of an XML document.
enum InXMLText: EscapeContext {
    static let quotes = false
    static let xml = true
}

/// Inside a quoted attribute of an XML document.
enum InXMLQuotes: EscapeContext {
    static let quotes = true
    static let xml = true
}

/// Copies `count` bytes and escapes them; returns where it ended.
///
/// At least `6 * count + MarkupLimits.slackBytes` bytes must be free at `target`. The source must
/// be whole UTF-8.
@inline(__always)
func escape<Context: EscapeContext>(
    _ source: UnsafePointer<UInt8>, _ count: Int, to target: Cursor, _: Context.Type
) -> Cursor {
    var from = unsafe UnsafeRawPointer(source)
    var to = unsafe target
    var left = count
    while left >= 32 {
        let first = unsafe from.loadUnaligned(as: Vector.self)
        let second = unsafe from.loadUnaligned(fromByteOffset: 16, as: Vector.self)
        let found = hits(first, Context.self) | hits(second, Context.self)
        if found[0] | found[1] != 0 { break }
        let target = UnsafeMutableRawPointer(to)
        unsafe target.storeBytes(of: first, as: Vector.self)
        unsafe target.storeBytes(of: second, toByteOffset: 16, as: Vector.self)
        unsafe from += 32
        unsafe to += 32
        left &-= 32
    }
    if left >= 16 {
        let vector = unsafe from.loadUnaligned(as: Vector.self)
        let found = hits(vector, Context.self)
        if left >= 32 || found[0] | found[1] != 0 {
            return unsafe escapeSlowly(
                from.assumingMemoryBound(to: UInt8.self), left, to: to, Context.self)
        }
        unsafe UnsafeMutableRawPointer(to).storeBytes(of: vector, as: Vector.self)
        unsafe from += 16
        unsafe to += 16
        left &-= 16
    }
    if left == 0 { return unsafe to }
    if count >= 16 {
        // The last 16 bytes, some of which were copied before; all of them are clean or none is.
        let vector = unsafe from.loadUnaligned(fromByteOffset: left &- 16, as: Vector.self)
        let found = hits(vector, Context.self)
        if found[0] | found[1] == 0 {
            unsafe to += left
            unsafe UnsafeMutableRawPointer(to - 16).storeBytes(of: vector, as: Vector.self)
            return unsafe to
        }
    }
    return unsafe escapeSlowly(
        from.assumingMemoryBound(to: UInt8.self), left, to: to, Context.self)
}

/// As `escape`, for what is left of a text from where there is something to escape.
@inline(never)
private func escapeSlowly<Context: EscapeContext>(
    _ source: UnsafePointer<UInt8>, _ count: Int, to target: Cursor, _: Context.Type
) -> Cursor {
    var from = unsafe source
    var to = unsafe target
    var left = count
    while left > 0 {
        let step = min(left, 16)
        let vector =
            unsafe left >= 16
            ? UnsafeRawPointer(from).loadUnaligned(as: Vector.self) : tail(from, left)
        unsafe UnsafeMutableRawPointer(to).storeBytes(of: vector, as: Vector.self)
        let hit = firstHit(vector, Context.self)
        if hit >= step {
            unsafe from += step
            unsafe to += step
            left &-= step
            continue
        }
        unsafe to += hit
        unsafe from += hit
        left &-= hit
        let used = unsafe replace(from, left, &to)
        unsafe from += used
        left &-= used
    }
    return unsafe to
}

/// The index of the first byte that needs a look, or 16.
@inline(__always)
func firstHit<Context: EscapeContext>(_ vector: Vector, _: Context.Type) -> Int {
    let found = hits(vector, Context.self)
    let low = found[0].trailingZeroBitCount
    let high = found[1].trailingZeroBitCount
    // Without a branch: where short strings end is not to be foreseen.
    return (low &+ (high & (0 &- low >> 6))) >> 3
}

/// The bytes that need a look, as those that are not 0.
@inline(__always)
func hits<Context: EscapeContext>(_ vector: Vector, _: Context.Type) -> SIMD2<UInt64> {
    let low = Vector(repeating: 0x20)
    // < and > differ in one bit, as do " and &.
    var hits = bits((vector | Vector(repeating: 2)) .== Vector(repeating: 0x3e))
    hits |= bits((vector & Vector(repeating: 0xe0)) .== (low ^ low))
    if Context.quotes {
        hits |= bits((vector & Vector(repeating: 0xfb)) .== Vector(repeating: 0x22))
    } else {
        hits |= bits(vector .== Vector(repeating: 0x26))
    }
    if Context.xml {
        hits |= bits(vector .== Vector(repeating: 0xef))
    }
    return hits
}

@inline(__always)
private func bits(_ mask: SIMDMask<SIMD16<Int8>>) -> SIMD2<UInt64> {
    unsafe unsafeBitCast(mask, to: SIMD2<UInt64>.self)
}

/// Fewer than 16 bytes as one vector, without reading past them; zeros behind.
@inline(__always)
func tail(_ from: UnsafePointer<UInt8>, _ count: Int) -> Vector {
    let raw = unsafe UnsafeRawPointer(from)
    var low: UInt64
    var high: UInt64 = 0
    if count >= 8 {
        unsafe low = raw.loadUnaligned(as: UInt64.self)
        let last = unsafe raw.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        high = last >> (UInt64(truncatingIfNeeded: 16 &- count) &* 8)
    } else if count >= 4 {
        let first = unsafe raw.loadUnaligned(as: UInt32.self)
        let last = unsafe raw.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
        low = UInt64(first) | UInt64(last) << (UInt64(truncatingIfNeeded: count &- 4) &* 8)
    } else {
        // One to three bytes: the first, the middle one and the last may be the same.
        let middle = count >> 1
        low = unsafe UInt64(from[0])
        low |= unsafe UInt64(from[middle]) << (UInt64(truncatingIfNeeded: middle) &* 8)
        low |= unsafe UInt64(from[count - 1]) << (UInt64(truncatingIfNeeded: count &- 1) &* 8)
    }
    return unsafe unsafeBitCast(SIMD2(low, high), to: Vector.self)
}

/// Writes what stands for the byte at `from`; returns how many source bytes it stood for.
@inline(__always)
private func replace(
    _ from: UnsafePointer<UInt8>, _ left: Int, _ to: inout Cursor
) -> Int {
    let byte = unsafe from[0]
    switch byte {
    case 0x3c: unsafe putWord(0x3b74_6c26, 4, &to)  // &lt;
    case 0x3e: unsafe putWord(0x3b74_6726, 4, &to)  // &gt;
    case 0x26: unsafe putWord(0x3b_706d_6126, 5, &to)  // &amp;
    case 0x22: unsafe putWord(0x3b74_6f75_7126, 6, &to)  // &quot;
    case 0x09, 0x0a, 0x0d: unsafe putWord(UInt64(byte), 1, &to)
    case 0xef:
        // U+FFFE and U+FFFF are no characters of XML.
        if unsafe left >= 3 && from[1] == 0xbf && from[2] >= 0xbe { return 3 }
        unsafe putWord(UInt64(byte), 1, &to)
    default: break  // a control character
    }
    return 1
}

/// Puts the first `count` bytes of a word, the lowest first; 8 must be free.
@inline(__always)
func putWord(_ word: UInt64, _ count: Int, _ to: inout Cursor) {
    unsafe UnsafeMutableRawPointer(to).storeBytes(of: word.littleEndian, as: UInt64.self)
    unsafe to += count
}

/// Copies up to 32 bytes from where 16, or 32 for more than 16, can be read.
@inline(__always)
func copyPadded(_ start: UInt, _ count: Int, to target: Cursor) -> Cursor {
    // The address of a literal is never 0.
    let from = unsafe UnsafeRawPointer(bitPattern: start).unsafelyUnwrapped
    let to = UnsafeMutableRawPointer(target)
    unsafe to.storeBytes(of: from.loadUnaligned(as: Vector.self), as: Vector.self)
    if count > 16 {
        unsafe to.storeBytes(
            of: from.loadUnaligned(fromByteOffset: 16, as: Vector.self), toByteOffset: 16,
            as: Vector.self)
    }
    return unsafe target + count
}

/// Copies a literal of any length; returns where it ended.
@inline(__always)
func copy(_ literal: StaticString, to target: Cursor) -> Cursor {
    unsafe target.update(from: literal.utf8Start, count: literal.utf8CodeUnitCount)
    return unsafe target + literal.utf8CodeUnitCount
}
