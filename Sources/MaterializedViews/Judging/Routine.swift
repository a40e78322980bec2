import Postgres

/// A function, procedure or aggregate.
struct Routine: Equatable {
    let name: QualifiedName
    /// The types of its parameters, as people read them.
    let arguments: String
    /// The OIDs of the types of its parameters.
    let argumentTypes: [Int]
    /// The OID of the type of its result.
    let resultType: Int
    /// `f` function, `a` aggregate, `w` window function.
    let kind: String
    /// `i`, `s` or `v`.
    let volatility: String
    let language: String
    let givesRows: Bool
    /// The parsed body of an SQL function; where it is text, that of `FunctionBodies`, or what the
    /// names in it may stand for (`FunctionNames`); `.none` in another language.
    var body: NodeTree
    /// Whether PostgreSQL keeps the body parsed.
    let isParsed: Bool
    /// The text of the body.
    let source: String
    /// Its own `search_path`; nil if it has none.
    let searchPath: String?
    /// Tells it from any other definition of it.
    let fingerprint: String
    /// The functions of an aggregate, the one for each row first.
    let parts: [Int]

    var isBuiltIn: Bool { name.schema == "pg_catalog" }

    /// Whether its body is a text that can be looked through.
    var isText: Bool { !isBuiltIn && !isParsed && ["sql", "plpgsql"].contains(language) }

    /// The columns of `pg_aggregate`, as `a`, that name functions.
    static let aggregateParts = [
        "transfn", "finalfn", "combinefn", "serialfn", "deserialfn", "mtransfn", "minvtransfn",
        "mfinalfn",
    ].map { "a.agg\($0)::oid" }.joined(separator: ", ")
}
