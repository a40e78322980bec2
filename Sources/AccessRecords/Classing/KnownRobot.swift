// Programs that say who they are: the product of a User-Agent, a name, a purpose, and where the
// name was seen. One line each; names are compared in lower case.
//
// A robot of the list is counted by its name. One that is not, and calls itself a bot, crawler or
// the like, is counted by what it calls itself (`ClassifiedAgent`).

/// A program of the list.
struct KnownRobot: Sendable {
    let name: String
    let purpose: RobotPurpose

    /// The robots by their products.
    static let byProduct: [String: KnownRobot] = {
        var robots: [String: KnownRobot] = [:]
        for (product, name, purpose, _) in all {
            robots[product] = KnownRobot(name: name, purpose: purpose)
        }
        return robots
    }()

    /// Product, name, purpose, where it was seen.
    static let all: [(String, String, RobotPurpose, String)] =
        search + models + feeds + monitors + libraries + previews + marketing + archives

    private static let search: [(String, String, RobotPurpose, String)] = [
        ("googlebot", "Googlebot", .search, "developers.google.com/search"),
        ("googlebot-image", "Googlebot Image", .search, "developers.google.com/search"),
        ("googlebot-news", "Googlebot News", .search, "developers.google.com/search"),
        ("googlebot-video", "Googlebot Video", .search, "developers.google.com/search"),
        ("storebot-google", "Google Storebot", .search, "developers.google.com/search"),
        (
            "google-inspectiontool", "Google Inspection Tool", .search,
            "developers.google.com/search"
        ),
        ("googleother", "GoogleOther", .search, "developers.google.com/search"),
        ("adsbot-google", "Google AdsBot", .search, "developers.google.com/search"),
        ("mediapartners-google", "Google AdSense", .search, "developers.google.com/search"),
        ("apis-google", "APIs-Google", .search, "developers.google.com/search"),
        (
            "google-site-verification", "Google Site Verifier", .search,
            "developers.google.com/search"
        ),
        ("google-safety", "Google Safety", .search, "developers.google.com/search"),
        ("bingbot", "Bingbot", .search, "bing.com/webmasters"),
        ("adidxbot", "Bing AdIdxBot", .search, "bing.com/webmasters"),
        ("msnbot", "MSNBot", .search, "bing.com/webmasters"),
        ("slurp", "Yahoo Slurp", .search, "help.yahoo.com"),
        ("duckduckbot", "DuckDuckBot", .search, "duckduckgo.com/duckduckbot"),
        ("yandexbot", "YandexBot", .search, "yandex.com/support/webmaster"),
        ("yandeximages", "YandexImages", .search, "yandex.com/support/webmaster"),
        ("yandexmobilebot", "YandexMobileBot", .search, "yandex.com/support/webmaster"),
        (
            "yandexrenderresourcesbot", "YandexRenderResourcesBot", .search,
            "yandex.com/support/webmaster"
        ),
        ("baiduspider", "Baiduspider", .search, "baidu.com/search/spider.html"),
        ("baiduspider-render", "Baiduspider", .search, "baidu.com/search/spider.html"),
        ("sogou", "Sogou", .search, "sogou.com/docs/help/webmasters.htm"),
        ("petalbot", "PetalBot", .search, "webmaster.petalsearch.com"),
        ("seznambot", "SeznamBot", .search, "napoveda.seznam.cz"),
        ("qwantify", "Qwantify", .search, "help.qwant.com/bot"),
        ("qwantbot", "Qwantbot", .search, "help.qwant.com/bot"),
        ("mojeekbot", "MojeekBot", .search, "mojeek.com/bot.html"),
        ("marginalia", "Marginalia", .search, "marginalia-search.com"),
        ("naverbot", "Naver", .search, "help.naver.com"),
        ("yeti", "Naver Yeti", .search, "help.naver.com"),
        ("coccocbot-web", "Coc Coc", .search, "help.coccoc.com"),
        ("kagibot", "Kagi", .search, "kagi.com/bot"),
        ("applebot", "Applebot", .search, "support.apple.com/119829"),
    ]

    private static let models: [(String, String, RobotPurpose, String)] = [
        ("gptbot", "GPTBot", .ai, "platform.openai.com/docs/bots"),
        ("chatgpt-user", "ChatGPT-User", .ai, "platform.openai.com/docs/bots"),
        ("oai-searchbot", "OAI-SearchBot", .ai, "platform.openai.com/docs/bots"),
        ("claudebot", "ClaudeBot", .ai, "support.anthropic.com"),
        ("claude-user", "Claude-User", .ai, "support.anthropic.com"),
        ("claude-searchbot", "Claude-SearchBot", .ai, "support.anthropic.com"),
        ("anthropic-ai", "anthropic-ai", .ai, "support.anthropic.com"),
        ("perplexitybot", "PerplexityBot", .ai, "docs.perplexity.ai/guides/bots"),
        ("perplexity-user", "Perplexity-User", .ai, "docs.perplexity.ai/guides/bots"),
        ("google-extended", "Google-Extended", .ai, "developers.google.com/search"),
        ("google-cloudvertexbot", "Google-CloudVertexBot", .ai, "developers.google.com/search"),
        ("applebot-extended", "Applebot-Extended", .ai, "support.apple.com/119829"),
        ("meta-externalagent", "Meta-ExternalAgent", .ai, "developers.facebook.com/docs/sharing"),
        (
            "meta-externalfetcher", "Meta-ExternalFetcher", .ai,
            "developers.facebook.com/docs/sharing"
        ),
        ("facebookbot", "FacebookBot", .ai, "developers.facebook.com/docs/sharing"),
        ("amazonbot", "Amazonbot", .ai, "developer.amazon.com/amazonbot"),
        ("bytespider", "Bytespider", .ai, "bytespider in access logs"),
        ("tiktokspider", "TikTokSpider", .ai, "bytespider in access logs"),
        ("cohere-ai", "cohere-ai", .ai, "darkvisitors.com"),
        ("mistralai-user", "MistralAI-User", .ai, "docs.mistral.ai/robots"),
        ("duckassistbot", "DuckAssistBot", .ai, "duckduckgo.com/duckassistbot"),
        ("youbot", "YouBot", .ai, "about.you.com/youbot"),
        ("ai2bot", "AI2Bot", .ai, "allenai.org/crawler"),
        ("diffbot", "Diffbot", .ai, "docs.diffbot.com"),
        ("imagesiftbot", "ImagesiftBot", .ai, "imagesift.com/about"),
        ("timpibot", "Timpibot", .ai, "timpi.io"),
    ]

    private static let feeds: [(String, String, RobotPurpose, String)] = [
        ("feedly", "Feedly", .feed, "feedly.com/fetcher.html"),
        ("feedbin", "Feedbin", .feed, "feedbin.com"),
        ("feedfetcher-google", "Google Feedfetcher", .feed, "google.com/feedfetcher.html"),
        ("newsblur", "NewsBlur", .feed, "newsblur.com"),
        ("inoreader", "Inoreader", .feed, "inoreader.com"),
        ("theoldreader", "The Old Reader", .feed, "theoldreader.com"),
        ("feedwrangler", "Feed Wrangler", .feed, "feedwrangler.net"),
        ("feedhq", "FeedHQ", .feed, "feedhq.org"),
        ("bazqux", "BazQux", .feed, "bazqux.com/fetcher"),
        ("netnewswire", "NetNewsWire", .feed, "netnewswire.com"),
        ("reeder", "Reeder", .feed, "reederapp.com"),
        ("liferea", "Liferea", .feed, "lzone.de/liferea"),
        ("akregator", "Akregator", .feed, "apps.kde.org/akregator"),
        ("newsboat", "Newsboat", .feed, "newsboat.org"),
        ("freshrss", "FreshRSS", .feed, "freshrss.org"),
        ("miniflux", "Miniflux", .feed, "miniflux.app"),
        ("tiny", "Tiny Tiny RSS", .feed, "tt-rss.org"),
        ("quiterss", "QuiteRSS", .feed, "quiterss.org"),
        ("rssguard", "RSS Guard", .feed, "github.com/martinrotter/rssguard"),
        ("commafeed", "CommaFeed", .feed, "commafeed.com"),
        ("universalfeedparser", "feedparser", .feed, "pypi.org/project/feedparser"),
        ("feedparser", "feedparser", .feed, "pypi.org/project/feedparser"),
        ("magpierss", "MagpieRSS", .feed, "magpierss.sourceforge.net"),
        ("simplepie", "SimplePie", .feed, "simplepie.org"),
        ("rome", "ROME", .feed, "rometools.github.io"),
        ("superfeedr", "Superfeedr", .feed, "superfeedr.com"),
    ]

    private static let monitors: [(String, String, RobotPurpose, String)] = [
        ("uptimerobot", "UptimeRobot", .monitor, "uptimerobot.com"),
        ("pingdom", "Pingdom", .monitor, "pingdom.com"),
        ("statuscake", "StatusCake", .monitor, "statuscake.com"),
        ("updown", "updown.io", .monitor, "updown.io"),
        ("betterstack", "Better Stack", .monitor, "betterstack.com"),
        ("better", "Better Uptime", .monitor, "betterstack.com"),
        ("site24x7", "Site24x7", .monitor, "site24x7.com"),
        ("hetrixtools", "HetrixTools", .monitor, "hetrixtools.com"),
        ("nagios-plugins", "Nagios", .monitor, "nagios-plugins.org"),
        ("check_http", "Nagios", .monitor, "nagios-plugins.org"),
        ("kube-probe", "Kubernetes", .monitor, "kubernetes.io"),
        ("googlehc", "Google Health Check", .monitor, "cloud.google.com/load-balancing"),
        ("elb-healthchecker", "AWS Health Check", .monitor, "docs.aws.amazon.com"),
        ("blackbox", "Prometheus Blackbox", .monitor, "github.com/prometheus/blackbox_exporter"),
        ("prometheus", "Prometheus", .monitor, "prometheus.io"),
        ("chrome-lighthouse", "Lighthouse", .monitor, "developer.chrome.com/docs/lighthouse"),
        ("ptst", "WebPageTest", .monitor, "webpagetest.org"),
        ("gtmetrix", "GTmetrix", .monitor, "gtmetrix.com"),
        ("w3c_validator", "W3C Validator", .monitor, "validator.w3.org"),
        ("validator.nu", "Nu Html Checker", .monitor, "validator.w3.org/nu"),
        ("w3c-checklink", "W3C Link Checker", .monitor, "validator.w3.org/checklink"),
        ("linkchecker", "LinkChecker", .monitor, "linkchecker.github.io"),
        ("letsencrypt", "Let's Encrypt", .monitor, "letsencrypt.org"),
        ("let's", "Let's Encrypt", .monitor, "letsencrypt.org"),
        ("censysinspect", "Censys", .monitor, "about.censys.io"),
        ("zgrab", "ZGrab", .monitor, "github.com/zmap/zgrab"),
        ("expanse", "Palo Alto Expanse", .monitor, "expanse in access logs"),
        ("nuclei", "Nuclei", .monitor, "github.com/projectdiscovery/nuclei"),
        ("nikto", "Nikto", .monitor, "cirt.net/Nikto2"),
        ("nmap", "Nmap", .monitor, "nmap.org"),
        ("masscan", "masscan", .monitor, "github.com/robertdavidgraham/masscan"),
        ("internetmeasurement", "InternetMeasurement", .monitor, "internet-measurement.com"),
    ]

    private static let libraries: [(String, String, RobotPurpose, String)] = [
        ("curl", "curl", .library, "curl.se"), ("libcurl", "curl", .library, "curl.se"),
        ("wget", "Wget", .library, "gnu.org/software/wget"),
        ("wget2", "Wget", .library, "gnu.org/software/wget"),
        ("python-requests", "Python requests", .library, "requests.readthedocs.io"),
        ("python-urllib", "Python urllib", .library, "docs.python.org"),
        ("python-urllib3", "Python urllib3", .library, "urllib3.readthedocs.io"),
        ("python-httpx", "Python HTTPX", .library, "python-httpx.org"),
        ("aiohttp", "Python aiohttp", .library, "docs.aiohttp.org"),
        ("python", "Python", .library, "docs.python.org"),
        ("scrapy", "Scrapy", .library, "scrapy.org"),
        ("go-http-client", "Go", .library, "pkg.go.dev/net/http"),
        ("java", "Java", .library, "docs.oracle.com/javase"),
        ("java-http-client", "Java", .library, "docs.oracle.com/javase"),
        ("apache-httpclient", "Apache HttpClient", .library, "hc.apache.org"),
        ("okhttp", "OkHttp", .library, "square.github.io/okhttp"),
        ("axios", "axios", .library, "axios-http.com"),
        ("node-fetch", "node-fetch", .library, "github.com/node-fetch/node-fetch"),
        ("node", "Node.js", .library, "nodejs.org"),
        ("undici", "undici", .library, "undici.nodejs.org"),
        ("got", "got", .library, "github.com/sindresorhus/got"),
        ("deno", "Deno", .library, "deno.com"), ("bun", "Bun", .library, "bun.sh"),
        ("libwww-perl", "libwww-perl", .library, "metacpan.org/pod/LWP"),
        ("lwp-trivial", "libwww-perl", .library, "metacpan.org/pod/LWP"),
        ("mechanize", "Mechanize", .library, "metacpan.org"),
        ("ruby", "Ruby", .library, "ruby-doc.org"),
        ("faraday", "Faraday", .library, "lostisland.github.io"),
        ("guzzlehttp", "Guzzle", .library, "docs.guzzlephp.org"),
        ("php", "PHP", .library, "php.net"), ("reqwest", "reqwest", .library, "docs.rs/reqwest"),
        ("hyper", "hyper", .library, "hyper.rs"), ("ureq", "ureq", .library, "docs.rs/ureq"),
        ("httpie", "HTTPie", .library, "httpie.io"),
        ("postmanruntime", "Postman", .library, "postman.com"),
        ("insomnia", "Insomnia", .library, "insomnia.rest"),
        (
            "headlesschrome", "Headless Chrome", .library,
            "developer.chrome.com/docs/chromium/headless"
        ),
        ("phantomjs", "PhantomJS", .library, "phantomjs.org"),
        ("jsdom", "jsdom", .library, "github.com/jsdom/jsdom"),
        ("cfnetwork", "CFNetwork", .library, "developer.apple.com"),
        ("winhttp", "WinHTTP", .library, "learn.microsoft.com"),
        ("powershell", "PowerShell", .library, "learn.microsoft.com"),
        ("windowspowershell", "PowerShell", .library, "learn.microsoft.com"),
        ("nutch", "Apache Nutch", .library, "nutch.apache.org"),
        ("colly", "Colly", .library, "go-colly.org"), ("wpscan", "WPScan", .library, "wpscan.com"),
        ("httrack", "HTTrack", .library, "httrack.com"),
        ("ab", "ApacheBench", .library, "httpd.apache.org"),
        ("apachebench", "ApacheBench", .library, "httpd.apache.org"),
        ("k6", "k6", .library, "k6.io"), ("wrk", "wrk", .library, "github.com/wg/wrk"),
        ("hey", "hey", .library, "github.com/rakyll/hey"),
    ]

    private static let previews: [(String, String, RobotPurpose, String)] = [
        ("facebookexternalhit", "Facebook", .preview, "developers.facebook.com/docs/sharing"),
        ("facebookcatalog", "Facebook", .preview, "developers.facebook.com/docs/sharing"),
        ("twitterbot", "Twitterbot", .preview, "developer.x.com"),
        ("linkedinbot", "LinkedInBot", .preview, "linkedin.com"),
        ("slackbot", "Slackbot", .preview, "api.slack.com/robots"),
        ("slackbot-linkexpanding", "Slackbot", .preview, "api.slack.com/robots"),
        ("slack-imgproxy", "Slackbot", .preview, "api.slack.com/robots"),
        ("discordbot", "Discordbot", .preview, "discord.com"),
        ("telegrambot", "TelegramBot", .preview, "core.telegram.org"),
        ("whatsapp", "WhatsApp", .preview, "whatsapp in access logs"),
        ("skypeuripreview", "Skype", .preview, "skype in access logs"),
        ("redditbot", "redditbot", .preview, "reddit.com"),
        ("pinterestbot", "Pinterestbot", .preview, "help.pinterest.com"),
        ("pinterest", "Pinterest", .preview, "help.pinterest.com"),
        ("embedly", "Embedly", .preview, "embed.ly"),
        ("iframely", "Iframely", .preview, "iframely.com"),
        ("mastodon", "Mastodon", .preview, "docs.joinmastodon.org"),
        ("pleroma", "Pleroma", .preview, "pleroma.social"),
        ("misskey", "Misskey", .preview, "misskey-hub.net"),
        ("lemmy", "Lemmy", .preview, "join-lemmy.org"),
        ("cardyb", "Bluesky Cardyb", .preview, "bsky.app"),
        ("bluesky", "Bluesky", .preview, "bsky.app"),
        ("vkshare", "VK", .preview, "vk.com/dev/Share"),
        ("googlemessages", "Google Messages", .preview, "messages in access logs"),
        ("google-pagerenderer", "Google Page Renderer", .preview, "developers.google.com/search"),
        ("google-read-aloud", "Google Read Aloud", .preview, "developers.google.com/search"),
        ("snapchat", "Snapchat", .preview, "developers.snap.com/robots"),
    ]

    private static let marketing: [(String, String, RobotPurpose, String)] = [
        ("ahrefsbot", "AhrefsBot", .marketing, "ahrefs.com/robot"),
        ("ahrefssiteaudit", "Ahrefs Site Audit", .marketing, "ahrefs.com/robot"),
        ("semrushbot", "SemrushBot", .marketing, "semrush.com/bot"),
        ("siteauditbot", "Semrush Site Audit", .marketing, "semrush.com/bot"),
        ("mj12bot", "MJ12bot", .marketing, "mj12bot.com"),
        ("dotbot", "DotBot", .marketing, "moz.com/help/moz-procedures/crawlers"),
        ("rogerbot", "Rogerbot", .marketing, "moz.com/help/moz-procedures/crawlers"),
        ("blexbot", "BLEXBot", .marketing, "webmeup-crawler.com"),
        ("dataforseobot", "DataForSeoBot", .marketing, "dataforseo.com/dataforseo-bot"),
        ("serpstatbot", "serpstatbot", .marketing, "serpstatbot.com"),
        ("barkrowler", "Barkrowler", .marketing, "babbar.tech/crawler"),
        ("seekportbot", "SeekportBot", .marketing, "bot.seekport.com"),
        ("screaming", "Screaming Frog", .marketing, "screamingfrog.co.uk"),
        ("sistrix", "Sistrix", .marketing, "sistrix.com"),
        ("proximic", "Proximic", .marketing, "comscore.com"),
        ("grapeshotcrawler", "Grapeshot", .marketing, "oracle.com"),
        ("ias_crawler", "IAS", .marketing, "integralads.com"),
        ("criteobot", "CriteoBot", .marketing, "criteo.com/criteo-crawler"),
        ("zoominfobot", "ZoominfoBot", .marketing, "zoominfo.com"),
        ("awariobot", "AwarioBot", .marketing, "awario.com/bots.html"),
    ]

    private static let archives: [(String, String, RobotPurpose, String)] = [
        ("ccbot", "CCBot", .archive, "commoncrawl.org/ccbot"),
        ("archive.org_bot", "Internet Archive", .archive, "archive.org"),
        ("ia_archiver", "Internet Archive", .archive, "archive.org"),
        ("heritrix", "Heritrix", .archive, "heritrix.readthedocs.io"),
        ("wayback", "Internet Archive", .archive, "archive.org"),
        ("archivebot", "ArchiveBot", .archive, "wiki.archiveteam.org"),
        ("turnitin", "Turnitin", .archive, "turnitin.com/robot"),
        ("turnitinbot", "Turnitin", .archive, "turnitin.com/robot"),
        ("omgili", "Webz.io", .archive, "webz.io/bot.html"),
        ("webzio-extended", "Webz.io", .archive, "webz.io/bot.html"),
        ("neevabot", "NeevaBot", .archive, "neevabot in access logs"),
        ("icc-crawler", "ICC-Crawler", .archive, "ucri.nict.go.jp"),
    ]
}
