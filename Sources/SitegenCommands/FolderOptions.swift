import ArgumentParser
import FoundationEssentials
import SiteAuthoring

/// The options every command that touches a site's folder has.
struct FolderOptions: ParsableArguments {
    @Option(help: "The site's root folder, with site/ and public/ in it.")
    var root = "."

    @Option(help: "Where private PostgreSQL and Redis servers keep their data.")
    var data: String?

    /// The folder of private servers.
    var dataFolder: String { data ?? "\(root)/.sitegen" }

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

    /// The folder of the view files.
    var databaseFolder: String { "\(root)/site/database" }

    /// The file of generated row types.
    var rowsFile: String { "\(root)/site/Rows.generated.swift" }
}
