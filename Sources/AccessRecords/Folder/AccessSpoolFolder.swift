// The folder of an access spool, for its writer and its readers.
//
//     server           16 bytes that name the server, and 8 of the machine it was made on
//     keys             the keys of visitors (`VisitorKeys`)
//     spam.txt         the site's own list of hosts whose visits are none, if it has one
//     BEGAN-ID.spool   segments; BEGAN and ID in hexadecimal, so that names sort by time
//     BEGAN-ID.read    segments that were closed and read to their end
//
// A reader renames what it has read (`markRead`). The writer removes such files first when the
// folder may hold no more; whoever looks removes those that are older than a day.

import Glibc
internal import Groundwork
internal import LocalFiles

/// A folder of segments.
package struct AccessSpoolFolder: Sendable {
    /// One segment's file.
    package struct Segment: Hashable, Sendable {
        /// Where it is.
        package let path: String
        /// Its length.
        package let byteCount: Int
        /// When it was begun, in microseconds since 2000, as its name says.
        package let began: Int64
        /// Whether a reader has taken all of it.
        package let isRead: Bool
        /// When it was last changed or renamed, in seconds since 1970.
        let changed: Int
    }

    /// Its path.
    package let path: String

    /// A folder, which need not be there.
    package init(_ path: String) { self.path = path }

    /// The segments in the order in which they were begun; those that were read, too.
    package func segments() throws(SpoolFault) -> [Segment] {
        let entries: [FolderEntry]?
        do {
            entries = try LocalFolder.entries(of: path, followsLinks: true)
        } catch {
            guard case .refused(let code) = error else { return [] }
            throw .system(call: "read", file: path, code: code)
        }
        guard let entries else { throw .system(call: "read", file: path, code: ENOENT) }
        return entries.compactMap { $0.text.flatMap { segment($0) } }
    }

    /// Says that all of a closed segment was taken.
    package func markRead(_ segment: Segment) throws(SpoolFault) {
        guard !segment.isRead else { return }
        let name = segment.path.dropLast(Self.written.count) + Self.read
        // Two readers of one folder: the other one was first.
        guard unsafe rename(segment.path, String(name)) == 0 || errno == ENOENT else {
            throw .system(call: "rename", file: segment.path, code: errno)
        }
    }

    /// Removes a segment.
    package func remove(_ segment: Segment) { Self.removeFile(segment.path) }

    static func removeFile(_ path: String) { unsafe _ = unlink(path) }

    // MARK: Other files

    /// The keys of visitors; nil if there is no file of them.
    package func keys() throws(SpoolFault) -> VisitorKeys? {
        guard let bytes = try bytes(of: VisitorKeys.fileName, max: VisitorKeys.fileBytesMax) else {
            return nil
        }
        return try VisitorKeys(
            text: String(decoding: bytes, as: UTF8.self), file: "\(path)/\(VisitorKeys.fileName)")
    }

    /// Writes the keys of visitors, in one step.
    package func write(_ keys: VisitorKeys) throws(SpoolFault) {
        try replace(VisitorKeys.fileName, by: Array(keys.text.utf8))
    }

    /// The hosts of `spam.txt`, one a line, as referrers have them; none if there is no such file.
    package func spamHosts() throws(SpoolFault) -> Set<String> {
        let bytes = try bytes(of: "spam.txt", max: AccessLimits.spamBytesMax) ?? []
        return Set(
            bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D || $0 == 0x20 })
                .compactMap { RefererSource.hostName($0) })
    }

    /// The bytes of a small file; nil if there is none.
    func bytes(of name: String, max: Int) throws(SpoolFault) -> [UInt8]? {
        let file: SegmentFile
        do {
            file = try SegmentFile(at: "\(path)/\(name)")
        } catch .system(_, _, code: ENOENT) {
            return nil
        }
        return try file.read(0..<max)
    }

    /// Gives a small file other bytes, in one step; nobody else may read it.
    func replace(_ name: String, by bytes: [UInt8]) throws(SpoolFault) {
        let draft = "\(path)/.\(name).\(SpoolID().hex)"
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let number = unsafe open(draft, flags, 0o600)
        guard number >= 0 else { throw .system(call: "create", file: draft, code: errno) }
        defer { close(number) }
        let (done, code) = SystemCall.whole(bytes.count) { done in
            unsafe bytes.withUnsafeBytes {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: $0[done...])
                return unsafe Glibc.write(number, rest.baseAddress, rest.count)
            }
        }
        guard done == bytes.count, fsync(number) == 0,
            unsafe rename(draft, "\(path)/\(name)") == 0
        else {
            let failure = code == 0 ? errno : code
            unsafe _ = unlink(draft)
            throw .system(call: "write", file: draft, code: failure)
        }
    }

    static let written = ".spool"
    static let read = ".read"

    /// The name of a segment that is begun.
    static func name(began: Int64, id: SpoolID) -> String {
        let bytes = SegmentFrame.bytes(began.bigEndian)
        return "\(Base16.text(of: bytes))-\(id.hex)\(written)"
    }

    private func segment(_ name: String) -> Segment? {
        let isRead = name.hasSuffix(Self.read)
        let suffix = isRead ? Self.read : Self.written
        guard name.hasSuffix(suffix), name.utf8.count == 16 + 1 + 32 + suffix.utf8.count,
            let began = Base16.bytes(of: name.prefix(16))
        else { return nil }
        let file = "\(path)/\(name)"
        var info = stat()
        guard unsafe lstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
        return Segment(
            path: file, byteCount: Int(info.st_blocks) * 512,
            began: Int64(bitPattern: began.reduce(0) { $0 << 8 | UInt64($1) }),
            isRead: isRead, changed: Int(info.st_ctim.tv_sec))
    }
}
