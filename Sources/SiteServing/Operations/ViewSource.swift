/// What tells a server of views.
package enum ViewSource: String, CaseIterable, Sendable {
    /// Its own answers; a page's script tells of those that the server cannot see.
    case answers
    /// Pages' scripts alone, since another server answers for it from what it keeps.
    case beacon
}
