// A User-Agent to a class: family, major version, system and device, or a robot's name.
//
// The rules go from the special to the general: every browser calls itself others, too.

/// What a User-Agent says.
package struct ClassifiedAgent: Hashable, Sendable {
    /// What is kept of it.
    package var agent = AgentClass()
    /// Whether it is a browser's, by what it says.
    var isBrowser = false
    /// Whether such a browser sends `Sec-Fetch-*` to an address with TLS.
    var sendsFetchMetadata = false
    /// Why it is no person's, if that can be told from it alone.
    package var reason: RobotReason?

    /// The shortest User-Agent that is taken for a browser's, in bytes.
    static let bytesMin = 16

    /// Classes a User-Agent; empty for none.
    package init(_ userAgent: some Collection<UInt8>) {
        guard !userAgent.isEmpty else {
            reason = .noAgent
            return
        }
        let products = UserAgentProducts(userAgent)
        if let robot = Self.robot(products) {
            agent.robot = robot.name
            agent.purpose = robot.purpose
            agent.subscribers = Self.subscribers(products)
            reason = .named
            return
        }
        (agent.system, agent.device) = Self.system(products)
        setBrowser(products)
        if userAgent.count < Self.bytesMin { reason = .shortAgent }
    }

    // MARK: Robots

    private static func robot(_ products: UserAgentProducts) -> KnownRobot? {
        var called: KnownRobot?
        for product in products.list {
            if let known = KnownRobot.byProduct[product.name] {
                // Words of the list that are ordinary ones count in the first place only.
                if product == products.list[0] || !ordinary.contains(product.name) { return known }
            }
            if called == nil, isRobotWord(product.name) {
                called = KnownRobot(name: String(product.text.prefix(nameMax)), purpose: .none)
            }
        }
        return called ?? explained(products)
    }

    /// Who says where to read about it is no browser.
    private static func explained(_ products: UserAgentProducts) -> KnownRobot? {
        guard products.has("http") || products.has("https") else { return nil }
        let name = products.list.first { !["mozilla", "compatible"].contains($0.name) }
        return KnownRobot(name: String((name?.text ?? "").prefix(nameMax)), purpose: .none)
    }

    private static let nameMax = 40

    /// Names that are words of other User-Agents, too.
    private static let ordinary: Set<String> = [
        "ab", "better", "bluesky", "bun", "colly", "expanse", "feedly", "got", "hey", "hyper",
        "java", "k6", "let's", "node", "php", "pinterest", "prometheus", "python", "reeder",
        "rome", "ruby", "screaming", "snapchat", "tiny", "whatsapp", "yeti",
    ]

    /// What programs call themselves that are in no list.
    private static func isRobotWord(_ name: String) -> Bool {
        // A maker of telephones, whose name ends like a robot's.
        if name.hasPrefix("cubot") { return false }
        let words = [
            "bot", "crawler", "spider", "scraper", "fetcher", "scanner", "monitor", "robot",
            "archiver", "validator", "checker", "httpclient", "http-client", "preview",
        ]
        return words.contains { name.hasSuffix($0) } || name.hasPrefix("bot-")
            || name.hasPrefix("crawl") || name.hasSuffix("-bot.html")
    }

    /// `12 subscribers`.
    private static func subscribers(_ products: UserAgentProducts) -> Int {
        guard let place = products.list.firstIndex(where: { $0.name.hasPrefix("subscriber") }),
            place > 0
        else { return 0 }
        return Int(products.list[place - 1].name.prefix(9)) ?? 0
    }

    // MARK: Systems

    private static func system(_ products: UserAgentProducts) -> (String, AgentDevice) {
        for (name, system, device) in systems where products.has(name) {
            guard system == "Android" else { return (system, device) }
            if products.has("tv") || products.has("smart-tv") || products.has("aft") {
                return (system, .television)
            }
            return (system, products.has("mobile") ? .phone : .tablet)
        }
        return ("", .unknown)
    }

    /// A word, the system, the device; the first that is there counts.
    private static let systems: [(String, String, AgentDevice)] = [
        ("iphone", "iOS", .phone), ("ipod", "iOS", .phone), ("ipad", "iPadOS", .tablet),
        ("appletv", "tvOS", .television), ("crkey", "Chromecast", .television),
        ("xbox", "Xbox", .television), ("playstation", "PlayStation", .television),
        ("nintendo", "Nintendo", .television), ("web0s", "webOS", .television),
        ("tizen", "Tizen", .television), ("smarttv", "", .television),
        ("smart-tv", "", .television), ("hbbtv", "", .television), ("kaios", "KaiOS", .phone),
        ("openharmony", "HarmonyOS", .phone), ("harmonyos", "HarmonyOS", .phone),
        ("windows", "Windows", .desktop), ("android", "Android", .phone),
        ("cros", "ChromeOS", .desktop), ("macintosh", "macOS", .desktop),
        ("freebsd", "FreeBSD", .desktop), ("openbsd", "OpenBSD", .desktop),
        ("netbsd", "NetBSD", .desktop), ("linux", "Linux", .desktop), ("x11", "", .desktop),
    ]

    // MARK: Browsers

    private mutating func setBrowser(_ products: UserAgentProducts) {
        for (name, family) in Self.browsers {
            guard let product = products[name] else { continue }
            agent.family = family
            agent.version = product.major
            isBrowser = true
            break
        }
        if !isBrowser { setByEngine(products) }
        sendsFetchMetadata = isBrowser && Self.sendsFetchMetadata(products)
    }

    /// A product and its family; the first that is there counts.
    private static let browsers: [(String, String)] = [
        ("fban", "Facebook"), ("fbav", "Facebook"), ("fb_iab", "Facebook"),
        ("instagram", "Instagram"), ("line", "LINE"), ("micromessenger", "WeChat"),
        ("snapchat", "Snapchat"), ("pinterest", "Pinterest"), ("linkedinapp", "LinkedIn"),
        ("gsa", "Google App"), ("edg", "Edge"), ("edga", "Edge"), ("edgios", "Edge"),
        ("edge", "Edge"), ("opr", "Opera"), ("opt", "Opera"), ("opios", "Opera"),
        ("opx", "Opera GX"), ("opera", "Opera"), ("samsungbrowser", "Samsung Internet"),
        ("yabrowser", "Yandex Browser"), ("vivaldi", "Vivaldi"), ("ucbrowser", "UC Browser"),
        ("whale", "Whale"), ("qqbrowser", "QQ Browser"), ("mqqbrowser", "QQ Browser"),
        ("miuibrowser", "Mi Browser"), ("huaweibrowser", "Huawei Browser"),
        ("heytapbrowser", "HeyTap Browser"), ("vivobrowser", "Vivo Browser"),
        ("duckduckgo", "DuckDuckGo"), ("ddg", "DuckDuckGo"), ("silk", "Silk"),
        ("coc_coc_browser", "Coc Coc"), ("maxthon", "Maxthon"), ("electron", "Electron"),
        ("focus", "Firefox Focus"), ("klar", "Firefox Focus"), ("fxios", "Firefox"),
        ("crios", "Chrome"), ("seamonkey", "SeaMonkey"), ("palemoon", "Pale Moon"),
        ("waterfox", "Waterfox"), ("librewolf", "LibreWolf"), ("firefox", "Firefox"),
        ("epiphany", "GNOME Web"), ("falkon", "Falkon"), ("konqueror", "Konqueror"),
        ("qutebrowser", "qutebrowser"), ("servo", "Servo"), ("ladybird", "Ladybird"),
        ("netsurf", "NetSurf"), ("dillo", "Dillo"), ("lynx", "Lynx"), ("w3m", "w3m"),
        ("elinks", "ELinks"), ("links", "Links"), ("iemobile", "Internet Explorer"),
    ]

    /// Those that have no product of their own, or share it with all others.
    private mutating func setByEngine(_ products: UserAgentProducts) {
        isBrowser = true
        if let explorer = products.number(behind: "msie") {
            agent.family = "Internet Explorer"
            agent.version = explorer.major
        } else if products.has("trident") {
            agent.family = "Internet Explorer"
            agent.version = 11
        } else if let chrome = products["chrome"] ?? products["chromium"] {
            agent.family = products.has("wv") ? "Android WebView" : "Chrome"
            agent.version = chrome.major
        } else if products.has("safari"), let version = products["version"] {
            agent.family = agent.system == "Android" ? "Android Browser" : "Safari"
            agent.version = version.major
        } else if products.has("applewebkit"), let version = products.number(behind: "os") {
            agent.family = "iOS WebView"
            agent.version = version.major
        } else {
            isBrowser = false
        }
    }

    /// Chromium from 80, Firefox from 90, WebKit from 16.4.
    private static func sendsFetchMetadata(_ products: UserAgentProducts) -> Bool {
        if products.has("iphone") || products.has("ipad") || products.has("ipod") {
            guard let system = products.number(behind: "os") else { return false }
            return (system.major, system.minor) >= (16, 4)
        }
        if let chrome = products["chrome"] { return chrome.major >= 80 && !products.has("wv") }
        if let firefox = products["firefox"] { return firefox.major >= 90 }
        guard products.has("safari"), products.has("macintosh"), let version = products["version"]
        else { return false }
        return (version.major, version.minor) >= (16, 4)
    }
}
