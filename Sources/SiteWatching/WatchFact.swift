/// What happened.
package enum WatchFact: Sendable, Equatable {
    /// Files may have changed: somebody should look.
    case touched
    /// A look found changes of these kinds; none if there were none.
    case looked(Set<WatchedKind>)
    /// Rows of views changed.
    case rows
    /// Views were made from something that is another thing now.
    case viewsOutdated
    /// A step ended.
    case ended(WatchStep, succeeded: Bool)
    /// The renderer is gone.
    case rendererEnded
    /// The renderer that is being started waits for something that nobody knows the time of.
    case rendererWaits
    /// The author asks for another renderer.
    case wantsRenderer
    /// What was compiled is not what its sources say.
    case wantsProgram
    /// A step that failed may succeed now, though nothing that it reads has changed.
    case mayAgain(WatchStep)
}
