// Reads the folder of view files.
//
// Only files that end in `.sql` count; sub-folders (fixtures, migrations) and hidden files are not
// views. All files are read before anything is reported.

import FoundationEssentials
import LocalFiles
package import Postgres

extension ViewDefinition {
    /// Reads every view file of a folder.
    ///
    /// - Parameters:
    ///   - directory: the folder.
    ///   - shown: what messages call the folder.
    ///   - schema: the schema of the site.
    /// - Returns: the views, sorted by name; none if the folder holds no `.sql` file.
    /// - Throws: `.folder`, or `.definitions` with the problems of all files.
    package static func load(
        directory: String, shownAs shown: String = "site/database",
        in schema: SiteSchema = .unnamed
    ) throws(ViewError) -> [ViewDefinition] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            throw .folder(path: shown, reason: "it does not exist or may not be listed")
        }
        var definitions: [ViewDefinition] = []
        var problems: [DefinitionProblem] = []
        for fileName in names.sorted() where fileName.hasSuffix(".sql") && !fileName.hasPrefix(".")
        {
            let path = "\(directory)/\(fileName)"
            var isDirectory = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
                !isDirectory
            else { continue }
            let shownFile = "\(shown)/\(fileName)"
            do throws(ViewError) {
                definitions.append(
                    try ViewDefinition(
                        name: String(fileName.dropLast(4)), file: shownFile,
                        text: try text(at: path, shownAs: shownFile), in: schema))
            } catch .definitions(let found) {
                problems += found
            }
        }
        if definitions.count > ViewLimits.viewsMax {
            problems.append(
                DefinitionProblem(shown, nil, "There are more than \(ViewLimits.viewsMax) views."))
        }
        guard problems.isEmpty else { throw .definitions(problems) }
        return definitions
    }

    private static func text(at path: String, shownAs file: String) throws(ViewError) -> String {
        let bytes: [UInt8]
        do throws(FileFault) {
            bytes = try LocalFile(path).bytes(limit: ViewLimits.fileBytesMax)
        } catch {
            let problem =
                switch error {
                case .tooLong(let limit): "The file is larger than \(limit) bytes."
                case .notRegular, .refused: "The file cannot be read."
                }
            throw .definitions([DefinitionProblem(file, nil, problem)])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .definitions([DefinitionProblem(file, nil, "The file is not UTF-8 text.")])
        }
        return text
    }
}
