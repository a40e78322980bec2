import Postgres

/// An installation on its way.
struct InstallWork {
    let draft: InstallDraft
    let triggers: DraftTriggers
    let definitions: [ViewDefinition]
    /// The views that are replaced, redefined or dropped, and the new ones that those read.
    let group: Set<String>
    /// The new views besides, what is read first.
    let added: [ViewDefinition]
    /// The views that are there as their files say.
    var present: Set<String>
    /// The installed views as they were last seen; others must not have changed them.
    var state = ""
    var report: InstallReport
    /// The views whose rows are staged.
    var hasRows: Set<String> = []
    /// Whether rows were queued that changed while views were being filled.
    private(set) var hasQueued = false

    init(
        _ draft: InstallDraft, _ definitions: [ViewDefinition],
        tell: @escaping (InstallProgress) -> Void
    ) {
        self.draft = draft
        triggers = DraftTriggers(draft)
        self.definitions = definitions
        let plan = draft.plan
        let reads = Dictionary(
            definitions.map { ($0.name, $0.references) }, uniquingKeysWith: { first, _ in first })
        let isNew = { (name: String) in plan.reasons[name] == .new || plan.reasons[name] == .missing
        }
        var group = Set(plan.reasons.keys.filter { !isNew($0) }).union(plan.gone)
        var grew = true
        while grew {
            let read = group.flatMap { reads[$0] ?? [] }.filter { isNew($0) && !group.contains($0) }
            group.formUnion(read)
            grew = !read.isEmpty
        }
        self.group = group
        added = plan.creates.filter { !group.contains($0) }.compactMap { name in
            definitions.first { $0.name == name }
        }
        present = Set(plan.unchanged)
        report = InstallReport(count: plan.reasons.count, tell: tell)
    }

    /// Whether a view can be computed before anything changes.
    func canStage(_ definition: ViewDefinition) -> Bool {
        group.contains(definition.name) && draft.plan.reasons[definition.name] != nil
            && definition.references.allSatisfy { !group.contains($0) }
    }

    /// Ends a ticket, if there is one.
    ///
    /// - Returns: false if it was torn up.
    mutating func redeem(
        _ ticket: ViewFilling.Ticket?, on connection: borrowing Connection
    ) throws(ViewError) -> Bool {
        guard let ticket else { return true }
        guard let count = try ticket.redeem(on: connection) else { return false }
        if count > 0 { hasQueued = true }
        return true
    }

    /// The views to be computed before anything changes, in order.
    var staged: [ViewDefinition] {
        draft.plan.order.compactMap { name in definitions.first { $0.name == name } }
            .filter(canStage)
    }
}
