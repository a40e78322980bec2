// A text as a square of dark and light modules that a phone's camera reads (ISO/IEC 18004).
//
// Bytes only, error correction M, versions 1 to 6: what an address on a local network needs. The
// square is drawn in half blocks, two rows of modules to a line, light on whatever is dark.

/// A QR code.
struct QRCode: Equatable {
    /// The rows from the top, each from the left; true is dark.
    let rows: [[Bool]]

    /// The most bytes of a text.
    static let bytesMax = versions[versions.count - 1].dataBytes - 2

    /// What a version has: bytes of data and of error correction in each of its blocks.
    private struct Version {
        let blocks: Int
        let bytesOfBlock: Int
        let correctionOfBlock: Int

        var dataBytes: Int { blocks * bytesOfBlock }
    }

    private static let versions = [
        Version(blocks: 1, bytesOfBlock: 16, correctionOfBlock: 10),
        Version(blocks: 1, bytesOfBlock: 28, correctionOfBlock: 16),
        Version(blocks: 1, bytesOfBlock: 44, correctionOfBlock: 26),
        Version(blocks: 2, bytesOfBlock: 32, correctionOfBlock: 18),
        Version(blocks: 2, bytesOfBlock: 43, correctionOfBlock: 24),
        Version(blocks: 4, bytesOfBlock: 27, correctionOfBlock: 16),
    ]

    /// Encodes a text in the smallest version that holds it; nil for one that is too long.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let place = Self.versions.firstIndex(where: { bytes.count <= $0.dataBytes - 2 })
        else { return nil }
        let version = Self.versions[place]
        let codewords = Self.codewords(bytes, version)
        let drawings = (0..<8).map { mask in
            var grid = QRGrid(version: place + 1)
            grid.place(codewords)
            grid.apply(mask: mask)
            return grid
        }
        let best = drawings.min { $0.penalty < $1.penalty }
        guard let best else { return nil }
        rows = best.rows
    }

    /// Data and error correction in the order in which they are placed.
    private static func codewords(_ bytes: [UInt8], _ version: Version) -> [UInt8] {
        // Four bits say that bytes follow, eight how many; four zeros end them.
        var data = [0x40 | UInt8(bytes.count >> 4)]
        var low = UInt8(bytes.count & 15)
        for byte in bytes {
            data.append(low << 4 | byte >> 4)
            low = byte & 15
        }
        data.append(low << 4)
        var filling = [UInt8(0xEC), 0x11]
        while data.count < version.dataBytes {
            data.append(filling[0])
            filling.swapAt(0, 1)
        }
        let blocks = (0..<version.blocks).map { block in
            Array(data[block * version.bytesOfBlock..<(block + 1) * version.bytesOfBlock])
        }
        let corrections = blocks.map { Self.correction(of: $0, count: version.correctionOfBlock) }
        func interleaved(_ parts: [[UInt8]]) -> [UInt8] {
            (parts.first ?? []).indices.flatMap { place in parts.map { $0[place] } }
        }
        return interleaved(blocks) + interleaved(corrections)
    }

    // MARK: Reed and Solomon

    /// The rest of the data divided by the generator of `count` roots.
    private static func correction(of data: [UInt8], count: Int) -> [UInt8] {
        var generator = [UInt8](repeating: 0, count: count - 1) + [1]
        var root: UInt8 = 1
        for _ in 0..<count {
            for place in 0..<count {
                generator[place] = product(generator[place], root)
                if place + 1 < count { generator[place] ^= generator[place + 1] }
            }
            root = product(root, 2)
        }
        var rest = [UInt8](repeating: 0, count: count)
        for byte in data {
            let factor = byte ^ rest[0]
            rest = Array(rest.dropFirst()) + [0]
            for place in 0..<count { rest[place] ^= product(generator[place], factor) }
        }
        return rest
    }

    /// The product in the field of 256 elements with x⁸ + x⁴ + x³ + x² + 1.
    private static func product(_ first: UInt8, _ second: UInt8) -> UInt8 {
        (0..<8).reversed().reduce(0) { sum, bit in
            let doubled = sum << 1 ^ (sum & 0x80 == 0 ? 0 : 0x1D)
            return second >> UInt8(bit) & 1 == 0 ? doubled : doubled ^ first
        }
    }

    // MARK: Drawing

    /// How many light modules stand around the code.
    private static let margin = 4

    /// The lines of a drawing: light modules are blocks, dark ones what is behind.
    var lines: [String] {
        let width = rows.count + 2 * Self.margin
        func isLight(_ row: Int, _ column: Int) -> Bool {
            let (row, column) = (row - Self.margin, column - Self.margin)
            guard rows.indices.contains(row), rows.indices.contains(column) else { return true }
            return !rows[row][column]
        }
        return stride(from: 0, to: width, by: 2).map { top in
            (0..<width).map { column in
                switch (isLight(top, column), top + 1 < width && isLight(top + 1, column)) {
                case (true, true): "█"
                case (true, false): "▀"
                case (false, true): "▄"
                case (false, false): " "
                }
            }.joined()
        }
    }
}
