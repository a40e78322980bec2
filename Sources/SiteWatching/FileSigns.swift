/// Where files of a site may have changed, as the system tells it.
package struct FileSigns: Sendable, Equatable {
    /// Whether anything may have.
    package private(set) var isEverything: Bool
    /// Files, by their paths from the root.
    package private(set) var files: Set<String> = []
    /// Folders with all that is below them, by their paths from the root.
    package private(set) var folders: Set<String> = []

    /// The most paths that are kept apart; more are everything.
    static let pathsMax = 4_096

    /// Nothing may have changed.
    package static let none = FileSigns(isEverything: false)
    /// Anything may have changed.
    package static let everything = FileSigns(isEverything: true)

    private init(isEverything: Bool) { self.isEverything = isEverything }

    /// Whether nothing may have changed.
    var isEmpty: Bool { self == .none }

    mutating func note(file: String) {
        files.insert(file)
        limit()
    }

    mutating func note(folder: String) {
        folders.insert(folder)
        limit()
    }

    /// Takes more signs.
    mutating func add(_ more: FileSigns) {
        isEverything = isEverything || more.isEverything
        files.formUnion(more.files)
        folders.formUnion(more.folders)
        limit()
    }

    private mutating func limit() {
        if isEverything || files.count + folders.count > Self.pathsMax { self = .everything }
    }
}
