/// Why a table has no pages.
enum NoPages: Equatable {
    case view(DatabaseTable.Kind)
    case obstacle(DatabaseTable.Obstacle)
    case noKey
    case compositeKey
    case keyType(String)
    case looseKey
    case noLabel
    case personal(column: String)
    case junction
    case notNamed
    case tooMany

    /// The words for the README.
    var text: String {
        switch self {
        case .view(let kind): "left out: it is a \(kind.rawValue)"
        case .obstacle(.noRights): "left out: this user may not read it"
        case .obstacle(.rowSecurity):
            "left out: it has row level security, so what it shows depends on who asks"
        case .obstacle(.unlogged): "left out: it is UNLOGGED, a crash empties it without a sign"
        case .obstacle(.hasHeirs):
            "left out: other tables inherit from it, so its key may come twice"
        case .obstacle(.isHeir): "left out: it inherits from another table"
        case .noKey: "no pages: it has no primary key; its rows are counted"
        case .compositeKey: "no pages: its key has several columns; its rows are counted"
        case .keyType(let type): "no pages: its key is of type \(type); its rows are counted"
        case .looseKey: "no pages: its key takes texts for equal that differ; its rows are counted"
        case .noLabel: "no pages: nothing to call its rows by; its rows are counted"
        case .personal(let column):
            "left out: it seems to be about people (\(column)); name it with --tables"
        case .junction: "no pages: it links two tables, whose pages link to each other"
        case .notNamed: "no pages: --tables does not name it; its rows are counted"
        case .tooMany:
            "no pages: more than \(ScaffoldingLimits.tablesUnasked) tables could have some; "
                + "name it with --tables"
        }
    }

    /// Whether only what its rows seem to be is in the way.
    var isPersonal: Bool { if case .personal = self { true } else { false } }
}
