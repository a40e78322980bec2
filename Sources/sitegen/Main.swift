// Hands the demo site to the command line. A site of your own has the same few lines.
//
// `Site` is the module of site/ and components/; `site` is the value in it. Everything that can go
// wrong is reported and turned into an exit status by SitegenCommands.

import Site
import SitegenCommands

@main struct Main {
    static func main() async {
        await SitegenCommand.main(site: site)
    }
}
