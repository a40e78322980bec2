// A User-Agent cut into products: `Chrome/120.0` is `chrome` of version 120.0, lower case.
//
// Words in parentheses count, too: systems and many robots stand there. Nothing is searched for
// inside words, so a long list of names costs one look-up for each word.

/// The products of one User-Agent.
struct UserAgentProducts {
    /// One word, with what stands behind its slash.
    struct Product: Equatable {
        let name: String
        let major: Int
        let minor: Int
        /// As it was written.
        let text: String
    }

    /// In the order in which they stand.
    private(set) var list: [Product] = []
    private var places: [String: Int] = [:]

    /// The bytes that are looked at.
    static let bytesMax = 512

    /// Reads a User-Agent.
    init(_ agent: some Sequence<UInt8>) {
        var word: [UInt8] = []
        var version: [UInt8]?
        for byte in agent.prefix(Self.bytesMax) {
            switch byte {
            case UInt8(ascii: "/") where version == nil && !word.isEmpty: version = []
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."), UInt8(ascii: "'"), 0x80...:
                if version == nil { word.append(byte) } else { version?.append(byte) }
            default:
                add(word, version)
                word = []
                version = nil
            }
        }
        add(word, version)
    }

    private mutating func add(_ word: [UInt8], _ version: [UInt8]?) {
        guard !word.isEmpty else { return }
        let text = String(decoding: word, as: UTF8.self)
        let numbers = (version ?? []).split(maxSplits: 2, omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_")
        }
        let product = Product(
            name: text.lowercased(), major: Self.number(numbers.first),
            minor: Self.number(numbers.dropFirst().first), text: text)
        if places[product.name] == nil { places[product.name] = list.count }
        list.append(product)
    }

    private static func number(_ digits: ArraySlice<UInt8>?) -> Int {
        (digits ?? []).prefix(6).prefix { (0x30...0x39).contains($0) }
            .reduce(0) { $0 * 10 + Int($1 & 15) }
    }

    /// The first product of a name.
    subscript(_ name: String) -> Product? { places[name].map { list[$0] } }

    /// Whether there is one of a name.
    func has(_ name: String) -> Bool { places[name] != nil }

    /// The number in the word behind the first of a name, as in `OS 16_4`.
    func number(behind name: String) -> (major: Int, minor: Int)? {
        guard let place = places[name], place + 1 < list.count else { return nil }
        let parts = list[place + 1].name.utf8.split { $0 == 0x5F || $0 == 0x2E }.map { Array($0) }
        return (
            Self.number(parts.first.map { $0[...] }),
            Self.number(parts.dropFirst().first.map { $0[...] })
        )
    }
}
