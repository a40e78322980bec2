/// Receives the moments of an installation, and knows which views are still to come.
struct InstallReport {
    private let tell: (InstallProgress) -> Void
    private let count: Int
    private var begun = 0
    /// What was done, in the order in which it was.
    private(set) var actions: [InstallAction] = []

    /// Begins with the number of views that will be touched.
    init(count: Int, tell: @escaping (InstallProgress) -> Void) {
        self.count = count
        self.tell = tell
    }

    /// A view's rows are about to be computed.
    mutating func begin(_ view: String) {
        begun += 1
        tell(.filling(view: view, place: min(begun, count), count: count))
    }

    /// These are committed.
    mutating func done(_ actions: [InstallAction]) {
        self.actions += actions
        for action in actions { tell(.done(action)) }
    }
}
