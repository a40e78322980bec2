internal import Glibc

/// Where programs are looked for; tests replace it.
package struct ProgramSearch: Sendable {
    /// The folder with one folder per PostgreSQL version, each with a `bin`.
    var postgresVersions: String
    /// Ordinary folders of programs, in order of preference.
    package var folders: [String]

    /// Looks in `postgresVersions`, then in `folders`.
    package init(
        postgresVersions: String = "/usr/lib/postgresql",
        folders: [String] = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin"]
    ) {
        self.postgresVersions = postgresVersions
        self.folders = folders
    }

    /// The path of a program in one of `folders`.
    func program(_ name: String, package: String) throws(PrivateServerError) -> String {
        for folder in folders {
            let path = "\(folder)/\(name)"
            if unsafe access(path, X_OK) == 0 { return path }
        }
        throw .programMissing(program: name, searched: folders, package: package)
    }

    /// The folder with `initdb` and `postgres` of a major version, or of the newest if it is nil.
    func postgresFolder(
        version: String? = nil, cluster: String = ""
    ) throws(PrivateServerError) -> String {
        let versions = folderNames(postgresVersions).filter { version == nil || $0 == version }
        let newestFirst = versions.compactMap { name in Int(name).map { ($0, name) } }
            .sorted { $0.0 > $1.0 }
            .map { "\(postgresVersions)/\($0.1)/bin" }
        // A PostgreSQL in PATH has no version in its name; it is the last choice.
        for folder in newestFirst + (version == nil || newestFirst.isEmpty ? folders : []) {
            let hasBoth = ["initdb", "postgres"].allSatisfy {
                unsafe access("\(folder)/\($0)", X_OK) == 0
            }
            if hasBoth { return folder }
        }
        if let version, version != "" { throw .versionMissing(version: version, folder: cluster) }
        throw .programMissing(
            program: "postgres", searched: ["\(postgresVersions)/*/bin"] + folders,
            package: "postgresql")
    }
}
