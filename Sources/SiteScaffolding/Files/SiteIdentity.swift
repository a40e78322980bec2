// What a site is called, in all the places where it is called something.
//
// The target is named after the folder; the program that it makes is `Site`, as every site's is.
// SwiftPM wants the names of all targets of a package and its dependencies to differ: so a site
// that is called like one of those gets another name. Pure.

/// The names of a site, and where it gets sitegen from.
package struct SiteIdentity: Equatable, Sendable {
    /// Where the package of sitegen is.
    package enum Source: Equatable, Sendable {
        /// An address, with the version from which on it fits.
        case address(String, from: String)
        /// A folder, as an absolute path.
        case folder(String)
    }

    /// The name of the package and of its target.
    package let target: String
    /// The site's name, for people.
    package let title: String
    /// Where the site will be reached.
    package let origin: String
    /// Where sitegen comes from.
    package let source: Source

    /// The usual address of sitegen.
    package static let address = "https://github.com/sitegen/sitegen"

    /// Names a site.
    ///
    /// - Parameters:
    ///   - folder: the last part of the site's folder; any text.
    ///   - title: the site's name; nil makes one of the folder's.
    ///   - origin: scheme and host.
    ///   - source: where sitegen comes from.
    package init(folder: String, title: String?, origin: String, source: Source) {
        let plain = NameWords.words(of: folder).joined(separator: "-")
        let begins = plain.utf8.first.map { (0x61...0x7A).contains($0) } ?? false
        let name = begins ? plain : plain.isEmpty ? "website" : "site-\(plain)"
        target = Self.reserved.contains(name) ? "\(name)-site" : name
        self.title = title ?? NameWords.heading(folder.split(separator: "-").joined(separator: " "))
        self.origin = origin
        self.source = source
    }

    /// The target as a module of Swift.
    package var module: String { target.split(separator: "-").joined(separator: "_") }

    /// Folders whose names SwiftPM would take for another package.
    static func isPackageName(_ folder: String) -> Bool {
        let name = folder.lowercased()
        return name == "sitegen" || name.hasPrefix("swift-")
    }

    /// Names of other targets, and words that are no module's name.
    private static let reserved: Set<String> = [
        "sitegen", "swift", "main", "test", "tests", "class", "struct", "enum", "protocol",
        "extension", "func", "var", "let", "import", "default", "public", "private", "internal",
        "static", "in", "is", "as", "if", "else", "for", "while", "do", "case", "switch", "return",
        "self", "super", "init", "deinit", "nil", "true", "false", "try", "throw", "throws",
        "where", "operator", "repeat", "guard", "defer", "break", "continue", "any", "typealias",
        "testing", "glibc", "foundation",
    ]
}
