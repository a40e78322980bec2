// What a server cannot see of a page, told by the page: views out of the browser's own memory, and
// how long the page took where it was read. `docs/traffic.md` says what is counted of it. Every
// byte of the script is in every page that is measured: at most 700 of them, once esbuild is done.

/// Tells the server of a page's view, and of its times, when the page is left.
///
/// ```swift
/// body { …; Measured() }
/// ```
/// It adds one script, and no cookie: a beacon to `/-/view` once the page is hidden. A server with
/// `--access-spool` counts it; any other one answers 405.
public struct Measured: Component {
    /// The script, the same on every page.
    public static let script: JS? = """
        let shown = 0, cls = self.LayoutShift && 0, sent, first, last, sum, lcp, inp;
        for (const type of ["layout-shift", "largest-contentful-paint", "event"])
            new PerformanceObserver((list) => list.getEntries().map((entry) => {
                const start = entry.startTime;
                if (entry.size) lcp = start;
                if (entry.interactionId) inp = Math.max(inp || 0, entry.duration);
                if (entry.hadRecentInput == 0) {
                    if (!(start - last < 1e3 && start - first < 5e3)) sum = 0, first = start;
                    last = start;
                    cls = Math.max(cls, sum += entry.value);
                }
            })).observe({ type, buffered: 1, durationThreshold: 16 });
        addEventListener("pageshow", (event) => {
            if (event.persisted) sent = 0, shown = event.timeStamp;
        });
        addEventListener("visibilitychange", (event) => {
            const [entry] = performance.getEntriesByType("navigation");
            sent ||= document.hidden && navigator.sendBeacon("/-/view", [
                entry.type, entry.deliveryType, entry.activationStart, shown,
                event.timeStamp, lcp, inp, cls, entry.responseStart, location.pathname,
            ]);
        });
        """

    /// The script's place in a page; anywhere in it.
    public init() {}

    /// Nothing is shown.
    public var view: HTML { "" }
}
