// Which module may import which: the architecture as one table.
//
// `modules` is what Package.swift declares, and a test holds the two together; the compiler then
// refuses whatever is not declared. System modules and packages have their own table, since
// SwiftPM cannot keep a target from importing the C library or Foundation.

/// The allowed imports.
enum ImportDirections {
    /// Modules of this package, each with all that it may import of them.
    static let modules: [String: Set<String>] = [
        "CBrotli": [], "CCrypto": [], "CExpat": [], "CHiredis": [], "CLibPQ": [], "CLinux": [],
        "CZlib": [], "CRenderState": [], "CCrash": ["CRenderState"], "CLoading": [],

        "Groundwork": [], "Hashing": ["CCrypto", "Groundwork"],
        "Minification": ["LocalFiles"], "PrivateServers": ["CLinux", "Groundwork"],
        "LocalFiles": ["Hashing", "Groundwork"],
        "Markup": ["CRenderState", "Groundwork"],
        "ContentEncoding": ["CZlib", "CBrotli", "Groundwork"],
        "ContentSecurity": ["Hashing"],
        "Postgres": ["CLibPQ", "Groundwork"],
        "Redis": ["CHiredis", "Groundwork"],
        "XMLSyntax": ["CExpat"],
        "Spooling": ["Groundwork"],
        "AccessRecords": ["LocalFiles", "Hashing", "Groundwork"],

        "Traffic": ["AccessRecords", "Postgres", "ContentEncoding", "Hashing", "Groundwork"],

        "MaterializedViews": ["Postgres", "Hashing", "LocalFiles"],
        "Fragments": ["Redis", "ContentEncoding", "Hashing", "Groundwork"],
        "ReleaseFormat": ["ContentEncoding", "Spooling", "Hashing", "CLinux", "Groundwork"],
        "ReleaseTools": [
            "AccessRecords", "ReleaseFormat", "ContentEncoding", "Markup", "Spooling", "XMLSyntax",
            "Hashing", "Groundwork",
        ],

        "SiteAuthoring": ["Markup", "MaterializedViews", "Postgres", "ContentSecurity"],
        "SiteBuilding": [
            "SiteAuthoring", "Markup", "MaterializedViews", "Fragments", "Postgres", "Redis",
            "Minification", "ReleaseFormat", "ContentEncoding", "ContentSecurity", "Hashing",
            "LocalFiles", "Groundwork", "ReleaseTools", "Spooling", "CCrash",
        ],
        "SiteServing": [
            "AccessRecords", "ReleaseFormat", "Fragments", "Redis", "ContentEncoding", "Hashing",
            "Groundwork",
        ],
        "SiteWatching": ["Hashing", "LocalFiles", "Groundwork"],
        "StatisticsSite": [
            "SiteAuthoring", "Markup", "MaterializedViews", "Postgres", "Traffic", "Groundwork",
        ],
        "SiteScaffolding": ["MaterializedViews", "Postgres"],

        "SitegenCommands": [
            "SiteAuthoring", "SiteBuilding", "Fragments", "MaterializedViews",
            "Postgres", "Redis", "PrivateServers", "ReleaseFormat", "ContentEncoding",
            "Groundwork", "ReleaseTools", "Spooling", "CLoading",
        ],
        "SitegenTool": [
            "SitegenCommands", "SiteAuthoring", "SiteBuilding", "SiteScaffolding", "SiteServing",
            "AccessRecords", "SiteWatching", "ReleaseFormat", "ReleaseTools", "ContentEncoding",
            "Postgres", "Redis", "Minification", "Hashing", "LocalFiles", "Groundwork",
            "Traffic", "StatisticsSite",
        ],
        "sitegen": ["SitegenTool"],
        "Site": ["SitegenCommands", "SiteAuthoring", "Markup", "MaterializedViews", "Postgres"],
    ]

    /// What a server of releases must not reach, not even through another module.
    static let neverServed: Set<String> = [
        "Markup", "Postgres", "Minification", "SiteAuthoring", "SiteBuilding",
        "MaterializedViews", "Site", "Traffic", "StatisticsSite",
    ]

    /// What a site's program must not link, not even through another module: it would be compiled
    /// with every site.
    static let neverInSites: Set<String> = [
        "SiteServing", "SiteWatching", "SiteScaffolding", "SitegenTool", "Traffic",
        "StatisticsSite",
    ]

    /// The one importer of each C library; `CLinux` is the system's own, and belongs to nobody.
    static let owners = [
        "CBrotli": "ContentEncoding", "CZlib": "ContentEncoding",
        "CLibPQ": "Postgres", "CHiredis": "Redis", "CCrypto": "Hashing", "CExpat": "XMLSyntax",
        "CRenderState": "Markup", "CCrash": "SiteBuilding", "CLoading": "SitegenCommands",
    ]

    /// Modules that compute and do nothing else: no files, no clock, no sockets.
    static let pure: Set<String> = ["Markup", "ContentSecurity", "Hashing"]

    /// What every other module may import besides modules of this package.
    static let common: Set<String> = ["Synchronization", "Glibc", "FoundationEssentials"]

    /// What only the named modules may import.
    static let restricted: [String: Set<String>] = [
        "ArgumentParser": ["SitegenCommands", "SitegenTool"],
        "HeapModule": ["Spooling"],
        "NIOCore": ["SiteServing"], "NIOPosix": ["SiteServing"], "NIOTLS": ["SiteServing"],
        "NIOSSL": ["SiteServing"], "NIOHTTP2": ["SiteServing"], "NIOHPACK": ["SiteServing"],
        "Subprocess": ["Minification", "SitegenCommands", "SitegenTool"],
        "SystemPackage": ["Minification", "SitegenCommands", "SitegenTool"],
        "UnixSignals": ["SitegenCommands", "SitegenTool"],
    ]

    /// Whether `module` may import `name`.
    static func allows(_ module: String, toImport name: String) -> Bool {
        if name == "Swift" || modules[module]?.contains(name) == true { return true }
        if pure.contains(module) {
            return name == "Synchronization"
        }
        if let owners = restricted[name] { return owners.contains(module) }
        return common.contains(name)
    }

    /// Every module that `module` reaches through the table.
    static func reachable(
        from module: String, in table: [String: Set<String>] = modules
    ) -> Set<String> {
        var reached: Set<String> = []
        var waiting = table[module] ?? []
        while let next = waiting.popFirst() {
            reached.insert(next)
            waiting.formUnion((table[next] ?? []).subtracting(reached))
        }
        return reached
    }

    /// The modules that reach themselves.
    static func inRings(_ table: [String: Set<String>] = modules) -> Set<String> {
        Set(table.keys.filter { reachable(from: $0, in: table).contains($0) })
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
