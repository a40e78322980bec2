import Glibc
import Synchronization

/// A folder in which files without a name are made, once one is needed.
package final class SpoolFolder: Sendable {
    private let path: String
    private let nextName = Atomic<UInt64>(0)

    /// Names a folder; it is there when a file is made.
    package init(path: String) { self.path = path }

    /// Makes a file and takes its name away.
    func file() throws(SpoolError) -> SpoolFile {
        while true {
            let number = nextName.wrappingAdd(1, ordering: .relaxed).newValue
            // Another process of that number may have been killed between two calls.
            if let file = try SpoolFile.make("\(path)/spool-\(getpid())-\(number)", in: path) {
                return file
            }
        }
    }
}
