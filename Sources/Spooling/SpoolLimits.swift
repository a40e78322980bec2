// How much of what is put aside is held in memory.

/// The bytes that are held in memory.
package enum SpoolLimits {
    /// Of a spool, or of records to be sorted.
    package static let memoryMax = 1 << 20
    /// Of each sorted run while runs are merged.
    static let runBufferBytes = 8 << 10
}
