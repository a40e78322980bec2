// A whole site by hand: what a shop needs, in as few lines as it takes.

import SitegenCommands

await SitegenCommand.main(site: site)
