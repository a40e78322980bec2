// Policies: the strict start, what is added to it, and what cannot be said.

import ContentSecurity
import Hashing
import Testing

@Suite("Content-Security-Policy") struct PolicyTests {
    static let start = """
        default-src 'none'; script-src 'none'; style-src 'none'; img-src 'self' data:; \
        font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; \
        form-action 'self'; frame-ancestors 'none'; trusted-types 'none'; \
        require-trusted-types-for 'script'
        """

    @Test func `scripts with policies of their own may make trusted types`() {
        var policy = Policy.strict(isHTTPS: false)
        policy.allowTrustedTypes()
        #expect(!policy.text.contains("; trusted-types"))
        #expect(policy.text.hasSuffix("; require-trusted-types-for 'script'"))
    }

    @Test func `the strict policy allows no script, no style and no frame`() {
        #expect(Policy.strict(isHTTPS: false).text == Self.start)
    }

    @Test func `only a site on TLS upgrades requests`() {
        #expect(Policy.strict(isHTTPS: true).text == Self.start + "; upgrade-insecure-requests")
    }

    @Test func `an inline script is allowed by its digest alone`() {
        var policy = Policy.strict(isHTTPS: false)
        policy.allow(inline: SHA256Digest(of: Array("alert(1)".utf8)), in: .script)
        #expect(
            policy.text.contains(
                "; script-src 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='; "))
        #expect(!policy.text.contains("unsafe"))
    }

    @Test func `the order of what is allowed does not matter`() throws {
        let digests = (0..<9).map { SHA256Digest(of: [UInt8($0)]) }
        var one = Policy.strict(isHTTPS: true)
        var two = one
        for digest in digests { one.allow(inline: digest, in: .style) }
        for digest in digests.reversed() { two.allow(inline: digest, in: .style) }
        two.allow(inline: digests[0], in: .style)
        #expect(one.text == two.text)
        #expect(one == two)
    }

    @Test func `a directive that starts without sources gets its first`() throws {
        var policy = Policy.strict(isHTTPS: false)
        let host = try #require(SourceExpression.Host("Media.Example.com"))
        policy.allow(.host(host), in: .media)
        policy.allow(.self, in: .script)
        policy.allow(.strictDynamic, in: .script)
        policy.allow(.scheme(.blob), in: .worker)
        #expect(policy.text.contains("; media-src media.example.com; "))
        #expect(policy.text.contains("; script-src 'self' 'strict-dynamic'; "))
        #expect(policy.text.contains("; worker-src blob:; "))
    }

    @Test(arguments: [
        "example.com", "*.example.com", "https://example.com", "wss://a.b-c.example",
        "example.com:8443", "http://localhost:80", "127.0.0.1:1",
    ])
    func `a host is a source`(text: String) {
        #expect(SourceExpression.Host(text)?.text == text)
    }

    @Test(arguments: [
        "", "*", "*.", "a..b", "'self'", "'unsafe-inline'", "a b", "a;b", "a,b", "a\r\nb", "a\nb",
        "example.com/path", "https://", "javascript:alert(1)", "data:", "https:", "-a.com",
        "a-.com", "a.com:", "a.com:0", "a.com:65536", "a.com:+1", "a.com:8:9", "*.*.com", "é.com",
        "a.com\u{0}", "ftp://a.com", "https://https://a.com", "a_b.com", "a.com'",
        String(repeating: "a", count: 64) + ".com",
    ])
    func `anything else is not a source`(text: String) {
        #expect(SourceExpression.Host(text) == nil)
    }

    @Test func `no source can end its directive or the header`() throws {
        var sources: [SourceExpression] = [.self, .data, .strictDynamic]
        sources += SourceExpression.Scheme.allCases.map { .scheme($0) }
        sources += (0..<50).map { .sha256(SHA256Digest(of: [UInt8($0)])) }
        sources.append(.host(try #require(SourceExpression.Host("*.example.com:1"))))
        for source in sources {
            #expect(!source.text.utf8.contains { $0 <= 0x20 || $0 >= 0x7F })
            #expect(!source.text.contains(";") && !source.text.contains(","))
        }
    }

    @Test func `a digest allows no image`() async {
        await #expect(processExitsWith: .failure) {
            var policy = Policy.strict(isHTTPS: false)
            policy.allow(inline: SHA256Digest(of: []), in: .image)
        }
    }
}

@Suite("Security headers") struct SecurityHeadersTests {
    @Test(arguments: [true, false])
    func `transport security is for sites on TLS`(isHTTPS: Bool) {
        let names = SecurityHeaders.fixed(isHTTPS: isHTTPS).map(\.name)
        #expect(names.contains("strict-transport-security") == isHTTPS)
        #expect(names.contains("x-content-type-options"))
        #expect(Set(names).count == names.count)
    }

    @Test func `names are lower case and values are one line`() {
        for header in SecurityHeaders.fixed(isHTTPS: true) {
            #expect(header.name == header.name.lowercased())
            #expect(header.value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
        }
    }
}
