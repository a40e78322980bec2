// What a connection is asked for besides its URL, and what every connection gets.
//
// The session's formats are fixed, so that a value means the same on every machine: UTF-8, ISO
// dates, UTC, ISO intervals, exact floats. They are set by SET and not by the `options` start-up
// parameter, because connection poolers refuse that one. Time limits that a role or a database sets
// are for others: a command works as long as it takes, and its query ends soon after it is gone.

internal import CLibPQ

/// Settings of one connection.
package struct ConnectionSettings: Sendable {
    /// Shown in pg_stat_activity, unless the URL names another.
    var applicationName = "sitegen"
    /// Seconds until a connect is given up, unless the URL says otherwise.
    var connectSeconds = PostgresLimits.connectSeconds
    /// Milliseconds after which the server cancels a statement; nil leaves the server's setting.
    var statementMilliseconds: Int?
    /// The schema of the site whose work is done.
    var schema = SiteSchema.unnamed
    /// Receives notices and warnings as the server words them; without it they are dropped.
    var onNotice: (@Sendable (_ severity: String, _ message: String) -> Void)?

    /// The usual settings.
    package init(
        applicationName: String = "sitegen", connectSeconds: Int = PostgresLimits.connectSeconds,
        statementMilliseconds: Int? = nil, schema: SiteSchema = .unnamed,
        onNotice: (@Sendable (_ severity: String, _ message: String) -> Void)? = nil
    ) {
        self.applicationName = applicationName
        self.connectSeconds = connectSeconds
        self.statementMilliseconds = statementMilliseconds
        self.schema = schema
        self.onNotice = onNotice
    }

    /// The statements that every session begins with; the last one answers with the process that
    /// runs them.
    var sessionSQL: String {
        var sql = """
            SET client_encoding = 'UTF8'; SET DateStyle = 'ISO, YMD'; SET TimeZone = 'UTC';
            SET IntervalStyle = 'iso_8601'; SET extra_float_digits = 1;
            """
        if let statementMilliseconds {
            sql += " SET statement_timeout = \(max(0, statementMilliseconds));"
        }
        return sql + " SELECT pg_catalog.pg_backend_pid()"
    }
}

extension ConnectionSettings {
    /// What lifts the time limits of roles and databases, each setting alone: a server need not
    /// know all of them.
    func limitsSQL(version: Int) -> [String] {
        TimeLimits.settings(version: version).filter { name, _ in
            name != "statement_timeout" || statementMilliseconds == nil
        }.map { name, value in "SET \(name) = \(value)" }
    }
}

/// The time limits that end sessions, transactions and statements.
enum TimeLimits {
    /// Each with the value that a session of ours has.
    static func settings(version: Int) -> [(name: String, value: String)] {
        var settings = [
            ("statement_timeout", "0"), ("lock_timeout", "0"),
            ("idle_in_transaction_session_timeout", "0"),
        ]
        if version >= 140_000 {
            settings += [
                ("idle_session_timeout", "0"),
                // A query whose client was killed is ended by the server.
                ("client_connection_check_interval", "'\(PostgresLimits.connectionCheckSeconds)s'"),
            ]
        }
        if version >= 170_000 { settings.append(("transaction_timeout", "0")) }
        return settings
    }
}

extension Connection {
    /// Statements for the beginning of a transaction: they lift the time limits of roles and
    /// databases where the session could not, because a pooler lends it.
    package var transactionLimits: String {
        guard isPooled else { return "" }
        return TimeLimits.settings(version: serverVersion)
            .filter { name, _ in name != "idle_session_timeout" }
            .map { name, value in "SET LOCAL \(name) = \(value); " }.joined()
    }
}
