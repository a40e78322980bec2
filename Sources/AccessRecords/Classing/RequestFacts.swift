// What a request is counted as, from what is known of it; the first rule that fits. Nothing is kept
// here and nothing asked for: the same facts give the same kind in every server and every import.
// Rules that need a visitor's whole day are not here: they are the fold's.

/// What is known of an answered request.
package struct RequestFacts: Sendable {
    /// What the path leads to.
    package enum Target: Sendable {
        /// A page.
        case page
        /// Atom, RSS or JSON Feed.
        case feed
        /// Another entry.
        case asset
        /// Nothing.
        case nothing

        /// What an entry of a content type is.
        package static func of(contentType: String, isPage: Bool) -> Target {
            if isPage { return .page }
            let type = contentType.utf8.prefix { $0 != UInt8(ascii: ";") }
            let feeds = ["application/atom+xml", "application/rss+xml", "application/feed+json"]
            return feeds.contains { type.elementsEqual($0.utf8) } ? .feed : .asset
        }
    }

    /// The status of the answer.
    package var status: Int
    /// What the path leads to.
    package var target: Target
    /// Whether it was a GET.
    package var isGet: Bool
    /// What the browser said.
    package var signals: RequestSignals
    /// Whether the request came over TLS, here or at a trusted proxy.
    package var isSecure: Bool
    /// Whether `Accept-Language` was sent.
    package var hasLanguage: Bool
    /// Whether the referrer is a host of the site's own list.
    package var isSpam = false

    /// Facts of an answer.
    package init(
        status: Int, target: Target, isGet: Bool, signals: RequestSignals, isSecure: Bool,
        hasLanguage: Bool
    ) {
        self.status = status
        self.target = target
        self.isGet = isGet
        self.signals = signals
        self.isSecure = isSecure
        self.hasLanguage = hasLanguage
    }

    /// What the request is counted as, and why it is a robot's if it is.
    package func kind(_ agent: ClassifiedAgent) -> (kind: RequestKind, reason: RobotReason?) {
        // Feeds are for programs: only one that is for something else is counted as a robot.
        let isFeed = target == .feed && (status == 200 || status == 304)
        if isFeed, agent.reason != .named || agent.agent.purpose == .feed { return (.feed, nil) }
        if let reason = reason(agent) { return (.robot, reason) }
        switch status {
        case 404, 410: return (.missing, nil)
        case 300..<400 where status != 304: return (.redirect, nil)
        case 400...: return (.refused, nil)
        default: break
        }
        switch target {
        case .feed: return (.feed, nil)
        case .asset: return (.asset, nil)
        case .nothing: return (.fetched, nil)
        case .page: break
        }
        if signals.isPrefetch { return (.prefetch, nil) }
        let isForTab =
            signals.destination == .absent
            || signals.destination == .document && signals.navigates
        return isGet && isForTab && status != 206 ? (.view, nil) : (.fetched, nil)
    }

    /// Why the request is a robot's, by itself.
    private func reason(_ agent: ClassifiedAgent) -> RobotReason? {
        if let reason = agent.reason { return reason }
        if isSpam { return .spam }
        guard agent.isBrowser else { return nil }
        // Pictures and scripts are asked for without it by some browsers' caches.
        guard target == .page, isGet else { return nil }
        if !hasLanguage { return .noLanguage }
        let isSilent = signals.destination == .absent && signals.site == .absent
        return agent.sendsFetchMetadata && isSecure && isSilent ? .noFetchMetadata : nil
    }
}
