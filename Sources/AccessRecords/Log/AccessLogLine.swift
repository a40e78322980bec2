// Lines of an access log read again: those of `AccessLogWriter`, the common form of other servers,
// and paths alone. Only the path of a GET or HEAD is of interest, as it was sent. A line that is
// cut or is none gives nothing, and never an error.

internal import Groundwork

/// One line of a log.
package enum AccessLogLine {
    /// The path of a GET or HEAD as it was sent; nil for any other line.
    package static func path(in line: some Collection<UInt8>) -> String? {
        let line = Array(line)
        if line.first == UInt8(ascii: "{") { return objectPath(line) }
        var words = requestWords(line)
        if let method = words.firstIndex(where: { $0 == "GET" || $0 == "HEAD" }) {
            words.removeSubrange(...method)
        }
        guard let path = words.first, path.hasPrefix("/") else { return nil }
        return path
    }

    // MARK: The common form

    /// The words of the quoted request, or of the whole line if nothing is quoted.
    private static func requestWords(_ line: [UInt8]) -> [String] {
        let quote = UInt8(ascii: "\"")
        guard let start = line.firstIndex(of: quote) else { return words(line) }
        var request: [UInt8] = []
        var index = start + 1
        while index < line.count, line[index] != quote {
            guard line[index] == UInt8(ascii: "\\"), index + 1 < line.count else {
                request.append(line[index])
                index += 1
                continue
            }
            let isCode = line[index + 1] == UInt8(ascii: "x") && index + 3 < line.count
            if isCode, let byte = Base16.bytes(of: text(line[(index + 2)...(index + 3)]))?.first {
                request.append(byte)
                index += 4
            } else {
                request.append(line[index + 1])
                index += 2
            }
        }
        return words(request)
    }

    private static func words(_ bytes: [UInt8]) -> [String] {
        bytes.split { $0 == 0x20 || $0 == 0x0D }.map { text($0) }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Objects

    /// The value of `path` in an object that has no other object before it.
    private static func objectPath(_ line: [UInt8]) -> String? {
        var index = 0
        var isValue = false
        while let start = line[index...].firstIndex(of: UInt8(ascii: "\"")) {
            guard let (string, end) = string(line, behind: start) else { return nil }
            let next = line[end...].first { $0 != 0x20 }
            let isName = next == UInt8(ascii: ":")
            if isValue, !isName { return string }
            isValue = isName && string == "path"
            index = end
        }
        return nil
    }

    /// The string that begins behind a quote, and the offset behind it.
    private static func string(_ line: [UInt8], behind start: Int) -> (String, Int)? {
        var units: [UInt8] = []
        var surrogate: UInt16?
        var index = start + 1
        while index < line.count {
            let byte = line[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return (text(units[...]), index) }
            guard byte == UInt8(ascii: "\\") else {
                units.append(byte)
                continue
            }
            guard index < line.count else { return nil }
            let code = line[index]
            index += 1
            guard code == UInt8(ascii: "u") else {
                units.append(escapes[code] ?? code)
                continue
            }
            guard index + 4 <= line.count,
                let pair = Base16.bytes(of: text(line[index..<(index + 4)]))
            else { return nil }
            index += 4
            let unit = UInt16(pair[0]) << 8 | UInt16(pair[1])
            if UTF16.isLeadSurrogate(unit) {
                surrogate = unit
                continue
            }
            units += Array(
                String(decoding: [surrogate, unit].compactMap { $0 }, as: UTF16.self).utf8)
            surrogate = nil
        }
        return nil
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A,
        UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    ]
}
