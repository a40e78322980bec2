// Finds the programs of PostgreSQL and Redis.
//
// Debian keeps PostgreSQL's server programs outside PATH, one folder per major version, so that
// several may be installed at once. The newest is taken for a new cluster; an existing cluster
// only runs with the version that made it.

internal import Glibc

/// The names in a folder, without "." and ".."; empty if it cannot be read.
func folderNames(_ path: String) -> [String] {
    guard let stream = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                unsafe String(cString: $0)
            }
        }
        if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
}
