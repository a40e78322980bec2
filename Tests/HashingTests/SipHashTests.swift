// SipHash-2-4 and CRC-32C against the vectors of their authors.

import Testing

@testable import Hashing

@Suite("SipHash-2-4") struct SipHashTests {
    /// The hashes of 0, 1, 2 … 63 bytes 00 01 02 … under the key 00 … 0f, as the authors' program
    /// has them (`vectors_sip64`), the first byte first.
    static let vectors = """
        310e0edd47db6f72 fd67dc93c539f874 5a4fa9d909806c0d 2d7efbd796666785 \
        b7877127e09427cf 8da699cd64557618 cee3fe586e46c9cb 37d1018bf50002ab \
        6224939a79f5f593 b0e4a90bdf82009e f3b9dd94c5bb5d7a a7ad6b22462fb3f4 \
        fbe50e86bc8f1e75 903d84c02756ea14 eef27a8e90ca23f7 e545be4961ca29a1 \
        db9bc2577fcc2a3f 9447be2cf5e99a69 9cd38d96f0b3c14b bd6179a71dc96dbb \
        98eea21af25cd6be c7673b2eb0cbf2d0 883ea3e395675393 c8ce5ccd8c030ca8 \
        94af49f6c650adb8 eab8858ade92e1bc f315bb5bb835d817 adcf6b0763612e2f \
        a5c91da7acaa4dde 716595876650a2a6 28ef495c53a387ad 42c341d8fa92d832 \
        ce7cf2722f512771 e37859f94623f3a7 381205bb1ab0e012 ae97a10fd434e015 \
        b4a31508beff4d31 81396229f0907902 4d0cf49ee5d4dcca 5c73336a76d8bf9a \
        d0a704536ba93e0e 925958fcd6420cad a915c29bc8067318 952b79f3bc0aa6d4 \
        f21df2e41d4535f9 87577519048f53a9 10a56cf5dfcd9adb eb75095ccd986cd0 \
        51a9cb9ecba312e6 96afadfc2ce666c7 72fe52975a4364ee 5a1645b276d592a1 \
        b274cb8ebf87870a 6f9bb4203de7b381 eaecb2a30b22a87f 9924a43cc1315724 \
        bd838d3aafbf8db7 0b1a2a3265d51aea 135079a3231ce660 932b2846e4d70666 \
        e1915f5cb1eca46c f325965ca16d629f 575ff28e60381be5 724506eb4c328a95
        """.split(separator: " ")

    @Test func `the authors' vectors`() throws {
        let key = try #require(SipHash.Key(bytes: (0..<16).map { UInt8($0) }))
        #expect(Self.vectors.count == 64)
        for (length, hex) in Self.vectors.enumerated() {
            var hash = SipHash(key)
            hash.update((0..<length).map { UInt8($0) })
            let value = hash.finish()
            let bytes = (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
            #expect(bytes.map { digits($0) }.joined() == hex, "of \(length) bytes")
        }
    }

    @Test func `how the bytes are cut does not matter, and finishing ends nothing`() throws {
        let key = try #require(SipHash.Key(bytes: [UInt8](repeating: 7, count: 16)))
        let bytes = (0..<100).map { UInt8($0) }
        var whole = SipHash(key)
        whole.update(bytes)
        for cut in 0...100 {
            var hash = SipHash(key)
            hash.update(bytes[..<cut])
            _ = hash.finish()
            hash.update(bytes[cut...])
            #expect(hash.finish() == whole.finish())
        }
    }

    @Test func `a key has 16 bytes, and gives them back`() {
        let bytes = (0..<16).map { UInt8(255 - $0) }
        #expect(SipHash.Key(bytes: bytes)?.bytes == bytes)
        #expect(SipHash.Key(bytes: bytes.dropLast()) == nil)
    }

    private func digits(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}

@Suite("CRC-32C") struct CRC32CTests {
    static let vectors: [([UInt8], UInt32)] = [
        ([], 0),
        (Array("123456789".utf8), 0xE306_9283),
        ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
        ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
        ((0..<32).map { UInt8($0) }, 0x46DD_794E),
        ((0..<32).map { UInt8(31 - $0) }, 0x113F_DB5C),
    ]

    @Test(arguments: vectors)
    func `the vectors of RFC 3720`(bytes: [UInt8], sum: UInt32) {
        #expect(CRC32C.of(bytes.span) == sum)
    }
}
