// What runs as a site's program: the whole program, or one without the site that loads it.
//
// Both take the same arguments and become the same process; the second reads one line before it
// does, which names the library.

/// A site's program as it can be run.
enum SiteExecutable: Sendable, Equatable {
    /// The program that the package's build makes.
    case program(String)
    /// A program that waits for a library with the site.
    case loading(program: String, LoadedSite)

    /// A library with a site's own objects.
    struct LoadedSite: Sendable, Equatable {
        /// The library's file.
        let library: String
        /// The function that it begins with.
        let entry: String

        /// What the waiting program is told.
        var line: String { "\(entry) \(library)\n" }
    }

    /// The file that is run.
    var path: String {
        switch self {
        case .program(let path), .loading(let path, _): path
        }
    }

    /// What it reads first.
    var firstLine: String {
        switch self {
        case .program: ""
        case .loading(_, let site): site.line
        }
    }
}
