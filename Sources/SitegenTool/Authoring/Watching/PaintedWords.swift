import Groundwork

/// When tabs painted what they were told.
struct PaintedWords {
    /// How many words are kept; more come from nobody.
    private static let wordsMax = 1_024
    private var times = LRUCache<String, ContinuousClock.Instant>(costMax: wordsMax)

    /// A tab has painted.
    mutating func note(_ word: String) { times.insert(.now, for: word, cost: 1) }

    /// When the last of some words was painted for the first time since an instant; nil as long as
    /// one of them was not.
    mutating func last(of words: Set<String>, since start: ContinuousClock.Instant)
        -> ContinuousClock.Instant?
    {
        var last: ContinuousClock.Instant?
        for word in words {
            guard let time = times.value(word), time >= start else { return nil }
            last = max(last ?? time, time)
        }
        return last
    }
}
