// Writes strings into the page, escaped.
//
// Short strings are read straight from their two words; the closures that see a longer string's
// bytes call nothing opaque and touch no stored property, since only then does the compiler leave
// out retaining it. Room is therefore made beforehand, for the worst case.

extension PageWriter {
    /// Writes text for the inside of an element, as a statement of a builder.
    @inline(__always) func writeText(_ text: String) {
        if unsafe state.pointee.region.has([.xml, .pending]) { return writeTextSlowly(text) }
        let cursor: Cursor
        if let end = unsafe putShort(text, at: room(), InText.self) {
            unsafe cursor = unsafe end
        } else {
            unsafe cursor = putText(text, at: room())
        }
        unsafe state.pointee.cursor = unsafe cursor
    }

    @inline(never) private func writeTextSlowly(_ text: String) {
        checkNothingPending()
        let cursor = unsafe room()
        unsafe state.pointee.cursor =
            isXML
            ? putLong(text, at: cursor, InXMLText.self) : putLong(text, at: cursor, InText.self)
    }

    /// Writes text for the inside of a quoted attribute.
    @inline(never) func writeQuoted(_ text: String) {
        let cursor = unsafe room()
        unsafe state.pointee.cursor =
            isXML
            ? putLong(text, at: cursor, InXMLQuotes.self)
            : putLong(text, at: cursor, InQuotes.self)
    }

    /// Puts the value of an attribute, and the quote that ends it, to where at least
    /// `MarkupLimits.slackBytes` are free.
    @inline(__always) func putValue(_ text: String, at cursor: Cursor) -> Cursor {
        guard let end = unsafe putShort(text, at: cursor, InQuotes.self) else {
            return unsafe putQuoted(text, at: cursor)
        }
        unsafe end.pointee = 0x22
        return unsafe end + 1
    }

    /// A string of up to 15 bytes with nothing to escape; nil if it is another.
    @inline(__always) private func putShort<Context: EscapeContext>(
        _ text: String, at target: Cursor, _: Context.Type
    ) -> Cursor? {
        #if _pointerBitWidth(_64) && _endian(little)
            // Such a string lies in the two words themselves, the highest byte holding its
            // length; what is behind its bytes is written over by what comes next. Tests compare
            // this with the long way for every length.
            let words = unsafe unsafeBitCast(text, to: SIMD2<UInt64>.self)
            if words[1] & 0x2000_0000_0000_0000 != 0 {
                let vector = unsafe unsafeBitCast(words, to: Vector.self)
                unsafe UnsafeMutableRawPointer(target).storeBytes(of: vector, as: Vector.self)
                let count = Int(truncatingIfNeeded: words[1] >> 56 & 15)
                if firstHit(vector, Context.self) >= count { return unsafe target + count }
            }
        #endif
        return nil
    }

    @inline(never) private func putText(_ text: String, at cursor: Cursor) -> Cursor {
        unsafe putPiece(text, at: cursor, InText.self)
    }

    @inline(never) private func putQuoted(_ text: String, at cursor: Cursor) -> Cursor {
        let end = unsafe putPiece(text, at: cursor, InQuotes.self)
        unsafe end.pointee = 0x22
        return unsafe end + 1
    }

    /// As `putValue`, for a URL or a list of them; one that is not allowed is replaced and noted.
    @inline(__always) func putURL(_ url: String, isList: Bool, at cursor: Cursor) -> Cursor {
        let count = url.utf8.count
        if isXML || count > MarkupLimits.pieceBytesMax {
            return unsafe putURLSlowly(url, isList: isList, at: cursor)
        }
        let target = unsafe room(count &* 6, at: cursor)
        let end = unsafe url.utf8.withContiguousStorageIfAvailable { bytes -> Cursor? in
            guard let base = bytes.baseAddress, bytes.count > 0 else { return unsafe target }
            // A path of this site needs no look at its scheme.
            let isAllowed =
                unsafe isList ? areAllowedURLs(bytes) : base[0] == 0x2f || isAllowedURL(bytes)
            return unsafe isAllowed ? escape(base, bytes.count, to: target, InQuotes.self) : nil
        }
        guard let end = unsafe end ?? nil else { return unsafe putBlocked(at: target) }
        unsafe end.pointee = 0x22
        return unsafe end + 1
    }

    @inline(never) private func putURLSlowly(
        _ url: String, isList: Bool, at cursor: Cursor
    ) -> Cursor {
        var url = url
        let isAllowed = url.withUTF8 { bytes in
            unsafe isList ? areAllowedURLs(bytes) : isAllowedURL(bytes)
        }
        if !isAllowed { return unsafe putBlocked(at: cursor) }
        let end =
            isXML
            ? unsafe putLong(url, at: cursor, InXMLQuotes.self)
            : unsafe putLong(url, at: cursor, InQuotes.self)
        unsafe end.pointee = 0x22
        return unsafe end + 1
    }

    @inline(__always) private func putPiece<Context: EscapeContext>(
        _ text: String, at cursor: Cursor, _: Context.Type
    ) -> Cursor {
        let count = text.utf8.count
        // Making room may move the page: from here on, `cursor` is not to be used.
        let target = unsafe room(min(count, MarkupLimits.pieceBytesMax) &* 6, at: cursor)
        if count <= MarkupLimits.pieceBytesMax {
            let end = unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
                guard let base = bytes.baseAddress else { return unsafe target }
                return unsafe escape(base, bytes.count, to: target, Context.self)
            }
            if let end = unsafe end { return unsafe end }
        }
        return unsafe putLong(text, at: target, Context.self)
    }

    /// Any string, in pieces; returns where it ended, with `MarkupLimits.slackBytes` free behind.
    @inline(never) func putLong<Context: EscapeContext>(
        _ text: String, at cursor: Cursor, _: Context.Type
    ) -> Cursor {
        let page = self
        var text = text
        return text.withUTF8 { bytes in
            var target = unsafe page.room(0, at: cursor)
            guard let base = bytes.baseAddress else { return unsafe target }
            var from = 0
            while from < bytes.count {
                var step = min(bytes.count - from, MarkupLimits.pieceBytesMax)
                // Never cut inside a scalar.
                while unsafe from + step < bytes.count && bytes[from + step] & 0xc0 == 0x80 {
                    step -= 1
                }
                unsafe target = page.room(step * 6, at: target)
                unsafe target = escape(base + from, step, to: target, Context.self)
                from += step
            }
            return unsafe target
        }
    }
}

/// A whole number in decimal.
@usableFromInline func decimal(_ number: Int) -> String {
    guard number >= 0 && number < 100_000_000 else { return String(number) }
    var rest = UInt32(truncatingIfNeeded: number)
    var digits: UInt64 = 0
    var count = 0
    repeat {
        let tenth = rest / 10
        digits = digits << 8 | UInt64(truncatingIfNeeded: 0x30 &+ rest &- tenth &* 10)
        rest = tenth
        count &+= 1
    } while rest != 0
    return unsafe String(unsafeUninitializedCapacity: 8) { bytes in
        unsafe UnsafeMutableRawBufferPointer(bytes).storeBytes(
            of: digits.littleEndian, as: UInt64.self)
        return count
    }
}
