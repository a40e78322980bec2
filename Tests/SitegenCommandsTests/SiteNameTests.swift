// Where a site says its name, and what is none. SITEGEN_SITE, which goes before the file, and two
// sites beside each other are tried by `two_sites.py`.

import TestSupport
import Testing

@testable import Fragments
@testable import Postgres
@testable import SitegenCommands

@Suite("Names of sites") struct SiteNameTests {
    @Test(arguments: [
        (nil, "sitegen"), ("shop", "sitegen_shop"), ("  shop_2\n", "sitegen_shop_2"),
    ])
    func `the word in the file is the name`(text: String?, schema: String) throws {
        let folder = try TemporaryFolder()
        if let text { try folder.write(text, to: "site/database/site.name") }
        #expect("\(try SiteName.schema(root: folder.path))" == schema)
    }

    @Test(arguments: ["", "two words", "Shop", "shop-1", String(repeating: "a", count: 33)])
    func `what is no name stops every command`(text: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(text, to: "site/database/site.name")
        #expect {
            _ = try SiteName.schema(root: folder.path)
        } throws: { error in
            let failure = error as? CommandFailure
            return failure?.status == .badConfiguration
                && failure?.message.contains("site/database/site.name") == true
        }
    }

    @Test func `the longest name fits in keys, too`() throws {
        #expect(PostgresLimits.siteNameBytesMax == FragmentLimits.siteBytesMax)
        let name = FragmentKey.name("bag", of: String(repeating: "a", count: 32))
        let key = try FragmentKey(shared: name, key: "1")
        #expect(FragmentKey(key.bytes)?.name == name)
        #expect(throws: FragmentError.badName) {
            _ = try FragmentKey(shared: "a\(name)")
        }
        for wrong in ["/bag", "a/", "a/b/c", "A/b", "a-b/c"] {
            #expect(!FragmentKey.isName(wrong))
        }
    }
}
