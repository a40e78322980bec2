// User-Agents and what they are classed as: browsers by template, robots and odd ones by name.

import Testing

@testable import AccessRecords

@Suite("Classes of User-Agents") struct ClassifiedAgentTests {
    private static func classed(_ text: String) -> ClassifiedAgent {
        ClassifiedAgent(Array(text.utf8))
    }

    private static let desktops = [
        ("Windows NT 10.0; Win64; x64", "Windows"), ("Macintosh; Intel Mac OS X 10_15_7", "macOS"),
        ("X11; Linux x86_64", "Linux"), ("X11; CrOS x86_64 14541.0.0", "ChromeOS"),
        ("X11; FreeBSD amd64", "FreeBSD"),
    ]

    /// What stands behind `Chrome/N Safari/537.36`, and the family.
    private static let chromiums = [
        ("", "Chrome"), (" Edg/%.0.1", "Edge"), (" OPR/%.0.0.0", "Opera"),
        (" Vivaldi/%.2", "Vivaldi"), (" YaBrowser/%.1.0 Yowser/2.5", "Yandex Browser"),
        (" Whale/%.1", "Whale"), (" SamsungBrowser/%.0", "Samsung Internet"),
        (" DuckDuckGo/%", "DuckDuckGo"), (" Maxthon/%.0", "Maxthon"),
    ]

    @Test("Browsers of Chromium's family, of every version and system")
    func chromium() {
        var count = 0
        for (system, name) in Self.desktops {
            for (suffix, family) in Self.chromiums {
                for version in [49, 79, 80, 120, 143] {
                    let agent = Self.classed(
                        "Mozilla/5.0 (\(system)) AppleWebKit/537.36 (KHTML, like Gecko) "
                            + "Chrome/\(version).0.0.0 Safari/537.36"
                            + suffix.split(separator: "%", omittingEmptySubsequences: false)
                            .joined(separator: "\(version)"))
                    #expect(agent.agent.family == family && agent.agent.version == version)
                    #expect(agent.agent.system == name && agent.agent.device == .desktop)
                    #expect(agent.reason == nil && agent.isBrowser)
                    #expect(agent.sendsFetchMetadata == (version >= 80))
                    count += 1
                }
            }
        }
        #expect(count == 225)
    }

    @Test("Firefox of every version and system")
    func firefox() {
        for (system, name) in Self.desktops {
            for version in [52, 78, 89, 90, 91, 115, 140, 145] {
                let agent = Self.classed(
                    "Mozilla/5.0 (\(system); rv:\(version).0) Gecko/20100101 "
                        + "Firefox/\(version).0")
                #expect(agent.agent.family == "Firefox" && agent.agent.version == version)
                #expect(agent.agent.system == name && agent.sendsFetchMetadata == (version >= 90))
            }
        }
    }

    @Test("Telephones and tablets of every version")
    func mobile() {
        for version in [13, 14, 15, 16, 17, 18, 26] {
            for minor in [0, 3, 4, 6] {
                let sends = (version, minor) >= (16, 4)
                for (device, system, kind) in [
                    (
                        "iPhone; CPU iPhone OS \(version)_\(minor) like Mac OS X", "iOS",
                        AgentDevice.phone
                    ),
                    ("iPad; CPU OS \(version)_\(minor) like Mac OS X", "iPadOS", .tablet),
                ] {
                    for (product, family) in [
                        ("Version/\(version).\(minor) Mobile/15E148 Safari/604.1", "Safari"),
                        ("CriOS/120.0 Mobile/15E148 Safari/604.1", "Chrome"),
                        ("FxiOS/120.0 Mobile/15E148 Safari/605.1.15", "Firefox"),
                        ("EdgiOS/120.0 Version/16.0 Mobile/15E148 Safari/604.1", "Edge"),
                    ] {
                        let agent = Self.classed(
                            "Mozilla/5.0 (\(device)) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                                + product)
                        #expect(agent.agent.family == family && agent.agent.system == system)
                        #expect(agent.agent.device == kind && agent.sendsFetchMetadata == sends)
                    }
                }
            }
        }
        for (model, kind) in [("Pixel 8) ", AgentDevice.phone), ("SM-X910) ", .tablet)] {
            let agent = Self.classed(
                "Mozilla/5.0 (Linux; Android 14; \(model)AppleWebKit/537.36 (KHTML, like Gecko) "
                    + "Chrome/121.0.0.0 \(kind == .phone ? "Mobile " : "")Safari/537.36")
            #expect(agent.agent.device == kind && agent.agent.system == "Android")
            #expect(agent.agent.family == "Chrome" && agent.agent.version == 121)
        }
    }

    /// User-Agent, family, version, system, device.
    private static let others: [(String, String, Int, String, AgentDevice)] = [
        (
            "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
            "Internet Explorer", 11, "Windows", .desktop
        ),
        (
            "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)", "Internet Explorer", 8, "Windows",
            .desktop
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML) "
                + "Version/17.4 Safari/605.1.15", "Safari", 17, "macOS", .desktop
        ),
        (
            "Mozilla/5.0 (Linux; Android 13; SM-G991B; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
                + "Version/4.0 Chrome/119.0.0.0 Mobile Safari/537.36", "Android WebView", 119,
            "Android", .phone
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 "
                + "(KHTML, like Gecko) Mobile/21A329 [FBAN/FBIOS;FBAV/440.0]", "Facebook", 0, "iOS",
            .phone
        ),
        (
            "Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) "
                + "76.0.3809.146/6.0 TV Safari/537.36", "", 0, "Tizen", .television
        ),
        (
            "Mozilla/5.0 (PlayStation 5 8.20) AppleWebKit/605.1.15 (KHTML) Version/16.0 "
                + "Safari/605.1.15", "Safari", 16, "PlayStation", .television
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; CUBOT_X18_Plus) AppleWebKit/537.36 (KHTML) "
                + "Chrome/110.0.0.0 Mobile Safari/537.36", "Chrome", 110, "Android", .phone
        ),
        (
            "Mozilla/5.0 (Android 13; Mobile; rv:122.0) Gecko/122.0 Firefox/122.0", "Firefox", 122,
            "Android", .phone
        ),
        (
            "Mozilla/5.0 (Android 13; Tablet; rv:122.0) Gecko/122.0 Firefox/122.0", "Firefox", 122,
            "Android", .tablet
        ),
        ("Lynx/2.9.0dev.12 libwww-FM/2.14 SSL-MM/1.4.1", "Lynx", 2, "", .unknown),
        ("w3m/0.5.3+git20230121", "w3m", 0, "", .unknown),
        ("Links (2.29; Linux 6.1.0 x86_64; GNU C 12.2; text)", "Links", 0, "Linux", .desktop),
        (
            "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18", "Opera", 9,
            "Windows",
            .desktop
        ),
    ]

    @Test("Browsers that are like no other", arguments: others)
    func other(text: String, family: String, version: Int, system: String, device: AgentDevice) {
        let agent = Self.classed(text)
        #expect(agent.agent.family == family && agent.agent.version == version)
        #expect(agent.agent.system == system && agent.agent.device == device)
        #expect(agent.reason == nil)
    }

    /// User-Agent, name, purpose.
    private static let robots: [(String, String, RobotPurpose)] = [
        (
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot",
            .search
        ),
        (
            "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 "
                + "(KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36 (compatible; "
                + "Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot", .search
        ),
        (
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; "
                + "+https://openai.com/gptbot)", "GPTBot", .ai
        ),
        (
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; "
                + "+claudebot@anthropic.com)", "ClaudeBot", .ai
        ),
        (
            "Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)",
            "Yahoo Slurp", .search
        ),
        ("curl/8.5.0", "curl", .library), ("Wget/1.21.4", "Wget", .library),
        ("python-requests/2.31.0", "Python requests", .library),
        ("Python/3.11 aiohttp/3.9.1", "Python", .library),
        ("Go-http-client/2.0", "Go", .library), ("okhttp/4.12.0", "OkHttp", .library),
        ("Java/17.0.9", "Java", .library), ("axios/1.6.2", "axios", .library),
        (
            "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "Facebook",
            .preview
        ),
        ("WhatsApp/2.23.20.0 A", "WhatsApp", .preview),
        ("http.rb/5.1.1 (Mastodon/4.2.1; +https://example.social/)", "Mastodon", .preview),
        ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "Slackbot", .preview),
        (
            "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 16 subscribers; like "
                + "FeedFetcher-Google)", "Feedly", .feed
        ),
        ("NetNewsWire (RSS Reader; https://netnewswire.com/)", "NetNewsWire", .feed),
        (
            "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)", "UptimeRobot",
            .monitor
        ),
        (
            "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "AhrefsBot",
            .marketing
        ),
        ("CCBot/2.0 (https://commoncrawl.org/faq/)", "CCBot", .archive),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
                + "HeadlessChrome/120.0.0.0 Safari/537.36", "Headless Chrome", .library
        ),
        ("SomethingNobodyKnowsBot/1.0", "SomethingNobodyKnowsBot", .none),
        ("acme-crawler/3.1 (contact@example.org)", "acme-crawler", .none),
        ("Mozilla/5.0 (compatible; Whoever/1.0; +https://whoever.example/about)", "Whoever", .none),
    ]

    @Test("Robots by their names", arguments: robots)
    func robot(text: String, name: String, purpose: RobotPurpose) {
        let agent = Self.classed(text)
        #expect(agent.agent.robot == name && agent.agent.purpose == purpose)
        #expect(agent.reason == .named)
    }

    @Test("Every robot of the list is known by its product alone, and stands there once")
    func list() {
        #expect(KnownRobot.byProduct.count == KnownRobot.all.count)
        #expect(KnownRobot.all.count >= 150)
        for (product, name, purpose, source) in KnownRobot.all {
            let agent = Self.classed("\(product)/1.0 something")
            #expect(agent.agent.robot == name && agent.agent.purpose == purpose)
            #expect(!source.isEmpty && product == product.lowercased())
        }
    }

    @Test("A feed reader says for how many it reads")
    func subscribers() {
        #expect(Self.classed("Feedbin feed-id:1 - 1204 subscribers").agent.subscribers == 1204)
        #expect(Self.classed("Feedly/1.0 (16 subscribers; x)").agent.subscribers == 16)
        #expect(Self.classed("Feedly/1.0 (subscribers: 16)").agent.subscribers == 0)
    }

    @Test("No User-Agent, and one that is too short for a browser")
    func short() {
        #expect(Self.classed("").reason == .noAgent)
        #expect(Self.classed("Mozilla/5.0").reason == .shortAgent)
        #expect(Self.classed("-").reason == .shortAgent)
    }

    @Test("Any bytes are classed, however long")
    func anything() {
        var bytes: [UInt8] = []
        for round in 0..<2_000 {
            bytes.append(UInt8(truncatingIfNeeded: round &* 167 &+ round / 7))
        }
        for length in stride(from: 0, to: 2_000, by: 13) {
            let agent = ClassifiedAgent(bytes[..<length])
            #expect(agent.agent.robot.utf8.count <= 160)
        }
    }
}
