// Parts of a site that were built apart and joined are the whole, byte for byte.

import MaterializedViews
import ReleaseFormat
import SiteAuthoring
import SiteBuilding
import TestSupport
import Testing

@Suite("Parts of a site") struct PartMergingTests {
    private func library() throws -> Library {
        let library = try Library()
        let rules = (0..<3000).map { ".rule-\($0) { margin: \($0)px }" }
        try library.folder.write(rules.joined(separator: "\n"), to: "site/Styles/all.css")
        try library.sql(
            """
            INSERT INTO public.book SELECT 'book-' || n, 'Book ' || n, repeat('text ', n % 50), \
            '/', 'cover.svg', '{"name": "N"}' FROM generate_series(1, 150) n
            """)
        return library
    }

    private func build(
        _ library: Library, part: Int, of count: Int, program: String = "1"
    ) async throws -> String {
        let output = "\(library.folder.path)/part-\(part)-\(program)"
        var options = library.options(output: output, program: program)
        options.shard = RowPart(part, of: count)
        try await library.build(SiteBuildingTests.library, options)
        return output
    }

    private func merge(_ library: Library, _ folders: [String]) async throws -> Manifest {
        let output = "\(library.folder.path)/merged"
        _ = try await PartMerging(
            SiteBuildingTests.library, options: library.options(output: output, program: "1"),
            warn: { _ in }
        ).merge(folders)
        return try ReleaseReader.open(output).manifest
    }

    @Test(arguments: [1, 3])
    func `parts joined in any order are the whole`(count: Int) async throws {
        let library = try library()
        try await library.buildChanges()
        var folders: [String] = []
        for part in 0..<count {
            folders.append(try await build(library, part: part, of: count))
        }
        let counts = try folders.map { try ReleaseReader.open($0).manifest.count }
        if count > 1 { #expect(counts.allSatisfy { $0 > 20 && $0 < 120 }) }
        let merged = try await merge(library, folders.reversed())
        #expect(try merged.bytes == library.live.manifest.bytes)
        let reader = try ReleaseReader.open("\(library.folder.path)/merged")
        for index in 0..<merged.count {
            for form in merged.entry(at: index).representations {
                _ = try reader.blob(form, verified: true)
            }
        }
    }

    @Test func `parts that make no whole are refused, and nothing is published`() async throws {
        let library = try library()
        let one = try await build(library, part: 0, of: 2)
        let two = try await build(library, part: 1, of: 2)
        let other = try await build(library, part: 1, of: 2, program: "2")
        try await library.buildChanges()
        for (folders, reason) in [
            ([one], "do not make a whole"), ([one, one], "do not make a whole"),
            ([one, other], "another program"), ([one, two, library.output], "is no part"),
        ] {
            let error = await #expect(throws: BuildError.self) {
                try await merge(library, folders)
            }
            #expect(error.map { "\($0)".contains(reason) } == true)
        }
        #expect(throws: ReleaseError.self) {
            try ReleaseReader.open("\(library.folder.path)/merged")
        }
    }
}
