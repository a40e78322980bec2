/// The triggers that an installation makes, worked out once: each view that is added asks for them.
struct DraftTriggers {
    /// The bodies of the functions on tables of others, for what is there and what is to come.
    let bodies: Set<String>
    /// The triggers on tables of others, for what is to come.
    let needed: [InstalledTrigger]
    /// The triggers on tables of rows, for what is there and what is to come.
    let onViews: [TriggerScript]

    /// Works out the triggers; the target's watches have their numbers.
    init(_ draft: InstallDraft) {
        let both = draft.target.joined(with: draft.current)
        bodies = Set(both.triggers(onViews: false).flatMap(\.functions).map(\.body))
        needed = draft.target.triggers(onViews: false).flatMap(\.needed)
        onViews = both.triggers(onViews: true)
    }
}
