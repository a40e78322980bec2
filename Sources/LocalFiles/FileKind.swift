import Glibc

/// What stands under a name.
package enum FileKind: Sendable, Hashable, CaseIterable {
    /// A file with bytes.
    case regular
    /// A folder.
    case folder
    /// A symbolic link.
    case link
    /// A named pipe (FIFO).
    case pipe
    /// A socket.
    case socket
    /// A device.
    case device

    init(mode: mode_t) {
        switch mode & S_IFMT {
        case S_IFREG: self = .regular
        case S_IFDIR: self = .folder
        case S_IFLNK: self = .link
        case S_IFIFO: self = .pipe
        case S_IFSOCK: self = .socket
        default: self = .device
        }
    }
}

extension FileKind: CustomStringConvertible {
    /// With its article.
    package var description: String {
        switch self {
        case .regular: "a file"
        case .folder: "a folder"
        case .link: "a symbolic link"
        case .pipe: "a named pipe"
        case .socket: "a socket"
        case .device: "a device"
        }
    }
}
