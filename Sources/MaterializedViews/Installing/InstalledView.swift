/// A view as the database holds it.
package struct InstalledView: Equatable, Sendable {
    /// The name, without `sitegen.`.
    package let name: String
    /// The digest that was recorded when it was installed.
    package let digest: String
    /// The strategy that was recorded; nil if this version does not know it.
    package let strategy: RefreshStrategy?
    /// What stands in the catalogue under this name; nil if nothing does.
    package let kind: RefreshStrategy?
    /// The views of sitegen that it reads, as the catalogue knows.
    let references: [String]
    /// Whether its columns are no longer those of its statement.
    let hasDrifted: Bool
    /// Whether the rows of an incremental view may stay when its statement changes: key and
    /// columns are those of the file.
    var keepsRows: Bool
    /// Whether an incremental view stands aside (`sitegen db detach`).
    let isDetached: Bool
    /// What it was made from and is another thing now, as sentences.
    package let changes: [String]

    /// A view of the database.
    package init(
        name: String, digest: String, strategy: RefreshStrategy?, kind: RefreshStrategy?,
        references: [String] = [], hasDrifted: Bool = false, keepsRows: Bool = false,
        isDetached: Bool = false, changes: [String] = []
    ) {
        self.name = name
        self.digest = digest
        self.strategy = strategy
        self.kind = kind
        self.references = references
        self.hasDrifted = hasDrifted
        self.keepsRows = keepsRows
        self.isDetached = isDetached
        self.changes = changes
    }
}
