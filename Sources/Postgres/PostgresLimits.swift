// The bounds of this module, each with its name.
//
// Those of names, parameters and numerics are PostgreSQL's own, stated early. How many rows a
// result has is not bounded: read large ones with `stream`. How long a statement may run is a
// setting of the connection, `ConnectionSettings.statementMilliseconds`.

/// How much and how long at most.
package enum PostgresLimits {
    /// Seconds to wait for a connection unless the settings or the URL say otherwise.
    static let connectSeconds = 10
    /// How often the server looks whether the client of a running query is still there.
    static let connectionCheckSeconds = 2
    /// Bytes of the name of a prepared statement: PostgreSQL cuts longer identifiers.
    static let statementNameBytesMax = 63
    /// Bytes of the name of a site: names of schemas and triggers are made of it.
    package static let siteNameBytesMax = 32
    /// Bytes of COPY data that are collected before they go to the server.
    static let copyBufferBytes = 65_536
    /// Elements of one array value; a larger one is refused as malformed.
    static let arrayElementsMax = 16_777_216
    /// Characters of a server's message that an error keeps.
    static let messageCharactersMax = 4_000
    /// Base-10000 digits of a numeric value: 131,072 decimal digits before the point and 16,383
    /// after it, PostgreSQL's own limit.
    static let numericDigitsMax = 37_000
}
