import Postgres

/// A function, procedure or aggregate.
struct Routine: Equatable {
    let name: QualifiedName
    /// The types of its parameters, as people read them.
    let arguments: String
    /// The OIDs of the types of its parameters.
    let argumentTypes: [Int]
    /// `f` function, `a` aggregate, `w` window function.
    let kind: String
    /// `i`, `s` or `v`.
    let volatility: String
    let language: String
    let givesRows: Bool
    /// The parsed body of an SQL function; `.none` where it is text, or in another language.
    let body: NodeTree
    /// The text of the body.
    let source: String
    /// Tells it from any other definition of it.
    let fingerprint: String
    /// The functions of an aggregate.
    let parts: [Int]

    var isBuiltIn: Bool { name.schema == "pg_catalog" }
}
