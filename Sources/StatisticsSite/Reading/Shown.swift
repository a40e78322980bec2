// How values are written for people, and texts of strangers made harmless for the eye: what would
// move a cursor or turn the direction of a line is replaced, what is long is shortened.
//
// Escaping is not here: that is the markup's, whatever the text is.

import Groundwork
import SiteAuthoring

/// Texts of values.
enum Shown {
    /// The most characters of a text in a list.
    private static let charactersMax = 90

    /// A text that a stranger has written.
    static func text(_ text: String) -> String {
        let printable = PrintableText.of(text)
        guard printable.count > charactersMax else { return printable }
        return printable.prefix(charactersMax * 2 / 3) + "…" + printable.suffix(charactersMax / 4)
    }

    /// `1,234,567`.
    static func number(_ value: Int) -> String { Format.number(value) }

    /// `0.10` for 100.
    static func thousandths(_ value: Int) -> String {
        Format.number(Double(value) / 1000, decimals: 2)
    }

    /// `14.2 kB`, in powers of 1000.
    static func bytes(_ count: Int) -> String {
        var (value, unit) = (Double(count), "B")
        for next in ["kB", "MB", "GB", "TB"] where value >= 999.95 {
            (value, unit) = (value / 1000, next)
        }
        return unit == "B" ? "\(count) B" : "\(Format.number(value, decimals: 1)) \(unit)"
    }

    /// `0.25 ms`, `1.4 s`.
    static func time(microseconds: Int) -> String {
        switch microseconds {
        case ..<10_000: "\(Format.number(Double(microseconds) / 1000, decimals: 2)) ms"
        case ..<1_000_000: "\(Format.number(Double(microseconds) / 1000, decimals: 0)) ms"
        default: "\(Format.number(Double(microseconds) / 1_000_000, decimals: 1)) s"
        }
    }

    /// `1:07` for 67 seconds each, `2 h 03`; a dash for none.
    static func mean(seconds: Int, of count: Int) -> String {
        guard count > 0 else { return "–" }
        let seconds = seconds / count
        return seconds >= 3_600
            ? "\(seconds / 3_600) h \(Civil.two(seconds / 60 % 60))"
            : "\(seconds / 60):\(Civil.two(seconds % 60))"
    }

    /// `62 %`; nothing of nothing is a dash.
    static func share(_ part: Int, of whole: Int) -> String {
        whole == 0 ? "–" : "\(Format.number(Double(part) * 100 / Double(whole), decimals: 0)) %"
    }

    /// `+12 %` beside what was before; a dash where nothing was.
    static func change(_ now: Int, _ before: Int) -> String {
        guard before > 0 else { return now > 0 ? "new" : "–" }
        let percent = (Double(now - before) * 100 / Double(before)).rounded()
        guard percent.magnitude < 1_000 else { return "× \(number(now / before))" }
        return "\(percent < 0 ? "−" : "+")\(Format.number(percent.magnitude, decimals: 0)) %"
    }
}
