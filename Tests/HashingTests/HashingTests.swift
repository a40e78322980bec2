// SHA-256 and its texts against the vectors of FIPS 180-4 and RFC 4648.

import Testing

@testable import Hashing

@Suite("SHA-256") struct SHA256Tests {
    static let vectors = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]

    @Test(arguments: vectors)
    func `the known vectors`(text: String, hex: String) {
        #expect(SHA256Digest(of: Array(text.utf8)).hex == hex)
    }

    @Test func `how the bytes are cut does not matter`() {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        let whole = SHA256Digest(of: bytes)
        for cut in [0, 1, 63, 64, 65, 999, 1000] {
            var hasher = SHA256Hasher()
            hasher.update(bytes[..<cut])
            hasher.update(Array(bytes[cut...]).span)
            #expect(hasher.finish() == whole, "cut at \(cut)")
        }
    }

    @Test func `a hasher goes on after a digest was taken`() {
        var hasher = SHA256Hasher()
        hasher.update(Array("a".utf8))
        #expect(hasher.finish() == SHA256Digest(of: Array("a".utf8)))
        hasher.update(Array("bc".utf8))
        #expect(hasher.finish() == SHA256Digest(of: Array("abc".utf8)))
    }

    @Test func `a digest comes back from its bytes and its text`() {
        let digest = SHA256Digest(of: [7])
        #expect(SHA256Digest(bytes: digest.bytes[...]) == digest)
        #expect(SHA256Digest(hex: digest.hex) == digest)
        #expect(SHA256Digest(hex: digest.hex.uppercased()) == digest)
    }

    @Test func `bytes and texts of another length or alphabet are refused`() {
        let hex = SHA256Digest(of: []).hex
        #expect(SHA256Digest(bytes: [UInt8](repeating: 0, count: 31)[...]) == nil)
        #expect(SHA256Digest(bytes: [UInt8](repeating: 0, count: 33)[...]) == nil)
        for text in ["", String(hex.dropLast()), hex + "0", "g" + hex.dropFirst(), "é" + hex] {
            #expect(SHA256Digest(hex: text) == nil)
        }
    }

    @Test func `the order is that of the bytes`() {
        let digests = (0..<200).map { SHA256Digest(of: [UInt8($0)]) }
        #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
    }

    @Test func `short forms are beginnings of the long one`() {
        let digest = SHA256Digest(of: Array("abc".utf8))
        #expect(digest.base64 == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")
        #expect(digest.base64URL() == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0")
        #expect(digest.base64URL(prefix: 22) == "ungWv48Bz-pBQUDeXa4iI7")
        #expect(digest.base64URL(prefix: 11) == "ungWv48Bz-p")
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func `base64 as in RFC 4648`(text: String, base64: String) {
        #expect(Base64.text(of: Array(text.utf8)) == base64)
        let padding = base64.filter { $0 == "=" }.count
        #expect(Base64.urlText(of: Array(text.utf8)) == base64.dropLast(padding))
    }
}
