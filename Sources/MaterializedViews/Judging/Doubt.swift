// What may make a view's answer depend on more than its rows, and how that is told.
//
// Two kinds. What makes rows age, or changes without a trigger, is an error where rows are kept:
// they would be wrong for ever. What makes two readings differ is a warning, since each of them is
// right: pages change that nobody changed. In the author's own file a list without ORDER BY, a
// random number and the name of who is connected are errors as well: the remedy is at hand there.

/// Something doubtful in a statement, or in what it reads.
struct Doubt: Hashable {
    /// The kinds of doubt.
    enum Kind: Hashable {
        /// The time of reading.
        case clock
        /// A text becomes a time when it is read: `today` in it is another day tomorrow.
        case timeText(type: String)
        /// A new answer at each call.
        case changing
        /// Who is connected, and how.
        case session
        /// PostgreSQL's catalogue, or the state of the server.
        case catalogue
        /// TABLESAMPLE.
        case sample
        /// A table that is read where no trigger is made: inside a function.
        case hidden
        /// A crash empties the table without a sign.
        case unlogged
        /// A list in any order; `isArray` for ARRAY(SELECT …).
        case unordered
        /// A list whose ORDER BY leaves ties.
        case ties
        /// LIMIT, OFFSET, FETCH or DISTINCT ON keeps some of several rows.
        case choice(isOrdered: Bool)
        /// A window function that numbers or picks rows of which several are alike.
        case window
        /// A sum whose last digits depend on the order of addition.
        case float
        /// A key that may come twice: the last value stays.
        case objectKeys
        /// Values are equal and not written alike; any of them is taken.
        case spelling
        /// An aggregate of somebody's own, which may depend on the order of rows.
        case ownAggregate
    }

    let kind: Kind
    /// What it is, as the author reads it: `now()`, `LIMIT`, `sum`.
    let subject: String
    /// What the statement reads, outermost first, down to where it stands; empty in the file.
    let path: [String]
    /// The byte of the statement's text where it stands, as PostgreSQL counted; nil if unknown.
    let place: Int?

    private var name: String { path.last.map { "\(subject) in \($0)" } ?? subject }

    /// How bad it is in a view that is kept like this.
    func severity(_ strategy: RefreshStrategy) -> DefinitionProblem.Severity? {
        switch kind {
        case .clock: strategy == .live ? .warning : .error
        case .timeText: strategy == .live ? nil : .warning
        case .changing, .sample: .error
        case .session: path.isEmpty ? .error : .warning
        case .catalogue, .hidden: strategy == .incremental ? .error : nil
        case .unlogged: strategy == .incremental ? .warning : nil
        case .unordered: path.isEmpty ? .error : .warning
        case .ties, .choice, .window, .float, .objectKeys, .spelling, .ownAggregate: .warning
        }
    }

    /// What is doubtful, then what to change.
    func message(_ strategy: RefreshStrategy) -> String {
        switch kind {
        case .clock where strategy == .live:
            "\(name) in a live view: what is built from it is right until the next build."
        case .clock:
            "\(name) reads the clock, and no table changes when time passes. Name the row's "
                + "columns in `publish-at:` and `expire-at:`, read the time from a table, or make "
                + "the view `refresh: live`."
        case .timeText(let type):
            "\(name) becomes a \(type) when it is read, and words such as today in it follow the "
                + "clock. Use to_date or to_timestamp with a format."
        case .changing: "\(name) gives another answer each time. A page must not."
        case .session:
            "\(name) depends on who is connected, and how. A page must not."
        case .catalogue:
            "\(name) reads PostgreSQL's own catalogue or state, whose changes fire no triggers. "
                + "Use `refresh: materialized`, or leave it out."
        case .sample: "\(name) picks other rows each time. A page must not."
        case .hidden:
            "\(name) is read by a function that counts as IMMUTABLE, so nothing follows its "
                + "changes. Name it in `-- watch:`, or use `refresh: materialized`."
        case .unlogged:
            "\(name) is UNLOGGED: a crash of the server empties it and no trigger tells. Make it "
                + "LOGGED, or run `sitegen db apply` after a crash."
        default: orderMessage
        }
    }

    private var orderMessage: String {
        switch kind {
        case .unordered where subject == "ARRAY(SELECT …)":
            "\(name) without ORDER BY gives its elements in any order."
        case .unordered:
            "\(name) without ORDER BY gives its elements in any order. "
                + "Write \(subject)(… ORDER BY …), ending in a unique column."
        case .ties:
            "\(name): its ORDER BY leaves rows that are alike in any order. End it in a unique "
                + "column."
        case .choice(let isOrdered):
            isOrdered
                ? "\(name) keeps any of the rows that its ORDER BY calls alike. End it in a "
                    + "unique column."
                : "\(name) keeps any rows unless the same SELECT has an ORDER BY."
        case .window:
            "\(name) tells rows apart that its window leaves in any order. Give OVER an ORDER BY "
                + "that ends in a unique column."
        case .float:
            "\(name) of floating-point numbers depends on the order of its rows in the last "
                + "digits. Cast to numeric, or give it an ORDER BY."
        case .objectKeys:
            "\(name) keeps the last of several values with the same key, in any order. Make sure "
                + "that keys are unique: group by them, or take them from a unique column."
        case .spelling:
            "\(name) takes any of several values that are equal and not written alike, such as "
                + "1.0 and 1.00. Round it, or cast it to a type with a fixed form."
        default:
            "\(name) is an aggregate of your own whose answer may depend on the order of rows. "
                + "Give it an ORDER BY that ends in a unique column."
        }
    }

    /// The remark about a view file; nil where it does not matter for its strategy.
    func problem(_ definition: ViewDefinition, headBytes: Int) -> DefinitionProblem? {
        guard let severity = severity(definition.refresh) else { return nil }
        var line = definition.sqlLine
        if path.isEmpty, let place, place >= headBytes {
            let before = definition.sql.utf8.prefix(place - headBytes)
            line += before.count { byte in byte == 0x0A }
        }
        return DefinitionProblem(
            definition.file, line, message(definition.refresh), severity: severity)
    }
}
