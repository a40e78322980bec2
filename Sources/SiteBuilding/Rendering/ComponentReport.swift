// What each component of a site costs, over the pages that a build rendered.
//
// Time is that of rendering alone, bytes are those before compression, both without what stands
// inside a component. Compressing a page is not any component's work.

import Markup
import Synchronization

/// What one component cost in a build.
package struct ComponentReport: Sendable, Hashable {
    /// The type's name with its module.
    package let name: String
    /// On how many of the rendered pages it stands.
    package var pages = 0
    /// How often it was written.
    package var uses = 0
    /// The bytes it wrote itself.
    package var bytes = 0
    /// How long it took itself, in seconds.
    package var seconds = 0.0

    /// Begins with nothing.
    package init(name: String) { self.name = name }
}
