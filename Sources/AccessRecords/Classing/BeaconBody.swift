// What the script of `Measured` sends when a page is left, as text: words, numbers and the page's
// path, with commas between them.
//
//     navigate,navigational-prefetch,0,0,12034.5,1840.2,56,0.012,80.1,/looks/x/
//
// type, deliveryType, activationStart, when the page came back out of the browser's memory (or 0),
// now, LCP, INP, CLS, responseStart, path: milliseconds of the page's own clock; empty for what was
// not measured. Anybody can send it: what has another form is nothing, and numbers are clamped.

/// What a page's script sent.
package struct BeaconBody: Equatable, Sendable {
    /// Where scripts send it.
    package static let path = Array("/-/view".utf8)
    /// The longest body, in bytes.
    package static let bytesMax = 512

    /// The page's path, as it was sent.
    package let page: [UInt8]
    private let navigation: BeaconRecord.Navigation
    private let isPrefetched: Bool
    private let activation: Double
    private let shown: Double
    private let now: Double
    /// LCP, INP, CLS, responseStart.
    private let measured: [Double?]

    private static let fieldCount = 10
    private static let numberBytesMax = 32

    /// Reads a body; nil for what no script of ours sends.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.bytesMax else { return nil }
        let fields = bytes.split(
            separator: UInt8(ascii: ","), maxSplits: Self.fieldCount - 1,
            omittingEmptySubsequences: false)
        guard fields.count == Self.fieldCount, fields[9].first == UInt8(ascii: "/"),
            fields[9].allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            let navigation = BeaconRecord.Navigation(Self.text(fields[0])),
            ["", "cache", "navigational-prefetch"].contains(Self.text(fields[1])),
            let activation = fields[2].isEmpty ? 0 : Self.number(fields[2]),
            let shown = Self.number(fields[3]), let now = Self.number(fields[4])
        else { return nil }
        var measured: [Double?] = []
        for field in fields[5..<9] {
            let number = Self.number(field)
            guard number != nil || field.isEmpty else { return nil }
            measured.append(number)
        }
        page = Array(fields[9])
        isPrefetched = fields[1].elementsEqual("navigational-prefetch".utf8)
        self.navigation = navigation
        self.activation = activation
        self.shown = shown
        self.now = now
        self.measured = measured
    }

    /// The record of it.
    ///
    /// - Parameter name: what the page is called.
    /// - Returns: the record; it has neither time nor visitor yet.
    package func record(of name: AccessName) -> BeaconRecord {
        var record = BeaconRecord(at: 0, name: name)
        record.navigation = navigation
        record.isPersisted = shown > 0
        record.isPrerendered = activation > 0
        record.isPrefetched = isPrefetched
        record.age = Self.whole(
            now - (shown > 0 ? shown : activation), max: AccessLimits.beaconAgeMax)
        // Times of a page that came back were told when it was left before.
        guard !record.isPersisted else { return record }
        let max = AccessLimits.vitalMillisecondsMax
        record.lcp = measured[0].map { Self.whole($0 - activation, max: max) }
        record.inp = measured[1].map { Self.whole($0, max: max) }
        record.cls = measured[2].map { Self.whole($0 * 1_000, max: AccessLimits.shiftMax) }
        record.ttfb = measured[3].map { Self.whole($0 - activation, max: max) }
        return record
    }

    private static func whole(_ number: Double, max: Int) -> Int {
        Int(min(Swift.max(number.rounded(), 0), Double(max)))
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field, as: UTF8.self)
    }

    /// A number from 0 as JavaScript writes it; nil for anything else.
    private static func number(_ field: ArraySlice<UInt8>) -> Double? {
        guard (1...numberBytesMax).contains(field.count),
            (0x30...0x39).contains(field[field.startIndex]),
            field.allSatisfy({ (0x30...0x39).contains($0) || ".e+-".utf8.contains($0) }),
            let number = Double(text(field)), number.isFinite
        else { return nil }
        return number
    }
}
