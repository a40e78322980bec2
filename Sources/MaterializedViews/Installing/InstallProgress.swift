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
