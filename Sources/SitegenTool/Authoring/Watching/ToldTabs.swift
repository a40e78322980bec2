/// The tabs that were told of something.
///
/// A page is told by its digest, a style sheet by its version; a tab says the same word back once
/// it has painted.
struct ToldTabs: Sendable {
    /// Their numbers.
    var tabs: Set<Int> = []
    /// What each of them will say when it has painted.
    var words: Set<String> = []

    /// Takes more.
    mutating func add(_ more: ToldTabs) {
        tabs.formUnion(more.tabs)
        words.formUnion(more.words)
    }
}
