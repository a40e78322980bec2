// The stored bytes of releases, kept in memory up to a budget and shared by all event loops.
//
// They are kept by digest and place, so a new release finds what did not change already here. A
// short file is one piece, a long one several; one that would push out much else is never kept and
// read anew for each client. Reading blocks, so `PieceLoader` has it done on other threads.

import ContentEncoding
import Groundwork
import NIOCore
import ReleaseFormat
import Synchronization

/// The cache of stored bytes.
final class Blobs: Sendable {
    private struct State: Sendable {
        var kept: LRUCache<PieceKey, SharedBytes>
        /// The long files that are being sent, open as long as anybody sends them.
        var open: [BlobID: Weak] = [:]
    }

    private struct Weak: Sendable {
        weak let file: OpenFile?
    }

    private let state: Mutex<State>
    /// A file up to this length is kept, whole or in pieces.
    private let keptFileBytesMax: Int

    /// The bytes of a piece of a long file.
    static let pieceBytes = 64 << 10
    /// How many forgotten files the table of open ones may name.
    private static let closedFilesMax = 256

    /// The bytes that are kept.
    var cost: Int { state.withLock { $0.kept.cost } }

    init(bytesMax: Int) {
        state = Mutex(State(kept: LRUCache(costMax: bytesMax)))
        keptFileBytesMax = bytesMax / 8
    }

    /// A piece, if it is in memory.
    func kept(_ key: PieceKey) -> SharedBytes? { state.withLock { $0.kept.value(key) } }

    /// The piece of a long file that begins with the byte at `offset`, or has it; no byte behind
    /// `end` is asked for unless it will be kept.
    func piece(of file: StoredFile, at offset: Int, before end: Int) -> StoredPiece {
        guard file.length <= keptFileBytesMax else {
            return StoredPiece(file: file, range: offset..<min(end, offset + Self.pieceBytes))
        }
        let start = offset - offset % Self.pieceBytes
        return StoredPiece(file: file, range: start..<min(file.length, start + Self.pieceBytes))
    }

    /// Reads a piece and keeps it, if it is worth that; blocks.
    func read(_ piece: StoredPiece) throws(ReleaseError) -> SharedBytes {
        let file = piece.file
        let bytes = SharedBytes(
            ByteBuffer(
                bytes: piece.isWhole
                    ? try file.reader.blob(file.representation)
                    : try open(file).read(at: piece.range)))
        // 192 bytes for the key, the links and the storage.
        if piece.isWhole || file.length <= keptFileBytesMax {
            state.withLock { $0.kept.insert(bytes, for: piece.key, cost: bytes.count + 192) }
        }
        return bytes
    }

    /// Keeps a file open for an answer if it is open already.
    func holds(_ file: StoredFile) -> Bool {
        if file.open != nil { return true }
        guard let open = state.withLock({ $0.open[file.representation.blob]?.file }) else {
            return false
        }
        file.hold(open)
        return true
    }

    /// The file, open; one descriptor for all who send it.
    private func open(_ file: StoredFile) throws(ReleaseError) -> OpenFile {
        if holds(file), let open = file.open { return open }
        let blob = file.representation.blob
        let open = try file.reader.open(file.representation)
        state.withLock { state in
            if state.open.count >= Self.closedFilesMax {
                state.open = state.open.filter { $0.value.file != nil }
            }
            state.open[blob] = Weak(file: open)
        }
        file.hold(open)
        return open
    }
}

/// Some bytes of a stored file.
struct StoredPiece: Sendable {
    let file: StoredFile
    let range: Range<Int>

    var key: PieceKey {
        PieceKey(blob: file.representation.blob, start: range.lowerBound, count: range.count)
    }

    var isWhole: Bool { range.count == file.length }
}

/// A piece that was read, or why it cannot be.
struct ReadPiece: Sendable {
    let piece: StoredPiece
    let bytes: Result<SharedBytes, ReleaseError>
}

/// What was read for one answer, whether or not it is kept.
struct AtHand: Sendable {
    private var read: [PieceKey: ReadPiece] = [:]

    mutating func add(_ piece: ReadPiece) { read[piece.piece.key] = piece }

    subscript(key: PieceKey) -> ReadPiece? { read[key] }
}

/// Why an answer cannot be made yet, or at all.
enum Unready: Error {
    /// These are to be read first.
    case missing([StoredPiece])
    /// What was read is not what the manifest says.
    case unreadable(ReleaseError)
}
