// What browsers say of requests fits one byte and comes out of it again.

import AccessRecords
import Testing

@Suite("Signals of a request")
struct RequestSignalsTests {
    @Test("Every signal has bits of its own")
    func bits() {
        var seen: Set<UInt8> = []
        for destination in [RequestSignals.Destination.absent, .document, .other] {
            for site in [RequestSignals.Site.absent, .none, .same, .cross] {
                for flags in 0..<16 {
                    var signals = RequestSignals()
                    signals.destination = destination
                    signals.site = site
                    signals.navigates = flags & 1 > 0
                    signals.isByUser = flags & 2 > 0
                    signals.isPrefetch = flags & 4 > 0
                    signals.refusesTracking = flags & 8 > 0
                    #expect(signals.destination == destination && signals.site == site)
                    #expect(signals.navigates == (flags & 1 > 0))
                    #expect(signals.isByUser == (flags & 2 > 0))
                    #expect(signals.isPrefetch == (flags & 4 > 0))
                    #expect(signals.refusesTracking == (flags & 8 > 0))
                    #expect(seen.insert(signals.rawValue).inserted)
                }
            }
        }
        #expect(seen.count == 192)
    }
}
