// The program without a site that `sitegen watch` links: everything of a site's program but the
// site, which comes as a library (`CLoading`).
//
// The function stands in every site's program, since this module needs it; there nothing calls it.

import CLoading

/// How a program begins that loads its site.
package enum LoadingProgram {
    /// The symbol of its `main`, for a linker.
    package static let main = SITEGEN_LOADING_MAIN
}
