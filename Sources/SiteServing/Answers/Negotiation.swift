// Chooses the coding of an answer (RFC 9110 section 12.5.3).
//
// The client's weights decide, then the number of bytes. `identity` is acceptable unless it is
// refused by name or by `*;q=0`, and without a weight of its own it is the last choice. A member
// that cannot be read is ignored, as if it had not been sent. Deltas are chosen apart, behind a
// stored coding: whether one is shorter is only known once the page is put together.

package import ContentEncoding

/// One coding an entry can be sent in.
package struct CodingOffer: Equatable, Sendable {
    /// The coding.
    package var coding: Coding
    /// How many bytes it takes, for choosing among equals.
    package var length: Int

    /// An offer from its parts.
    package init(coding: Coding, length: Int) {
        self.coding = coding
        self.length = length
    }
}

/// The choice of a coding.
enum Negotiation {
    /// The best offer for an Accept-Encoding.
    ///
    /// - Parameters:
    ///   - accept: the field's value; nil if there was none, empty if it was empty.
    ///   - offers: what can be sent, at least one.
    /// - Returns: the coding; nil if nothing is acceptable (406).
    package static func coding(
        accepting accept: ArraySlice<UInt8>?, offers: [CodingOffer]
    ) -> Coding? {
        let weights = Weights(accept)
        var best: (offer: CodingOffer, weight: Int)?
        for offer in offers {
            let weight = weights.weight(of: offer.coding)
            guard weight > 0 else { continue }
            guard let current = best else {
                best = (offer, weight)
                continue
            }
            if weight > current.weight
                || weight == current.weight && offer.length < current.offer.length
            {
                best = (offer, weight)
            }
        }
        return best?.offer.coding
    }

    /// The deltas that may take the place of an answer in a stored coding.
    ///
    /// They must be accepted by name: `*` says nothing about a dictionary.
    ///
    /// - Returns: those with the greatest weight, unless the stored coding's is greater.
    static func deltas(
        accepting accept: ArraySlice<UInt8>?, insteadOf coding: Coding
    ) -> [DeltaCoding] {
        let weights = Weights(accept)
        let most = max(weights.brotliDelta, weights.zstandardDelta)
        guard most > 0, most >= weights.weight(of: coding) else { return [] }
        return DeltaCoding.allCases.filter { weights.weight(of: $0) == most }
    }
}

/// The weights of one Accept-Encoding: 0 refused, 1 identity by default, else thousandths + 1.
private struct Weights {
    private var gzip: Int?
    private var brotli: Int?
    private var identity: Int?
    private var any: Int?
    private(set) var brotliDelta = 0
    private(set) var zstandardDelta = 0
    private let isMissing: Bool

    init(_ field: ArraySlice<UInt8>?) {
        isMissing = field == nil
        guard let field else { return }
        var members = 0
        var start = field.startIndex
        while start < field.endIndex, members < RequestLimits.listMembersMax {
            let end = field[start...].firstIndex(of: UInt8(ascii: ",")) ?? field.endIndex
            read(field[start..<end])
            members += 1
            start = end + 1
        }
    }

    func weight(of coding: Coding) -> Int {
        if isMissing { return coding == .identity ? 1 : 0 }
        return switch coding {
        case .gzip: gzip ?? any ?? 0
        case .brotli: brotli ?? any ?? 0
        case .identity: identity ?? (any == 0 ? 0 : 1)
        }
    }

    func weight(of coding: DeltaCoding) -> Int {
        coding == .brotli ? brotliDelta : zstandardDelta
    }

    private mutating func read(_ member: ArraySlice<UInt8>) {
        let semicolon = member.firstIndex(of: UInt8(ascii: ";")) ?? member.endIndex
        let name = trimmed(member[..<semicolon])
        var weight = 1001
        if semicolon < member.endIndex {
            guard let read = Self.weight(trimmed(member[(semicolon + 1)...])) else { return }
            weight = read
        }
        if matches(name, "gzip") || matches(name, "x-gzip") {
            gzip = weight
        } else if matches(name, "br") {
            brotli = weight
        } else if matches(name, "identity") {
            identity = weight
        } else if matches(name, "dcb") {
            brotliDelta = weight
        } else if matches(name, "dcz") {
            zstandardDelta = weight
        } else if matches(name, "*") {
            any = weight
        }
    }

    /// `q=0.123` as thousandths + 1, 0 for zero; nil if it is no weight.
    private static func weight(_ parameter: ArraySlice<UInt8>) -> Int? {
        let bytes = Array(parameter)
        guard bytes.count >= 3, bytes.count <= 7, Byte.lowercased(bytes[0]) == UInt8(ascii: "q"),
            bytes[1] == UInt8(ascii: "="), bytes[2] == 0x30 || bytes[2] == 0x31,
            bytes.count == 3 || bytes[3] == UInt8(ascii: ".")
        else { return nil }
        var thousandths = Int(bytes[2] - 0x30) * 1000
        var unit = 100
        for byte in bytes.dropFirst(4) {
            guard Byte.isDigit(byte) else { return nil }
            thousandths += Int(byte - 0x30) * unit
            unit /= 10
        }
        guard thousandths <= 1000 else { return nil }
        return thousandths == 0 ? 0 : thousandths + 1
    }

    private func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let first = bytes.first, Byte.isSpaceOrTab(first) { bytes.removeFirst() }
        while let last = bytes.last, Byte.isSpaceOrTab(last) { bytes.removeLast() }
        return bytes
    }

    private func matches(_ bytes: ArraySlice<UInt8>, _ name: StaticString) -> Bool {
        Byte.equalIgnoringCase(bytes.span, 0..<bytes.count, name)
    }
}
