import FoundationEssentials
import Glibc
import Synchronization

/// Numbers and sizes as people read them.
package enum Display {
    /// `1,234,567`.
    package static func number(_ value: Int) -> String {
        var digits = Array(String(value))
        var position = digits.count - 3
        while position > (value < 0 ? 1 : 0) {
            digits.insert(",", at: position)
            position -= 3
        }
        return String(digits)
    }

    /// `14.2 kB`; powers of 1000.
    package static func bytes(_ count: Int) -> String {
        var value = Double(count)
        for unit in ["B", "kB", "MB", "GB"] {
            // 999.95 would be shown as 1000.0.
            if value < (unit == "B" ? 1000 : 999.95) || unit == "GB" {
                return unit == "B" ? "\(count) B" : "\(oneDecimal(value)) \(unit)"
            }
            value /= 1000
        }
        return "\(count) B"
    }

    /// Lines of columns: the first left-aligned, the others right-aligned.
    static func table(_ rows: [[String]]) -> [String] {
        guard let first = rows.first else { return [] }
        let widths = first.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).enumerated().map { column, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + padding : padding + cell.0
            }.joined(separator: "  ")
        }
    }

    /// `1.4 s`.
    package static func seconds(_ value: Double) -> String { "\(oneDecimal(value)) s" }

    private static func oneDecimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(number(tenths / 10)).\(tenths % 10)"
    }
}
