// What is known of the objects of a site's sources, from one run of `watch` to the next.
//
// An object is good for a source if it was made from those bytes, by these flags, against these
// modules, and nobody touched it since. Times say nothing here: two saves of one second are two.

/// The objects that are good, by their sources.
package struct ObjectRecords: Codable, Equatable, Sendable {
    /// One object.
    package struct Record: Codable, Equatable, Sendable {
        /// The digest of the source's bytes.
        let digest: String
        /// What the system says of the object.
        let object: String
    }

    /// A source as it is now.
    package struct Source: Equatable, Sendable {
        /// The digest of its bytes.
        package var digest: String
        /// What the system says of it: another stamp after a compilation means that nobody knows
        /// which bytes were compiled.
        package var stamp: String?
        /// What the system says of its object; nil if there is none.
        package var object: String?

        /// Notes a source.
        package init(digest: String, stamp: String?, object: String?) {
            (self.digest, self.stamp, self.object) = (digest, stamp, object)
        }
    }

    /// What the objects were made with: flags, the compiler, the modules they use.
    package let identity: String
    private var records: [String: Record] = [:]

    /// Knows of nothing.
    package init(identity: String) { self.identity = identity }

    /// What has to be compiled.
    package enum Work: Equatable, Sendable {
        /// Nothing.
        case nothing
        /// These files, and what uses them only if what they provide has changed.
        case files([String])
        /// The driver is to find out what; the objects of these are not good.
        case module([String])
    }

    /// The most files that are compiled one by one; the driver puts more of them together.
    package static let filesMax = 6
    /// The file of the row types, which is written anew when others are to see something else.
    private static let rowTypes = "/Rows.generated.swift"

    /// What has to be compiled so that all objects are good.
    ///
    /// - Parameter now: each source of the module.
    /// - Returns: the least that is sure to be enough.
    package func work(_ now: [String: Source]) -> Work {
        let stale = now.filter { path, source in
            guard let record = records[path] else { return true }
            return record.digest != source.digest || record.object != source.object
        }.keys.sorted()
        let isSameModule = Set(records.keys) == Set(now.keys)
        if stale.isEmpty, isSameModule { return .nothing }
        let hasObjects = stale.allSatisfy { path in
            now[path]?.object != nil && records[path]?.object == now[path]?.object
        }
        let isForOthers = stale.contains { $0.hasSuffix(Self.rowTypes) }
        guard isSameModule, hasObjects, !isForOthers, stale.count <= Self.filesMax else {
            return .module(stale)
        }
        return .files(stale)
    }

    /// Forgets objects.
    package mutating func forget(_ sources: [String]) {
        for source in sources { records[source] = nil }
    }

    /// Notes that all objects are made.
    ///
    /// - Parameters:
    ///   - before: the sources before they were compiled.
    ///   - after: the same sources now; what was written to meanwhile is not known.
    package mutating func note(_ before: [String: Source], _ after: [String: Source]) {
        records = [:]
        for (path, source) in before {
            guard let now = after[path], now.stamp == source.stamp, let object = now.object else {
                continue
            }
            records[path] = Record(digest: source.digest, object: object)
        }
    }
}
