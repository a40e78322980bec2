// Reads 1,000,000 rows of 11 columns through the module Postgres; stream.c is the yardstick.
//
// The row type looks like a generated one: a final class that keeps every value.

import Glibc
import Postgres

final class BenchRow {
    let id: Int64
    let count: Int32
    let price: Int64
    let at: Timestamp
    let isLive: Bool
    let slug, title, place, kind, body: String
    let note: String?

    init(from row: borrowing Row) throws(PostgresError) {
        id = try row.value(0)
        count = try row.value(1)
        price = try row.value(2)
        at = try row.value(3)
        isLive = try row.value(4)
        slug = try row.value(5)
        title = try row.value(6)
        place = try row.value(7)
        kind = try row.value(8)
        body = try row.value(9)
        note = try row.value(10)
    }
}

guard CommandLine.arguments.count == 2 else { exit(2) }
let connection = try Connection(to: CommandLine.arguments[1])
let clock = ContinuousClock()
var rows = 0
var sum = 0
let wall = try clock.measure {
    try connection.prepare("bench", as: "SELECT * FROM bench")
    try connection.streamRows("bench") { row throws(PostgresError) in
        let value = try BenchRow(from: row)
        rows += 1
        sum &+= Int(value.id) &+ value.body.utf8.count
    }
}
var usage = rusage()
getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
let cpu =
    Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
    + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
let rate = Int(Double(rows) / (wall / .seconds(1)))
print(
    "Swift  \(rows) rows  \(rate) rows/s  CPU \(cpu) s  RSS \(usage.ru_maxrss) kB  (\(sum & 255))")
