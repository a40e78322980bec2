// The questions of one renderer that are not answered, and which one it is at.
//
// A renderer has one thread: it takes questions in their order, says which page it begins, and
// parks those whose address it does not know. It is stuck when it says nothing for as long as an
// answer may take while a page is its turn; reading public/ again may take longer.

/// What a renderer was asked and has not answered.
struct RendererWork {
    private struct Question {
        let number: Int
        /// The path of the page; nil for what is none.
        let path: String?
    }

    /// A page type, and the columns of its row's key; none without a row.
    struct PageRoute: Sendable, Equatable {
        let name: String
        let key: [String]
    }

    /// How long it may say nothing while it owes a page.
    static let silenceMax = Duration.seconds(10)

    /// What waits for its turn; the first has it.
    private var open: [Question] = []
    /// What waits for its address.
    private var parked: [Question] = []
    private var begun: Question?
    /// The page type that makes the page that is being rendered; nil if its code has not begun.
    private(set) var route: PageRoute?
    /// When it last said something, or had nothing to say.
    private var heard = ContinuousClock.now

    /// The path of the page that is being rendered; nil if none is.
    var page: String? { begun?.path }

    /// Something is asked.
    mutating func ask(_ number: Int, path: String?, at now: ContinuousClock.Instant) {
        if open.isEmpty { heard = now }
        open.append(Question(number: number, path: path))
    }

    /// The renderer said something.
    mutating func hear(at now: ContinuousClock.Instant) { heard = now }

    /// The renderer begins a page; one that was parked has its turn then.
    mutating func begin(_ number: Int) {
        guard let question = remove(number) else { return }
        open.insert(question, at: 0)
        (begun, route) = (question, nil)
    }

    /// The page that has begun is of this type.
    mutating func note(_ found: PageRoute) { if begun != nil { route = found } }

    /// A page has to wait for its address.
    mutating func park(_ number: Int) {
        if let question = remove(number) { parked.append(question) }
    }

    /// A question is answered, or nobody waits for its answer.
    mutating func end(_ number: Int) { _ = remove(number) }

    private mutating func remove(_ number: Int) -> Question? {
        if begun?.number == number { (begun, route) = (nil, nil) }
        if let place = open.firstIndex(where: { $0.number == number }) {
            return open.remove(at: place)
        }
        return parked.firstIndex { $0.number == number }.map { parked.remove(at: $0) }
    }

    /// Whether the renderer has said nothing for too long.
    func isStuck(at now: ContinuousClock.Instant) -> Bool {
        open.first?.path != nil && now - heard >= Self.silenceMax
    }
}
