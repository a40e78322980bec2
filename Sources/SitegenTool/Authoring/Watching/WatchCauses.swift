// What changed and is not shown yet, in words, and when that began.
//
// What has to be compiled is shown by the renderer that is made of it, however often pages are
// rendered before; rows and files by the next pages.

/// The causes of what tabs will be told.
struct WatchCauses {
    /// Some of them, and when the first was noticed.
    struct Batch {
        private(set) var causes: [WatchCause] = []
        private(set) var began: ContinuousClock.Instant?

        mutating func note(_ cause: WatchCause) {
            if !causes.contains(cause) { causes.append(cause) }
            began = began ?? .now
        }

        mutating func add(_ more: Batch) {
            for cause in more.causes where !causes.contains(cause) { causes.append(cause) }
            guard let start = more.began else { return }
            began = min(began ?? start, start)
        }
    }

    /// For the next pages.
    private var next = Batch()
    /// Sources that nobody compiles yet, and those of the program that is being made.
    private var (uncompiled, compiling) = (Batch(), Batch())

    /// None.
    init() {}

    /// Something changed.
    mutating func note(_ cause: WatchCause) {
        cause.isCompiled ? uncompiled.note(cause) : next.note(cause)
    }

    /// A program is being made of what changed up to now.
    mutating func compile() {
        compiling.add(uncompiled)
        uncompiled = Batch()
    }

    /// A renderer of that program is there.
    mutating func load() {
        next.add(compiling)
        compiling = Batch()
    }

    /// The causes of the pages that are rendered now.
    mutating func take() -> Batch {
        defer { next = Batch() }
        return next
    }

    /// What is wrong is told instead.
    mutating func forget() { (next, compiling) = (Batch(), Batch()) }

    /// The name of what is being compiled.
    var nameInWork: String { compiling.causes.first?.name ?? "the site" }
}
