// The keys under which visitors are hashed, and the file that all servers of a site agree by:
// `sitegen keys 1`, then one line a key, `FROM UNTIL KEY` or `FROM UNTIL KEY offered`. From and
// until are microseconds since 2000-01-01 00:00 UTC, decimal; the key is 32 hexadecimal digits.
//
// The ingester writes the file from the database, by renaming, mode 0600. A server that finds no
// key of the moment makes one that lasts until midnight UTC and adds it, `offered`: the ingester
// takes it over unless there is one. A server that has begun to use a key uses it to its end, even
// if another has come into the file meanwhile.

internal import Groundwork
internal import Hashing

/// The keys of a file.
package struct VisitorKeys: Hashable, Sendable {
    /// The keys.
    package var keys: [VisitorKey]

    /// Some keys.
    package init(_ keys: [VisitorKey] = []) { self.keys = keys }

    /// The key of a moment: one of the database before one that a server offered.
    package func key(at now: Int64) -> VisitorKey? {
        keys.first { $0.holds(now) && !$0.isOffered } ?? keys.first { $0.holds(now) }
    }

    /// The name of the file in the folder of a spool.
    package static let fileName = "keys"
    /// The most bytes that are read of it.
    package static let fileBytesMax = 64 << 10
    private static let firstLine = "sitegen keys 1"

    /// The file's text.
    package var text: String {
        Self.firstLine + "\n"
            + keys.map {
                "\($0.from) \($0.until) \(Base16.text(of: $0.key.bytes))"
                    + ($0.isOffered ? " offered\n" : "\n")
            }.joined()
    }

    /// Reads a file's text.
    ///
    /// - Throws: `.badKeys` with the line that is none.
    package init(text: String, file: String) throws(SpoolFault) {
        keys = []
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard lines.popFirst() == Self.firstLine[...] else { throw .badKeys(file: file, line: 1) }
        for (index, line) in lines.enumerated() where !line.isEmpty {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 3 || words.count == 4 && words[3] == "offered",
                let from = Int64(words[0]), let until = Int64(words[1]), from < until,
                let key = Base16.bytes(of: words[2]).flatMap({ SipHash.Key(bytes: $0) })
            else { throw .badKeys(file: file, line: index + 2) }
            keys.append(VisitorKey(from: from, until: until, key: key, isOffered: words.count == 4))
        }
    }
}
