// Which row of which route is at which address, as far as that is known.
//
// Routes lead from rows to addresses only, so the way back is learned by reading rows. A row that
// changes is read again and takes its old addresses with it.

import ReleaseFormat
import SiteAuthoring

/// The addresses of a site.
struct ProofIndex {
    /// What is at an address.
    struct Place {
        /// The number of the route.
        let route: Int
        /// The row's key; nil without a row.
        let key: String?
        let isListed: Bool
        let modified: Timestamp?
    }

    private struct RowID: Hashable {
        let route: Int
        let key: String
    }

    private var places: [String: Place] = [:]
    private var paths: [RowID: [String]] = [:]
    /// The page for unknown addresses.
    private(set) var notFound: Place?

    /// No addresses.
    init() {}

    /// How many addresses are known.
    var count: Int { places.count }

    /// What is known to be at a path.
    subscript(path: String) -> Place? { places[path] }

    /// Notes what a row, or a route without rows, has at which addresses.
    mutating func set(
        _ outputs: [Output], of route: Int, key: String?, in site: Site
    ) throws {
        remove(key ?? "", of: route)
        var taken: [String] = []
        for output in outputs {
            let path = site.place(of: output)
            guard places[path] != nil || places.count < ReleaseLimits.entriesMax else {
                throw BuildError.site(
                    reason: "The site has more than \(ReleaseLimits.entriesMax) addresses.",
                    remedy: "Watch it with fewer rows.")
            }
            let isListed = if case .page(true, _) = output.body { true } else { false }
            let place = Place(
                route: route, key: key, isListed: isListed, modified: output.modified)
            if case .notFound = output.body {
                notFound = place
            } else {
                places[path] = place
            }
            taken.append(path)
        }
        paths[RowID(route: route, key: key ?? "")] = taken
    }

    /// Forgets the addresses of a row.
    mutating func remove(_ key: String, of route: Int) {
        for path in paths.removeValue(forKey: RowID(route: route, key: key)) ?? [] {
            // Another row may have taken the address since.
            guard let place = places[path], place.route == route, place.key ?? "" == key else {
                continue
            }
            places[path] = nil
        }
    }

    /// Forgets the rows of a route whose keys are not among these.
    mutating func keep(_ keys: Set<String>, of route: Int) {
        let gone = paths.keys.filter { $0.route == route && !keys.contains($0.key) }
        for row in gone { remove(row.key, of: route) }
    }

    /// What the site map lists, in the order of the paths' bytes.
    var listed: [SiteMapAddress] {
        places.filter { $0.value.isListed }
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .map { SiteMapAddress(path: $0.key, modified: $0.value.modified) }
    }
}

extension Site {
    /// The path of an output in the folder of the site, as a build gives it.
    func place(of output: Output) -> String { origin.path(output.path) }
}
