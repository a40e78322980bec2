// A stored file that is held open: it is read to its end, whatever becomes of its name.
//
// It was opened as a regular file of the length that the manifest says, never through a link.

import Glibc

/// A stored file, open for reading at any place.
package final class OpenFile: Sendable {
    private let descriptor: Descriptor
    private let blob: BlobID

    init(_ descriptor: consuming Descriptor, of blob: BlobID) {
        self.descriptor = descriptor
        self.blob = blob
    }

    /// The bytes at a place, all of them; blocks.
    ///
    /// - Throws: `.blobInvalid` if they cannot be read, as when the file became shorter meanwhile.
    package func read(at place: Range<Int>) throws(ReleaseError) -> [UInt8] {
        do throws(ReleaseError) {
            return try descriptor.read(at: place)
        } catch {
            throw .blobInvalid(blob, reason: "it cannot be read to its end")
        }
    }
}

extension ReleaseReader {
    /// Opens a stored file of this release, to be read in pieces.
    ///
    /// - Throws: `.blobInvalid` when it is missing or is not what the manifest says.
    package func open(_ form: Representation) throws(ReleaseError) -> OpenFile {
        try store.open(form.blob, length: form.length)
    }
}
