// The files of a site's package beside its pages: Package.swift, .gitignore, .env.example, icon.
//
// The target's path is `site`, so that what builds write beside it makes SwiftPM plan nothing anew.

/// Writes what every site has.
enum PackageFiles {
    static func all(_ identity: SiteIdentity) -> [WrittenFile] {
        [
            WrittenFile("Package.swift", package(identity)),
            WrittenFile(".gitignore", ".build/\n.sitegen/\ndist/\n.env\n"),
            WrittenFile(".env.example", environment),
            WrittenFile("public/robots.txt", "User-agent: *\nAllow: /\n"),
            WrittenFile("public/icon.svg", icon),
        ]
    }

    private static func package(_ identity: SiteIdentity) -> String {
        let dependency =
            switch identity.source {
            case .address(let address, let version):
                ".package(url: \(address.swiftLiteral), from: \(version.swiftLiteral))"
            case .folder(let path):
                ".package(name: \"sitegen\", path: \(path.swiftLiteral))"
            }
        let name = identity.target.swiftLiteral
        return """
            // swift-tools-version: 6.2
            import PackageDescription

            let package = Package(
                name: \(name),
                // The name under which `sitegen` looks for the site's program.
                products: [.executable(name: "Site", targets: [\(name)])],
                dependencies: [
                    \(dependency)
                ],
                targets: [
                    .executableTarget(
                        name: \(name),
                        dependencies: [
                            .product(name: "SiteAuthoring", package: "sitegen"),
                            .product(name: "SitegenCommands", package: "sitegen"),
                        ],
                        path: "site", exclude: ["database", "Styles"],
                        swiftSettings: [.treatAllWarnings(as: .error)]),
                    .testTarget(
                        name: "SiteTests",
                        dependencies: [
                            .target(name: \(name)),
                            .product(name: "SiteAuthoring", package: "sitegen"),
                        ],
                        path: "Tests", swiftSettings: [.treatAllWarnings(as: .error)]),
                ]
            )
            """
    }

    private static let environment = """
        # Without these, commands start private servers below .sitegen/ and stop them again.
        # Load them with: set -a; . ./.env; set +a
        DATABASE_URL=postgresql://user@localhost:5432/database
        REDIS_URL=redis://localhost:6379
        """

    private static let icon = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">\
        <rect width="64" height="64" rx="12" fill="#1c4f46"/>\
        <path fill="#f7f4ec" d="M14 16h36v6H14zm0 13h36v6H14zm0 13h22v6H14z"/></svg>
        """
}
