package import Hashing
import LocalFiles
import Markup

/// One file of public/.
package struct PublicFile: Sendable {
    /// The name below public/, without a leading slash.
    package let name: String
    /// The digest of the content.
    package let digest: SHA256Digest
    /// The address that changes with the content.
    package let assetPath: String
    /// What the file is.
    package let type: MediaType
    private let file: String
    private let folder: String

    /// What the source of its entries begins with.
    static let sourcePrefix = "public/"

    /// - Parameters:
    ///   - name: the name below public/.
    ///   - digest: of its content.
    ///   - file: where it is.
    ///   - folder: the folder of the site on its host; empty for none.
    init(name: String, digest: SHA256Digest, file: String, under folder: String) {
        self.name = name
        self.digest = digest
        self.file = file
        self.folder = folder
        assetPath = folder + PagePath(AssetName.path(for: name, digest: digest)).text
        type = .of(fileNamed: name)
    }

    /// The address that stays when the content changes.
    package var path: String { Self.path(of: name, under: folder) }

    /// The address, which stays when the content changes, of a file.
    ///
    /// - Parameters:
    ///   - name: the name below public/.
    ///   - folder: the folder of the site on its host; empty for none.
    /// - Returns: the path, decoded.
    package static func path(of name: String, under folder: String) -> String {
        let isIndex = name == "index.html" || name.hasSuffix("/index.html")
        return folder + PagePath("/\(isIndex ? name.dropLast("index.html".count) : name[...])").text
    }

    /// The content.
    ///
    /// - Throws: `.publicFile` when it cannot be read, or is another than before.
    package func bytes() throws -> [UInt8] {
        let bytes = try reading("public/\(name)") { () throws(FileFault) in
            try LocalFile(file, followsLinks: false).bytes(limit: BuildLimits.publicFileBytesMax)
        }
        guard SHA256Digest(of: bytes) == digest else {
            throw BuildError.publicFile(
                name: "public/\(name)", reason: "it was changed during the build; build again")
        }
        return bytes
    }
}
