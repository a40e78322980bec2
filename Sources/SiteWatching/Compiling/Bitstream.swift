// The records of an LLVM bitstream, as the Swift compiler writes its accounts of dependencies.
//
// Only what such a file has is read: blocks, abbreviations, records of integers and bytes. Whatever
// is not as expected makes nil of the whole. (Source: "LLVM Bitcode File Format", sections
// Bitstream Format and BLOCKINFO.)

/// Reads a bitstream that has been loaded whole.
struct Bitstream {
    /// A record: what it is, its integers, and the bytes behind them.
    struct Record: Equatable {
        var code = 0
        var values: [Int] = []
        var bytes: [UInt8] = []
    }

    /// How a record's part is written.
    private enum Part {
        case literal(Int)
        case fixed(Int)
        case variable(Int)
        case array
        case character
        case bytes
    }

    private let bytes: [UInt8]
    private var bit: Int
    /// The abbreviations of kinds of blocks.
    private var known: [Int: [[Part]]] = [:]

    /// The most values of one record, and blocks in one another.
    private static let valuesMax = 1 << 20
    private static let depthMax = 8
    private static let blockInfo = 0

    private init(_ bytes: [UInt8], from start: Int) {
        self.bytes = bytes
        bit = start * 8
    }

    /// The records of all blocks, in order.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - signature: what it begins with; a multiple of four bytes.
    /// - Returns: nil when it is no such file.
    static func records(in bytes: [UInt8], signature: [UInt8]) -> [Record]? {
        guard bytes.starts(with: signature), signature.count % 4 == 0 else { return nil }
        var stream = Bitstream(bytes, from: signature.count)
        var records: [Record] = []
        while stream.bit < bytes.count * 8 {
            guard stream.integer(2) == 1, stream.readBlock(&records, depth: 0) else { return nil }
        }
        return records
    }

    // MARK: Blocks

    /// Reads a block behind its mark.
    private mutating func readBlock(_ records: inout [Record], depth: Int) -> Bool {
        guard depth < Self.depthMax, let kind = variable(8), let width = variable(4),
            (2...16).contains(width), align(), integer(32) != nil
        else { return false }
        var abbreviations = known[kind] ?? []
        // Which block's abbreviations a block of such information is about.
        var subject: Int?
        while let mark = integer(width) {
            switch mark {
            case 0: return align()
            case 1: guard readBlock(&records, depth: depth + 1) else { return false }
            case 2:
                guard let made = abbreviation() else { return false }
                if kind == Self.blockInfo {
                    guard let subject else { return false }
                    known[subject, default: []].append(made)
                } else {
                    abbreviations.append(made)
                }
            case 3:
                guard let record = plainRecord() else { return false }
                if kind != Self.blockInfo {
                    records.append(record)
                } else if record.code == 1 {
                    subject = record.values.first
                }
            default:
                guard abbreviations.indices.contains(mark - 4),
                    let record = record(abbreviations[mark - 4])
                else { return false }
                if kind != Self.blockInfo { records.append(record) }
            }
        }
        return false
    }

    private mutating func abbreviation() -> [Part]? {
        guard let count = variable(5) else { return nil }
        var parts: [Part] = []
        while parts.count < count {
            guard let isLiteral = integer(1) else { return nil }
            if isLiteral == 1 {
                guard let value = variable(8) else { return nil }
                parts.append(.literal(value))
                continue
            }
            switch integer(3) {
            case 1: parts.append(.fixed(variable(5) ?? -1))
            case 2: parts.append(.variable(variable(5) ?? -1))
            case 3: parts.append(.array)
            case 4: parts.append(.character)
            case 5: parts.append(.bytes)
            default: return nil
            }
        }
        return parts
    }

    private mutating func plainRecord() -> Record? {
        guard let code = variable(6), let count = variable(6), count <= Self.valuesMax else {
            return nil
        }
        var record = Record(code: code)
        for _ in 0..<count {
            guard let value = variable(6) else { return nil }
            record.values.append(value)
        }
        return record
    }

    private mutating func record(_ parts: [Part]) -> Record? {
        var record = Record()
        var values: [Int] = []
        for (index, part) in parts.enumerated() {
            switch part {
            case .array:
                guard let count = variable(6), count <= Self.valuesMax,
                    parts.indices.contains(index + 1)
                else { return nil }
                for _ in 0..<count {
                    guard let value = value(parts[index + 1]) else { return nil }
                    values.append(value)
                }
            case .bytes:
                guard let count = variable(6), align(), bit / 8 + count <= bytes.count else {
                    return nil
                }
                record.bytes = Array(bytes[(bit / 8)..<(bit / 8 + count)])
                bit += count * 8
                guard align() else { return nil }
            default:
                // What an array is made of stands behind it, and is no part of its own.
                if index > 0, case .array = parts[index - 1] { continue }
                guard let value = value(part) else { return nil }
                values.append(value)
            }
        }
        guard let code = values.first else { return nil }
        (record.code, record.values) = (code, Array(values.dropFirst()))
        return record
    }

    // MARK: Integers

    private mutating func value(_ part: Part) -> Int? {
        switch part {
        case .literal(let value): value
        case .fixed(let width): integer(width)
        case .variable(let width): width == 0 ? 0 : variable(width)
        case .character: integer(6)
        case .array, .bytes: nil
        }
    }

    /// The next bits, the lowest first.
    private mutating func integer(_ width: Int) -> Int? {
        guard (0...62).contains(width), bit + width <= bytes.count * 8 else { return nil }
        var value = 0
        for offset in 0..<width {
            let place = bit + offset
            value |= Int(bytes[place / 8] >> UInt8(place % 8) & 1) << offset
        }
        bit += width
        return value
    }

    /// An integer in groups of bits, of which the highest says whether another one follows.
    private mutating func variable(_ width: Int) -> Int? {
        guard (2...32).contains(width) else { return nil }
        var (value, shift) = (0, 0)
        while let group = integer(width) {
            let more = 1 << (width - 1)
            guard shift + width <= 62 else { return nil }
            value |= (group & (more - 1)) << shift
            if group & more == 0 { return value }
            shift += width - 1
        }
        return nil
    }

    private mutating func align() -> Bool {
        bit = (bit + 31) / 32 * 32
        return bit <= bytes.count * 8
    }
}
