// One round of a follower: the rows that changed, what was made of them, and which of them are
// refused.
//
// A row is refused if a page of it could not be made, has an address that cannot be served, or one
// that another row's page has. It keeps the pages that it has; all others of the round go live.

import ReleaseFormat

/// The rows of one round.
struct FollowedRound {
    private let rows: Set<ViewKey>
    private let made: [Entry]
    /// The rows that keep the pages that they have.
    private(set) var refused: Set<ViewKey>
    /// How many pages of the last release the round replaces or removes.
    var removedCount = 0

    /// Begins with what was made; a row with a page that could not be made is refused.
    init(rows: Set<ViewKey>, made: MadePages) {
        self.rows = rows
        self.made = made.entries
        refused = made.failed
    }

    /// The rows whose pages are replaced.
    var shown: Set<ViewKey> { rows.subtracting(refused) }

    /// Their pages.
    var entries: [Entry] {
        made.filter { !refused.contains(Self.row(of: $0)) }
    }

    /// Refuses the rows with a page that no release can have: at an address that cannot be served,
    /// or that another row's page has, which stays.
    ///
    /// - Returns: why, an error for each page.
    mutating func refuseConflicts(
        with manifest: StoredManifest
    ) throws -> [any Error] {
        var errors: [any Error] = []
        for entry in entries {
            do { try Collected.check(entry) } catch {
                errors.append(error)
                refused.insert(Self.row(of: entry))
            }
        }
        // What stays at the addresses of the round, looked up once.
        var owners: [[UInt8]: Entry] = [:]
        for entry in entries {
            guard let old = try manifest.entry(atPath: entry.path), old.source.isMade else {
                continue
            }
            owners[Array(entry.path.utf8)] = old
        }
        while true {
            let found = conflicts(with: owners)
            guard !found.isEmpty else { return errors }
            for conflict in found {
                refused.formUnion(conflict.rows)
                errors.append(Collected.refusal(conflict.error))
            }
        }
    }

    /// Pages of the round at an address that another page of it has, or one that stays.
    private func conflicts(
        with owners: [[UInt8]: Entry]
    ) -> [(rows: Set<ViewKey>, error: ReleaseError)] {
        let shown = shown
        var found: [(rows: Set<ViewKey>, error: ReleaseError)] = []
        var first: [[UInt8]: Entry] = [:]
        for entry in entries {
            let path = Array(entry.path.utf8)
            if let other = first.updateValue(entry, forKey: path) {
                found.append(
                    (
                        [Self.row(of: other), Self.row(of: entry)],
                        .duplicatePath(
                            path: entry.path, first: other.source, second: entry.source)
                    ))
            } else if let old = owners[path],
                !shown.contains(Self.row(of: old))
            {
                found.append(
                    (
                        [Self.row(of: entry)],
                        .duplicatePath(path: entry.path, first: old.source, second: entry.source)
                    ))
            }
        }
        return found
    }

    private static func row(of entry: Entry) -> ViewKey {
        ViewKey(entry.source.view, entry.source.key)
    }

    /// Refuses the rows at fault; all of them if it is none of the round's.
    ///
    /// - Returns: false if there is none left to refuse.
    mutating func refuse(_ culprits: Set<ViewKey>) -> Bool {
        let shown = shown
        guard !shown.isEmpty else { return false }
        let known = culprits.intersection(shown)
        refused.formUnion(known.isEmpty ? shown : known)
        return true
    }
}

extension EntrySource {
    /// Whether a page type of the author's made it: files that follow from pages give way to them.
    fileprivate var isMade: Bool { !route.isEmpty }
}
