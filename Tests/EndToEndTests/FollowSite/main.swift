// The program of the site that is followed.

import SitegenCommands

await SitegenCommand.main(site: site)
