// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target compiles under the same rules.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]
/// A site's own target; `sitegen watch` compiles it less strictly, a warning stops nothing there.
let authoring: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]
let memorySafe = strict + [.strictMemorySafety()]

/// A system library found through pkg-config and installed with apt.
func cLibrary(_ name: String, pkgConfig: String? = nil, apt package: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

func library(
    _ name: String, uses dependencies: [Target.Dependency] = [],
    settings: [SwiftSetting] = memorySafe
) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func example(_ name: String, path: String) -> Target {
    .target(
        name: "\(name)Example",
        dependencies: ["SiteAuthoring", "Markup", "MaterializedViews", "Postgres"], path: path,
        exclude: ["database"], swiftSettings: authoring)
}

func tests(
    of name: String, uses more: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + more,
        exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "sitegen",
    products: [
        .executable(name: "sitegen", targets: ["sitegen"]),
        .library(name: "SiteAuthoring", targets: ["SiteAuthoring"]),
        .library(name: "SitegenCommands", targets: ["SitegenCommands"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    ],
    targets: [
        // C libraries: one module map each, imported by exactly one Swift target.
        cLibrary("CLibPQ", pkgConfig: "libpq", apt: "libpq-dev"),
        cLibrary("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        cLibrary("CBrotli", pkgConfig: "libbrotlienc libbrotlidec", apt: "libbrotli-dev"),
        cLibrary("CExpat", pkgConfig: "expat", apt: "libexpat1-dev"),
        cLibrary("CHiredis", apt: "libhiredis-dev"),
        cLibrary("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
        cLibrary("CLinux", apt: "libc6-dev"),

        // Libraries: one noun each, ignorant of sites.
        library("Groundwork"),
        library(
            "Minification",
            uses: [
                "LocalFiles",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .target(name: "CRenderState"),
        .target(name: "CCrash", dependencies: ["CRenderState"]),
        .target(name: "CLoading"),
        .target(
            name: "Markup", dependencies: ["CRenderState", "Groundwork"],
            exclude: ["Elements/generate.py"],
            // Optimised in debug builds too: rendering is what a developer waits for.
            swiftSettings: memorySafe + [.unsafeFlags(["-O"], .when(configuration: .debug))]),
        library("Hashing", uses: ["CCrypto", "Groundwork"]),
        library("LocalFiles", uses: ["Hashing", "Groundwork"]),
        library("ContentEncoding", uses: ["CZlib", "CBrotli", "Groundwork"]),
        library("ContentSecurity", uses: ["Hashing"]),
        library("Postgres", uses: ["CLibPQ", "Groundwork"]),
        library("Redis", uses: ["CHiredis", "Groundwork"]),
        library("PrivateServers", uses: ["CLinux", "Groundwork"]),
        library("XMLSyntax", uses: ["CExpat"]),
        library(
            "Spooling",
            uses: ["Groundwork", .product(name: "HeapModule", package: "swift-collections")]),

        library("AccessRecords", uses: ["LocalFiles", "Hashing", "Groundwork"]),

        // The domain.
        library("MaterializedViews", uses: ["Postgres", "Hashing", "LocalFiles"]),
        library("Fragments", uses: ["Redis", "ContentEncoding", "Hashing", "Groundwork"]),
        library(
            "ReleaseFormat",
            uses: ["ContentEncoding", "Spooling", "Hashing", "CLinux", "Groundwork"]),

        .target(
            name: "Traffic",
            dependencies: [
                "AccessRecords", "Postgres", "ContentEncoding", "Hashing", "Groundwork",
            ],
            resources: [
                .embedInCode("Schema/tables.sql"), .embedInCode("Schema/version3.sql"),
                .embedInCode("Schema/days.sql"), .embedInCode("Schema/texts.sql"),
                .embedInCode("Schema/fold.sql"), .embedInCode("Schema/counts.sql"),
                .embedInCode("Schema/seal.sql"), .embedInCode("Schema/views.sql"),
                .embedInCode("Schema/statistics.sql"), .embedInCode("Schema/roles.sql"),
            ], swiftSettings: memorySafe),

        library(
            "ReleaseTools",
            uses: [
                "AccessRecords", "ReleaseFormat", "ContentEncoding", "Markup", "Spooling",
                "XMLSyntax", "Hashing", "Groundwork",
            ]),

        // Use cases.
        library(
            "SiteAuthoring",
            uses: ["Markup", "MaterializedViews", "Postgres", "ContentSecurity"]),
        library(
            "SiteBuilding",
            uses: [
                "SiteAuthoring", "Markup", "MaterializedViews", "Fragments", "Postgres", "Redis",
                "Minification", "ReleaseFormat", "ContentEncoding", "ContentSecurity", "Hashing",
                "LocalFiles", "Groundwork", "ReleaseTools", "Spooling", "CCrash",
            ]),
        library("SiteWatching", uses: ["Hashing", "LocalFiles", "Groundwork"]),
        // What SiteAuthoring re-exports is named too, as for the site.
        library(
            "StatisticsSite",
            uses: [
                "SiteAuthoring", "Markup", "MaterializedViews", "Postgres", "Traffic", "Groundwork",
            ]),
        library("SiteScaffolding", uses: ["MaterializedViews", "Postgres"]),
        library(
            "SiteServing",
            uses: [
                "AccessRecords", "ReleaseFormat", "Fragments", "Redis", "ContentEncoding",
                "Hashing", "Groundwork",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
            ]),

        // The command line.
        library(
            "SitegenCommands",
            uses: [
                "SiteAuthoring", "SiteBuilding", "Fragments",
                "MaterializedViews", "Postgres", "Redis", "PrivateServers", "ReleaseFormat",
                "ContentEncoding", "Groundwork", "ReleaseTools", "Spooling", "CLoading",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        .target(
            name: "SitegenTool",
            dependencies: [
                "SitegenCommands", "SiteAuthoring", "SiteBuilding", "SiteScaffolding",
                "SiteServing", "AccessRecords", "SiteWatching", "ReleaseFormat", "ReleaseTools",
                "ContentEncoding", "Postgres", "Redis", "Minification", "Hashing", "LocalFiles",
                "Groundwork", "Traffic", "StatisticsSite",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            resources: [
                .embedInCode("Authoring/Watching/Page/files.js"),
                .embedInCode("Authoring/Watching/Page/watch.js"),
                .embedInCode("Authoring/Watching/Page/morph.js"),
                .embedInCode("Authoring/Watching/Page/overlay.js"),
            ], swiftSettings: memorySafe),
        .executableTarget(
            name: "sitegen", dependencies: ["SitegenTool"], swiftSettings: strict),

        // The demo site, the product `Site` of this package alone: were it declared above, it would
        // be built over the product of that name of every site that depends on this package.
        // One target, so that memberwise initialisers reach across both folders.
        .executableTarget(
            // What SiteAuthoring re-exports is named too: else a change of it would not compile
            // the site again, and the program would not link.
            name: "Site",
            dependencies: [
                "SitegenCommands", "SiteAuthoring", "Markup", "MaterializedViews", "Postgres",
            ],
            path: ".",
            exclude: [
                "Sources", "Tests", "Benchmarks", "Examples", "docs", "public", "Makefile",
                "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "site/database",
                "site/Styles",
            ],
            sources: ["components", "site"], swiftSettings: authoring),

        // The examples: the rows of their views, as a site's own package has them.
        example("Rooms", path: "Examples/rooms/site"),
        example("Subscriptions", path: "Examples/subscriptions/site"),
        .testTarget(
            name: "ExamplesTests",
            dependencies: [
                "RoomsExample", "SubscriptionsExample", "MaterializedViews", "Postgres",
                "TestSupport",
            ], swiftSettings: strict),

        // Benchmarks.
        .executableTarget(
            name: "HugoBenchmark",
            dependencies: [
                "SitegenCommands", "SiteAuthoring", "Markup", "MaterializedViews", "Postgres",
            ], path: "Benchmarks/hugo", exclude: ["layouts", "run.py", "site/database"],
            swiftSettings: authoring),
        .executableTarget(
            name: "SpliceBenchmark", dependencies: ["ContentEncoding"], path: "Benchmarks/splice",
            exclude: ["README.md"], swiftSettings: strict),
        .executableTarget(
            name: "ServeBenchmark",
            dependencies: [
                "SiteServing", "AccessRecords", "ReleaseFormat", "Fragments", "Redis",
                "ContentEncoding",
            ], path: "Benchmarks/serve", exclude: ["README.md", "faults.py", "run.py", "soak.py"],
            swiftSettings: strict),
        .executableTarget(
            name: "RecordBenchmark", dependencies: ["AccessRecords", "Hashing"],
            path: "Benchmarks/traffic/RecordBenchmark", swiftSettings: strict),
        .executableTarget(
            name: "RenderBenchmark", dependencies: ["Markup"], path: "Benchmarks/render",
            swiftSettings: strict),
        .executableTarget(
            name: "StreamBenchmark", dependencies: ["Postgres"],
            path: "Benchmarks/postgres/StreamBenchmark", swiftSettings: strict),

        // Tests.
        .executableTarget(
            name: "SlotSite",
            dependencies: [
                "SitegenCommands", "SiteAuthoring", "Markup", "MaterializedViews", "Postgres",
            ], path: "Tests/EndToEndTests/SlotSite", swiftSettings: authoring),
        .executableTarget(
            name: "ShopSite",
            dependencies: [
                "SitegenCommands", "SiteAuthoring", "Markup", "MaterializedViews", "Postgres",
            ], path: "Tests/EndToEndTests/ShopSite",
            exclude: ["schema.sql", "site/database", "public"], swiftSettings: authoring),
        .executableTarget(
            name: "FollowSite",
            dependencies: [
                "SitegenCommands", "SiteAuthoring", "Markup", "MaterializedViews", "Postgres",
            ], path: "Tests/EndToEndTests/FollowSite",
            exclude: ["schema.sql", "site/database", "public"], swiftSettings: authoring),
        .executableTarget(
            name: "SlotFuzzer",
            dependencies: [
                "ContentEncoding", "Fragments", "ReleaseFormat", "Spooling", "Hashing",
                "TestSupport",
            ], path: "Tests/Fuzzing/Slots", swiftSettings: strict),
        .executableTarget(
            name: "HeadFuzzer",
            dependencies: [
                "SiteServing", "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ], path: "Tests/Fuzzing/Heads", swiftSettings: strict),
        .executableTarget(
            name: "ServerFuzzer",
            dependencies: [
                "SiteServing", "AccessRecords", "ReleaseFormat", "ContentEncoding", "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
            ], path: "Tests/Fuzzing/Server", swiftSettings: strict),
        tests(of: "Minification"),
        tests(of: "XMLSyntax"),
        tests(of: "Markup"),
        .testTarget(name: "TidyTests", swiftSettings: strict),
        .target(
            name: "TestSupport",
            dependencies: ["PrivateServers", "CLinux", "MaterializedViews", "Postgres"],
            path: "Tests/TestSupport",
            swiftSettings: strict),
        tests(of: "PrivateServers"),
        tests(of: "Postgres", uses: ["PrivateServers"]),
        tests(of: "Redis"),
        tests(of: "Fragments", uses: ["Redis", "ContentEncoding", "Hashing"]),
        tests(
            of: "SiteServing",
            uses: [
                "AccessRecords", "ReleaseFormat", "Fragments", "Redis", "ContentEncoding",
                "Hashing",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        tests(of: "Groundwork"),
        tests(of: "Hashing"),
        tests(of: "LocalFiles", uses: ["Hashing"]),
        tests(of: "Spooling"),
        tests(of: "AccessRecords", uses: ["Hashing"]),
        tests(of: "ContentEncoding"),
        tests(of: "ContentSecurity", uses: ["Hashing"]),
        tests(
            of: "ReleaseFormat", uses: ["ContentEncoding", "Spooling", "Hashing"],
            exclude: ["Fixtures"]),
        tests(of: "ReleaseTools", uses: ["ReleaseFormat", "ContentEncoding", "Hashing"]),
        tests(of: "MaterializedViews", uses: ["Postgres"]),
        tests(of: "Traffic", uses: ["AccessRecords", "Postgres"]),
        tests(
            of: "StatisticsSite",
            uses: ["SiteAuthoring", "Markup", "MaterializedViews", "Postgres", "Traffic"]),
        // What SiteAuthoring re-exports is named too, as for the site.
        tests(of: "Site", uses: ["SiteAuthoring", "Markup", "MaterializedViews", "Postgres"]),
        tests(of: "SiteAuthoring", uses: ["Markup", "MaterializedViews", "Postgres"]),
        tests(
            of: "SiteBuilding",
            uses: [
                "SiteAuthoring", "Markup", "MaterializedViews", "Fragments", "Postgres", "Redis",
                "ReleaseFormat", "ReleaseTools", "ContentEncoding", "Spooling", "Hashing",
            ]),
        tests(of: "SiteScaffolding", uses: ["MaterializedViews", "Postgres"]),
        tests(of: "SiteWatching"),
        tests(
            of: "SitegenCommands",
            uses: [
                "SiteAuthoring", "SiteBuilding", "Fragments", "MaterializedViews", "Postgres",
                "Redis", "PrivateServers", "ReleaseFormat", "ReleaseTools", "ContentEncoding",
                "Hashing", "Minification",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        tests(
            of: "SitegenTool",
            uses: [
                "SitegenCommands", "SiteServing", "SiteWatching", "ReleaseFormat",
                "ContentEncoding", "Hashing",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
    ]
)
