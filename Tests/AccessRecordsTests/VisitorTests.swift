// Who a visitor is: the same for one day and one key, and nothing of the address.

import Hashing
import Testing

@testable import AccessRecords

@Suite("Visitors") struct VisitorTests {
    private static func key(_ byte: UInt8) throws -> VisitorKey {
        VisitorKey(
            from: 0, until: 1,
            key: try #require(SipHash.Key(bytes: [UInt8](repeating: byte, count: 16))))
    }

    private static func hash(
        _ key: VisitorKey, _ address: String?, _ agent: String = "a", _ host: String = "h"
    ) -> UInt64 {
        VisitorHash.of(
            key, address: address.flatMap { IPAddress(text: Array($0.utf8)) },
            agent: Array(agent.utf8)[...], host: Array(host.utf8)[...])
    }

    @Test("Address, agent, host and key tell visitors apart, and a /64 is one")
    func hash() throws {
        let key = try Self.key(1)
        let hashes = [
            Self.hash(key, "192.0.2.1"), Self.hash(key, "192.0.2.2"), Self.hash(key, nil),
            Self.hash(key, "192.0.2.1", "b"), Self.hash(key, "192.0.2.1", "a", "i"),
            Self.hash(key, "192.0.2.1", "ah", ""), Self.hash(key, "192.0.2.1", "", "ah"),
            Self.hash(try Self.key(2), "192.0.2.1"), Self.hash(key, "2001:db8:0:1::1"),
            Self.hash(key, "2001:db8:0:2::1"), Self.hash(key, "::c000:201"),
        ]
        #expect(Set(hashes).count == hashes.count)
        #expect(Self.hash(key, "2001:db8:0:1::1") == Self.hash(key, "2001:db8:0:1:ffff::2"))
        #expect(Self.hash(key, "::ffff:192.0.2.1") == Self.hash(key, "192.0.2.1"))
    }

    @Test("Addresses are read with and without port, and written as usual")
    func addresses() {
        for (text, written) in [
            ("192.0.2.1", "192.0.2.1"), ("192.0.2.1:8080", "192.0.2.1"),
            ("2001:DB8::1", "2001:db8::1"), ("[2001:db8::1]:443", "2001:db8::1"),
            ("::ffff:10.0.0.1", "10.0.0.1"), ("::1", "::1"),
        ] {
            #expect(IPAddress(text: Array(text.utf8))?.text == written)
        }
        for text in ["", "unknown", "_hidden", "1.2.3", "1.2.3.4.5", "[::1", "host.example", "::g"]
        {
            #expect(IPAddress(text: Array(text.utf8)) == nil, "\(text)")
        }
        #expect(IPAddress(text: Array("203.0.113.77".utf8))?.network(24).text == "203.0.113.0")
        #expect(
            IPAddress(text: Array("2001:db8:1:2::3".utf8))?.network(48).text == "2001:db8:1::")
    }

    @Test("Networks hold their addresses and no others")
    func networks() {
        func holds(_ network: String, _ address: String) -> Bool? {
            IPNetwork(text: network).flatMap { network in
                IPAddress(text: Array(address.utf8)).map { network.holds($0) }
            }
        }
        #expect(holds("10.0.0.0/8", "10.255.0.1") == true)
        #expect(holds("10.0.0.0/8", "11.0.0.1") == false)
        #expect(holds("192.168.128.0/17", "192.168.127.255") == false)
        #expect(holds("127.0.0.1", "127.0.0.1") == true)
        #expect(holds("0.0.0.0/0", "203.0.113.1") == true)
        #expect(holds("0.0.0.0/0", "2001:db8::1") == false)
        #expect(holds("2001:db8::/33", "2001:db8:8000::") == false)
        for text in ["", "10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/8/9", "a/8", "::/129"] {
            #expect(IPNetwork(text: text) == nil, "\(text)")
        }
    }

    @Test("A proxy's field is read from its end, past trusted proxies, and never further")
    func forwarded() throws {
        let trusted = try ["10.0.0.0/8", "fd00::/8"].map { try #require(IPNetwork(text: $0)) }
        func client(_ field: ForwardedField, _ value: String) -> String? {
            field.client(in: Array(value.utf8)[...], trusted: trusted)?.text
        }
        for (value, text) in [
            ("203.0.113.5", "203.0.113.5"), ("198.51.100.9, 203.0.113.5", "203.0.113.5"),
            ("198.51.100.9, 203.0.113.5, 10.1.2.3,fd00::1", "203.0.113.5"),
            ("10.9.9.9", "10.9.9.9"), ("garbage, 10.9.9.9", "10.9.9.9"),
            ("203.0.113.5:4711, 10.0.0.1", "203.0.113.5"),
        ] {
            #expect(client(.xForwardedFor, value) == text, "\(value)")
        }
        #expect(client(.xForwardedFor, "") == nil && client(.xForwardedFor, "unknown") == nil)
        let many = (0..<10_000).map { _ in "10.0.0.1" }.joined(separator: ",")
        #expect(client(.xForwardedFor, many) == "10.0.0.1")
        #expect(
            client(.forwarded, "for=198.51.100.9;by=x, For=\"[2001:db8::7]:80\";proto=https")
                == "2001:db8::7")
        #expect(client(.forwarded, "for=_hidden") == nil && client(.forwarded, "proto=http") == nil)
        #expect(client(.named("cf-connecting-ip"), "203.0.113.5") == "203.0.113.5")
    }
}
