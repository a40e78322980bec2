import ContentEncoding
import NIOCore
import ReleaseFormat
import Synchronization

/// What names stored bytes: the file by its digest, and where they are in it.
struct PieceKey: Hashable, Sendable {
    let blob: BlobID
    let start: Int
    let count: Int

    init(blob: BlobID, start: Int, count: Int) {
        self.blob = blob
        self.start = start
        self.count = count
    }

    /// All of a file.
    init(whole representation: Representation) {
        self.init(blob: representation.blob, start: 0, count: representation.length)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(blob)
        hasher.combine(start)
    }
}
