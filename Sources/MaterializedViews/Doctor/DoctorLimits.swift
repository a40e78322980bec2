// From where on the doctor speaks up.
//
// The numbers are for databases with real rows in them; tests set smaller ones. Missing indexes
// have no limit: they are judged by structure, however small the tables are today.

/// What is too much, or too little to mention.
package struct DoctorLimits: Sendable {
    /// Blocks of 8 kB that one row may touch: a healthy row of a document view takes 100 to 150.
    var blocksPerRow = 1000
    /// What one row may cost, in rows of all when all are computed at once: the planner takes a
    /// look-up of an unknown key for ten, and an index costs something.
    var rowsForOneRow = 100
    /// Rows of tables that one row may touch, whatever it costs.
    var touchedRows = 500
    /// Blocks that a row may touch to be called cheap.
    var blocksOfCheapRow = 300
    /// Rows from which on computing all of them is worth a thought.
    var rowsOfLargeView = 1000
    /// Bytes from which on an unused index is worth a thought.
    var bytesOfUnusedIndex = 1 << 20
    /// Written rows from which on reads and writes are compared.
    var rowsWritten = 10_000
    /// Dead rows from which on a table is bloated, if they outnumber the live ones.
    var deadRows = 20_000
    /// Minutes that a transaction may be open.
    var transactionMinutes = 10
    /// Milliseconds that a queue row is watched for whether somebody takes it.
    var queueMilliseconds = 500

    /// The usual limits.
    package init() {}
}
