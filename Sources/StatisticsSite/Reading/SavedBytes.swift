/// What 304s and codings save.
struct SavedBytes: Sendable {
    /// Views that were answered with 304.
    let unchanged: Int
    /// All views.
    let views: Int
    /// What these 304s would have taken as whole pages.
    let bytes: Int
    /// Views of the last days by their coding.
    let codings: [RankedLine]
}
