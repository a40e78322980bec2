import Traffic

/// What may be missing in the numbers, and how they are made.
struct NumbersState: Sendable {
    /// The settings.
    let settings: TrafficSettings
    /// The days that are over and not proved.
    let unsealed: [String]
    /// Answers without a record.
    let lost: Int
    /// Records whose time could not be.
    let redated: Int
    /// Batches' records that were refused.
    let refused: Int
    /// The first day with counts; nil if there is none.
    let oldest: String?
    /// The first day with rows; nil if there is none.
    let oldestRows: String?
}
