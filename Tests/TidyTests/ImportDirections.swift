// Which module may import which: the architecture as one table.
//
// `modules` is what Package.swift declares, and a test holds the two together; the compiler then
// refuses whatever is not declared. System modules and packages have their own table, since
// SwiftPM cannot keep a target from importing the C library or Foundation.

/// The allowed imports.
enum ImportDirections {
    /// Modules of this package, each with all that it may import of them.
    static let modules: [String: Set<String>] = [
        "CBrotli": [], "CHiredis": [], "CLibPQ": [], "CLinux": [], "CZlib": [],
        "CRenderState": [],

        "Hashing": [], "Minification": ["LocalFiles"], "PrivateServers": ["CLinux"],
        "LocalFiles": ["Hashing"],
        "Markup": ["CRenderState"],
        "ContentEncoding": ["CZlib", "CBrotli"],
        "ContentSecurity": ["Hashing"],
        "Postgres": ["CLibPQ"],
        "Redis": ["CHiredis"],

        "MaterializedViews": ["Postgres", "Hashing", "LocalFiles"],
        "Fragments": ["Redis", "ContentEncoding", "Hashing"],
        "ReleaseFormat": ["ContentEncoding", "Hashing", "CLinux"],

        "SiteAuthoring": ["Markup", "MaterializedViews", "Postgres"],
        "SiteBuilding": [
            "SiteAuthoring", "Markup", "MaterializedViews", "Fragments", "Postgres", "Redis",
            "Minification", "ReleaseFormat", "ContentEncoding", "ContentSecurity", "Hashing",
            "LocalFiles",
        ],
        "SiteServing": ["ReleaseFormat", "Fragments", "Redis", "ContentEncoding", "Hashing"],
        "SiteWatching": ["Postgres", "Hashing", "LocalFiles"],

        "SitegenCommands": [
            "SiteAuthoring", "SiteBuilding", "SiteServing", "SiteWatching", "Fragments",
            "MaterializedViews", "Postgres", "Redis", "PrivateServers", "ReleaseFormat",
            "ContentEncoding",
        ],
        "sitegen": ["SitegenCommands", "Site"],
        "Site": ["SiteAuthoring", "Markup", "MaterializedViews", "Postgres"],
    ]

    /// What a server of releases must not reach, not even through another module.
    static let neverServed: Set<String> = [
        "Markup", "Postgres", "Minification", "SiteAuthoring", "SiteBuilding",
        "MaterializedViews", "Site",
    ]

    /// The one importer of each C library; `CLinux` is the system's own, and belongs to nobody.
    static let owners = [
        "CBrotli": "ContentEncoding", "CZlib": "ContentEncoding",
        "CLibPQ": "Postgres", "CHiredis": "Redis",
        "CRenderState": "Markup",
    ]

    /// Modules that compute and do nothing else: no files, no clock, no sockets.
    static let pure: Set<String> = ["Markup", "ContentSecurity", "Hashing"]

    /// What the pure modules may import besides modules of this package.
    static let pureImports: [String: Set<String>] = ["Hashing": ["Crypto"]]

    /// What every other module may import besides modules of this package.
    static let common: Set<String> = ["Synchronization", "Glibc", "FoundationEssentials"]

    /// What only the named modules may import.
    static let restricted: [String: Set<String>] = [
        "ArgumentParser": ["SitegenCommands"],
        "Crypto": ["Hashing"], "HeapModule": ["ReleaseFormat"],
        "NIOCore": ["SiteServing"], "NIOPosix": ["SiteServing"], "NIOTLS": ["SiteServing"],
        "NIOSSL": ["SiteServing"], "NIOHTTP2": ["SiteServing"], "NIOHPACK": ["SiteServing"],
        "Subprocess": ["Minification", "SitegenCommands"],
        "SystemPackage": ["Minification", "SitegenCommands"],
        "UnixSignals": ["SitegenCommands"],
    ]

    /// Whether `module` may import `name`.
    static func allows(_ module: String, toImport name: String) -> Bool {
        if name == "Swift" || modules[module]?.contains(name) == true { return true }
        if pure.contains(module) {
            return name == "Synchronization" || pureImports[module]?.contains(name) == true
        }
        if let owners = restricted[name] { return owners.contains(module) }
        return common.contains(name)
    }

    /// Every module that `module` reaches through the table.
    static func reachable(from module: String) -> Set<String> {
        var reached: Set<String> = []
        var waiting = modules[module] ?? []
        while let next = waiting.popFirst() {
            reached.insert(next)
            waiting.formUnion((modules[next] ?? []).subtracting(reached))
        }
        return reached
    }
}

extension SourceFile {
    /// The imported modules and their lines.
    var imports: [(module: String, line: Int)] {
        let kinds = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var"]
        return tokens.indices.compactMap { index in
            let name = index + 1
            guard tokens[index].text == "import", name < tokens.count, tokens[name].isWord,
                tokens[name].line == tokens[index].line
            else { return nil }
            if kinds.contains(tokens[name].text), name + 1 < tokens.count {
                return (tokens[name + 1].text, tokens[index].line)
            }
            return (tokens[name].text, tokens[index].line)
        }
    }
}
