// The numbers of texts: asked from the database once, then remembered.
//
// New texts get their numbers in a transaction of their own, before the batch: a text may be there
// without a row, never the reverse. What is "(other)" today may get a number tomorrow, so that is
// not remembered.

internal import AccessRecords
internal import FoundationEssentials
internal import Postgres

/// Texts that need numbers.
struct Texts {
    /// Names, and whether all that is known of them is that they lead nowhere.
    private(set) var pages: [AccessName: Bool] = [:]
    var sources: Set<SourceKey> = []
    var campaigns: Set<Campaign> = []
    var agents: Set<AgentKey> = []
    var fragments: Set<String> = []

    mutating func add(_ name: AccessName, isStrange: Bool) {
        pages[name] = (pages[name] ?? true) && isStrange
    }
}

/// Texts and their numbers.
struct TextNumbers {
    private(set) var pages: [AccessName: Int32] = [:]
    private(set) var sources: [SourceKey: Int32] = [:]
    private(set) var campaigns: [Campaign: Int32] = [:]
    private(set) var agents: [AgentKey: Int32] = [:]
    private(set) var fragments: [String: Int32] = [:]

    /// Asks for what is not known yet.
    mutating func learn(_ texts: Texts, on connection: borrowing Connection) throws {
        let count = pages.count + sources.count + campaigns.count + agents.count + fragments.count
        if count > TrafficLimits.cachedTextsMax { self = TextNumbers() }
        let names = Array(texts.pages.filter { pages[$0.key] == nil })
        try Self.ask(
            connection, "traffic.number_pages($1, $2, $3, $4)", names.map(\.key),
            [
                Self.storable(names.map(\.key.path)), Self.storable(names.map(\.key.view)),
                Self.storable(names.map(\.key.key)), Parameter(names.map(\.value)),
            ], into: &pages)
        let places = Array(texts.sources.filter { sources[$0] == nil })
        try Self.ask(
            connection, "traffic.number_sources($1, $2)", places,
            [Parameter(places.map(\.sourceClass)), Self.storable(places.map(\.text))],
            into: &sources)
        let brought = Array(texts.campaigns.filter { campaigns[$0] == nil })
        try Self.ask(
            connection, "traffic.number_campaigns($1, $2, $3)", brought,
            [
                Self.storable(brought.map(\.source)), Self.storable(brought.map(\.medium)),
                Self.storable(brought.map(\.name)),
            ], into: &campaigns)
        let askers = Array(texts.agents.filter { agents[$0] == nil })
        let objects = String(decoding: try JSONEncoder().encode(askers), as: UTF8.self)
        try Self.ask(
            connection, "traffic.number_agents($1)", askers, [Parameter(objects)], into: &agents)
        let filled = Array(texts.fragments.filter { fragments[$0] == nil })
        try Self.ask(
            connection, "traffic.number_fragments($1)", filled, [Self.storable(filled)],
            into: &fragments)
    }

    /// The number of a source; "(other)" for one that has none today.
    func number(of source: SourceKey) -> Int32 {
        sources[source] ?? (source.sourceClass == 3 ? 4 : 1)
    }

    /// PostgreSQL cannot keep U+0000.
    static func storable(_ texts: [String]) -> Parameter {
        Parameter(texts.map { $0.utf8.contains(0) ? $0.filter { $0 != "\0" } : $0 })
    }

    private static func ask<Text>(
        _ connection: borrowing Connection, _ function: String, _ texts: [Text],
        _ parameters: [Parameter], into numbers: inout [Text: Int32]
    ) throws {
        guard !texts.isEmpty else { return }
        let found = try connection.rows("SELECT place, id FROM \(function)", parameters) {
            row throws(PostgresError) in
            (Int(try row.value(0, as: Int64.self)), try row.value(1, as: Int32.self))
        }
        for (place, id) in found where id >= 16 || id == 0 || id == 2 || id == 3 {
            numbers[texts[place - 1]] = id
        }
    }
}
