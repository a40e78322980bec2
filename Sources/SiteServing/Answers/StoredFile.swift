import ContentEncoding
import NIOCore
import ReleaseFormat
import Synchronization

/// A stored file, as long as one answer needs it.
///
/// Once it is open, it is read to its end, whatever becomes of its name.
final class StoredFile: Sendable {
    let representation: Representation
    let reader: ReleaseReader
    private let opened = Mutex<OpenFile?>(nil)

    init(_ representation: Representation, of reader: ReleaseReader) {
        self.representation = representation
        self.reader = reader
    }

    var length: Int { representation.length }

    /// All of it at once.
    var whole: StoredPiece { StoredPiece(file: self, range: 0..<length) }

    var open: OpenFile? { opened.withLock { $0 } }

    func hold(_ open: OpenFile) { opened.withLock { $0 = open } }

    /// Keeps what another holds open of the same file.
    func share(_ other: StoredFile) {
        guard other !== self, let open = other.open else { return }
        hold(open)
    }
}
