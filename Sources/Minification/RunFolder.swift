// The folder of one run of esbuild: made for it, closed to others, removed with it.
//
// A program that is killed removes nothing. So a folder is locked for as long as its program lives,
// and whoever makes one removes those of its user that nobody holds any more. A folder gets the
// name by which it may be swept only once it is locked.

import FoundationEssentials
import Glibc
import LocalFiles

/// Sole owner of a folder that is removed when the value goes.
struct RunFolder: ~Copyable {
    /// Its absolute path.
    let path: String
    private let lock: Int32

    private static let prefix = "sitegen-minify-"

    /// Makes a folder below another, and removes what killed programs left there.
    ///
    /// - Parameter parent: a folder that may be written.
    /// - Throws: `.failed` when it cannot be made.
    init(in parent: String) throws(MinificationError) {
        Self.sweep(parent)
        var template = Array("\(parent)/.\(Self.prefix)XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw Self.failure("make a folder", parent) }
        let made = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let opened = unsafe Glibc.open(made, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard opened >= 0 else {
            let error = Self.failure("open a folder", parent)
            unsafe rmdir(made)
            throw error
        }
        let name = made.split(separator: "/").last?.dropFirst() ?? ""
        let whole = "\(parent)/\(name)"
        guard flock(opened, LOCK_EX | LOCK_NB) == 0, unsafe rename(made, whole) == 0 else {
            let error = Self.failure("lock a folder", parent)
            close(opened)
            unsafe rmdir(made)
            throw error
        }
        path = whole
        lock = opened
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
        close(lock)
    }

    /// Writes a file of the folder that must not be there yet.
    ///
    /// - Throws: `.failed`.
    func write(_ text: String, to name: String) throws(MinificationError) {
        do {
            try Data(text.utf8).write(
                to: URL(filePath: "\(path)/\(name)"), options: .withoutOverwriting)
        } catch {
            throw .failed("the temporary folder cannot be written: \(error)")
        }
    }

    /// Opens the folder itself once more, or a new file in it for writing.
    ///
    /// - Returns: a descriptor that is the caller's to close.
    /// - Throws: `.failed`.
    func open(writing name: String? = nil) throws(MinificationError) -> Int32 {
        let flags =
            name == nil ? O_RDONLY | O_DIRECTORY : O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
        let target = name.map { "\(path)/\($0)" } ?? path
        let opened = unsafe Glibc.open(target, flags | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw Self.failure("open", target) }
        return opened
    }

    /// Removes the folders of this user whose programs have ended.
    ///
    /// The parent may be everybody's, with thousands of other names: they are neither asked for
    /// what they are nor sorted.
    private static func sweep(_ parent: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        for name in names where name.hasPrefix(prefix) {
            let path = "\(parent)/\(name)"
            let opened = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard opened >= 0 else { continue }
            defer { close(opened) }
            var info = stat()
            guard unsafe fstat(opened, &info) == 0, info.st_uid == geteuid(),
                flock(opened, LOCK_EX | LOCK_NB) == 0
            else { continue }
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    private static func failure(_ doing: String, _ path: String) -> MinificationError {
        let code = errno
        return .failed("cannot \(doing) at \(path): \(FileFault.refused(code: code))")
    }
}
