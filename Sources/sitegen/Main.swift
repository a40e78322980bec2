// The tool. Everything that can go wrong is reported and turned into an exit status by SitegenTool.
//
// It knows no site: this repository's own is the product `Site`, as every site's package has one.

import SitegenTool

@main struct Main {
    static func main() async { await ToolCommand.main() }
}
