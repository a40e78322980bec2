// Whether bytes are well-formed XML, and where they are not: expat, which reads them and keeps
// nothing.
//
// Names of namespaces have to be declared. Nothing outside the bytes is read: expat loads no
// external entity unless it is told how.

internal import CExpat

/// Reads XML and keeps nothing of it.
package enum XMLSyntax {
    /// Where bytes are not XML.
    package struct Fault: Error, Equatable, CustomStringConvertible {
        /// The line, from 1.
        package let line: Int
        /// The byte of the line, from 1.
        package let column: Int
        /// The library's words, such as `mismatched tag`.
        package let reason: String

        /// `line 2, byte 7: mismatched tag`.
        package var description: String { "line \(line), byte \(column): \(reason)" }
    }

    /// Looks for a fault in bytes that should be one document.
    ///
    /// - Parameter bytes: at most 2 GiB, the most that expat takes at a time.
    /// - Returns: the first fault; nil if there is none.
    package static func fault(in bytes: [UInt8]) -> Fault? {
        guard let length = Int32(exactly: bytes.count) else {
            return Fault(line: 1, column: 1, reason: "it has more than 2 GiB")
        }
        // NUL cannot stand in a name, so it separates a namespace from a name.
        guard let parser = unsafe XML_ParserCreateNS(nil, 0) else {
            return Fault(line: 1, column: 1, reason: "there is no memory to read it")
        }
        defer { unsafe XML_ParserFree(parser) }
        let status = unsafe bytes.withUnsafeBytes { buffer in
            unsafe XML_Parse(
                parser, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), length, 1)
        }
        guard status != XML_STATUS_OK else { return nil }
        let words = unsafe XML_ErrorString(XML_GetErrorCode(parser)).map {
            unsafe String(cString: $0)
        }
        return Fault(
            line: Int(unsafe XML_GetCurrentLineNumber(parser)),
            column: Int(unsafe XML_GetCurrentColumnNumber(parser)) + 1,
            reason: words ?? "it is not well-formed")
    }
}
