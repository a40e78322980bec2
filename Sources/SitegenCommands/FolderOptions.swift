import ArgumentParser
import FoundationEssentials
import SiteAuthoring

/// The options every command that touches a site's folder has.
package struct FolderOptions: ParsableArguments {
    /// The site's folder.
    @Option(help: "The site's root folder, with site/ and public/ in it.")
    package var root = "."

    @Option(help: "Where private PostgreSQL and Redis servers keep their data.")
    var data: String?

    /// Made by the argument parser.
    package init() {}

    /// The folder of private servers.
    package var dataFolder: String { data ?? "\(root)/.sitegen" }

    /// Throws unless there is a site, or a private server's data already: a private server in the
    /// wrong folder would be of use to nobody.
    func requireSite() throws {
        let files = FileManager.default
        guard files.fileExists(atPath: databaseFolder) || files.fileExists(atPath: dataFolder)
        else {
            throw CommandFailure(
                .badConfiguration,
                """
                There is no site in \(root == "." ? "this folder" : root): it has no site/database.
                Run the command in the site's folder, or name that with --root.
                """)
        }
    }

    /// The name of the site's package; nil if the folder has none that says.
    var siteName: String? {
        guard let data = FileManager.default.contents(atPath: "\(root)/Package.swift"),
            let package = String(decoding: data, as: UTF8.self).firstRange(of: "Package(")
        else { return nil }
        let text = String(decoding: data, as: UTF8.self)[package.upperBound...]
        let parts = text.split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].filter({ !$0.isWhitespace }) == "name:" else { return nil }
        return String(parts[1])
    }

    /// The folder of the view files.
    package var databaseFolder: String { "\(root)/site/database" }

    /// The file of generated row types.
    package var rowsFile: String { "\(root)/site/Rows.generated.swift" }
}
