// Where visitors come from, campaigns, languages, and paths that lead nowhere.

import Testing

@testable import AccessRecords

@Suite("Sources") struct RefererSourceTests {
    private static func source(
        _ referer: String?, host: String = "example.org", _ site: RequestSignals.Site = .absent
    ) -> RefererSource {
        var signals = RequestSignals()
        signals.site = site
        return RefererSource(
            referer: referer.map { Array($0.utf8)[...] }, host: Array(host.utf8)[...],
            otherHosts: ["other.example"], signals: signals)
    }

    @Test("Hosts of every spelling are one host")
    func hosts() {
        var count = 0
        for host in (0..<10).map({ "site-\($0).example" }) + ["xn--bcher-kva.example", "10.0.0.1"] {
            for spelled in [host, "www.\(host)", host.uppercased(), "\(host):8080", "\(host)."] {
                for path in ["", "/", "/a/b?c=d", "?x", "#y"] {
                    #expect(
                        Self.source("https://\(spelled)\(path)", .cross) == .elsewhere(host: host))
                    count += 1
                }
            }
        }
        #expect(count == 300)
        #expect(Self.source("http://[2001:db8::1]:80/") == .elsewhere(host: "[2001:db8::1]"))
        #expect(
            Self.source("android-app://com.example.app/") == .elsewhere(host: "com.example.app"))
        #expect(Self.source("https://name:word@a.example/") == .elsewhere(host: "a.example"))
    }

    @Test("The site's own hosts are inside, with the path and without the query")
    func inside() {
        for referer in [
            "https://example.org/a/?q=1", "http://www.example.org:8080/a/#x",
            "https://EXAMPLE.org./a/", "https://other.example/a/",
        ] {
            #expect(Self.source(referer) == .inside(path: Array("/a/".utf8)), "\(referer)")
        }
        #expect(Self.source("https://example.org") == .inside(path: Array("/".utf8)))
        #expect(
            Self.source("https://example.org/", host: "www.example.org:443")
                == .inside(path: Array("/".utf8)))
        #expect(Self.source("https://example.org.evil/") == .elsewhere(host: "example.org.evil"))
    }

    @Test("Typed, hidden and unknown are told apart")
    func unnamed() {
        #expect(Self.source(nil, .none) == .typed)
        #expect(Self.source(nil, .cross) == .hidden)
        #expect(Self.source(nil, .same) == RefererSource.none)
        #expect(Self.source(nil) == RefererSource.none)
        for referer in ["about:client", "", "nonsense", "https://", "https:///x", "data:x"] {
            #expect(Self.source(referer, .cross) == .hidden, "\(referer)")
        }
        for host in ["a b.example", "ä.example", "a/../b", String(repeating: "a", count: 300)]
        where !host.contains("/") {
            #expect(Self.source("https://\(host)/") == .hidden, "\(host)")
        }
    }

    @Test("A query names a campaign, in lower case and cut, and nothing else of it is kept")
    func campaigns() {
        func campaign(_ query: String) -> Campaign? { Campaign(query: Array(query.utf8)[...]) }
        #expect(
            campaign("utm_source=News&utm_medium=E%2DMail&utm_campaign=May+Sale&secret=1")
                == Campaign(source: "news", medium: "e-mail", name: "may sale"))
        #expect(campaign("ref=HN") == Campaign(source: "hn", medium: "", name: ""))
        #expect(campaign("via=x&ref=y") == Campaign(source: "y", medium: "", name: ""))
        for query in ["", "q=1", "utm_source=", "utm_source=%ff", "utm_source=a%00b", "=", "&&"] {
            #expect(campaign(query) == nil, "\(query)")
        }
        let long = campaign("utm_source=" + String(repeating: "%C3%A4", count: 100))
        #expect(long?.source == String(repeating: "ä", count: 32))
    }

    @Test("The first language counts, without its region")
    func languages() {
        for (field, language) in [
            ("de-CH,de;q=0.9", "de"), ("EN", "en"), (" fr", "fr"), ("*", ""), ("", ""),
            ("x", ""), ("gsw-CH", "gsw"), ("abcdefghi", ""),
        ] {
            #expect(PreferredLanguage.of(Array(field.utf8)[...]) == language, "\(field)")
        }
    }

    @Test("Of a path that leads nowhere, addresses of people and long numbers are not kept")
    func missing() {
        for (path, text) in [
            ("/a/b", "/a/b"), ("/u/jane@example.org/x", "/u/*/x"), ("/order/123456", "/order/*"),
            ("/order/12345", "/order/12345"), ("/a0049123456789b", "/a*b"), ("/", "/"),
            ("/2026-11-30/1234567", "/2026-11-30/*"),
        ] {
            #expect(MissingPath.text(of: Array(path.utf8)) == text)
        }
        let long = [UInt8](repeating: UInt8(ascii: "a"), count: 5_000)
        #expect(MissingPath.text(of: long).utf8.count == 200)
        #expect(MissingPath.text(of: [0x2F, 0xFF]).hasPrefix("/"))
        // An `@` behind the end of what is kept, and what becomes longer as text.
        let name = "/u/" + String(repeating: "jane.", count: 60) + "doe@example.org/x"
        #expect(MissingPath.text(of: Array(name.utf8)) == "/u/*/x")
        #expect(MissingPath.text(of: [UInt8](repeating: 0xFF, count: 500)).utf8.count <= 200)
        #expect(
            MissingPath.text(of: Array(("/" + String(repeating: "é", count: 200)).utf8))
                == "/" + String(repeating: "é", count: 99))
    }
}
