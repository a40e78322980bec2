// The bytes of the manifest file: what the release is, and which segments hold its entries.
//
//   "SITEGENM"  version:4  flags:4  inputs:4  segments:4
//   inputs    each: name (length:2, UTF-8), value (length:4, UTF-8)
//   segments  each: entries:4  length:4  SHA-256      in the order of their paths
//   SHA-256 of everything before it

import Hashing

/// The manifest file, read.
struct ManifestRoot {
    /// A segment by its name.
    struct Reference: Sendable, Equatable {
        let count: Int
        let length: Int
        let digest: BlobID
    }

    static let magic = Array("SITEGENM".utf8)
    static let version: UInt32 = 3
    private static let treeFlag: UInt32 = 1
    /// The flags' second byte is the recipe.
    private static let recipeShift: UInt32 = 8

    let hasTree: Bool
    let recipe: UInt8
    let inputs: [BuildInput]
    let segments: [Reference]
    let digest: SHA256Digest

    /// Reads and checks a file.
    init(bytes: [UInt8]) throws(ReleaseError) {
        let end = bytes.count - SHA256Digest.byteCount
        guard end >= 0, bytes.count <= ReleaseLimits.manifestBytesMax else {
            throw .manifestInvalid(reason: "its length is not that of a manifest")
        }
        var hasher = SHA256Hasher()
        hasher.update(bytes[..<end])
        digest = hasher.finish()
        guard SHA256Digest(bytes: bytes[end...]) == digest else {
            throw .manifestInvalid(reason: "its digest is wrong, so it is damaged or cut short")
        }
        var reader = ByteReader(bytes, 0..<end)
        try reader.expect(Self.magic, version: Self.version)
        let flags = try reader.word()
        guard flags & ~(Self.treeFlag | UInt32(UInt8.max) << Self.recipeShift) == 0 else {
            throw .manifestInvalid(reason: "it has unknown flags")
        }
        hasTree = flags & Self.treeFlag != 0
        recipe = UInt8(truncatingIfNeeded: flags >> Self.recipeShift)
        let (inputCount, segmentCount) = (try reader.word(), try reader.word())
        guard Int(inputCount) <= ReleaseLimits.inputsMax,
            Int(segmentCount) <= reader.left / (8 + SHA256Digest.byteCount)
        else { throw .manifestInvalid(reason: "its counts are larger than the file") }
        var inputs: [BuildInput] = []
        for _ in 0..<inputCount {
            let name = try reader.text()
            let length = try reader.word()
            inputs.append(BuildInput(name, try reader.text(count: Int(length))))
        }
        self.inputs = inputs
        var segments: [Reference] = []
        for _ in 0..<segmentCount {
            let (count, length) = (try reader.word(), try reader.word())
            segments.append(
                Reference(count: Int(count), length: Int(length), digest: try reader.digest()))
        }
        self.segments = segments
        guard reader.left == 0 else {
            throw .manifestInvalid(reason: "bytes follow the last segment")
        }
    }

    /// The file that names these segments.
    static func file(
        hasTree: Bool, recipe: UInt8, inputs: [BuildInput], segments: [Reference]
    ) -> [UInt8] {
        var writer = ByteWriter()
        writer.append(contentsOf: magic)
        writer.append(version)
        writer.append((hasTree ? treeFlag : 0) | UInt32(recipe) << recipeShift)
        writer.append(UInt32(inputs.count))
        writer.append(UInt32(segments.count))
        for input in inputs {
            writer.append(text: input.name)
            writer.append(longText: input.value)
        }
        for segment in segments {
            writer.append(UInt32(segment.count))
            writer.append(UInt32(segment.length))
            writer.append(segment.digest)
        }
        writer.append(SHA256Digest(of: writer.bytes))
        return writer.bytes
    }
}
