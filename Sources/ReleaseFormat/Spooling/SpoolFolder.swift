import Glibc
import Synchronization

/// A folder in which files without a name are made.
package final class SpoolFolder: Sendable {
    private let folder: Descriptor?
    private let path: String
    private let nextName = Atomic<UInt64>(0)

    init(_ folder: consuming Descriptor) {
        path = folder.name
        self.folder = consume folder
    }

    /// Names a folder, which is opened when a file is needed.
    package init(path: String) {
        folder = nil
        self.path = path
    }

    /// Makes a file and takes its name away.
    func file() throws(ReleaseError) -> Descriptor {
        switch folder {
        case .some(let folder): try file(in: folder)
        case .none: try file(in: try Descriptor.folder(atPath: path))
        }
    }

    private func file(in folder: borrowing Descriptor) throws(ReleaseError) -> Descriptor {
        while true {
            let number = nextName.wrappingAdd(1, ordering: .relaxed).newValue
            let name = "spool-\(getpid())-\(number)"
            do throws(ReleaseError) {
                return try folder.nameless(name)
            } catch .system(_, _, code: EEXIST) {
                // Another process of that number was killed between two calls.
            }
        }
    }
}
