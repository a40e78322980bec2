// Which state of the database a release shows: a small text beside the manifest.
//
// It is no part of the release's name: the same rows give the same release, at whatever position
// of the log they were read. It moves on when later changes of the database leave every page as
// it is. Text, so that people can read it.

/// A state of the database that a release was made from.
package struct DatabaseState: Sendable, Hashable {
    /// A position of the write-ahead log up to which the snapshot shows everything, as PostgreSQL
    /// writes it, `0/5A3F2C8`; `unknownPosition` for a snapshot that somebody else took.
    package let lsn: String
    /// The last event of the views' log that the release shows; 0 before the first.
    package let event: Int64

    /// Stands for a position that is not known.
    package static let unknownPosition = "0/0"

    /// Describes a state.
    package init(lsn: String, event: Int64) {
        self.lsn = lsn
        self.event = event
    }

    /// The most bytes of the file.
    static let bytesMax = 256

    /// The file.
    var bytes: [UInt8] { Array("lsn \(lsn)\nevent \(event)\n".utf8) }

    /// Reads the file; nil when it is something else.
    init?(bytes: [UInt8]) {
        var values: [Substring: Substring] = [:]
        let text = String(decoding: bytes, as: UTF8.self)
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        guard let lsn = values["lsn"], let event = values["event"].flatMap({ Int64($0) }) else {
            return nil
        }
        self.init(lsn: String(lsn), event: event)
    }

    /// The state that a release of an output folder shows; nil when that is not known.
    package static func of(_ id: ReleaseID, in output: String) -> DatabaseState? {
        guard let root = try? Descriptor.folder(atPath: output),
            let release = try? root.folder(ReleaseLayout.releases),
            let bytes = try? release.read(
                "\(id)/\(ReleaseLayout.databaseState)", limit: bytesMax)
        else { return nil }
        return DatabaseState(bytes: bytes)
    }
}
