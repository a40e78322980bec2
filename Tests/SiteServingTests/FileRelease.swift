// A release of plain files of given lengths, for what must not depend on how long a file is.

import ContentEncoding
import Foundation
import Hashing
import NIOCore
import ReleaseFormat

@testable import SiteServing

/// An output folder with files that are removed with the object.
final class FileRelease {
    let output = NSTemporaryDirectory() + "sitegen-files-\(UUID().uuidString.prefix(8))"
    /// The bytes by path.
    private(set) var files: [String: [UInt8]] = [:]
    private(set) var blobs: [String: BlobID] = [:]

    /// One file of each length, at `/LENGTH`; the brotli form is stored when `isCoded`.
    init(_ lengths: [Int], isCoded: Bool = false) throws {
        let writer = try ReleaseWriter.open(output)
        var builder = ManifestBuilder(spoolingIn: writer.spools)
        for length in lengths {
            let bytes = Self.bytes(length)
            let path = "/\(length)"
            var forms = [(Coding.identity, bytes)]
            if isCoded { forms.append((.brotli, try Brotli.compress(bytes, quality: 1))) }
            files[path] = bytes
            let stored = try forms.map {
                Representation(coding: $0, blob: try writer.store($1), length: $1.count)
            }
            blobs[path] = stored[0].blob
            try builder.add(
                Entry(
                    path: path, kind: .file, contentType: "application/octet-stream",
                    cachePolicy: .revalidate, headers: HeaderBlock([]), representations: stored,
                    slots: nil, source: EntrySource(view: "", key: "")))
        }
        try writer.finish(try builder.finish())
    }

    deinit { try? FileManager.default.removeItem(atPath: output) }

    /// Where a file's stored bytes are.
    func blobPath(_ path: String) -> String {
        let hex = blobs[path]?.hex ?? ""
        return "\(output)/blobs/\(hex.prefix(2))/\(hex)"
    }

    /// Bytes that repeat nowhere: each tells its place.
    static func bytes(_ count: Int) -> [UInt8] {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            withUnsafeBytes(of: state) { bytes += $0 }
        }
        return Array(bytes.prefix(count))
    }
}
