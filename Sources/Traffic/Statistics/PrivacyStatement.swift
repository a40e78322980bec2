// What a privacy page may say of the statistics, made from the settings in force, and the evidence:
// an operator has to be able to show that it is so.
//
// It says what this program does. Who adds other programs to the site has to add what they do.

package import Postgres

/// The statement.
package struct PrivacyStatement: Sendable {
    /// The text.
    package let text: String

    /// Makes it from what the database says.
    package init(on connection: borrowing Connection) throws {
        let settings = try TrafficSettings(on: connection)
        let evidence = try connection.rows(
            """
            SELECT (SELECT count(*) FROM traffic.day WHERE NOT is_final),
                (SELECT min(day)::text FROM traffic.day),
                (SELECT relpersistence = 'u' FROM pg_catalog.pg_class
                    WHERE oid = 'traffic.salt'::regclass),
                EXISTS (SELECT FROM traffic.vital_day)
            """
        ) { row throws(PostgresError) in
            (
                Int(try row.value(0, as: Int64.self)), try row.value(1, as: String?.self),
                try row.value(2, as: Bool.self), try row.value(3, as: Bool.self)
            )
        }
        let (days, oldest, isUnlogged, hasVitals) = evidence.first ?? (0, nil, false, false)
        let device =
            hasVitals
            ? "Nothing is stored on your device. A small script of some pages tells this site how "
                + "fast they were shown, and reads nothing else."
            : "Nothing is stored on your device, and no script has read anything from it."
        let place =
            isUnlogged
            ? "in a table that is in no write-ahead log, backup or replica"
            : "in a table that is logged: reinstall the schema"
        text = """
            This site counts what is read by what its server sees. \(device) Your address and \
            the text by which your browser introduces itself are turned into a number by a secret \
            key in the server's memory and are not kept. The key is random, lasts one day and is \
            then destroyed; after that nobody can tell which number was yours, and nobody is \
            followed from one day to the next. Pages, times, the name of the site or the campaign \
            you came from, the kind of your browser and its language are kept for \
            \(settings.hitDays) days, counts for \(settings.countMonths) months. Nobody else \
            receives any of this. A browser that says Do Not Track or Global Privacy Control is \
            counted without a number. To be left out altogether, open /-/measure/off; \
            /-/measure/on takes that back. That choice is kept in a cookie that says nothing else.

            Evidence
            zone           \(settings.zone)
            rows kept      \(settings.hitDays) days; there are rows of \(days) days now
            counts kept    \(settings.countMonths) months; the oldest day is \(oldest ?? "-")
            keys           one a day, \(place)
            receivers      none: the server writes files, and an ingester reads them
            script         \(hasVitals ? "browsers have told times" : "none has told anything"); \
            a page with Measured() has one
            text log       not part of this: lines of `serve --access-log` have the browser's own \
            text, and of addresses what --access-log-address says: parts of them unless set, all \
            with "full"
            """
    }
}
