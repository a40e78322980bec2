// What the policy of a page refuses in a tab: production's policy refuses it as well, and nobody
// would see why something is missing there.
//
// A problem goes when the page is loaded again: what is refused then is told anew.

import Groundwork
import SiteServing
import SiteWatching

extension WatchedSite {
    /// The longest text of a tab that is told, in characters.
    private static let wordCharactersMax = 200

    /// Notes what a tab says that was refused.
    func noteViolation(_ request: DevelopmentRequest) {
        guard let path = request.query["page"], pages.last(at: asked(path, request)) != nil else {
            return
        }
        func word(_ name: String) -> String {
            String(PrintableText.of(request.query[name] ?? "").prefix(Self.wordCharactersMax))
        }
        let place = word("at")
        let problem = Problem(
            "\(path): the policy refuses \(word("what")) by \(word("directive"))",
            notes: (place.isEmpty ? [] : ["at \(place)"])
                + ["Production refuses it, too: leave it out, or allow it in the page's policy."])
        let known = problems.problems(of: .policy(path))
        if !known.contains(problem) { set(known + [problem], of: .policy(path)) }
    }

    private func asked(_ path: String, _ request: DevelopmentRequest) -> ShownPages.Address {
        ShownPages.Address(path: path, cookies: request.cookies)
    }
}
