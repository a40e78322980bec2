// Hands the demo site to the command line. A site of your own has the same few lines.
//
// `site` is the value in Site.swift. Everything that can go wrong is reported and turned into an
// exit status by SitegenCommands.

import SitegenCommands

@main struct Main {
    static func main() async { await SitegenCommand.main(site: site) }
}
