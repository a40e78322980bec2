// What can go wrong with a release: making it, switching to it, reading it.
//
// Cases name files and paths of the site, and views and keys of rows; never a row's values.

import Glibc
import Groundwork
import Hashing
package import Spooling

/// Why a release could not be made, switched or read.
package enum ReleaseError: Error, Equatable, Sendable {
    /// Another build holds the lock of the output folder.
    case locked(output: String)
    /// A system call failed; what is live was not changed.
    case system(call: String, file: String, code: Int32)
    /// The release is live, but older ones could not be removed.
    case notPruned(ReleaseID, reason: String)
    /// The path of an entry cannot be served.
    case pathInvalid(path: String, reason: String, source: EntrySource)
    /// Two entries have the same path, or both are for paths that do not exist.
    case duplicatePath(path: String, first: EntrySource, second: EntrySource)
    /// Two paths are one address: `/x`, `/x/`, `/x.html` and `/x/index.html`.
    case sameAddress(path: String, other: String, first: EntrySource, second: EntrySource)
    /// An entry contradicts itself or a limit.
    case entryInvalid(path: String, reason: String)
    /// The release is larger than a limit.
    case limitExceeded(name: String, value: Int, limit: Int)
    /// Two paths need the same file in the plain tree.
    case treeConflict(path: String)
    /// The manifest's bytes are not a manifest of this version.
    case manifestInvalid(reason: String)
    /// There is no current release, or none of that name.
    case releaseMissing(String)
    /// A stored file is missing, has another length or another digest.
    case blobInvalid(BlobID, reason: String)
}

extension ReleaseError {
    /// Puts bytes aside, or reads them again; a failure there is one of the release's.
    ///
    /// All of this module goes through here, so that its functions throw one type.
    static func spooling<Value>(
        _ body: () throws(SpoolError) -> Value
    ) throws(ReleaseError) -> Value {
        do throws(SpoolError) {
            return try body()
        } catch {
            throw ReleaseError(error)
        }
    }

    /// What a spool's failure is to a release.
    package init(_ error: SpoolError) {
        self = .system(call: error.call, file: error.file, code: error.code)
    }
}

extension ReleaseError: CustomStringConvertible {
    /// What happened, then what to change.
    package var description: String {
        switch self {
        case .locked(let output):
            "Another build is writing \(output).\nWait for it, or use another --release folder."
        case .system(let call, let file, let code):
            "\(call) of \(file) failed: \(SystemCall.text(of: code)).\n\(Self.remedy(code))"
        case .notPruned(let id, let reason):
            "Release \(id) is live, but older ones stay: \(reason)"
        case .pathInvalid(let path, let reason, let source):
            """
            The path \(Self.quoted(path)) of \(Self.name(source)) cannot be served: \(reason).
            Change the function that makes the path.
            """
        case .duplicatePath(let path, let first, let second):
            """
            \(Self.name(first)) and \(Self.name(second)) both make \(Self.quoted(path)).
            Change one of their paths.
            """
        case .sameAddress(let path, let other, let first, let second):
            """
            \(Self.quoted(path)) of \(Self.name(first)) and \(Self.quoted(other)) of \
            \(Self.name(second)) are one address.
            Change one of their paths.
            """
        case .entryInvalid(let path, let reason):
            "The entry \(Self.quoted(path)) cannot be stored: \(reason).\nChange the page."
        case .limitExceeded(let name, let value, let limit):
            "The release has \(value) \(name), more than \(limit).\n"
                + (name.hasSuffix("in one file") ? "Make that file smaller." : "Split the site.")
        case .treeConflict(let path):
            """
            \(Self.quoted(path)) needs a file or folder that another path has in the plain tree.
            Change one of the paths, or build without the tree.
            """
        case .manifestInvalid(let reason):
            "The manifest cannot be used: \(reason).\nBuild the release again."
        case .releaseMissing(let name):
            """
            There is no release \(name).
            Run `sitegen build`, or name its folder with --release; `sitegen history` lists them.
            """
        case .blobInvalid(let blob, let reason):
            "The stored file \(blob.hex) cannot be used: \(reason).\nBuild the release again."
        }
    }

    /// What to do about an error code.
    private static func remedy(_ code: Int32) -> String {
        switch code {
        case ENOSPC, EDQUOT: "Free some space on that disk; what was live still is."
        case EROFS: "Use an output folder on a disk that can be written; what was live still is."
        case EACCES, EPERM: "Give this user the right to write there; what was live still is."
        case EMFILE, ENFILE: "Raise the limit of open files (ulimit -n)."
        case ENOENT: "Run `sitegen build` to make it again."
        default: "Check that folder and its disk; what was live still is."
        }
    }

    private static func name(_ source: EntrySource) -> String {
        source.key.isEmpty ? source.view : "\(source.view), row \(quoted(source.key))"
    }

    /// Text from a site in quotes, without line breaks and control characters.
    private static func quoted(_ text: String) -> String {
        let safe = text.unicodeScalars.prefix(200).map { scalar in
            scalar.value < 0x20 || scalar.value == 0x7F ? "?" : String(scalar)
        }
        return "\"\(safe.joined())\""
    }
}
