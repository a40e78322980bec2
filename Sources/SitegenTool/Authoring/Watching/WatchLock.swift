// One watch for a site's data folder: a second would run the same steps on the same database.
//
// The lock is the system's, so it ends with the process, however that ends.

import FoundationEssentials
import Glibc
import SitegenCommands

/// The lock of a watch.
struct WatchLock: ~Copyable {
    private let descriptor: Int32

    /// The longest address that is noted, in bytes.
    private static let addressBytesMax = 256

    /// Takes the lock of a data folder, which is made if it is not there.
    ///
    /// - Throws: a `CommandFailure` that names the address of the watch that has it.
    init(dataFolder: String) throws(CommandFailure) {
        // What is wrong with the folder, opening the file says.
        try? FileManager.default.createDirectory(
            atPath: dataFolder, withIntermediateDirectories: true)
        let path = "\(dataFolder)/watch.lock"
        let opened = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard opened >= 0 else {
            throw CommandFailure(
                .cannotWrite,
                "\(path) cannot be written.\nChange its permissions, or name another --data."
            )
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            var bytes = [UInt8](repeating: 0, count: Self.addressBytesMax)
            let count = unsafe pread(opened, &bytes, bytes.count, 0)
            close(opened)
            let address = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            throw CommandFailure(
                .locked,
                """
                This site is watched already\(address.isEmpty ? "" : ", at \(address)").
                Open that, or stop it; --data names another folder for a second watch.
                """)
        }
        descriptor = opened
    }

    /// Notes the address for whoever comes second.
    func note(_ address: String) {
        let bytes = Array(address.utf8.prefix(Self.addressBytesMax))
        _ = ftruncate(descriptor, 0)
        _ = unsafe pwrite(descriptor, bytes, bytes.count, 0)
    }

    deinit { close(descriptor) }
}
