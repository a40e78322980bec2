// What an installation tells while it is under way.
//
// A view whose rows take long to compute is named before it begins, so that nobody has to wonder
// what is going on; what was done is told as soon as it is done for good.

/// A moment of an installation.
package enum InstallProgress: Equatable, Sendable {
    /// Something is risky about a view and stops nothing; told before anything is done.
    case warning(DefinitionProblem)
    /// The rows of a view are being computed: the `place`th of `count` views.
    case filling(view: String, place: Int, count: Int)
    /// The view stands as this says, whatever comes after it.
    case done(InstallAction)
}

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
