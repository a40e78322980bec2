// How much of the traffic is taken at a time and how long what is kept.
//
// How many new texts of strangers a day takes stands in days.sql, beside what takes them.

/// The limits of ingesting and of what is kept.
enum TrafficLimits {
    /// The most records of a batch.
    static let batchRecordsMax = 10_000
    /// The most texts whose numbers an ingester remembers; then it begins anew.
    static let cachedTextsMax = 200_000
    /// The most days for which rows are kept.
    static let hitDaysMax = 400
    /// The most months for which counts are kept, unless somebody says that he may.
    static let countMonthsMax = 25
    /// The most months for which counts are kept at all.
    static let countMonthsLongest = 1_200
    /// The days for which keys of visitors are made ahead.
    static let keyDaysAhead = 2
    /// The days for which partitions are made ahead.
    static let partitionDaysAhead = 7
    /// The bytes of a log that is imported packed.
    static let logBytesMax = 2 << 30
    /// The first bytes of a log, by which it is known again.
    static let logHeadBytes = 4 << 10
    /// The most pages of a log that are remembered as such.
    static let logPagesMax = 100_000
}
