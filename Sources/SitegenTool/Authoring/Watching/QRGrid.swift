// The square of a QR code while it is drawn: the patterns by which a camera finds it, the bits of
// its codewords, and a mask that keeps both from looking like each other.
//
// Of the eight masks the one with the fewest runs, squares and false finders is the best.

/// A square of modules.
struct QRGrid {
    /// From the top, each from the left; true is dark.
    private(set) var rows: [[Bool]]
    /// What is no data.
    private var isFixed: [[Bool]]
    private var size: Int { rows.count }

    /// The patterns of a version from 1 to 6.
    init(version: Int) {
        let size = 17 + 4 * version
        rows = Array(repeating: Array(repeating: false, count: size), count: size)
        isFixed = rows
        for place in 0..<size {
            set(6, place, place % 2 == 0)
            set(place, 6, place % 2 == 0)
        }
        for (row, column) in [(3, 3), (3, size - 4), (size - 4, 3)] { finder(row, column) }
        if version > 1 { square(around: size - 7, distance: 2) { $0 != 1 } }
        mark(mask: 0)
    }

    private mutating func set(_ row: Int, _ column: Int, _ isDark: Bool) {
        guard rows.indices.contains(row), rows.indices.contains(column) else { return }
        (rows[row][column], isFixed[row][column]) = (isDark, true)
    }

    private mutating func finder(_ row: Int, _ column: Int) {
        for down in -4...4 {
            for right in -4...4 {
                let ring = max(abs(down), abs(right))
                set(row + down, column + right, ring != 2 && ring != 4)
            }
        }
    }

    private mutating func square(
        around middle: Int, distance: Int, isDark: (_ ring: Int) -> Bool
    ) {
        for down in -distance...distance {
            for right in -distance...distance {
                set(middle + down, middle + right, isDark(max(abs(down), abs(right))))
            }
        }
    }

    /// Writes, twice, which mask there is; the level of error correction is M.
    private mutating func mark(mask: Int) {
        var rest = mask
        for _ in 0..<10 { rest = rest << 1 ^ (rest >> 9) * 0x537 }
        let bits = (mask << 10 | rest) ^ 0x5412
        func bit(_ place: Int) -> Bool { bits >> place & 1 == 1 }
        for place in 0...5 { set(place, 8, bit(place)) }
        set(7, 8, bit(6))
        set(8, 8, bit(7))
        set(8, 7, bit(8))
        for place in 9...14 { set(8, 14 - place, bit(place)) }
        for place in 0...7 { set(8, size - 1 - place, bit(place)) }
        for place in 8...14 { set(size - 15 + place, 8, bit(place)) }
        set(size - 8, 8, true)
    }

    /// Places codewords, bit by bit: two columns at a time from the right, up and down by turns.
    mutating func place(_ codewords: [UInt8]) {
        var bit = 0
        for pair in 0..<(size - 1) / 2 {
            // The column of the timing pattern is passed over.
            let right = size - 1 - 2 * pair - (size - 1 - 2 * pair <= 6 ? 1 : 0)
            for step in 0..<size {
                for column in [right, right - 1] {
                    let row = pair % 2 == 0 ? size - 1 - step : step
                    guard !isFixed[row][column], bit < 8 * codewords.count else { continue }
                    rows[row][column] = codewords[bit >> 3] >> UInt8(7 - bit & 7) & 1 == 1
                    bit += 1
                }
            }
        }
    }

    /// Turns modules of the data around, and says which.
    mutating func apply(mask: Int) {
        for row in 0..<size {
            for column in 0..<size where !isFixed[row][column] {
                let turns =
                    switch mask {
                    case 0: (row + column) % 2 == 0
                    case 1: row % 2 == 0
                    case 2: column % 3 == 0
                    case 3: (row + column) % 3 == 0
                    case 4: (row / 2 + column / 3) % 2 == 0
                    case 5: row * column % 2 + row * column % 3 == 0
                    case 6: (row * column % 2 + row * column % 3) % 2 == 0
                    default: ((row + column) % 2 + row * column % 3) % 2 == 0
                    }
                if turns { rows[row][column].toggle() }
            }
        }
        mark(mask: mask)
    }

    // MARK: Judging

    /// How hard it is to read; less is better.
    var penalty: Int {
        let columns = rows.indices.map { column in rows.map { $0[column] } }
        let lines = (rows + columns).reduce(0) { $0 + Self.penalty(of: $1) }
        let dark = rows.reduce(0) { $0 + $1.count { $0 } }
        let off = abs(100 * dark - 50 * size * size) / (5 * size * size)
        return lines + squares + 10 * off
    }

    /// 3 for each square of four equal modules.
    private var squares: Int {
        (1..<size).reduce(0) { sum, row in
            sum
                + (1..<size).count { column in
                    let color = rows[row][column]
                    return rows[row - 1][column] == color && rows[row][column - 1] == color
                        && rows[row - 1][column - 1] == color
                } * 3
        }
    }

    private static let falseFinders = [
        [true, false, true, true, true, false, true, false, false, false, false],
        [false, false, false, false, true, false, true, true, true, false, true],
    ]

    /// 3 and more for each run of five and more, 40 for each false finder.
    private static func penalty(of line: [Bool]) -> Int {
        var (sum, run) = (0, 1)
        for place in line.indices.dropFirst() {
            run = line[place] == line[place - 1] ? run + 1 : 1
            if run == 5 { sum += 3 } else if run > 5 { sum += 1 }
        }
        for start in 0...(line.count - 11) {
            let part = Array(line[start..<start + 11])
            if falseFinders.contains(part) { sum += 40 }
        }
        return sum
    }
}
