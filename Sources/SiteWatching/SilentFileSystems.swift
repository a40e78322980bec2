import LocalFiles

/// File systems whose files others change without a word to this machine.
enum SilentFileSystems {
    /// Their types in the system's list of mounts; `fuse` also begins the types of its kinds.
    private static let types: Set<Substring> = [
        "nfs", "nfs4", "cifs", "smb3", "9p", "fuse", "virtiofs", "fakeowner", "ceph", "afs",
        "vboxsf", "vmhgfs", "prl_fs",
    ]
    /// The most bytes of the list that are read.
    private static let listBytesMax = 1 << 20

    /// Whether a folder is on one.
    ///
    /// - Parameter folder: an absolute path without links.
    /// - Returns: false, too, where there is no list.
    static func hold(_ folder: String) -> Bool {
        guard let bytes = try? LocalFile("/proc/self/mounts").bytes(limit: listBytesMax) else {
            return false
        }
        return hold(folder, mounts: String(decoding: bytes, as: UTF8.self))
    }

    /// The same with the system's list: device, place, type and more in each line.
    static func hold(_ folder: String, mounts: String) -> Bool {
        var (longest, type): (Int, Substring) = (-1, "")
        for line in mounts.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 2 else { continue }
            let place = words[1].replacing("\\040", with: " ")
            let isAbove = place == "/" || folder == place || folder.hasPrefix("\(place)/")
            // Of two at one place the later one is seen.
            if isAbove, place.count >= longest { (longest, type) = (place.count, words[2]) }
        }
        return types.contains(type.split(separator: ".").first ?? "")
    }
}
