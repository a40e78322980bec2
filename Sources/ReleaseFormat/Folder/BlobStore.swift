// The stored files of an output folder by their digests, for whoever holds the folder open.
//
// It finds and reads; only `ReleaseWriter` writes.

import Glibc
import Hashing

/// The stored files of an output folder, open for reading.
package final class BlobStore: Sendable {
    private let folder: Descriptor

    init(_ folder: consuming Descriptor) { self.folder = folder }

    /// Opens the stored files of an output folder.
    ///
    /// - Throws: `.system`.
    package static func open(_ output: String) throws(ReleaseError) -> BlobStore {
        let root = try Descriptor.folder(atPath: output)
        return BlobStore(try root.folder(ReleaseLayout.blobs))
    }

    /// The bytes of a stored file.
    ///
    /// - Parameters:
    ///   - form: from an entry of a manifest of this folder.
    ///   - verified: whether to check the digest as well as the length.
    /// - Returns: exactly `form.length` bytes.
    /// - Throws: `.blobInvalid` when the file is missing or is not what the manifest says.
    package func bytes(
        of form: Representation, verified: Bool = false
    ) throws(ReleaseError) -> [UInt8] {
        try bytes(of: form.blob, length: form.length, verified: verified)
    }

    func bytes(of blob: BlobID, length: Int, verified: Bool) throws(ReleaseError) -> [UInt8] {
        let bytes: [UInt8]
        do throws(ReleaseError) {
            bytes = try folder.read(ReleaseLayout.file(of: blob), limit: length)
        } catch {
            throw Self.fault(error, of: blob)
        }
        guard bytes.count == length else {
            throw .blobInvalid(blob, reason: "it is shorter than the manifest says")
        }
        if verified, BlobID(of: bytes) != blob {
            throw .blobInvalid(blob, reason: "its bytes have another digest")
        }
        return bytes
    }

    /// Opens a stored file of this length.
    func open(_ blob: BlobID, length: Int) throws(ReleaseError) -> OpenFile {
        do throws(ReleaseError) {
            let file = try folder.file(ReleaseLayout.file(of: blob))
            let found = try file.length()
            guard found == length else {
                throw .blobInvalid(
                    blob,
                    reason: "it is \(found < length ? "shorter" : "longer") than the manifest says")
            }
            return OpenFile(file, of: blob)
        } catch {
            throw Self.fault(error, of: blob)
        }
    }

    /// What a failure of the system says of a stored file.
    private static func fault(_ error: ReleaseError, of blob: BlobID) -> ReleaseError {
        guard case .system(_, _, let code) = error else { return error }
        return switch code {
        case ENOENT: .blobInvalid(blob, reason: "it is missing")
        case EFBIG: .blobInvalid(blob, reason: "it is longer than the manifest says")
        case ELOOP: .blobInvalid(blob, reason: "it is a symbolic link")
        case ENOTDIR: .blobInvalid(blob, reason: "its folder is a symbolic link or no folder")
        case EINVAL: .blobInvalid(blob, reason: "it is no regular file")
        default: error
        }
    }

    /// Gives a stored file a second name in another folder of stored files; 0, or the failure's
    /// code.
    func link(_ form: Representation, to others: borrowing Descriptor) -> Int32 {
        let file = ReleaseLayout.file(of: form.blob)
        return folder.link(file, to: others, file)
    }
}
